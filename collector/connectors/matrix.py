"""A Matrix room: its messages, edits, redactions and members; redaction with a reason.

The room's timeline tells of everything in the order in which the homeserver saw it, so nothing
has to be read again. Where more happened than an answer holds, the gap is read backwards.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    Member,
    MemberAction,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import matrix_read as read
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.matrix_client import MatrixClient, Missing
from collector.connectors.walk import Progress
from collector.connectors.web import part_of, safe_base, text_of
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset(
    {
        Capability.POSTS,
        Capability.MEMBERS,
        Capability.REMOVE,
        Capability.REASON,
        Capability.REMOVE_MEMBER,
    }
)
_USUAL = "https://matrix.example.org/"
_MOST_ROUNDS = 10_000
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the room in Element, signed in as a Moderator.",
        "Rest on the message, press the three dots and choose Remove.",
        "The next look at the room confirms it.",
    ),
    Verb.HIDE: (
        "Matrix cannot hide a message for a while.",
        "Remove it instead, or ask its author to do so.",
    ),
    Verb.UNHIDE: (
        "Matrix cannot bring back a message that was removed.",
        "If it should stand again, ask its author to write it again.",
    ),
    Verb.RESTORE: (
        "Matrix cannot bring back a message that was removed.",
        "If it should stand again, ask its author to write it again.",
    ),
}
_MEMBER_BY_HAND = (
    "Open the room in Element, signed in as a Moderator.",
    "Open the list of people, choose the person, and press Remove from room, or Ban from room.",
    "The reason that you write is shown to everybody in the room.",
)
_USER_ID = re.compile(r"@[!-9;-~]{1,200}:[!-~]{1,200}")
_ROLES = {"join": "member", "invite": "invited", "knock": "asks to join"}


@dataclass(slots=True)
class _Place:
    """Where the reading stands. since: the newest place known. back, until: a gap that is being
    read backwards, "" where there is none. moved: the room was replaced by another. resumed:
    whether it came from a cursor."""

    since: str = ""
    back: str = ""
    until: str = ""
    moved: bool = False
    resumed: bool = False

    def cursor(self) -> Cursor:
        return json.dumps(asdict(self), separators=(",", ":"))


def _resume(cursor: Cursor | None) -> _Place:
    try:
        said = json.loads(cursor or "{}")
        return _Place(**{**{one.name: said[one.name] for one in fields(_Place)}, "resumed": True})
    except (ValueError, KeyError, TypeError):
        return _Place()


@dataclass(frozen=True, slots=True)
class Matrix:
    """One room. secrets is asked anew for each call, so a new token needs no restart."""

    name: ClassVar[str] = "matrix"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES
    platform: ClassVar[str] = "Matrix"

    base_url: str
    room_id: str
    secrets: Secrets

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Matrix room {self.room_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. Raises NeedsOperator at the end where the room moved elsewhere."""
        place = _resume(after)
        with self._client() as client:
            client.make_sure_joined()
            try:
                yield from self._steps(client, place)
            except Refused:
                # The server may have forgotten a place that was kept: then all is read anew.
                if not place.resumed:
                    raise
                place = _Place()
                yield from self._steps(client, place)
        if place.moved:
            raise NeedsOperator(
                "This room was replaced by a new one.",
                subject=self.subject,
                cure="Join the new room with the account, and put its id into a new source.",
            )

    def _steps(self, client: MatrixClient, place: _Place) -> Iterator[Batch]:
        for _ in range(_MOST_ROUNDS):
            yield from self._gap(client, place)
            timeline, onward = client.sync(place.since)
            events = client.events(timeline.get("events", []))
            if timeline.get("limited") is True:
                place.back, place.until = text_of(timeline, "prev_batch"), place.since
            place.since = onward
            yield self._batch(client, place, events)
            if not events and not place.back:
                return
        raise self._circle()

    def _gap(self, client: MatrixClient, place: _Place) -> Iterator[Batch]:
        progress = Progress(self)
        while place.back:
            events, place.back = client.before(place.back, place.until)
            yield self._batch(client, place, events)
            progress.check((read.event_id(one) for one in events), place.back)

    def _batch(self, client: MatrixClient, place: _Place, events: Sequence[object]) -> Batch:
        moment, gone = now(), list[Gone]()
        posts = {
            read.event_id(one): read.post(one, self.room_id, moment)
            for one in events
            if read.is_post(one) and not read.is_redacted(one)
        }
        for one in events:
            redacted = read.redacted_id(one) if text_of(one, "type") == "m.room.redaction" else ""
            edited = read.edited_id(one)
            for changed in filter(read.EVENT_ID.fullmatch, (redacted, edited)):
                original = self._event(client, changed)
                if original is not None and not read.is_redacted(original):
                    if read.is_post(original):
                        posts[changed] = read.post(original, self.room_id, moment)
                elif original is None and edited and read.event_id(one):
                    # What it edits was written before the account may read: the words stand here.
                    posts[read.event_id(one)] = read.post(one, self.room_id, moment)
                else:
                    posts.pop(changed, None)
                    gone.append(Gone(changed, _who(one, original) if redacted else "unknown"))
            place.moved = place.moved or text_of(one, "type") == "m.room.tombstone"
        hidden = sum(one.note == read.ENCRYPTED for one in posts.values())
        notes = [f"Messages that are encrypted and cannot be read: {hidden}."] if hidden else []
        odd = sum(not read.event_id(one) for one in events)
        if odd:
            notes.append(f"Things that Matrix sent and nobody can read: {odd}.")
        return Batch(tuple(posts.values()), place.cursor(), tuple(gone), tuple(notes))

    def _event(self, client: MatrixClient, event_id: str) -> Mapping[str, object] | None:
        try:
            return client.event(event_id)
        except Missing:
            return None

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. The reason's title is shown in the room beside what was removed."""
        if action.verb is not Verb.REMOVE or not read.EVENT_ID.fullmatch(action.native_id):
            raise Refused(
                "Matrix has no means for it.",
                subject=self.subject,
                cure=" ".join(_BY_HAND[action.verb]),
            )
        with self._client() as client:
            client.make_sure_joined()
            event = self._event(client, action.native_id)
            if event is None or read.is_redacted(event):
                return Receipt(now(), True, "It was already removed from the room.")
            # Its edits hold words too. They go first: until the message goes, this is tried again.
            for edit in client.edits_of(action.native_id):
                edit_id = read.event_id(edit)
                if edit_id and not read.is_redacted(edit):
                    client.redact(edit_id, action.key, action.reason_title)
            client.redact(action.native_id, action.key, action.reason_title)
        return Receipt(now(), detail="Matrix took it: the message is removed.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        found = {one: Sighting(Presence.UNKNOWN) for one in native_ids}
        with self._client() as client:
            client.make_sure_joined()
            for one in filter(read.EVENT_ID.fullmatch, found):
                event = self._event(client, one)
                if event is None or read.is_redacted(event):
                    found[one] = Sighting(Presence.GONE)
                else:
                    found[one] = Sighting(Presence.PRESENT, read.words(event))
        return found

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """Who is in the room, was invited, or asks to join. Those who left are not given."""
        with self._client() as client:
            client.make_sure_joined()
            events, levels = client.members(), client.power_levels()
        moment = now()
        for event in events:
            content = part_of(event, "content")
            handle, role = (
                text_of(event, "state_key"),
                _ROLES.get(text_of(content, "membership")),
            )
            if role is None or not handle:
                continue
            level = part_of(levels, "users").get(handle)
            if role == "member" and isinstance(level, int) and level >= 50:
                role = "administrator" if level >= 100 else "moderator"
            since = read.moment_of(event, moment)
            yield Member(handle, text_of(content, "displayname"), role, since)

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers. Who is invited or asks to join counts as there."""
        with self._client() as client:
            client.make_sure_joined()
            return bool(_USER_ID.fullmatch(handle)) and client.membership(handle) in _ROLES

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers. A kick, or a ban; the room sees the reason."""
        if not _USER_ID.fullmatch(action.handle):
            cure = " ".join(_MEMBER_BY_HAND)
            raise Refused("It is not the name of an account.", subject=self.subject, cure=cure)
        with self._client() as client:
            client.make_sure_joined()
            stands = client.membership(action.handle)
            if stands == "ban" or (stands not in _ROLES and not action.keep_out):
                return Receipt(now(), True, "The person was no longer in the room.")
            client.put_out(action.handle, action.reason, ban=action.keep_out)
        kept = "may not come back" if action.keep_out else "may come back if somebody invites them"
        return Receipt(now(), detail=f"Matrix took it: the person is out of the room and {kept}.")

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return _MEMBER_BY_HAND

    @contextmanager
    def _client(self) -> Iterator[MatrixClient]:
        client = MatrixClient(self.base_url, self.secrets("token"), self.room_id, self.subject)
        try:
            yield client
        finally:
            client.close()

    def _circle(self) -> RetryLater:
        return RetryLater(
            "The room's timeline does not come to an end.",
            subject=self.subject,
            cure="What came before is stored. It will be tried again by itself.",
            after=timedelta(hours=1),
        )


def _who(redaction: object, original: object) -> str:
    """Who took it away: its author, or somebody else who may."""
    author = text_of(original, "sender")
    if not author:
        return "unknown"
    return "author" if text_of(redaction, "sender") == author else "moderator"


def connect(options: Options, secrets: Secrets) -> Matrix:
    """A room by its options (KINDS). Raises MendSettings for values that cannot work."""
    room_id = str(options["room_id"])
    if not re.fullmatch(r"![!-~]{1,250}", room_id):
        raise MendSettings(
            "It is not a room's id.",
            subject="room_id",
            cure='It begins with "!": in Element, the room\'s settings, Advanced.',
        )
    return Matrix(safe_base(str(options["base_url"]), _USUAL), room_id, secrets)


KINDS = (
    ConnectorKind(
        name="matrix",
        summary="Messages and members of a Matrix room that the account is in",
        options={
            "base_url": Option(
                "text", "The homeserver's address.", required=True, example=f'"{_USUAL}"'
            ),
            "room_id": Option(
                "text",
                "The room's id: in Element, the room's settings, Advanced.",
                required=True,
                example='"!abcdefghijklmnop:example.org"',
            ),
            "token": Option(
                "text",
                "An access token of the account that watches the room.",
                required=True,
                secret=True,
            ),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
