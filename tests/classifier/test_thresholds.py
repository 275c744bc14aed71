"""Thresholds: most recall at a precision, the lines to write, an organisation's own posts."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifier.detector import Text
from classifier.evaluation.measure import Case
from classifier.evaluation.own_posts import own_scores
from classifier.evaluation.thresholds import (
    OwnScores,
    Scores,
    Wanted,
    advise,
    labelled_scores,
    toml_lines,
)
from classifier.normalise import normalise
from classifier.policy import Policy, load_policy
from classifier.service import Reading
from models.tables import FindingRow, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, Category, Finding, PostKind

THEN = datetime(2026, 11, 2, 18, tzinfo=UTC)
BULLYING = Category.BULLYING


def scores(true: list[float], false: list[float]) -> dict[tuple[Category, Audience], Scores]:
    return {(BULLYING, Audience.CHILDREN): Scores(true, false, false)}


def advised(true: list[float], false: list[float], wanted: Wanted | None = None):
    found = advise(scores(true, false), load_policy(), wanted)
    return next(one for one in found if one.audience == Audience.CHILDREN)


def test_it_takes_the_most_recall_that_is_precise_enough() -> None:
    advice = advised([0.9] * 10 + [0.4] * 8 + [0.1] * 2, [0.4] * 2 + [0.1] * 30)
    best = advice.advised
    assert best is not None
    assert (best.recall.hits, best.precision.hits, best.precision.total) == (18, 18, 20)
    assert 0.1 < best.threshold < 0.4, "in the middle of those that give the same"
    assert (advice.now.recall.hits, advice.now.precision.total) == (10, 10)
    assert best.clean.hits == 2
    assert advice.change == best.threshold
    stricter = advice.best[0.95]
    assert stricter is not None and stricter.recall.hits == 10
    assert stricter.threshold == 0.5, "what is in force gives the same, so it stays"


def test_where_nothing_is_so_precise_it_says_so() -> None:
    advice = advised([0.5] * 20, [0.5] * 20)
    assert advice.advised is None
    assert advice.change is None


def test_a_place_with_few_posts_is_measured_with_the_others() -> None:
    found = {
        (BULLYING, Audience.CHILDREN): Scores([0.9] * 30, [0.1] * 30, [0.1] * 30),
        (BULLYING, Audience.PUBLIC): Scores([0.3], [0.1] * 50, [0.1] * 50),
    }
    by_place = {one.audience: one for one in advise(found, load_policy())}
    assert not by_place[Audience.CHILDREN].everywhere
    assert by_place[Audience.PUBLIC].everywhere
    assert by_place[Audience.PUBLIC].now.recall.total == 31
    assert by_place[Audience.PUBLIC].now.clean.total == 50


@pytest.mark.parametrize(
    ("category", "wanted"), [(Category.GROOMING, 0.7), (Category.HATE, 0.9), (BULLYING, 0.9)]
)
def test_some_categories_favour_recall(category: Category, wanted: float) -> None:
    assert Wanted().of(category) == wanted


def test_what_it_prints_is_a_policy_that_does_it(tmp_path: Path) -> None:
    advices = list(advise(scores([0.9] * 10 + [0.3] * 20, [0.1] * 40), load_policy()))
    written = "\n".join(toml_lines(advices))
    assert list(tomllib.loads(written)["categories"]["bullying"]) == ["threshold"]
    own = tmp_path / "policy.toml"
    own.write_text(written)
    rule = load_policy(own).rule(BULLYING, Audience.MIXED, AuthorRole.MEMBER)
    assert 0.1 < rule.threshold <= 0.3


def test_lines_of_one_place_touch_no_other(tmp_path: Path) -> None:
    advices = list(advise(scores([0.9] * 10 + [0.3] * 20, [0.1] * 40), load_policy()))
    lines = toml_lines(one for one in advices if one.audience == Audience.CHILDREN)
    own = tmp_path / "policy.toml"
    own.write_text("\n".join(lines))
    changed = load_policy(own)
    assert changed.rule(BULLYING, Audience.CHILDREN, AuthorRole.MEMBER).threshold < 0.5
    assert changed.rule(BULLYING, Audience.PUBLIC, AuthorRole.MEMBER).threshold == 0.5


def test_a_detector_that_must_be_surer_counts_only_from_there() -> None:
    def read(score: float, detector: str) -> tuple[Case, Reading]:
        text = Text("1", normalise("x"), Audience.PUBLIC)
        finding = Finding(BULLYING, score, 0, 1, "", detector, "1")
        return Case(text, frozenset({BULLYING}), frozenset(), "f"), Reading((finding,))

    found = labelled_scores([read(0.6, "bullying_cues"), read(0.6, "bullying")], load_policy())
    assert found[BULLYING, Audience.PUBLIC].true == [0.0, 0.6]
    assert (Category.HATE, Audience.PUBLIC) in found
    assert found[Category.HATE, Audience.PUBLIC].false == [], "the case does not speak of it"


def post(store: Store, source: int, number: int, score: float | None, old: float = 0.0) -> None:
    with store.write() as session:
        row = Post(
            source_id=source,
            native_id=str(number),
            kind=PostKind.POST,
            author_role=AuthorRole.MEMBER,
            posted_at=THEN,
            first_seen_at=THEN,
            last_seen_at=THEN,
        )
        session.add(row)
        session.flush()
        for place, strength in enumerate([old, score] if old else [score], 1):
            words = Revision(
                post_id=row.id,
                number=place,
                text="x",
                text_hash="0" * 64,
                seen_at=THEN + timedelta(hours=place),
                classified_at=THEN,
            )
            session.add(words)
            session.flush()
            row.revision_id = words.id
            if strength:
                session.add(
                    FindingRow(
                        revision_id=words.id,
                        category=BULLYING,
                        score=strength,
                        start=0,
                        end=1,
                        because="",
                        detector="bullying",
                        version="1",
                    )
                )
        session.commit()


def test_own_posts_are_counted_by_their_newest_words(store: Store) -> None:
    with store.write() as session:
        source = Source(name="a", connector="paste", label="A", audience=Audience.CHILDREN)
        session.add(source)
        session.commit()
    for number, score in enumerate([0.9, 0.4, None, None]):
        post(store, source.id, number, score)
    post(store, source.id, 9, None, old=0.95)
    own = own_scores(store, load_policy())
    assert own.posts == {Audience.CHILDREN: 5}
    assert own.flagged(BULLYING, Audience.CHILDREN, 0.5).hits == 1
    assert own.flagged(BULLYING, Audience.CHILDREN, 0.3).hits == 2
    assert own.flagged(BULLYING, Audience.PUBLIC, 0.3).total == 0


def test_the_share_of_own_posts_stands_beside_each_choice() -> None:
    own = OwnScores({Audience.CHILDREN: 10}, {(BULLYING, Audience.CHILDREN): (0.6, 0.3)})
    found = advise(scores([0.9] * 30, [0.1] * 30), load_policy(), own=own)
    advice = next(one for one in found if one.audience == Audience.CHILDREN)
    assert advice.now.own is not None
    assert (advice.now.own.hits, advice.now.own.total) == (1, 10)


def test_the_strength_follows_what_is_switched_off(tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[categories.bullying.audience.public]\nenabled = false\n")
    policy: Policy = load_policy(own)
    finding = Finding(BULLYING, 0.9, 0, 1, "", "bullying", "1")
    assert policy.strength(finding, Audience.PUBLIC, AuthorRole.MEMBER) == 0.0
    assert policy.strength(finding, Audience.CHILDREN, AuthorRole.MEMBER) == 0.9
