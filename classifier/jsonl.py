"""`chaperone classify`: JSON lines in, JSON lines out.

    in   {"id", "text", "audience"?, "author_role"?, "posted_at"?}
    out  {"id", "categories", "findings", "level", "route"}

`categories` are those that would reach a person; `findings` are all the evidence, raw. level and
route are null where nobody is asked. A text that a detector could not read has "unchecked" too.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from classifier.detector import Detector, Text
from classifier.normalise import normalise
from classifier.policy import Policy
from classifier.service import Reading, classify
from models.errors import MendInput
from models.vocabulary import Audience, AuthorRole

BATCH = 256
_LOCAL = ZoneInfo("Europe/London")

E = TypeVar("E", bound=StrEnum)


def classify_lines(
    lines: Iterable[str], detectors: Sequence[Detector], policy: Policy
) -> Iterator[str]:
    """One line out for each line in that is not blank, in order.

    Raises MendInput at the first line that is not as described; lines before it were answered.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        given: list[tuple[Any, Text]] = []
        problem: MendInput | None = None
        for number, line in batch:
            try:
                given.append(read_line(line, number))
            except MendInput as error:
                problem = error
                break
        readings = classify([text for _, text in given], detectors)
        for (identity, text), reading in zip(given, readings, strict=True):
            yield json.dumps(answer(identity, text, reading, policy), ensure_ascii=False)
        if problem is not None:
            raise problem


def read_line(line: str, number: int) -> tuple[Any, Text]:
    """The id as it was given, and the text. Raises MendInput naming the line and the cure."""
    place = f"line {number}"
    try:
        given = json.loads(line)
    except ValueError as error:
        raise MendInput(
            "It is not JSON.", subject=place, cure="Write one JSON object on each line."
        ) from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise MendInput('It has no "text".', subject=place, cure='Give "id" and "text" in quotes.')
    identity = given.get("id", number)
    text = Text(
        id=str(identity),
        normal=normalise(given["text"]),
        audience=_word(Audience, given.get("audience"), Audience.PUBLIC, place),
        author_role=_word(AuthorRole, given.get("author_role"), AuthorRole.UNKNOWN, place),
        posted_at=_moment(given.get("posted_at"), place),
    )
    return identity, text


def answer(identity: Any, text: Text, reading: Reading, policy: Policy) -> dict[str, Any]:
    """The line that is written for one text."""
    verdict = policy.assess(reading.findings, text.audience, text.author_role, text.posted_at)
    told: dict[str, Any] = {
        "id": identity,
        "categories": [str(category) for category in verdict.categories],
        "findings": [
            {
                "category": str(finding.category),
                "score": round(finding.score, 4),
                "start": finding.start,
                "end": finding.end,
                "because": finding.because,
                "detector": finding.detector,
            }
            for finding in reading.findings
        ],
        "level": verdict.level,
        "route": verdict.route,
    }
    if reading.unchecked:
        told["unchecked"] = list(reading.unchecked)
    return told


def _word(words: type[E], given: Any, default: E, place: str) -> E:
    if given in (None, ""):
        return default
    try:
        return words(given)
    except ValueError as error:
        known = ", ".join(words)
        raise MendInput(
            f"{str(given)[:40]!r} is not known.", subject=place, cure=f"Known are: {known}."
        ) from error


def _moment(given: Any, place: str) -> datetime | None:
    """ISO 8601; without a time zone it is read as Europe/London."""
    if given in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(str(given))
        local = moment if moment.tzinfo else moment.replace(tzinfo=_LOCAL)
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MendInput(
            "posted_at is not a time.", subject=place, cure='Write "2026-11-20T18:30:00Z".'
        ) from error
