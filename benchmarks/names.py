"""Names against the register: how often the matching is right, and how long it all takes.

Precision of automatic links 0.99 or more on the invented set of 2,000; 5,000 people and 50,000
members in 30 s; a post against 5,000 names in 1 ms. Times are of the processor, on one core.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import product

from benchmarks import name_set as invented
from benchmarks import texts
from benchmarks.figures import Figure
from casework.name_match import NameBook, Verdict
from casework.register import RegisteredPerson
from classifier.detector import Text
from classifier.detectors.registered_name import (
    DoNotPublishDetector,
    Register,
    RegisteredNameDetector,
)
from classifier.normalise import normalise
from models.named_people import NamedPeople, NamedPerson
from models.vocabulary import Organisation

PEOPLE, MEMBERS, POSTS = 5_000, 50_000, 2_000


def measure() -> Iterator[Figure]:
    """The figures, each as soon as it is known; tables of the matching on the way."""
    yield from _precision()
    people = register_of(PEOPLE)
    yield _matching(people)
    yield _reading(people)


def _precision() -> Iterator[Figure]:
    register, cases = invented.name_set()
    book = NameBook(register)
    told = [(case, book.match("facebook", case.handle, case.display_name)) for case in cases]
    linked = [(case, match) for case, match in told if match.verdict is Verdict.AUTOMATIC]
    right = sum(match.person_id == case.person_id for case, match in linked)
    table = Counter((case.made, match.verdict.value) for case, match in told)
    said = f"{len(cases)} names, {len(register)} people; automatic {len(linked)}, right {right}"
    print(said, flush=True)
    for made in invented.kinds(cases):
        counts = [table[made, verdict.value] for verdict in Verdict]
        wrong = sum(m.person_id != c.person_id for c, m in linked if c.made == made)
        print(
            f"    {made:<34} automatic {counts[0]:>4}  offered {counts[1]:>4}  "
            f"none {counts[2]:>4}  linked wrongly {wrong}"
        )
    known = [(case, match) for case, match in told if case.person_id is not None]
    missed = sum(
        case.person_id not in {one.person_id for one in match.candidates} for case, match in known
    )
    share = 1 - right / max(len(linked), 1)
    yield Figure("automatic links that are wrong, share of 1", share, 0.01, "")
    yield Figure("people who were neither linked nor offered", missed / len(known), 0.05, "")


def register_of(count: int) -> tuple[RegisteredPerson, ...]:
    """So many invented people, a third of them with a handle."""
    firsts = sorted({name for first, _, _ in invented.TRADITIONS for name in first})
    lasts = sorted({name for _, last, _ in invented.TRADITIONS for name in last})
    more = [f"{one}{two}" for one, two in product(lasts[:40], ("son", "by", "worth", "ley"))]
    pairs = [(first, last) for first in firsts for last in (*lasts, *more)]
    chosen = random.Random(3).sample(pairs, count)
    return tuple(
        invented.person(number, first, last, f"member.{number}" if number % 3 == 0 else "")
        for number, (first, last) in enumerate(chosen, start=1)
    )


def _matching(people: tuple[RegisteredPerson, ...]) -> Figure:
    dice = random.Random(5)
    members: list[tuple[str, str]] = []
    for _ in range(MEMBERS):
        one = dice.choice(people)
        name = dice.choice(
            (
                one.name,
                f"✨ {one.name} ✨",
                f"{one.first_name} {one.surname[:-1]}",
                f"{one.first_name[0]}. {one.surname}",
                f"{dice.choice(people).first_name} {dice.choice(people).surname}",
                f"Somebody Else {dice.randrange(10_000)}",
            )
        )
        members.append((f"handle{dice.randrange(10**6)}", name))
    started = time.process_time()
    book = NameBook(people)
    for handle, name in members:
        book.match("facebook", handle, name)
    seconds = time.process_time() - started
    what = f"{len(people):,} people and {MEMBERS:,} members matched"
    return Figure(what, seconds, 30.0, "s")


def _reading(people: tuple[RegisteredPerson, ...]) -> Figure:
    named = NamedPeople(
        tuple(
            NamedPerson(
                one.id, (one.name,), (f"Kit {one.surname}",), do_not_publish=one.id % 50 == 0
            )
            for one in people
        )
    )
    register = Register(named)
    detectors = (
        RegisteredNameDetector(Organisation(""), register),
        DoNotPublishDetector(Organisation(""), register),
    )
    dice = random.Random(11)
    written = list(texts.posts(POSTS))
    for place in range(0, POSTS, 5):
        written[place] += f" well done {dice.choice(people).name}"
    posts = [Text(str(n), normalise(text)) for n, text in enumerate(written)]
    started = time.process_time()
    for detector in detectors:
        detector.detect(posts)
    each = (time.process_time() - started) / len(posts) * 1000
    return Figure(f"a post against {len(people):,} names adds", each, 1.0, "ms")
