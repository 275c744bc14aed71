"""Private e-mail addresses (C19), also "ella dot example at mail dot com".

Left alone: the organisation's own addresses, addresses that a role or a business answers.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.base import NOBODY, PerText, window
from classifier.detectors.names import is_first_name
from models.vocabulary import Category, Finding, Organisation

_LOCAL = re.compile(r"[A-Za-z0-9._%+'\-]{1,64}$")
_DOMAIN = re.compile(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_FREE = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|live|icloud|me|msn|aol|btinternet|sky|talktalk"
    r"|virginmedia|ntlworld|proton|protonmail|mail|ymail|gmx)"
)
_AT = (
    r"\s?(?:\(\s?@\s?\)|\[\s?@\s?\]|\(\s?at\s?\)|\[\s?at\s?\]|\{\s?at\s?\}|<at>|\*at\*|\(a\)|@"
    r"|\bat\b)\s?"
)
_AT_SIGN = r"[(\[{<*]? ?(?:\bat\b|@|(?<=\()a(?=\))) ?[)\]}>*]?"
_DOT = r"(?:\s?(?:\*dot\*|\(\s?dot\s?\)|\[\s?dot\s?\]|\{\s?dot\s?\}|\bdot\b|\.)\s?)"
_TLD = r"(?:com|org|net|co|uk|ac|me|sch|gov|example|test|invalid|cymru|wales|scot|info|eu|ie)"
_HIDDEN = re.compile(
    rf"\b[a-z0-9][a-z0-9_+\-]{{0,40}}(?:{_DOT}[a-z0-9_+\-]{{1,40}}){{0,3}}{_AT}"
    rf"(?:[a-z0-9\-]{{2,40}}{_DOT}){{1,3}}{_TLD}\b",
    re.I,
)
_HIDDEN_GATE = re.compile(
    r"\bdot\b|[(\[{<] ?at ?[)\]}>]|[(\[] ?@ ?[)\]]|\bat (?:" + _FREE + r")\.| @ |\*at\*|\(a\)"
    r"|(?<!\w)[a-z]\w{0,30}\d\w{0,10} at [\w-]{1,40}\.\w",
    re.I,
)
_FREE_DOMAIN = re.compile(rf"{_FREE}\.(?:com|co\.uk|net|me|org|fr|ie)|example\.\w+(?:\.\w+)?", re.I)
_ROLE = re.compile(
    r"(?:^|[._\-+\d])(?:info|admin|office|hello|hi|bookings?|contact(?:us)?|"
    r"enquir\w+|boxoffice|tickets?"
    r"|safeguarding|team|pta|committee|secretary|treasurer|welfare|reception|"
    r"support|help(?:desk)?|lost-?property|front-?of-?house|foh|sales|news(?:letter)?|media|wardrobe|trustees|entries|desk|"
    r"claims|sound|lighting|caretaker|learning|gallery|repairs"
    r"|press|jobs|marketing|no-?reply|donat\w+|volunteers?|members?(?:hip)?|register|auditions?"
    r"|costumes?|shop|orders?|accounts?|finance|hr|service|customer|principal|head|council|events?"
    r"|chair|trust|mail|post|parents|classes|lessons|programme|feedback|fixtures|results|"
    r"swyddfa|ymholiadau|gwybodaeth|archebion|"
    r"complaints|privacy|data)(?:$|[._\-+\d])"
    r"|school|academy|studios?|club|theatre|company|society|centre|council|charity|choir|band\b"
    r"|hall(?:bookings?|hire)|players|dancers|limited|ltd$|school|nursery|church|danceco",
    re.I,
)
_ACTIVITY = re.compile(
    r"(?:photos?|pictures|pics|outings?|trips|tours|walks?|walkers|walking|rambles|rides|bikes|runs"
    r"|running|swim(?:ming)?|netball|football|rugby|cricket|archery|boxing|judo|karate|rowing"
    r"|hockey|tennis|bowls|panto|stalls?|raffle|kitchen|cakes?|bakes?|gardens?|gardening"
    r"|allotments?|minutes|rota|lifts|transport|camps?|camping|uniforms?|props|scripts|tech"
    r"|stewards?|parking|pantry|pets|archive|records|nominations|waiting-?list|quiz|crafts?"
    r"|singers|ringers|juniors|seniors|under\d\ds?)(?:team|group|club|desk|202\d)?"
)
"""The whole of what stands before the @: a list or a task, and no person."""
_ORGANISATION = re.compile(
    r"theatre|museum|hall\b|works|fest|school|club|academy|studio|council|church|"
    r"trust|charity|society"
    r"|dance|ballet|stage|arts|music|choir|band\b|county|nhs|gov|ltd|shop|store|hotel|press",
    re.I,
)
_PERSONAL = re.compile(
    r"\b(?:my|mine|me|it'?s|its|reply 2|mum'?s?|mam'?s?|dad'?s?|nan'?s?|her|his|"
    r"their|son'?s?|daughter'?s?|sister'?s?"
    r"|hers|yours|theirs|granny'?s?|gran'?s?|brother'?s?|husband'?s?|wife'?s?|"
    r"friend'?s?|personal|home|i'm|private)\b",
    re.I,
)
_BOX = re.compile(
    r"\b(?:my|mine|me|i'?m|it'?s|her|his|hers|theirs|he|she|(?:mum|mam|dad|nan"
    r"|gran|granny|son|daughter|sister|brother|husband|wife|friend)'?s?)"
    r"(?:[ :,'-]|\b(?:new|own|other|personal|private|home|e-?mails?|mail|address|one|is|s|are|at|on"
    r"|got)\b)*$",
    re.I,
)
_ITS_OWNER = re.compile(
    r",? ?(?:is|'s|that's) (?:me|mine|my|her|his|him|(?:mum|dad|nan|gran|[A-Z][a-z]+)'s)\b"
)
"""Whose a mailbox of one word is, right beside it."""
_OURS = re.compile(
    r"\b(?:us|our|office|team|club|school|studio|bookings|enquiries|box office|supplier|company)\b",
    re.I,
)


class EmailDetector(PerText):
    """See the module."""

    name = "email"
    version = "6"
    categories = frozenset({Category.PII_EMAIL})
    rules = 2
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "email me ella.price09@example.org", Category.PII_EMAIL, "ella.price09@example.org"
        ),
        Example("its mia_99 at gmail dot com", Category.PII_EMAIL, "mia_99 at gmail dot com"),
        Example(
            "tom.reed [at] example [dot] org", Category.PII_EMAIL, "tom.reed [at] example [dot] org"
        ),
        Example(
            "my new one is sam.holt@hotmail.co.uk.", Category.PII_EMAIL, "sam.holt@hotmail.co.uk"
        ),
        Example("hers is jojo*at*example*dot*com", Category.PII_EMAIL, "jojo*at*example*dot*com"),
        Example(
            "mines aaliyah2cool at example.com", Category.PII_EMAIL, "aaliyah2cool at example.com"
        ),
        Example("mine is 884213@example.org", Category.PII_EMAIL, "884213@example.org"),
        Example("ella 2012 at gmail dot com", Category.PII_EMAIL, "2012 at gmail dot com"),
        Example("photos from 2025 at example.org", Category.PII_EMAIL),
        Example("Write to bookings@example.org", Category.PII_EMAIL),
        Example("email info@sunrisedance.example or call us", Category.PII_EMAIL),
        Example("send outings@example.org your money", Category.PII_EMAIL),
        Example("look at the dot on the stage, com on", Category.PII_EMAIL),
        Example("thanks @ella.price for the cake", Category.PII_EMAIL),
        Example("we looked at example.org for shoes", Category.PII_EMAIL),
    )

    def __init__(self, organisation: Organisation = NOBODY) -> None:
        super().__init__(organisation)
        own = (*organisation.allowed_emails, organisation.contact_email)
        self._own = {address.strip().lower() for address in own if address}
        self._domains = {
            address.split("@")[1]
            for address in self._own
            if "@" in address and not _FREE_DOMAIN.fullmatch(address.split("@")[1])
        }

    def find(self, post: Text) -> Iterable[Finding]:
        """Plain addresses around each @, then those in words."""
        text = post.normal.text
        taken = -1
        for match in re.finditer("@", text):
            domain = _DOMAIN.match(text, match.end())  # first, since it fails sooner
            if domain is None:
                continue
            local = _LOCAL.search(text, max(0, match.start() - 64), match.start())
            if local is None:
                continue
            start, taken = local.start(), domain.end()
            lead = len(local.group()) - len(local.group().lstrip("'.-"))
            if found := self._address(post, start + lead, domain.end()):
                yield found
        if taken < 0 and _HIDDEN_GATE.search(text):
            for match in _HIDDEN.finditer(text):
                if found := self._address(post, match.start(), match.end()):
                    yield found

    def _address(self, post: Text, start: int, end: int) -> Finding | None:
        text = post.normal.text
        plain = re.sub(_AT_SIGN, "@", text[start:end].lower())
        plain = re.sub(r"[(\[{*]?\bdot\b[)\]}*]?", ".", plain).replace(" ", "")
        local, _, domain = plain.partition("@")
        if not local or not domain or plain in self._own or domain in self._domains:
            return None
        worded = local.isdigit() and " at " in text[start:end]  # "from 2025 at example.org"
        if worded and not re.fullmatch(rf"{_FREE}\.(?:com|co\.uk|net|me|org|fr|ie)", domain):
            return None
        score = _score(local, domain, window(text, start, end, 50))
        kind = "a private person" if score >= 0.5 else "an organisation"
        because = f"An e-mail address, most likely of {kind}."
        return self.seen(Category.PII_EMAIL, score, post.normal.to_original(start, end), because)


def _score(local: str, domain: str, around: tuple[str, str]) -> float:
    before, after = around
    personal = bool(_PERSONAL.search(before[-40:]))
    if _ROLE.search(local) and not (personal and re.search(r"\d{2}", local)):
        return 0.2
    if _ACTIVITY.fullmatch(local) and not (_BOX.search(before) or _ITS_OWNER.match(after)):
        return 0.2
    if _FREE_DOMAIN.fullmatch(domain):
        return 0.97 if personal else 0.9
    if _ORGANISATION.search(domain) and not (personal and re.search(r"[._\d]", local)):
        return 0.25
    parts = [part for part in re.split(r"[._\-\d]+", local) if part]
    named = bool(re.search(r"[a-z]{2,}[._-][a-z]+|^[a-z][._][a-z]{3,}|\d{2,}$", local)) or any(
        len(part) > 3 and is_first_name(part) for part in parts
    )
    if ".sch.uk" in domain and named:
        return 0.85
    if personal:
        return 0.85
    if _OURS.search(before[-40:]) and not named:
        return 0.3
    return 0.65 if named else 0.35
