"""The written text: training corpora and evaluation cases, their form, and that they stand apart.

Three bodies: rows under classifier/training/corpora, and cases under classifier/evaluation, in
`cases` and in `unseen`. Nobody's data stands in any.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import pytest

from classifier.training.corpora.make_corpora import rows, templates
from classifier.training.corpora.read import corpora, posts
from classifier.training.encoder_data import SETS
from models.vocabulary import Audience, AuthorRole, Category

CATEGORIES = {category.value for category in Category}
FOLDERS = {
    "rows": "classifier/training/corpora",
    "cases": "classifier/evaluation/cases",
    "unseen": "classifier/evaluation/unseen",
}
HELPLINES = {"08001111", "08088005000", "116123", "08000113764", "0800789321"}
DRAMA = re.compile(
    r"0(7700900\d{3}|1632\d{6}|2079460\d{3}|11[345678]4960\d{3}|1[23456]14960\d{3}|1914980\d{3}"
    r"|2896496\d{3}|2920180\d{3}|8081570\d{3})"
)
"""Ofcom's numbers for drama: mobile, no area, London, other cities, Tyneside, Northern Ireland,
Cardiff, freephone."""
RESERVED_MAIL = re.compile(r"(?:[\w-]+\.)*example(?:\.(?:com|org|net))?")


@lru_cache
def read(root: Path, body: str) -> list[dict[str, object]]:
    """Every line of every file of a body; for every test the same rows, which none may change."""
    if body == "rows":
        folder = root / FOLDERS[body]
        return list(corpora(folder))
    files = sorted((root / FOLDERS[body]).glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


NOT_WORDS = re.compile(r"[^\w]+")


def plain(text: object) -> str:
    """Letters, digits and single spaces, small."""
    return NOT_WORDS.sub(" ", str(text).lower()).strip()


@lru_cache
def all_plain(root: Path, body: str) -> frozenset[str]:
    """The texts of a body."""
    return frozenset(plain(row["text"]) for row in read(root, body))


def grams(text: str, size: int = 5) -> Iterator[tuple[str, ...]]:
    """Runs of `size` words of a plain text."""
    words = text.split()
    return zip(*(words[at:] for at in range(size)), strict=False)


@pytest.fixture(scope="module")
def training(root: Path) -> list[dict[str, object]]:
    return read(root, "rows")


@pytest.fixture(scope="module")
def cases(root: Path) -> list[dict[str, object]]:
    return [*read(root, "cases"), *read(root, "unseen")]


def test_training_rows_have_their_form(training: list[dict[str, object]]) -> None:
    required = {"id", "text", "audience", "author_role", "labels", "voice", "template", "split"}
    for row in training:
        assert required <= set(row) <= required | {"posted_at", "marks"}, row["id"]
        assert str(row["text"]).strip()
        assert row["audience"] in set(Audience)
        assert row["author_role"] in set(AuthorRole)
        assert isinstance(row["labels"], list)
        assert set(row["labels"]) <= CATEGORIES
        assert row["split"] in {"train", "dev"}
        if "posted_at" in row:
            assert datetime.fromisoformat(str(row["posted_at"])).tzinfo
    assert len({row["id"] for row in training}) == len(training)


def test_what_is_marked_is_what_is_named(training: list[dict[str, object]]) -> None:
    marked = [row for row in training if "marks" in row]
    assert len(marked) > 5000
    for row in marked:
        text, marks = str(row["text"]), row["marks"]
        assert isinstance(marks, list)
        assert isinstance(row["labels"], list)
        named = {label for label in row["labels"] if label.startswith("pii_")}
        assert {category for category, _, _ in marks} == named, row["id"]
        assert all(text[start:end].strip() for _, start, end in marks), row["id"]
        assert "<<" not in text, row["id"]


def test_a_marked_line_is_read_without_its_marks(tmp_path: Path) -> None:
    line = "pii_full_name,pii_school | x p | <<n:Ash Brightwell>> is at <<s:Elmfold Primary>> now"
    (tmp_path / "six_one.txt").write_text(line + "\n", encoding="utf-8")
    (row,) = posts(tmp_path)
    assert row["text"] == "Ash Brightwell is at Elmfold Primary now"
    said = [(name, row["text"][start:end]) for name, start, end in row["marks"]]
    assert said == [("pii_full_name", "Ash Brightwell"), ("pii_school", "Elmfold Primary")]


@pytest.mark.parametrize("text", ["<<z:nobody>> here", "no bars at all"])
def test_a_line_of_another_form_is_named(tmp_path: Path, text: str) -> None:
    line = f"- | x p | {text}" if "<<" in text else text
    (tmp_path / "six_one.txt").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"six_one\.txt: a line of another form"):
        list(posts(tmp_path))


def test_cases_have_their_form(cases: list[dict[str, object]]) -> None:
    required = {
        "id",
        "text",
        "audience",
        "author_role",
        "expect",
        "forbid",
        "functionality",
        "pair",
    }
    by_id = {case["id"]: case for case in cases}
    assert len(by_id) == len(cases)
    for case in cases:
        assert required <= set(case) <= required | {"posted_at"}, case["id"]
        expect, forbid = case["expect"], case["forbid"]
        assert isinstance(expect, list)
        assert isinstance(forbid, list)
        assert set(expect) <= CATEGORIES
        assert set(forbid) <= CATEGORIES | {"*"}
        assert expect or forbid, case["id"]
        assert not set(expect) & set(forbid), case["id"]
        assert not (expect and "*" in forbid), case["id"]
        assert re.fullmatch(r"[a-z][a-z0-9_]+", str(case["functionality"]))
        if case["pair"] is not None:
            assert by_id[case["pair"]]["pair"] == case["id"]
        if "posted_at" in case:
            assert datetime.fromisoformat(str(case["posted_at"])).tzinfo


def test_there_is_enough_of_each_kind(
    training: list[dict[str, object]], cases: list[dict[str, object]]
) -> None:
    assert len(training) >= 6000
    assert len(cases) >= 2500
    assert len({case["functionality"] for case in cases}) >= 100
    flagged = Counter(label for row in training for label in row["labels"])  # type: ignore[attr-defined]
    expected = Counter(label for case in cases for label in case["expect"])  # type: ignore[attr-defined]
    forbidden = Counter(label for case in cases for label in case["forbid"])  # type: ignore[attr-defined]
    for category in sorted(CATEGORIES):
        assert flagged[category] >= 75, category
        assert expected[category] >= 40, category
        assert forbidden[category] >= 40, category
    assert sum(not row["labels"] for row in training) >= 3000
    assert forbidden["*"] >= 200


def test_development_sentences_and_voices_are_kept_out_of_training(
    training: list[dict[str, object]],
) -> None:
    for part in ("template", "voice"):
        split = {
            name: {row[part] for row in training if row["split"] == name}
            for name in ("train", "dev")
        }
        assert split["dev"], part
        assert not split["train"] & split["dev"], part


def test_no_case_stands_in_the_training_text(root: Path, cases: list[dict[str, object]]) -> None:
    texts = all_plain(root, "rows")
    shared = [
        case["id"]
        for case in cases
        if len(plain(case["text"]).split()) > 2 and plain(case["text"]) in texts
    ]
    assert not shared
    wanted = [(case["id"], set(grams(plain(case["text"])))) for case in cases]
    tried = set[tuple[str, ...]]().union(*(found for _, found in wanted))
    known = {gram for text in texts for gram in grams(text) if gram in tried}
    total = sum(len(found) for _, found in wanted)
    repeated = sum(len(found & known) for _, found in wanted)
    assert repeated / total < 0.03
    close = [name for name, found in wanted if found and len(found & known) / len(found) > 0.5]
    assert len(close) <= len(cases) // 100, close


def test_the_generator_makes_the_rows_that_are_kept(root: Path) -> None:
    folder = root / FOLDERS["rows"]
    sources = sorted((folder / "sources").glob("*.txt"))
    assert {path.stem for path in sources} == {path.stem for path in folder.glob("*.jsonl")}
    for source in sources:
        kept = (folder / f"{source.stem}.jsonl").read_text("utf-8").splitlines()
        assert list(rows(templates(source))) == [json.loads(line) for line in kept], source.stem


@pytest.mark.parametrize("body", sorted(FOLDERS))
def test_no_real_telephone_or_mailbox(root: Path, body: str) -> None:
    for row in read(root, body):
        text = str(row["text"])
        without_books = re.sub(r"(?i)isbn[\s:\d-]+", "", text)
        for found in re.findall(r"(?<![\d\w])(?:\+44|0044|0)[\d ().-]{7,16}\d", without_books):
            digits = re.sub(r"^(?:\+44|0044)0?", "0", re.sub(r"[ ().-]", "", found))
            if len(digits) in (10, 11) and digits not in HELPLINES:
                assert DRAMA.match(digits) or DRAMA.match(digits + "0"), (row["id"], found)
        for domain in re.findall(r"\w@([\w.-]+\.\w+)", text):
            assert RESERVED_MAIL.fullmatch(domain.lower()), (row["id"], domain)


def test_nobodys_words_stand_here(root: Path, shared: Path) -> None:
    """No post of the lent data sets, five words or longer, is among ours; nor a real school."""
    ours = frozenset[str]().union(*(all_plain(root, body) for body in FOLDERS))
    for path in sorted((shared / "data").glob("*/*.jsonl.gz")):
        if "gazetteer" in path.parts and "schools" not in path.name:
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            theirs = {plain(json.loads(line)["text"]) for line in lines}
        if "schools" in path.name:
            theirs = {name for name in theirs if " " in name and not name.startswith("the ")}
            names = {tuple(name.split()) for name in theirs}
            starts = {name[:2] for name in names}
            telling = [text for text in ours if not starts.isdisjoint(grams(text, 2))]
            named = {gram for text in telling for size in (2, 3, 4) for gram in grams(text, size)}
            assert not names & named
        else:
            assert not {text for text in ours & theirs if len(text.split()) >= 5}, path.name


def test_every_public_set_that_teaches_is_named_in_the_notice(
    request: pytest.FixtureRequest,
) -> None:
    notice = (request.config.rootpath / "NOTICE").read_text(encoding="utf-8")
    assert [name for name in SETS if name not in notice] == []
