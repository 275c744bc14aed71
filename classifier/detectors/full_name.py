"""First name and surname of a private person (C21), by a list of first names and the words around.

Left alone: staff who state their own role, public figures, characters, streets, halls, cups and
other things named after people, first names alone, and whoever the register speaks about. A first
rule: names that are on no list are not seen, which the model card says.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, window
from classifier.detectors.names import is_first_name
from classifier.detectors.registered_name import Register
from models.vocabulary import AuthorRole, Category, Finding, Organisation

_PAIR = re.compile(
    r"(?<![\w@#./'’-])(?P<first>[A-Z][a-z]+(?:-[A-Z][a-z]+)?)"
    r" (?:(?:[A-Z]\.? )|(?P<middle>[A-Z][a-z]+) )?"
    r"(?P<last>(?:(?:Mc|Mac|O'|O’|van |de |Ap |ap |ab "
    r")?[A-Z][a-z]+(?:-[A-Z][a-z]+)?))(?![\w’-])(?!'[a-rt-z])"
)
_NOT_A_SURNAME = re.compile(
    r"(?:and|or|the|for|is|was|in|on|at|of|to|please|thanks?|thank|you|your|we|"
    r"our|my|mum|dad|miss|mrs|mr"
    r"|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|street|road|lane|avenue|close|"
    r"drive|hall|house|school|academy"
    r"|college|primary|theatre|studios?|centre|church|park|court|grove|gardens?|"
    r"way|crescent|terrace|place|hill"
    r"|cup|trophy|award|awards|prize|shield|medal|foundation|trust|society|club|"
    r"company|choir|band|orchestra"
    r"|ballet|dance|grade|level|class|group|team|room|hospital|hospice|library|"
    r"museum|station|bridge|fund"
    r"|memorial|festival|musical|show|grand|royal|united|city|town|rovers|day|"
    r"week|term|night|christmas|easter"
    r"|solo|duet|trio|junior|juniors|senior|seniors|intermediate|advanced|tap|"
    r"jazz|modern|lyrical|street|hotel"
    r"|pub|arms|inn|cafe|shop|store|ltd|limited|plc|insurance|cream|bear|rabbit|"
    r"pan|poppins|wonderland"
    r"|claus|whittington|hood|potter|frost|cake|buns?|lewis|spencer|bakes?|jane|"
    r"anne|louise|x|xx|xxx)",
    re.I,
)
_KNOWN = re.compile(
    r"\b(?:Harry Potter|Peter Pan|Mary Poppins|Taylor Swift|Ed Sheeran|William "
    r"Shakespeare|Charles Dickens|Jane Austen"
    r"|Oliver Twist|Billy Elliot|Alice Liddell|Willy Wonka|Charlie Bucket|Robin "
    r"Hood|Dick Whittington|Jack Frost"
    r"|David Attenborough|Michael Jackson|Andrew Lloyd Webber|Stephen Sondheim|"
    r"Tim Rice|Darcey Bussell|Carlos Acosta"
    r"|Matthew Bourne|Elton John|Freddie Mercury|Amy Winehouse|Julie Andrews|Judi "
    r"Dench|Ian McKellen|Tom Hanks"
    r"|Emma Watson|Keir Starmer|Rishi Sunak|Boris Johnson|Tony Blair|Margaret "
    r"Thatcher|Winston Churchill|Marcus Rashford"
    r"|Harry Kane|Harry Styles|Bobby Moore|David Bowie|John Lennon|Paul McCartney|"
    r"George Michael|Agatha Christie"
    r"|Roald Dahl|Jacqueline Wilson|David Walliams|Julia Donaldson|Sherlock "
    r"Holmes|James Bond|Elizabeth Bennet|Jane Eyre"
    r"|Victor Hugo|Arthur Miller|Alan Bennett|Noel Coward|Oscar Wilde|Bob Fosse|"
    r"Gene Kelly|Fred Astaire|Martha Graham"
    r"|Simon Cowell|Anne Frank|Florence Nightingale|Rosa Parks|Nelson Mandela|"
    r"Martin Luther|Emmeline Pankhurst|Ella Fitzgerald"
    r"|Amelia Earhart|Isaac Newton|Albert Einstein|Charles Darwin|Alan Turing|"
    r"Mary Berry|Jamie Oliver|Gary Lineker|Andy Murray"
    r"|Emma Raducanu|Adele Adkins|Danny Zuko|Sandy Olsson|Annie Warbucks|Bugsy "
    r"Malone|Jean Valjean|Tracy Beaker)\b"
)
_STAFF_SELF = re.compile(
    r"\b(?:i'?m|i am|my name is|this is|it'?s) $", re.I
)  # followed by a role after the name
_ROLE = re.compile(
    r"^[,\s(–-]{1,3}(?:(?:who is |i'?m |and |am |is )?(?:your|our|the|a|an|deputy|"
    r"head|lead|senior|artistic|new|qualified|registered|club|school|designated|"
    r"musical|qualified)\s){0,4}"
    r"(?:principal|head ?teacher|headmistress|headmaster|teacher|coach|instructor|"
    r"director|choreographer|chair(?:man|woman|person)?"
    r"|secretary|treasurer|trustee|welfare|safeguarding|dsl|lead|officer|manager|"
    r"administrator|founder|owner|accompanist|pianist"
    r"|conductor|producer|stage manager|wardrobe|chaperone|administrator|"
    r"president|patron|mp|msp|councillor|mayor|author|actor|actress|composer"
    r"|playwright|poet|singer|dancer with|guest|adjudicator|examiner|vicar|"
    r"reverend|physio\w*|doctor|nurse|photographer|reporter|journalist)\b",
    re.I,
)
_TITLE_BEFORE = re.compile(
    r"\b(?:by|starring|as|playing|plays|play|role of|part of|character|composer|"
    r"author|playwright|actor|actress|singer|director|choreographer"
    r"|principal|head ?teacher|teacher|coach|trustee|chair|mp|cllr|councillor|"
    r"mayor|prime minister|president|king|queen|prince|princess|sir|dame|lord|"
    r"lady|st|saint"
    r"|novel|film|song|musical|book|poem|written by|music by|directed by|patron|"
    r"adjudicator|examiner|dr|rev|reverend|the|photographer|minister|manager) $",
    re.I,
)


class FullNameDetector(PerText):
    """See the module."""

    name = "full_name"
    version = "1"
    categories = frozenset({Category.PII_FULL_NAME})
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("Well done to Ella Hartnell for her solo", Category.PII_FULL_NAME, "Ella Hartnell"),
        Example("my son is Kofi Mensah", Category.PII_FULL_NAME, "Kofi Mensah"),
        Example(
            "Has anyone seen Priya McAllister-Jones?",
            Category.PII_FULL_NAME,
            "Priya McAllister-Jones",
        ),
        Example("I'm Sarah Holt, your welfare officer", Category.PII_FULL_NAME),
        Example("Music by Andrew Lloyd Webber", Category.PII_FULL_NAME),
        Example("Auditions for Peter Pan and Oliver Twist", Category.PII_FULL_NAME),
        Example("Ella and Mia were lovely", Category.PII_FULL_NAME),
        Example("The George Hall Memorial Trophy, Victoria Park", Category.PII_FULL_NAME),
        Example("See you on Saturday June 4th", Category.PII_FULL_NAME),
    )

    def __init__(
        self, organisation: Organisation = NOBODY, register: Register | None = None
    ) -> None:
        super().__init__(organisation)
        self._register = register or Register()
        own = (organisation.name, organisation.lead_name, organisation.outside_contact)
        self._own = tuple(name.lower() for name in (*own, *organisation.allowed_venues) if name)

    def find(self, post: Text) -> Iterable[Finding]:
        """Pairs of capital words that begin with a first name and name no thing."""
        text, judged = post.normal.text, None
        for match in _PAIR.finditer(text):
            if is_first_name(match.group("first").split("-")[0]) and self._private(post, match):
                span = post.normal.to_original(*match.span())
                judged = self._register.judged(post) if judged is None else judged
                if any(start <= span[0] and span[1] <= end for start, end in judged):
                    continue  # the register knows this person and has the last word
                because = "A first name and a surname, most likely of a private person."
                yield self.seen(Category.PII_FULL_NAME, 0.75, span, because)

    def _private(self, post: Text, match: re.Match[str]) -> bool:
        text, name = post.normal.text, match.group()
        words = (match.group("middle") or "", match.group("last"))
        if any(word and _NOT_A_SURNAME.fullmatch(word) for word in words):
            return False
        if _KNOWN.search(name) or any(name.lower() in own for own in self._own):
            return False
        before, after = window(text, *match.span(), 50)
        following = re.match(r"(?:'s)? ([A-Z][a-z]+)", after)
        if following and _NOT_A_SURNAME.fullmatch(following.group(1)):
            return False
        if _ROLE.match(after) or _TITLE_BEFORE.search(before):
            return False
        stated = post.author_role == AuthorRole.STAFF and _STAFF_SELF.search(before)
        return not stated and not re.search(r'["“]$', before)
