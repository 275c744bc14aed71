"""A toy: the connector of an invented noticeboard, which docs/connectors/adding.md explains.

It is a whole connector, kept by the contract suite like every other, but of no real platform: so it
is in no registry.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.web import Answer, Bearer, WebClient, moment, safe_base
from models.errors import ChaperoneError, NeedsOperator, Refused
from models.vocabulary import Capability, PostKind, Presence, Verb, now

_PAGE = 100
_ID = re.compile(r"[1-9][0-9]{0,11}")
_STEPS = ("Open the note on the board.", "Press Take down, and write why.")
CAPABILITIES = frozenset({Capability.POSTS, Capability.REMOVE})


class Missing(Refused):
    """The board has no such note."""


@dataclass(frozen=True, slots=True)
class Noticeboard:
    """One board. secrets is asked anew for each call, so a new token needs no restart."""

    name: ClassVar[str] = "noticeboard"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    base_url: str
    secrets: Secrets

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """The board numbers its changes: a new note, new words and a note taken down are each one.

        The number of the last is the cursor. It is yielded with what came before it, and asked on
        from only afterwards, so that a crash in between loses nothing.
        """
        number, web = int(after or 0), self._web()
        while True:
            answer = web.object("GET", "changes", params={"after": str(number)})
            rows = answer.get("changes")
            if not isinstance(rows, list) or not all(_whole(row, number) for row in rows):
                raise web.unreadable("no list of changes")
            number = max((row["number"] for row in rows), default=number)
            posts = tuple(_post(row["note"]) for row in rows if not row["note"].get("gone"))
            gone = tuple(Gone(row["note"]["id"]) for row in rows if row["note"].get("gone"))
            yield Batch(posts, str(number), gone)
            if len(rows) < _PAGE:
                return

    def act(self, action: PlatformAction) -> Receipt:
        """Take a note down. One that is down already is a success that says so."""
        if action.verb is not Verb.REMOVE or not _ID.fullmatch(action.native_id):
            raise Refused("The board cannot do that.", subject="the board", cure=" ".join(_STEPS))
        try:
            self._web().ask("DELETE", f"notes/{action.native_id}")
        except Missing:
            return Receipt(now(), True, "It was down already.")
        return Receipt(now(), detail="The board took it down.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands now."""
        found, web = {one: Sighting(Presence.UNKNOWN) for one in native_ids}, self._web()
        for one in filter(_ID.fullmatch, found):
            try:
                text = web.object("GET", f"notes/{one}").get("text")
                found[one] = Sighting(Presence.PRESENT, str(text))
            except Missing:
                found[one] = Sighting(Presence.GONE)
        return found

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """What a person does instead."""
        return _STEPS

    def _web(self) -> WebClient:
        auth = Bearer(self.secrets("token"))
        return WebClient("The board", "the board", self.base_url, _check, auth)


def _check(answer: Answer) -> ChaperoneError | None:
    """The board's complaints by their remedy. 429 and 5xx mean "later" everywhere: not here."""
    if answer.status in (401, 403):
        cure = "Ask the board's keeper for a new token, and put it in place."
        return NeedsOperator("The board did not accept that.", subject="the board", cure=cure)
    if answer.status == 404 and answer.content == {"error": "no such note"}:
        return Missing("There is no such note.", subject="the board", cure="")
    return None


def _whole(row: Any, after: int) -> bool:
    """Nothing that comes from a platform is trusted: it is looked at once, here."""
    note = row.get("note") if isinstance(row, dict) else None
    return (
        isinstance(note, dict)
        and isinstance(row.get("number"), int)
        and row["number"] > after
        and bool(_ID.fullmatch(str(note.get("id"))))
        and isinstance(note.get("text"), str)
    )


def _post(note: Mapping[str, Any]) -> IncomingPost:
    above, thread = str(note.get("answers") or ""), str(note.get("thread") or note["id"])
    return IncomingPost(
        native_id=str(note["id"]),
        kind=PostKind.COMMENT if above else PostKind.POST,
        text=note["text"],
        posted_at=moment(note.get("at")) or now(),
        author_name=str(note.get("by") or "") or None,
        parent_id=above or None,
        thread_id=thread,
    )


def connect(options: Options, secrets: Secrets) -> Noticeboard:
    """A board by its options. Raises MendSettings for an address that is not safe."""
    return Noticeboard(safe_base(str(options["base_url"]), "https://board.example.org/"), secrets)


KIND = ConnectorKind(
    name="noticeboard",
    summary="An invented noticeboard",
    options={
        "base_url": Option("text", "The board's address.", required=True),
        "token": Option("text", "The board's token.", required=True, secret=True),
    },
    capabilities=CAPABILITIES,
    connect=connect,
)
"""A real one ends with KINDS, a tuple of these."""
