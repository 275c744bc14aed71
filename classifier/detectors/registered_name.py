"""The full name of somebody on the organisation's own register (C21, C24).

Two detectors, because they are told apart by the policy: a child named without consent, and
anybody who must not be published. Neither says, nor knows, why somebody must not be. What the
register has spoken about is left aside by the general detector of full names (see `judged`).
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText
from classifier.name_index import Mention, NameIndex
from models.named_people import NOBODY_NAMED, Answer, NamedPeople, NamedPerson
from models.register_words import Authority
from models.vocabulary import Category, Finding, Organisation, now

EXAMPLE_PEOPLE = NamedPeople(
    (
        NamedPerson(1, ("Juniper Oakshott",), ("June Oakshott",)),
        NamedPerson(2, ("Silas Penhaligon",), answers=(Answer("a", True, Authority.PARENT),)),
        NamedPerson(3, ("Marigold Tansley", "Goldie"), tags=("goldie.t",), do_not_publish=True),
        NamedPerson(4, ("Rhoswen O'Dowd",), child=False),
    ),
    stamp="examples",
)
"""Invented people, for the examples alone."""


class Register:
    """The register as the detectors of one installation share it: its names indexed once."""

    def __init__(self, named: NamedPeople = NOBODY_NAMED) -> None:
        self.index = NameIndex(named)
        self._zone = ZoneInfo(named.timezone)

    def day(self, post: Text) -> date:
        """The day on which consent has to hold: when it was posted, today where unknown."""
        return (post.posted_at or now()).astimezone(self._zone).date()

    def mentions(self, post: Text) -> tuple[Mention, ...]:
        """Everybody on the register who is named in full."""
        return tuple(self.index.mentions(post.normal))

    def judged(self, post: Text) -> list[tuple[int, int]]:
        """The spans about which the register has the last word: consent given, or a finding of
        one of the detectors here."""
        return [
            (mention.start, mention.end)
            for mention in self.mentions(post)
            if self.unpublished(mention)
            or self.unconsented(mention, post)
            or all(each.may_be_named(self.day(post), post.channel) for each in mention.people)
        ]

    def unpublished(self, mention: Mention) -> bool:
        """Whether anybody of that name must not be published."""
        return any(person.do_not_publish for person in mention.people)

    def unconsented(self, mention: Mention, post: Text) -> bool:
        """Whether a child of that name has no consent for it there and then, or anybody said no."""
        day = self.day(post)
        return not mention.tag and any(
            person.wants_no_name(day, post.channel)
            or (person.is_child_on(day) and not person.may_be_named(day, post.channel))
            for person in mention.people
        )


class RegisteredNameDetector(PerText):
    """A registered child's full name without consent for this channel on that day."""

    name = "registered_name"
    version = "1"
    categories = frozenset({Category.PII_FULL_NAME})
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("so proud of Juniper Oakshott", Category.PII_FULL_NAME, "Juniper Oakshott"),
        Example("JUNIPER OAKSHOTT for the win", Category.PII_FULL_NAME, "JUNIPER OAKSHOTT"),
        Example("cast: Oakshott, Juniper", Category.PII_FULL_NAME, "Oakshott, Juniper"),
        Example(
            "J\u00fan\u00edper Oakshott \U0001f483",
            Category.PII_FULL_NAME,
            "J\u00fan\u00edper Oakshott",
        ),
        Example("June Oakshott was lovely", Category.PII_FULL_NAME, "June Oakshott"),
        Example("so proud of Silas Penhaligon", Category.PII_FULL_NAME),
        Example("so proud of Juniper and the Oakshott family", Category.PII_FULL_NAME),
        Example("Rhoswen O'Dowd will be on the door", Category.PII_FULL_NAME),
    )

    def __init__(
        self, organisation: Organisation = NOBODY, register: Register | None = None
    ) -> None:
        super().__init__(organisation)
        self._register = register or Register()

    def find(self, post: Text) -> Iterable[Finding]:
        """Names of children, and of those who said no."""
        for mention in self._register.mentions(post):
            if self._register.unpublished(mention) or not self._register.unconsented(mention, post):
                continue
            because = "The full name of a child on your register, with no consent for it here."
            if not any(each.is_child_on(self._register.day(post)) for each in mention.people):
                because = "The full name of somebody on your register who said no to it here."
            if mention.form:
                because = f"{because} A short form of the first name is used."
            score = 0.85 if mention.form else 0.97
            span = (mention.start, mention.end)
            yield self.seen(Category.PII_FULL_NAME, score, span, because)


class DoNotPublishDetector(PerText):
    """Any mention of somebody who must not be published: name, other name or tag (C24)."""

    name = "do_not_publish"
    version = "1"
    categories = frozenset({Category.PII_FULL_NAME})
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("well done Marigold Tansley", Category.PII_FULL_NAME, "Marigold Tansley"),
        Example("well done goldie", Category.PII_FULL_NAME, "goldie"),
        Example("well done @goldie.t", Category.PII_FULL_NAME, "@goldie.t"),
        Example("a golden marigold in the garden", Category.PII_FULL_NAME),
        Example("so proud of Juniper Oakshott", Category.PII_FULL_NAME),
    )

    def __init__(
        self, organisation: Organisation = NOBODY, register: Register | None = None
    ) -> None:
        super().__init__(organisation)
        self._register = register or Register()

    def find(self, post: Text) -> Iterable[Finding]:
        """Mentions of those on the list. The reason is the lead's and is not known here."""
        for mention in self._register.mentions(post):
            if self._register.unpublished(mention):
                span = (mention.start, mention.end)
                because = "This person is on your do-not-publish list."
                yield self.seen(Category.PII_FULL_NAME, 1.0, span, because)
