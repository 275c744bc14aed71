"""Mails of one IMAP folder. A mail cannot be unsent: removing moves it to another folder.

A mail's identity is its Message-ID, so that copies, moved mails and a mailbox whose numbering
began anew (UIDVALIDITY) give the same posts. A poll reads what is new, then looks which of the
newest known mails still stand there.
"""

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.imap_client import Fetched, Folder, Way, opened
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.mail_letter import Letter
from collector.connectors.mail_rules import RULE_OPTIONS, MailRules, post, rules_of
from models.errors import MendSettings, Refused
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.REMOVE, Capability.RESTORE})
Reading = Callable[[Letter, MailRules, datetime], IncomingPost | None]
"""Makes a post of a mail, its rules and the time of its arrival; None for one to pass over."""

_BATCH = 100
_WATCHED = 2_000
"""Newest mails whose deletion is noticed."""

_MOST_WITHOUT_ID = 500
_OWN_ID = re.compile(r"mid:(\S+?)(?: ([0-9a-f]{12}))?|raw:([0-9a-f]{40})")
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Sign in to the mailbox with a mail program and find the mail by its date and sender.",
        "Move it to the folder for removed mails. Do not delete it while a case may need it.",
        "Everybody else whom it was sent to still has it: ask them to delete it if that matters.",
        "Then tick it off here.",
    ),
    Verb.RESTORE: (
        "Sign in to the mailbox with a mail program and open the folder for removed mails.",
        "Move the mail back to the folder that is watched.",
    ),
    Verb.HIDE: (
        "A mail cannot be hidden.",
        "Remove it instead: it is moved to another folder and can be moved back.",
    ),
    Verb.UNHIDE: ("A mail cannot be hidden, so there is nothing to show again.",),
}


@dataclass(slots=True)
class _State:
    """The cursor. uid: the last that was read. known: uid to id and the mail's digest, the newest.

    before: ids from before the numbering changed; who is not met again is gone.
    """

    validity: int = 0
    uid: int = 0
    known: dict[int, tuple[str, str]] = field(default_factory=dict)
    before: set[str] = field(default_factory=set)

    def cursor(self) -> Cursor:
        raw = json.dumps([self.known, sorted(self.before)], separators=(",", ":")).encode()
        packed = base64.b85encode(zlib.compress(raw)).decode()
        return json.dumps({"v": 1, "at": [self.validity, self.uid], "known": packed})

    def renumbered(self, validity: int) -> None:
        self.before |= {name for name, _ in self.known.values()}
        self.validity, self.uid, self.known = validity, 0, {}

    def name(self, one: Fetched) -> str:
        """The mail's id. Two different mails that stand there with one Message-ID are two."""
        mail, digest = one.letter, one.letter.digest[:12]
        same = [have for name, have in self.known.values() if name == mail.native_id]
        if mail.mail_id and same and digest not in same:
            name = f"{mail.native_id} {digest}"
        else:
            name = mail.native_id
        self.known[one.uid] = (name, digest)
        return name

    def forget(self) -> None:
        for uid in sorted(self.known)[:-_WATCHED]:
            del self.known[uid]


def _state(cursor: Cursor | None) -> _State:
    if cursor is None:
        return _State()
    try:
        said = json.loads(cursor)
        validity, uid = said["at"]
        known, before = json.loads(zlib.decompress(base64.b85decode(said["known"])))
        kept = {int(key): (str(name), str(digest)) for key, (name, digest) in known.items()}
        return _State(int(validity), int(uid), kept, set(before))
    except (ValueError, TypeError, KeyError, zlib.error):
        return _State()  # everything is read anew; the same ids are stored once


class ImapConnector:
    """One folder of one mailbox. removed: the folder that removed mails are moved to."""

    name: ClassVar[str] = "email"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    def __init__(
        self, way: Way, folder: str, removed: str, rules: MailRules, reading: Reading = post
    ) -> None:
        self._way, self._folder, self._removed, self._rules = way, folder, removed, rules
        self._reading = reading

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """New mails a hundred at a time, then what has left the folder. See the contract."""
        state = _state(after)
        with opened(self._way, self._folder) as box:
            if state.validity != box.validity:
                state.renumbered(box.validity)
            # Looked at first: a draft that was replaced leaves under its old number.
            left = self._left(box, state)
            fresh = box.numbers(state.uid + 1, box.next - 1)
            for start in range(0, len(fresh), _BATCH):
                mails = box.mails(fresh[start : start + _BATCH])
                posts = []
                for one in mails:
                    made, name = (
                        self._reading(one.letter, self._rules, one.received),
                        state.name(one),
                    )
                    state.before.discard(name)
                    if made is not None:
                        posts.append(_named(made, one.letter.native_id, name))
                state.uid = fresh[min(start + _BATCH, len(fresh)) - 1]
                yield Batch(tuple(posts), state.cursor())
            here = {name for name, _ in state.known.values()}
            gone = tuple(Gone(name) for name in sorted((left | state.before) - here))
            state.before = set()
            state.forget()
            yield Batch((), state.cursor(), gone)

    def _left(self, box: Folder, state: _State) -> set[str]:
        """The ids of known mails that no longer stand under their number.

        They stay in `before` until they are told as gone, so that a crash loses none.
        """
        if not state.known:
            return set()
        standing = set(box.numbers(min(state.known), max(state.known)))
        missing = {uid: name for uid, (name, _) in state.known.items() if uid not in standing}
        for uid in missing:
            del state.known[uid]
        state.before |= set(missing.values())
        return set(missing.values())

    def act(self, action: PlatformAction) -> Receipt:
        """Remove moves the mail away, restore moves it back. See the contract."""
        if action.verb not in (Verb.REMOVE, Verb.RESTORE):
            raise self._cannot("A mail server has no means for it.", action.verb)
        if _OWN_ID.fullmatch(action.native_id) is None:
            raise self._cannot("It is not the number of a mail.", action.verb)
        removing = action.verb is Verb.REMOVE
        start, end = (self._folder, self._removed)[:: 1 if removing else -1]
        with opened(self._way, start, write=True) as box:
            found = _find(box, action.native_id)
            if len({one.letter.digest for one in found}) > 1:
                raise self._cannot("Several mails carry the same number.", action.verb)
            if found:
                box.move([one.uid for one in found], end)
                return Receipt(now(), detail=f"It was moved to the folder {end}.")
        if removing:
            return Receipt(now(), True, "It was no longer in the folder.")
        if self.look_up([action.native_id])[action.native_id].presence is Presence.PRESENT:
            return Receipt(now(), True, "It was already in the folder.")
        raise self._cannot("It is not in the folder for removed mails.", action.verb)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands in the watched folder now. See the contract."""
        seen = {name: Sighting(Presence.UNKNOWN) for name in native_ids}
        own = [name for name in native_ids if _OWN_ID.fullmatch(name)]
        if not own:
            return seen
        with opened(self._way, self._folder) as box:
            for name in own:
                found = _find(box, name)
                texts = {one.letter.said for one in found}
                text = texts.pop() if len(texts) == 1 else None
                seen[name] = Sighting(Presence.PRESENT if found else Presence.GONE, text)
        return seen

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See the contract."""
        return _BY_HAND[verb]

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self._way.subject, cure=" ".join(_BY_HAND[verb]))


def _named(made: IncomingPost, usual: str, name: str) -> IncomingPost:
    """The post of a mail under the mail's own id; one with an id from elsewhere keeps it."""
    if made.native_id != usual:
        return made
    thread = name if made.thread_id == made.native_id else made.thread_id
    return replace(made, native_id=name, thread_id=thread)


def _find(box: Folder, native_id: str) -> list[Fetched]:
    """The mails of that id in the folder; copies of one mail are several."""
    said = _OWN_ID.fullmatch(native_id)
    if said is None:
        return []
    candidates = box.with_mail_id(said[1] or "")[-_MOST_WITHOUT_ID:]
    found = []
    for start in range(0, len(candidates), _BATCH):
        for one in box.mails(candidates[start : start + _BATCH]):
            digest = said[2] or ""
            same = one.letter.native_id == f"mid:{said[1]}" if said[1] else False
            if (same and one.letter.digest.startswith(digest)) or (
                said[3] and one.letter.native_id == native_id
            ):
                found.append(one)
    return found


def connect(options: Options, secrets: Secrets) -> ImapConnector:
    """A connector for one folder. Raises MendSettings for values that cannot work."""
    return mailbox(options, secrets, post)


def mailbox(options: Options, secrets: Secrets, reading: Reading) -> ImapConnector:
    """As `connect`, for a connector that makes other posts of the mails."""
    host, username = str(options["host"]).strip(), str(options["username"]).strip()
    security = str(options.get("security", "tls")).lower()
    if security not in ("tls", "starttls", "none"):
        raise MendSettings(
            "It is none of tls, starttls and none.", subject="security", cure="Leave it out."
        )
    if security == "none" and host not in _HERE:
        raise MendSettings(
            "The password would be sent unprotected.",
            subject="security",
            cure='Leave it out, or write "starttls" where the server asks for it.',
        )
    port = options.get("port", 993 if security == "tls" else 143)
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise MendSettings("It is not a port.", subject="port", cure="Leave it out.")
    folder, removed = _folder(options, "folder", "INBOX"), _folder(options, "removed_folder", _AWAY)
    if folder == removed:
        raise MendSettings(
            "Removed mails would stay where they are.",
            subject="removed_folder",
            cure="Name another folder than the one that is watched.",
        )
    way = Way(host, port, security, username, secrets, f"mail folder {folder}")
    return ImapConnector(way, folder, removed, rules_of(options), reading)


_AWAY = "Removed by Chaperone"


def _folder(options: Options, name: str, usual: str) -> str:
    value = str(options.get(name, usual)).strip()
    if not value or len(value) > 200 or not value.isprintable():
        raise MendSettings("It is not the name of a folder.", subject=name, cure="Leave it out.")
    return value


KINDS = (
    ConnectorKind(
        name="email",
        summary="Mails of one folder of a mailbox (IMAP); removing moves them to another folder.",
        options={
            "host": Option("text", "The mail server.", True, example='"imap.example.org"'),
            "username": Option("text", "The mailbox.", True, example='"watch@example.org"'),
            "password": Option("text", "Its app password.", True, secret=True),
            "folder": Option("text", "The folder that is watched.", example='"INBOX"'),
            "removed_folder": Option(
                "text", "Where removed mails are moved to.", example=f'"{_AWAY}"'
            ),
            "port": Option("number", "The server's port.", example="993"),
            "security": Option("text", "tls, or starttls for older servers.", example='"tls"'),
            **RULE_OPTIONS,
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
