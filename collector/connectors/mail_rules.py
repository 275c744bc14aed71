"""What a mail's headings show about two rules of the policies, as facts on the post.

C45: "copy at least one other member of staff into any emails sent". C40: no contact "from personal
email addresses". The lists are the organisation's own; a fact is stated, a person judges.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collector.connector import Addressed, IncomingPost
from collector.connectors.kind import Option, Options
from collector.connectors.mail_letter import Correspondent, Letter, posted_at
from models.errors import MendSettings
from models.vocabulary import AuthorRole, PostKind


@dataclass(frozen=True, slots=True)
class MailRules:
    """Who is who. Addresses in lower case; one that begins with "@" stands for all of a domain.

    staff: business addresses of staff. children: addresses of children (or of their accounts).
    personal: staff's own private addresses. names: staff's names, in lower case.
    archive: addresses that stand for "somebody else sees it" (a shared archive).
    """

    staff: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    archive: frozenset[str] = frozenset()

    def role(self, who: Correspondent) -> AuthorRole | None:
        """Staff by an address of theirs, business or private; None where no list knows them."""
        if _in(who, self.staff) or _in(who, self.personal) or self._named(who):
            return AuthorRole.STAFF
        return AuthorRole.MEMBER if _in(who, self.children) else None

    def listed(self, who: Correspondent) -> str:
        """Which of the lists knows an address: "child", "personal", "archive", "staff" or ""."""
        lists = (
            ("child", self.children),
            ("personal", self.personal),
            ("archive", self.archive),
            ("staff", self.staff),
        )
        return next((name for name, addresses in lists if _in(who, addresses)), "")

    def addressed(self, mail: Letter) -> tuple[Addressed, ...]:
        """Its sender and whom it went to, each once; () where it went to nobody who is named."""
        found = {}
        for place, people in (("from", (mail.sender,)), ("to", mail.to), ("cc", mail.cc)):
            for one in people:
                # The sender's own copy stands beside the sender: it is no second pair of eyes.
                key = (place == "from", one.address)
                if one.address and key not in found:
                    found[key] = Addressed(place, one.address, self.listed(one))
        return tuple(found.values()) if any(not first for first, _ in found) else ()

    def facts(self, mail: Letter) -> tuple[str, ...]:
        """Plain sentences with the clause's number."""
        said = []
        if _in(mail.sender, self.personal) or self._named(mail.sender):
            said.append(
                "C40: sent in the name of a member of staff, from an address that is not a "
                "business address."
            )
        if self.role(mail.sender) is AuthorRole.STAFF:
            said += self._copied_in(mail)
        if any(_in(one, self.personal) for one in (*mail.to, *mail.cc)):
            said.append("C40: sent to a private address of a member of staff.")
        return tuple(said)

    def _copied_in(self, mail: Letter) -> list[str]:
        people = (*mail.to, *mail.cc)
        others = [
            one
            for one in people
            if one.address != mail.sender.address
            and (_in(one, self.staff) or _in(one, self.archive))
        ]
        if others or not self.staff:
            return []
        if any(_in(one, self.children) for one in people):
            return [
                "C45: sent by staff to a child, and no other member of staff is in To or Cc. "
                "Hidden copies (Bcc) cannot be seen."
            ]
        if people:
            return [
                "C45: sent by staff, and no other member of staff is in To or Cc. "
                "Whether it went to a child is not known. Hidden copies (Bcc) cannot be seen."
            ]
        return []

    def _named(self, who: Correspondent) -> bool:
        known = _in(who, self.staff) or _in(who, self.archive)
        return not known and " ".join(who.name.lower().split()) in self.names


def _in(who: Correspondent, addresses: frozenset[str]) -> bool:
    return who.address in addresses or f"@{who.address.rpartition('@')[2]}" in addresses


def post(mail: Letter, rules: MailRules, received: datetime) -> IncomingPost:
    """The mail as a post: subject and text are judged together."""
    moment, doubt = posted_at(mail, received)
    thread = mail.references[0] if mail.references else mail.answers or mail.mail_id
    facts = [*rules.facts(mail), doubt]
    if mail.automatic:
        facts.append("A program sent it, not a person.")
    return IncomingPost(
        native_id=mail.native_id,
        kind=PostKind.MESSAGE,
        text=mail.said,
        posted_at=moment,
        author_id=mail.sender.address or None,
        author_name=mail.sender.name or mail.sender.address or None,
        author_role=rules.role(mail.sender),
        parent_id=f"mid:{mail.answers}" if mail.answers else None,
        thread_id=f"mid:{thread}" if thread else mail.native_id,
        media_count=mail.attachments,
        addressed=rules.addressed(mail),
        note=" ".join(one for one in facts if one),
    )


RULE_OPTIONS = {
    "staff": Option(
        "list",
        "Business addresses of staff; one that begins with @ stands for a whole domain.",
        example='["@dance.example.org"]',
    ),
    "children": Option(
        "list", "Addresses of children, for the copy-in rule.", example='["kit@example.org"]'
    ),
    "personal": Option(
        "list",
        "Private addresses of staff: mail from or to them is noted.",
        example='["jo@example.com"]',
    ),
    "staff_names": Option(
        "list",
        "Names of staff: mail in their name from another address is noted.",
        example='["Jo Example"]',
    ),
    "archive": Option(
        "list",
        "Shared addresses that count as a second member of staff.",
        example='["archive@dance.example.org"]',
    ),
}


def rules_of(options: Options) -> MailRules:
    """The rules by a source's options. Raises MendSettings for what is no address."""
    return MailRules(
        staff=_addresses(options, "staff"),
        children=_addresses(options, "children"),
        personal=_addresses(options, "personal"),
        names=frozenset(" ".join(one.lower().split()) for one in _listed(options, "staff_names")),
        archive=_addresses(options, "archive"),
    )


def _listed(options: Options, name: str) -> Iterable[str]:
    value = options.get(name, [])
    return [one for one in value if one.strip()] if isinstance(value, list) else []


def _addresses(options: Options, name: str) -> frozenset[str]:
    found = [one.strip().lower() for one in _listed(options, name)]
    for one in found:
        if "@" not in one or any(sign.isspace() for sign in one):
            raise MendSettings(
                "One of them is not an e-mail address.",
                subject=name,
                cure='Write each like "jo@example.org", or "@example.org" for a whole domain.',
            )
    return frozenset(found)
