"""A Facebook group, by the notification e-mails that Facebook sends to its admins.

Facebook closed groups to every program in April 2024. What is left: notices by e-mail, read from
a mailbox or from saved mails; posts that people paste; and people, who act on Facebook by hand.
The members are a list that somebody keeps by hand.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from collector.connector import (
    Batch,
    Cursor,
    IncomingPost,
    Member,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.files import FileSource, Said, path_of
from collector.connectors.imap import KINDS as MAIL_KINDS
from collector.connectors.imap import ImapConnector, mailbox
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.mail_files import letters
from collector.connectors.mail_letter import Letter, posted_at
from collector.connectors.mail_rules import MailRules
from collector.connectors.member_list import read_members
from models.errors import MendInput, MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, PostKind, Presence, Verb

CAPABILITIES = frozenset({Capability.POSTS, Capability.MEMBERS})

_SENDERS = ("@facebookmail.com", "@groups.facebook.com", "@support.facebook.com")
_WHO = re.compile(
    r"(?P<who>.{2,80}?) (?P<what>posted|shared|commented|replied|mentioned|also commented|added"
    r"|started|asked|created)\b",
)
_ADDRESS = re.compile(r"https://(?:[a-z]+\.)?facebook\.com/[^\s<>()\"]{1,1500}")
_PLACE = re.compile(r"/?groups/([A-Za-z0-9.]{1,80})/(?:permalink|posts)/(\d{1,30})")
_FOOT = re.compile(
    r"(?im)^(?:view (?:post|comment|on facebook)|see (?:post|comment)|go to (?:post|group)"
    r"|reply to this email|like\s*$|comment\s*$|edit email settings|this message was sent to"
    r"|facebook, inc|meta platforms|unsubscribe|={5,}).*"
)
_NOTICE = "From a notification e-mail: Facebook may have shortened it."

_STEPS: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the link to the post, signed in as an admin or moderator of the group.",
        "Press the three dots beside the post or comment and choose Remove post or Delete comment.",
        "Choose the group rule that it breaks and tick Share feedback: that is how its author is "
        "told the reason.",
        "Open the group's Activity log and see that the removal stands there.",
        "Then tick it off here. No program can look into the group, so look once more yourself.",
    ),
    Verb.HIDE: (
        "Facebook groups cannot hide a post.",
        "Turn off commenting in its three dots, or remove it.",
    ),
    Verb.UNHIDE: ("Facebook groups cannot hide a post, so there is nothing to show again.",),
    Verb.RESTORE: (
        "Facebook cannot bring back a removed post.",
        "If it should stand again, ask its author to write it again.",
    ),
}


def post_of(mail: Letter, _rules: MailRules, received: datetime) -> IncomingPost | None:
    """The post that a notice tells of; None for a mail that Facebook did not send.

    A layout that is not known loses nothing: the whole mail is then the text.
    """
    if not mail.sender.address.endswith(_SENDERS):
        return None
    moment, doubt = posted_at(mail, received)
    said = _WHO.match(mail.subject) or _WHO.match(mail.text.strip())
    link, group, number, comment = _place(mail.text)
    top = said is not None and said["what"] in ("posted", "shared", "asked", "created", "started")
    usual = mail.native_id
    thread = f"fbg:{group}_{number}" if number else None
    if comment and thread:
        usual = f"{thread}_{comment}"
    elif top and thread:
        usual = thread
    notes = [_NOTICE, doubt, "" if said else "Its layout is not known: the whole mail is shown."]
    return IncomingPost(
        native_id=usual,
        kind=PostKind.POST if top else PostKind.COMMENT,
        text=_words(mail.text) if said else mail.said,
        posted_at=moment,
        author_id=None,
        author_name=said["who"].strip() if said else None,
        parent_id=None if top else thread,
        thread_id=thread or usual,
        permalink=link,
        media_count=mail.attachments,
        note=" ".join(one for one in notes if one),
    )


def _place(text: str) -> tuple[str | None, str, str, str]:
    """The post's address without tracking, its group, its number, its comment's number or ""."""
    for found in _ADDRESS.finditer(text):
        whole = unquote(found[0]).replace("/n/?", "/")
        place = _PLACE.search(whole)
        if place is None:
            continue
        asked = parse_qs(urlsplit(whole.replace("/&", "/?")).query)
        comment = next(iter(asked.get("comment_id", [])), "")
        comment = comment if comment.isascii() and comment.isdigit() and len(comment) < 31 else ""
        link = f"https://www.facebook.com/groups/{place[1]}/posts/{place[2]}/"
        link += f"?comment_id={comment}" if comment else ""
        return link, place[1], place[2], comment
    return None, "", "", ""


def _words(text: str) -> str:
    """The notice without the lines that Facebook puts under every one, and without addresses."""
    foot = _FOOT.search(text)
    body = text[: foot.start()] if foot and foot.start() > 0 else text
    lines = [line for line in body.splitlines() if not _ADDRESS.fullmatch(line.strip())]
    return "\n".join(lines).strip() or text.strip()


class _SavedNotices(FileSource):
    """Notices that were saved as .eml or .mbox."""

    name: ClassVar[str] = "facebook_groups"
    suffixes: ClassVar[frozenset[str]] = frozenset({".eml", ".mbox", ".mbx"})
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = _STEPS

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """See FileSource."""
        others = 0
        for mail, saved in letters(path, said):
            made = post_of(mail, MailRules(), saved)
            if made is None:
                others += 1
            else:
                yield made
        if others:
            said.append(f"{others:,} mails are not from Facebook and were passed over.")


class FacebookGroups:
    """One group. notices: where its e-mails are read. members_file: None where there is none."""

    name: ClassVar[str] = "facebook_groups"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    def __init__(self, notices: _SavedNotices | ImapConnector, members_file: Path | None) -> None:
        self._notices, self._members_file = notices, members_file

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """New notices. A notice that was deleted says nothing of its post. See the contract."""
        for batch in self._notices.fetch(after):
            yield replace(batch, gone=())

    def members(self) -> Iterator[Member]:
        """The hand-made list. Raises NeedsOperator where it cannot be read."""
        if self._members_file is None:
            return
        try:
            yield from read_members(self._members_file)
        except MendInput as error:
            raise NeedsOperator(error.what, subject=error.subject, cure=error.cure) from error

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: only people can act in a group."""
        raise Refused(
            "Facebook lets no program act in a group.",
            subject=self.name,
            cure=" ".join(_STEPS[action.verb]),
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Always UNKNOWN: no program can look into a group."""
        return {name: Sighting(Presence.UNKNOWN) for name in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See the contract."""
        return _STEPS[verb]


def connect(options: Options, secrets: Secrets) -> FacebookGroups:
    """A group, by its mailbox or by a folder of saved notices. Raises MendSettings."""
    boxed, saved = bool(options.get("host")), bool(options.get("path"))
    if boxed == saved:
        raise MendSettings(
            "It needs either host and username, or path.",
            subject="facebook_groups",
            cure="Set host, username and password for a mailbox, or path for saved mails.",
        )
    if boxed and not options.get("username"):
        raise MendSettings("No username is set.", subject="username", cure="Name the mailbox.")
    members = str(options.get("members_file", "")).strip()
    notices = (
        mailbox(options, secrets, post_of)
        if boxed
        else _SavedNotices(path_of(options, "facebook_groups"))
    )
    return FacebookGroups(notices, Path(members).expanduser() if members else None)


KINDS = (
    ConnectorKind(
        name="facebook_groups",
        summary="A Facebook group, by its notification e-mails; people act by hand.",
        options={
            "host": Option("text", "The mail server.", example='"imap.example.org"'),
            "username": Option("text", "The mailbox.", example='"group@example.org"'),
            "password": Option("text", "The mailbox's app password.", secret=True),
            **{name: MAIL_KINDS[0].options[name] for name in ("folder", "port", "security")},
            "path": Option(
                "text", "Instead: a folder of saved notices (.eml, .mbox).", example='"notices"'
            ),
            "members_file": Option(
                "text",
                "A CSV of members kept by hand: handle, name, role, since.",
                example='"members.csv"',
            ),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
