"""Invented posts by the thousand, most of them ordinary, as they come to a school's page."""

import random
from collections.abc import Iterator

_ORDINARY = (
    "Lovely class tonight, thank you {name}",
    "What time is {day} rehearsal please?",
    "Has anyone found a pink water bottle? {name} left hers in studio 2",
    "So proud of everyone at the {show} on {day}, you all killed it",
    "Doors open at half past six, tickets from the office on 020 7946 0{n:03d}",
    "Can we bring a friend to tap on {day}?",
    "Break a leg tomorrow {name}",
    "The {show} costumes are in, please collect them from reception by {day}",
    "My daughter absolutely loved her first ballet lesson, thank you for being so kind",
    "Is the car park open for the {show}? Last year we had to park by the library",
)
_FLAGGED = (
    "You can ring me on 07700 900{n:03d} about lifts",
    "We live at {n} Larkspur Close if anyone wants to drop the shoes off",
    "{name} is such a loser, nobody wants her in the group",
    "Email me, {name}.{n}@example.com",
    "{name}'s date of birth is 12/03/2015 for the form",
    "this is fucking ridiculous",
)
_NAMES = ("Ellie", "Priya", "Tom", "Ffion", "Kofi", "Zainab", "Callum", "Niamh")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_SHOWS = ("summer show", "Nutcracker", "panto", "festival", "winter gala")


def posts(count: int, flagged_share: float = 0.1, seed: int = 1) -> Iterator[str]:
    """`count` texts, repeatable by the seed; each bears its number, so no two are the same."""
    dice = random.Random(seed)
    for number in range(count):
        patterns = _FLAGGED if dice.random() < flagged_share else _ORDINARY
        text = dice.choice(patterns).format(
            name=dice.choice(_NAMES),
            day=dice.choice(_DAYS),
            show=dice.choice(_SHOWS),
            n=dice.randrange(1000),
        )
        yield f"{text} (no. {number})"
