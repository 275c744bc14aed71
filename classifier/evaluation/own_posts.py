"""What was found in an organisation's own stored posts, without reading a word of them."""

from collections import defaultdict

from sqlalchemy import func, select

from classifier.evaluation.thresholds import Key, OwnScores
from classifier.policy import Policy
from models.tables import FindingRow, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Finding


def own_scores(store: Store, policy: Policy) -> OwnScores:
    """The strengths of the stored findings, of each post's newest words that were read."""
    newest = Revision.id == Post.revision_id
    best: dict[Key, dict[int, float]] = defaultdict(dict)
    with store.read() as session:
        posts = session.execute(
            select(Source.audience, func.count())
            .select_from(Post)
            .join(Source, Source.id == Post.source_id)
            .join(Revision, newest)
            .where(Revision.classified_at.is_not(None))
            .group_by(Source.audience)
        ).all()
        found = session.execute(
            select(
                Post.id,
                Source.audience,
                Post.author_role,
                FindingRow.category,
                FindingRow.score,
                FindingRow.detector,
            )
            .select_from(FindingRow)
            .join(Revision, Revision.id == FindingRow.revision_id)
            .join(Post, newest)
            .join(Source, Source.id == Post.source_id)
        ).yield_per(2000)
        for post, audience, role, category, score, detector in found:
            finding = Finding(category, score, 0, 0, "", detector, "")
            here = best[category, audience]
            here[post] = max(here.get(post, 0.0), policy.strength(finding, audience, role))
    return OwnScores(
        {row[0]: row[1] for row in posts},
        {key: tuple(by_post.values()) for key, by_post in best.items()},
    )
