"""Ordinary words around a sentence: openings, closings, and other sentences before and after.

They are given to flagged and to clean rows alike and carry no label of their own.
"""

import random

_OPENINGS = ("hi, ", "hey ", "ok so ", "right, ", "btw ", "so ", "quick one, ", "morning, ")
_CLOSINGS = (" x", " xx", ", thanks", " ta", " anyway", ", ok?", " lol", " :)")
_TRAIN = (
    "Lovely evening for it.",
    "It was so busy tonight.",
    "The music was great by the way.",
    "We got there late because of the roadworks.",
    "I forgot my water again.",
    "Anyway the show is nearly here.",
    "The new floor is much better.",
    "Can't believe it's nearly Christmas.",
    "Thanks for the timetable.",
    "Tea and biscuits after, as usual.",
    "That warm up was hard.",
    "My phone is playing up so sorry for the spelling.",
    "The hall was freezing.",
    "Good luck to all the teams at the weekend.",
    "I have read the newsletter.",
    "Long day today.",
    "The juniors did well in the relay.",
    "I missed the last class because I had a cold.",
)
_DEV = (
    "The heating is still off.",
    "We had a good turn out this week.",
    "I am new to this page.",
    "The bus was late as ever.",
    "Rehearsals are going well.",
    "Sorry for the long post.",
    "What a season it has been.",
    "The costumes came in the post.",
)


def _joined(before: str, after: str) -> str:
    return f"{before} {after}" if before[-1:] in ".!?" else f"{before}. {after}"


def framed(text: str, split: str, rng: random.Random, *, quiet: bool) -> str:
    """The text, often as it is, else with an opening, a closing or neighbours."""
    chance = rng.random()
    if quiet or chance < 0.55:
        return text
    if chance < 0.68:
        return rng.choice(_OPENINGS) + text
    if chance < 0.78:
        return text + rng.choice(_CLOSINGS) if text[-1:].isalnum() else text
    others = _DEV if split == "dev" else _TRAIN
    if chance < 0.89:
        return _joined(text, rng.choice(others))
    if chance < 0.96:
        return f"{rng.choice(others)} {text}"
    first, last = rng.sample(others, 2)
    return _joined(f"{first} {text}", last)
