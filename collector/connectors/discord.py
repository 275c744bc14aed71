"""A Discord server: messages of every channel and thread the bot sees, and the members.

A poll reads what is new in each channel, oldest first, then each channel's newest hundred again
and a few older messages in turn: Discord's REST interface tells of neither edits nor deletions.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

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
from collector.connectors import discord_members as people
from collector.connectors import discord_read as read
from collector.connectors.discord_client import DiscordClient, Missing, NotAllowed
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.rota import Rota, read_rota
from collector.connectors.web import safe_base
from models.errors import MendSettings, NeedsOperator, Refused
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
_USUAL = "https://discord.com/api/v10/"
_PAGE = 100
_KEEP = 5000
_CLOSED = "closed"
"""The mark that says that the closed threads were read to the end once."""

_OLDER = 20
"""Older messages that are looked up again at each poll, one call each."""

_GONE_FOR_GOOD = "Discord cannot bring back a message that was deleted."
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the channel in Discord, signed in as a moderator.",
        "Rest on the message, press the three dots and choose Delete Message.",
        "The next look at the server confirms it.",
    ),
    Verb.HIDE: ("Discord cannot hide a message for a while.", "Delete it instead."),
    Verb.UNHIDE: (_GONE_FOR_GOOD, "If it should stand again, ask its author to write it again."),
    Verb.RESTORE: (_GONE_FOR_GOOD, "If it should stand again, ask its author to write it again."),
}


@dataclass(frozen=True, slots=True)
class Discord:
    """One server. secrets is asked anew for each call, so a new token needs no restart."""

    name: ClassVar[str] = "discord"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    server_id: str
    base_url: str
    secrets: Secrets

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Discord server {self.server_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. Raises NeedsOperator where the bot may not read what messages say."""
        state, closed, seen = read_rota(after, _KEEP), 0, set[str]()
        with self._client() as client:
            channels = self._channels(client, whole=_CLOSED not in state.marks)
            for where in channels:
                try:
                    yield from self._new(client, where, state, seen)
                    yield self._again(client, where, state, seen)
                except NotAllowed:
                    closed += 1
            gone = self._older(client, state, seen)
        notes = [f"Channels that the bot may not read: {closed}."] if closed else []
        if channels and closed == len(channels):
            raise NeedsOperator(
                "The bot may read none of the server's channels.",
                subject=self.subject,
                cure="Give its role View Channels and Read Message History.",
            )
        state.forget(one.native_id for one in gone)
        state.marks[_CLOSED] = "read"
        yield Batch((), state.cursor(), gone, tuple(notes))

    def _channels(self, client: DiscordClient, *, whole: bool) -> list[read.Channel]:
        """Every channel and open thread; at the first look the closed public threads too."""
        rows = client.rows(f"guilds/{self.server_id}/channels")
        forums = frozenset(str(one.get("id")) for one in rows if one.get("type") in (15, 16))
        answer = client.one(f"guilds/{self.server_id}/threads/active")
        rows += read.rows_of(answer.get("threads"))
        for row in list(rows) if whole else []:
            own = read.number(row.get("id"))
            if own and row.get("type") in (0, 5, 15, 16):
                rows += self._closed(client, own)
        found = {one.id: one for row in rows if (one := read.channel(row, forums)) is not None}
        return list(found.values())

    def _closed(self, client: DiscordClient, channel: str) -> list[Mapping[str, Any]]:
        try:
            answer = client.one(f"channels/{channel}/threads/archived/public", limit="100")
        except NotAllowed:
            return []
        return read.rows_of(answer.get("threads"))

    def _new(
        self, client: DiscordClient, where: read.Channel, state: Rota, seen: set[str]
    ) -> Iterator[Batch]:
        while True:
            mark = state.marks.get(where.id, "0")
            rows = self._page(client, where, after=mark)
            newest = max((int(read.number(one.get("id")) or 0) for one in rows), default=0)
            if rows and newest <= int(mark):
                raise client.unreadable("the same page comes again")
            if rows:
                state.marks[where.id] = str(newest)
                yield self._batch(where, rows, state, seen)
            if len(rows) < _PAGE:
                return

    def _again(
        self, client: DiscordClient, where: read.Channel, state: Rota, seen: set[str]
    ) -> Batch:
        """The newest hundred as they stand; what is missing between them is gone."""
        rows = self._page(client, where)
        there = {f"{where.id}_{one.get('id')}" for one in rows}
        oldest = min((int(read.number(one.get("id")) or 0) for one in rows), default=0)
        start = oldest if len(rows) == _PAGE else 0
        known = [one for one in state.known if one.startswith(f"{where.id}_")]
        gone = [one for one in known if int(one.partition("_")[2]) >= start and one not in there]
        state.forget(gone)
        again = [one for one in rows if state.holds(f"{where.id}_{one.get('id')}")]
        batch = self._batch(where, again, state, seen)
        return Batch(batch.posts, state.cursor(), tuple(Gone(one) for one in gone))

    def _page(
        self, client: DiscordClient, where: read.Channel, **asked: str
    ) -> list[Mapping[str, Any]]:
        rows = client.rows(f"channels/{where.id}/messages", limit=str(_PAGE), **asked)
        if not all(read.number(one.get("id")) for one in rows):
            raise client.unreadable("messages without an id")
        spoken = [one for one in rows if read.is_spoken(one)]
        if spoken and all(read.is_blank(one) for one in spoken):
            raise NeedsOperator(
                "Discord shows the bot messages without their words.",
                subject=self.subject,
                cure="In the developer portal, under Bot, switch on the Message Content Intent.",
            )
        return rows

    def _batch(
        self,
        where: read.Channel,
        rows: Sequence[Mapping[str, Any]],
        state: Rota,
        seen: set[str],
    ) -> Batch:
        at = now()
        spoken = [one for one in reversed(rows) if read.is_spoken(one)]
        posts = tuple(read.post(one, where, self.server_id, at) for one in spoken)
        seen.update(one.native_id for one in posts)
        state.learn(one.native_id for one in posts)
        return Batch(posts, state.cursor())

    def _older(self, client: DiscordClient, state: Rota, seen: set[str]) -> tuple[Gone, ...]:
        """A few that were not read in this poll, looked up."""
        turn = state.next_turn(seen, _OLDER)
        return tuple(Gone(one) for one in turn if self._see(client, one).presence is Presence.GONE)

    def _see(self, client: DiscordClient, native_id: str) -> Sighting:
        found = read.NATIVE.fullmatch(native_id)
        if found is None:
            return Sighting(Presence.UNKNOWN)
        try:
            row = client.one(f"channels/{found[1]}/messages/{found[2]}")
        except Missing:
            return Sighting(Presence.GONE)
        except NotAllowed:
            return Sighting(Presence.UNKNOWN)
        return Sighting(Presence.PRESENT, read.words(row))

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. The reason's title stands in the server's audit log."""
        found = read.NATIVE.fullmatch(action.native_id)
        if action.verb is not Verb.REMOVE or found is None:
            cure = " ".join(_BY_HAND[action.verb])
            raise Refused("Discord has no means for it.", subject=self.subject, cure=cure)
        with self._client() as client:
            try:
                client.delete(f"channels/{found[1]}/messages/{found[2]}", action.reason_title)
            except Missing:
                return Receipt(now(), True, "It was already gone from Discord.")
        return Receipt(now(), detail="Discord took it: the message is deleted.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector. UNKNOWN in channels that the bot may not read."""
        with self._client() as client:
            return {one: self._see(client, one) for one in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """Everyone on the server, with the names of their roles."""
        with self._client() as client:
            yield from people.listed(client, self.server_id)

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers."""
        with self._client() as client:
            return people.is_there(client, self.server_id, handle)

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers. A kick, or a ban; the reason stands in the server's audit log."""
        with self._client() as client:
            return people.take_out(client, self.server_id, action, self.subject)

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return people.BY_HAND

    @contextmanager
    def _client(self) -> Iterator[DiscordClient]:
        client = DiscordClient(self.base_url, self.secrets("token"), self.subject)
        try:
            yield client
        finally:
            client.close()


def connect(options: Options, secrets: Secrets) -> Discord:
    """A server by its options (KINDS). Raises MendSettings for values that cannot work."""
    server_id = str(options["server_id"])
    if not read.number(server_id):
        raise MendSettings(
            "It is not a server's id.",
            subject="server_id",
            cure="docs/connectors/discord.md says how to find it.",
        )
    base_url = safe_base(str(options.get("base_url", _USUAL)), _USUAL)
    return Discord(server_id, base_url, secrets)


KINDS = (
    ConnectorKind(
        name="discord",
        summary="Messages and members of a Discord server that the organisation's bot is on",
        options={
            "server_id": Option(
                "text",
                "The server's id.",
                required=True,
                example='"123456789012345678"',
            ),
            "token": Option("text", "The bot's token.", required=True, secret=True),
            "base_url": Option("text", "Only to try things out against a stand-in for Discord."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
