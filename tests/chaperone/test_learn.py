"""chaperone learn, from the decisions of a small organisation to the heads that read its posts."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.audit import verify
from chaperone import cli
from chaperone.settings import load
from chaperone.wiring import House
from classifier import learning
from classifier.detector import Detector, Text
from classifier.detectors.meaning import MeaningDetector
from classifier.learning_fit import Sample, read_sample
from classifier.learning_rows import own_rows
from classifier.normalise import normalise
from models.tables import Audit, Decision, FindingRow, Item, Person, Post, Revision, Source, Verdict
from models.unit_of_work import Store
from models.vocabulary import (
    Audience,
    AuthorRole,
    Category,
    DecisionKind,
    ItemState,
    Level,
    PostKind,
    Route,
    now,
)

SETTINGS = """
[organisation]
name = "Brackwater School of Dance"
[sources.tap]
connector = "whatsapp"
audience = "mixed"
path = "exports"
"""
Labelled = Sequence[tuple[Text, Mapping[Category, bool]]]
NAMES = ("Sam", "Jo", "Una", "Bo", "Kit", "Max", "Ali", "Dee", "Fay", "Gus")
CODED = (
    "proper trevor move there, {0}",
    "{0} is being a trevor again",
    "everyone say hello to trevor {0}",
    "did you see {0}, total trevor in tap",
)
"""What the children of this invented school call each other: no word the program was taught."""
PLAIN = (
    "proper good move there, {0}",
    "{0} is being a star again",
    "everyone say hello to our {0}",
    "did you see {0}, total delight in tap",
)
INSULTS = (
    "{0} you are a pathetic loser",
    "nobody likes you {0}, you ugly freak",
    "{0} is so fat and stupid, everyone laugh at her",
    "shut up {0} you worthless idiot",
)


def lines(templates: Sequence[str]) -> list[str]:
    return [template.format(name) for template in templates for name in NAMES]


@dataclass
class School:
    """An organisation's database, where people decide about what was found."""

    store: Store

    def decide(self, text: str, right: bool, category: Category = Category.BULLYING) -> int:
        """A post with one finding, a decision and what was said of the finding. The finding."""
        with self.store.write() as session:
            source = session.scalars(select(Source)).one()
            person = session.scalars(select(Person)).one()
            known = session.query(Post).count()
            at = now()
            post = Post(
                source_id=source.id, native_id=str(known), kind=PostKind.MESSAGE,
                author_role=AuthorRole.MEMBER, posted_at=at, first_seen_at=at, last_seen_at=at,
            )  # fmt: skip
            session.add(post)
            session.flush()
            words = Revision(
                post_id=post.id, number=1, text=text, seen_at=at, classified_at=at, filed_at=at,
                text_hash=hashlib.sha256(text.encode()).hexdigest(),
            )  # fmt: skip
            session.add(words)
            session.flush()
            post.revision_id = words.id
            finding = FindingRow(
                revision_id=words.id, category=category, score=0.6, start=0, end=len(text),
                because="", detector="bullying", version="1",
            )  # fmt: skip
            item = Item(
                post_id=post.id, source_id=source.id, revision_id=words.id,
                state=ItemState.DECIDED, level=Level.L2, route=Route.MONITOR,
                categories=[str(category)], top_category=category, priority=0,
                priority_parts=[], policy_version="", due_at=at, opened_at=at,
            )  # fmt: skip
            session.add_all([finding, item])
            session.flush()
            session.commit()
            self.say(item.id, finding.id, person.id, right)
            return finding.id

    def say(self, item: int, finding: int, person: int, right: bool) -> None:
        """One more decision about an item, with what was said of its finding."""
        with self.store.write() as session:
            words = session.get_one(Item, item)
            decision = Decision(
                item_id=item, revision_id=words.revision_id, text_hash="0" * 64,
                kind=DecisionKind.KEEP, reason_code="c", reason_title="t", clause="C1",
                words="", by=person, at=now(), policy_version="",
            )  # fmt: skip
            session.add(decision)
            session.flush()
            session.add(Verdict(decision_id=decision.id, finding_id=finding, right=right))
            session.commit()


@pytest.fixture(scope="module")
def project() -> dict[tuple[str, ...], Sample]:
    """The project's own texts, read. That takes half a minute: once does for every test here."""
    return {}


@pytest.fixture
def school(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: dict[tuple[str, ...], Sample]
) -> Iterator[School]:
    def read_once(texts: Labelled, *how: Any) -> Sample:
        ids = tuple(text.id for text, _ in texts)
        if len(ids) < 1000:  # the school's own
            return read_sample(texts, *how)
        if ids not in project:
            project[ids] = read_sample(texts, *how)
        return project[ids]

    monkeypatch.setattr(learning, "read_sample", read_once)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(SETTINGS)
    house = House(load(tmp_path / "config.toml"))
    house.prepare()
    with house.store.write() as session:
        session.add(Person(username="ada", name="Ada", roles=["lead"], created_at=now()))
        session.commit()
    yield School(house.store)
    house.close()


def score(detectors: Sequence[Detector], text: str) -> float:
    """What the learnt judgement says of bullying in a message of a member."""
    meaning = next(one for one in detectors if isinstance(one, MeaningDetector))
    post = Text("1", normalise(text), Audience.MIXED, AuthorRole.MEMBER)
    found = meaning.detect([post])[0]
    return max((one.score for one in found if one.category == Category.BULLYING), default=0.0)


def audited(store: Store) -> list[Audit]:
    with store.read() as session:
        assert verify(session).broken_at is None
        return list(session.scalars(select(Audit).where(Audit.subject == "settings:heads")))


UNSEEN = "proper trevor move again, Rae"


def test_it_learns_a_new_word_keeps_versions_and_goes_back(
    school: School, tmp_path: Path, capsys
) -> None:
    for text in lines((*CODED, *INSULTS)):
        school.decide(text, right=True)
    for text in lines(PLAIN):
        school.decide(text, right=False)
    house = House(load(tmp_path / "config.toml"))
    before = score(house.detectors, UNSEEN)
    assert cli.main(["learn"]) == 0
    said = capsys.readouterr().out
    assert "120 decided texts." in said and "bullying: 80 right, 40 wrong" in said
    assert "Version 1 is in force for: bullying" in said
    assert "trevor" not in said
    folder = tmp_path / "data" / "models" / "heads-1"
    told = json.loads((folder / "heads.json").read_text("utf-8"))
    assert told["counts"]["bullying"]["right"] == 80
    assert "trevor" not in (folder / "heads.json").read_text("utf-8")
    assert score(house.detectors, UNSEEN) > before + 0.05, "a running house takes it up by itself"
    assert score(house.detectors, "lovely show everyone, thank you") < 0.3

    first = (folder / "heads.npz").read_bytes()
    assert cli.main(["learn", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert "bullying  (in force)" in listed[1] and "in force" not in listed[0]
    assert cli.main(["learn", "--back"]) == 0
    assert "What came with the program is in force again" in capsys.readouterr().out
    assert score(house.detectors, UNSEEN) == before
    assert cli.main(["learn", "--back"]) == 5

    assert cli.main(["learn"]) == 0, "the same decisions and the same seed: the same numbers"
    again = folder.with_name("heads-2") / "heads.npz"
    assert again.read_bytes() == first
    lines_of_record = audited(school.store)
    assert [line.what for line in lines_of_record] == ["heads.learnt", "heads.back", "heads.learnt"]
    assert lines_of_record[0].details == {"version": 1, "categories": ["bullying"], "decided": 120}

    again.write_bytes(b"changed by somebody")
    other = House(load(tmp_path / "config.toml"))
    capsys.readouterr()
    assert score(other.detectors, UNSEEN) == before, "the shipped ones are used meanwhile"
    said = capsys.readouterr().err
    assert "checksum" in said and "chaperone learn --back" in said
    assert cli.main(["learn"]) == 2, "it does not learn over what it cannot read"
    other.close()
    house.close()


def test_it_refuses_to_get_worse_and_says_by_how_much(
    school: School, tmp_path: Path, capsys
) -> None:
    for text in lines(INSULTS):
        school.decide(text, right=False)
    for text in lines(PLAIN):
        school.decide(text, right=True)
    assert cli.main(["learn"]) == 5
    captured = capsys.readouterr()
    assert "left as it is: it would get worse: " in captured.out
    assert "nothing was changed" in captured.err
    assert not (tmp_path / "data" / "models").exists()
    assert audited(school.store) == []


def test_without_decisions_there_is_nothing_to_learn(school: School, capsys) -> None:
    assert cli.main(["learn"]) == 5
    assert "mark its reasons as right or wrong" in capsys.readouterr().err
    for number in range(5):
        school.decide(f"you are a fool {number}", right=True)
    assert cli.main(["learn"]) == 5
    assert "too few decided texts" in capsys.readouterr().out


def test_the_last_word_on_a_finding_counts(store: Store) -> None:
    school = School(store)
    with store.write() as session:
        session.add(Source(name="tap", connector="paste", label="Tap", audience=Audience.MIXED))
        session.add(Person(username="ada", name="Ada", roles=["lead"], created_at=now()))
        session.commit()
    finding = school.decide("you trevor", right=True)
    with school.store.read() as session:
        item, person = (
            session.scalars(select(Item.id)).one(),
            session.scalars(select(Person.id)).one(),
        )
    school.say(item, finding, person, False)
    (row,) = own_rows(school.store, seed=1)
    assert row.truth == {Category.BULLYING: False}
    assert row.text.audience == Audience.MIXED
    school.decide("you trevor", right=True)
    (row,) = own_rows(school.store, seed=1)
    assert row.truth == {Category.BULLYING: True}, "the same words elsewhere are one row"
