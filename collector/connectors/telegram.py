"""A Telegram group or channel, through the organisation's bot.

Telegram keeps what happened for a day, until the bot asks on from behind it: the place to ask from
is stored in one commit with the posts, so nothing is forgotten before it is kept. It tells of no
deletion and shows no message again; a few of the newest are asked for in turn (see _stands).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    MemberAction,
    MemberSeen,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import telegram_read as read
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.rota import Rota, read_rota
from collector.connectors.telegram_client import PAGE, Missing, NotAllowed, TelegramClient
from collector.connectors.web import moment, safe_base
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset(
    {
        Capability.POSTS,
        Capability.MEMBER_CHANGES,
        Capability.REMOVE,
        Capability.REMOVE_MEMBER,
    }
)
_USUAL = "https://api.telegram.org/"
_KEEP = 500
_RECHECKED = 10
_KEPT_BY_TELEGRAM = timedelta(hours=24)
_LEADS = frozenset({"administrator", "creator"})
_OUT = frozenset({"left", "kicked"})
_USER = re.compile(r"[1-9]\d{0,18}")
_CHAT = re.compile(r"-?[1-9]\d{0,18}")

_GONE_FOR_GOOD = "Telegram cannot bring back a message that was deleted."
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the group in Telegram with an administrator's account.",
        "Press and hold the message, choose Delete, and Delete for everyone.",
        "Then tick it off here.",
    ),
    Verb.HIDE: ("Telegram cannot hide a message for a while.", "Delete it instead."),
    Verb.UNHIDE: (_GONE_FOR_GOOD, "If it should stand again, ask its author to write it again."),
    Verb.RESTORE: (_GONE_FOR_GOOD, "If it should stand again, ask its author to write it again."),
}
_MEMBER_BY_HAND = (
    "Open the group in Telegram with an administrator's account, and its list of members.",
    "Press and hold the person, and choose Remove from group.",
    "Then tick it off here.",
)


@dataclass(frozen=True, slots=True)
class Telegram:
    """The chats of one bot. secrets is asked anew for each call: a new token needs no restart."""

    name: ClassVar[str] = "telegram"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    chat_ids: tuple[str, ...]
    base_url: str
    secrets: Secrets

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Telegram group {self.chat_ids[0]}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. Raises NeedsOperator where the bot would not see what people write."""
        state, notes = read_rota(after, _KEEP), list[str]()
        with self._client() as client:
            self._make_sure_it_sees(client, state)
            notes += _hole(state)
            seen, numbers = set[str](), set[int]()
            while True:
                updates = client.updates(int(state.marks.get("offset", "0")))
                fresh = {int(one["update_id"]) for one in updates} - numbers
                if updates and not fresh:
                    raise client.unreadable("the same page comes again")
                numbers |= fresh
                if updates:
                    yield self._batch(updates, state, seen, notes)
                if len(updates) < PAGE:
                    break
            gone = tuple(
                Gone(one)
                for one in state.next_turn(seen, _RECHECKED)
                if self._stands(client, one, state) is Presence.GONE
            )
        state.forget(one.native_id for one in gone)
        state.marks["read"] = now().isoformat()
        yield Batch((), state.cursor(), gone, tuple(notes))

    def _batch(
        self, updates: Sequence[read.Node], state: Rota, seen: set[str], notes: list[str]
    ) -> Batch:
        at, elsewhere, people = now(), 0, list[MemberSeen]()
        posts = {}
        for update in updates:
            chat = read.chat_of(update)
            if chat not in self._chats(state):
                elsewhere += bool(read.message_of(update))
                continue
            if moved := read.moved_to(update):
                state.marks[f"moved {chat}"] = moved
                notes.append(f'A group became a supergroup: put "{moved}" into chat_ids.')
            people += read.people(update, at)
            found = read.post(read.message_of(update), at)
            if found is not None:
                posts[found.native_id] = found
        if elsewhere:
            notes.append(
                f"Messages of other chats that this bot is in, not kept: {elsewhere}. A place that "
                "is watched by itself needs a bot of its own."
            )
        state.marks["offset"] = str(max(int(one["update_id"]) for one in updates) + 1)
        seen.update(posts)
        state.learn(posts)
        return Batch(tuple(posts.values()), state.cursor(), people=tuple(people))

    def _chats(self, state: Rota) -> tuple[str, ...]:
        """The chats that are watched, those that became supergroups under both their ids."""
        moved = [state.marks.get(f"moved {one}", "") for one in self.chat_ids]
        return (*self.chat_ids, *filter(None, moved))

    def _make_sure_it_sees(self, client: TelegramClient, state: Rota) -> None:
        """A bot that is no administrator sees only what is said to it, and would report calm."""
        me = client.one("getMe")
        for chat in self.chat_ids:
            here = state.marks.get(f"moved {chat}", chat)
            stands = client.one("getChatMember", chat_id=int(here), user_id=me.get("id"))
            status = stands.get("status")
            if status in _LEADS or (status == "member" and me.get("can_read_all_group_messages")):
                continue
            raise NeedsOperator(
                "The bot is not in the group any more."
                if status in _OUT
                else "The bot would not see what people write.",
                subject=self.subject,
                cure="Make the bot an administrator of the group: docs/connectors/telegram.md.",
            )

    def _stands(self, client: TelegramClient, native_id: str, state: Rota | None) -> Presence:
        """Ask Telegram to take the bot's own reaction off the message, of which there is none.

        Nothing changes and nobody is told; Telegram says where there is no such message. What else
        it says leaves it UNKNOWN.
        """
        found = read.NATIVE.fullmatch(native_id)
        if found is None or (state is not None and found[1] not in self._chats(state)):
            return Presence.UNKNOWN
        try:
            client.ask(
                "setMessageReaction",
                chat_id=int(found[1]),
                message_id=int(found[2]),
                reaction=[],
            )
        except Missing:
            return Presence.GONE
        except Refused:
            return Presence.UNKNOWN
        return Presence.PRESENT

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Telegram keeps no reason, and deletes for two days after it was sent."""
        found = read.NATIVE.fullmatch(action.native_id)
        if action.verb is not Verb.REMOVE or found is None:
            cure = " ".join(_BY_HAND[action.verb])
            raise Refused("Telegram has no means for it.", subject=self.subject, cure=cure)
        chat, message = int(found[1]), int(found[2])
        with self._client() as client:
            try:
                client.ask("deleteMessage", chat_id=chat, message_id=message)
            except Missing:
                return Receipt(now(), True, "It was already gone from Telegram.")
            except Refused as error:
                raise self._not_deleted(client, chat, error) from None
        return Receipt(now(), detail="Telegram took it: the message is deleted.")

    def _not_deleted(
        self, client: TelegramClient, chat: int, error: Refused
    ) -> Refused | NeedsOperator:
        """Telegram uses the same words where the right is missing and where it is too old."""
        me = client.one("getMe")
        stands = client.one("getChatMember", chat_id=chat, user_id=me.get("id"))
        if stands.get("can_delete_messages") is True:
            return Refused(
                "Telegram deletes no message for a bot that is older than two days.",
                subject=self.subject,
                cure=" ".join(_BY_HAND[Verb.REMOVE]),
            )
        return NotAllowed(
            "The bot may not delete messages.",
            subject=self.subject,
            cure="In the group's settings, under Administrators, let the bot delete messages.",
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector. Telegram gives no words."""
        with self._client() as client:
            return {one: Sighting(self._stands(client, one, None)) for one in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers. In any of the chats."""
        if not _USER.fullmatch(handle):
            return False
        with self._client() as client:
            return any(not self._is_out(client, chat, handle) for chat in self.chat_ids)

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers. Out of every chat; Telegram keeps no reason."""
        if not _USER.fullmatch(action.handle):
            cure = " ".join(_MEMBER_BY_HAND)
            raise Refused("It is not the id of a person.", subject=self.subject, cure=cure)
        done = 0
        with self._client() as client:
            for chat in self.chat_ids:
                status = self._status(client, chat, action.handle)
                if status == "kicked" or (status in ("left", "") and not action.keep_out):
                    continue
                who = {"chat_id": int(chat), "user_id": int(action.handle)}
                if action.keep_out:
                    client.ask("banChatMember", **who)
                else:  # of somebody who is there this is a removal, and no ban stays behind
                    client.ask("unbanChatMember", **who)
                done += 1
        if not done:
            return Receipt(now(), True, "The person was no longer in the group.")
        kept = "may not come back" if action.keep_out else "may come back with an invite link"
        return Receipt(now(), detail=f"Telegram took it: the person is out and {kept}.")

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return _MEMBER_BY_HAND

    def _is_out(self, client: TelegramClient, chat: str, handle: str) -> bool:
        return self._status(client, chat, handle) in ("left", "kicked", "")

    def _status(self, client: TelegramClient, chat: str, handle: str) -> str:
        """ "member", "left", "kicked" ...; "" for who never was there."""
        try:
            found = client.one("getChatMember", chat_id=int(chat), user_id=int(handle))
        except Missing:
            return ""
        if found.get("status") == "restricted" and found.get("is_member") is False:
            return "left"
        return str(found.get("status") or "")

    @contextmanager
    def _client(self) -> Iterator[TelegramClient]:
        client = TelegramClient(self.base_url, self.secrets("token"), self.subject)
        try:
            yield client
        finally:
            client.close()


def _hole(state: Rota) -> Iterator[str]:
    """What Telegram has thrown away meanwhile, where nobody asked for more than a day."""
    before: datetime | None = moment(state.marks.get("read"))
    if before is not None and now() - before > _KEPT_BY_TELEGRAM:
        yield (
            f"Nothing was read from {before:%d %B, %H:%M} UTC for more than a day. Telegram keeps "
            "messages for one day: what was written before that is not seen."
        )


def connect(options: Options, secrets: Secrets) -> Telegram:
    """A bot's chats by their options (KINDS). Raises MendSettings for values that cannot work."""
    said = options["chat_ids"]
    chats = tuple(str(one).strip() for one in said) if isinstance(said, list) else ()
    if not chats or not all(_CHAT.fullmatch(one) for one in chats):
        raise MendSettings(
            "They are not ids of chats.",
            subject="chat_ids",
            cure='Write them like ["-1001234567890"]; docs/connectors/telegram.md says how to find '
            "them.",
        )
    return Telegram(chats, safe_base(str(options.get("base_url", _USUAL)), _USUAL), secrets)


KINDS = (
    ConnectorKind(
        name="telegram",
        summary="A Telegram group or channel that the organisation's bot administers",
        options={
            "chat_ids": Option(
                "list",
                "The group's id; with a channel also that of its discussion group.",
                required=True,
                example='["-1001234567890"]',
            ),
            "token": Option("text", "The bot's token.", required=True, secret=True),
            "base_url": Option("text", "Only to try things out against a stand-in for Telegram."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
