"""What the learnt finding of an identifier leaves alone: the organisation's own details, people
who are known to everybody, and whoever the register has spoken about.
"""

from itertools import pairwise

from classifier.detector import Text
from classifier.detectors.names import KNOWN_PEOPLE
from classifier.detectors.registered_name import Register
from models.vocabulary import Category, Organisation

_ASIDE = frozenset(("is", "and", "or", "as", "by", "older", "than", "with", "the"))
"""Words that are marked with a name by mistake: "is Oliver Twist"."""

LEAST = 4
"""Letters of a part of an own name that are taken for it."""


class Own:
    """One organisation's own names, places and postcodes, and its register."""

    def __init__(self, organisation: Organisation, register: Register | None = None) -> None:
        self._register = register or Register()
        own = (
            organisation.name,
            organisation.lead_name,
            organisation.outside_contact,
            *organisation.allowed_venues,
            *organisation.allowed_postcodes,
        )
        self._own = tuple(name.lower() for name in own if name)

    def covers(self, post: Text, span: tuple[int, int], category: Category) -> bool:
        """Whether what stands there (a span of the original) is nobody's secret, or is judged by
        the register already. In a full name a known person may have one word beside them."""
        said = post.normal.original[span[0] : span[1]].lower()
        words = said.split()
        near = category == Category.PII_FULL_NAME and _ASIDE.intersection(words[:1] + words[-1:])
        known = near and any(f"{one} {two}" in KNOWN_PEOPLE for one, two in pairwise(words))
        if known or said in KNOWN_PEOPLE or any(own in said for own in self._own):
            return True
        if len(said) >= LEAST and any(said in own for own in self._own):
            return True
        return any(start < span[1] and span[0] < end for start, end in self._register.judged(post))
