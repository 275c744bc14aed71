"""Reading texts with every detector, so that a detector's failure puts the post before a person.

readings = classify(texts, detectors)          # texts in, evidence out, nothing stored
post_ids = classify_new(store, detectors)      # unread revisions, stored in one commit
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread

from sqlalchemy import insert, select, update

from classifier.agreement import said_once
from classifier.detector import Detector, Text
from classifier.normalise import normalise
from models.tables import FindingRow, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Finding, now

SECONDS_FOR_A_BATCH = 10.0
SECONDS_FOR_A_TEXT = 2.0
"""How long one detector may take. Rules need milliseconds; a model under load may need a second."""

TIMEOUTS_IN_A_ROW = 3
"""After this many a detector is not asked about the rest of the batch."""

Findings = Sequence[Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text. unchecked: names of detectors that failed or took too long."""

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()


def classify(texts: Sequence[Text], detectors: Sequence[Detector]) -> Sequence[Reading]:
    """One reading per text, in the same order. Never raises for what a detector does."""
    found: list[list[Finding]] = [[] for _ in texts]
    unchecked: list[list[str]] = [[] for _ in texts]
    for detector in detectors:
        for place, findings in enumerate(_one_detector(detector, texts)):
            if findings is None:
                unchecked[place].append(detector.name)
            else:
                found[place].extend(findings)
    return [
        Reading(
            tuple(sorted(said_once(some), key=lambda f: (f.start, f.end, f.category))),
            tuple(failed),
        )
        for some, failed in zip(found, unchecked, strict=True)
    ]


def classify_new(
    store: Store, detectors: Sequence[Detector], *, limit: int = 500
) -> tuple[int, ...]:
    """Read the oldest unread revisions, at most `limit`; store what was found in one commit.

    Returns the posts that were read, empty when there is nothing left. Two that run at once do
    not store twice: what somebody else has read in the meantime is left as it is.
    """
    with store.read() as session:
        rows = session.execute(
            select(
                Revision.id,
                Revision.text,
                Source.audience,
                Post.author_role,
                Post.posted_at,
                Source.name,
            )
            .join(Post, Post.id == Revision.post_id)
            .join(Source, Source.id == Post.source_id)
            .where(Revision.classified_at.is_(None))
            .order_by(Revision.id)
            .limit(limit)
        ).all()
    texts = [
        Text(str(identity), normalise(text), audience, role, posted_at, channel)
        for identity, text, audience, role, posted_at, channel in rows
    ]
    readings = dict(zip((row[0] for row in rows), classify(texts, detectors), strict=True))
    return _keep(store, readings) if readings else ()


def _keep(store: Store, readings: dict[int, Reading]) -> tuple[int, ...]:
    with store.write() as session:
        unread = session.execute(
            select(Revision.id, Revision.post_id)
            .where(Revision.id.in_(readings), Revision.classified_at.is_(None))
            .with_for_update(of=Revision, key_share=True)
        ).all()
        if not unread:
            return ()
        moment = now()
        session.execute(
            update(Revision),
            [
                {
                    "id": identity,
                    "classified_at": moment,
                    "unchecked": ",".join(readings[identity].unchecked),
                }
                for identity, _ in unread
            ],
        )
        found = [
            {
                "revision_id": identity,
                "category": finding.category,
                "score": finding.score,
                "start": finding.start,
                "end": finding.end,
                "because": finding.because,
                "detector": finding.detector,
                "version": finding.version,
            }
            for identity, _ in unread
            for finding in readings[identity].findings
        ]
        if found:
            session.execute(insert(FindingRow), found)
        session.commit()
    return tuple(dict.fromkeys(post for _, post in unread))


def _one_detector(detector: Detector, texts: Sequence[Text]) -> list[Sequence[Finding] | None]:
    """Its findings per text; None where it failed. One bad text does not spoil the others."""
    whole = _guarded(detector, texts, SECONDS_FOR_A_BATCH + len(texts) * 0.02)
    if whole.findings is not None:
        return list(whole.findings)
    results: list[Sequence[Finding] | None] = []
    late = 0
    for text in texts:
        if late >= TIMEOUTS_IN_A_ROW:
            results.append(None)
            continue
        alone = _guarded(detector, [text], SECONDS_FOR_A_TEXT)
        late = late + 1 if alone.late else 0
        results.append(alone.findings[0] if alone.findings is not None else None)
    return results


@dataclass(slots=True)
class _Outcome:
    findings: Findings | None = None
    late: bool = True


def _guarded(detector: Detector, texts: Sequence[Text], seconds: float) -> _Outcome:
    """Run it beside us and wait so long. What is late is left behind: Python cannot stop it."""
    outcome = _Outcome()

    def run() -> None:
        try:
            findings = detector.detect(texts)
            fits = _fits(detector, texts, findings)
        except Exception:  # noqa: BLE001 - whatever it does, a person looks instead (design 3)
            outcome.late = False
            return
        outcome.findings = findings if fits else None
        outcome.late = False

    thread = Thread(target=run, name=f"detector {detector.name}", daemon=True)
    thread.start()
    thread.join(seconds)
    return _Outcome() if thread.is_alive() else outcome


def _fits(detector: Detector, texts: Sequence[Text], findings: Findings) -> bool:
    """Whether a detector kept its contract: spans inside the text, scores from 0 to 1."""
    return len(findings) == len(texts) and all(
        0 <= one.start <= one.end <= len(text.normal.original)
        and 0.0 <= one.score <= 1.0
        and one.category in detector.categories
        for text, some in zip(texts, findings, strict=True)
        for one in some
    )
