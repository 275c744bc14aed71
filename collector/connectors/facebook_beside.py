"""Reading what stands beside a Page's feed: posts that tag it, its reviews, its inbox.

It follows a whole pass over the feed (facebook_walk), so that neither holds up the other. Tags
and reviews are listed every ten minutes: the platform tells of no edit and no deletion, so the
newest are read again and compared, and what is missing among them is gone. The inbox is read from
where the pass before began. What the token may not see is a note, and the rest goes on.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collector.connector import Batch, Gone, IncomingPost
from collector.connectors import facebook_beside_read as read
from collector.connectors.facebook_client import GraphClient
from collector.connectors.facebook_cursor import Onward
from collector.connectors.facebook_errors import LacksPermission, Missing
from collector.connectors.facebook_paging import Progress, read_page
from collector.connectors.facebook_posts import graph_time
from models.errors import Refused
from models.vocabulary import aware

KEPT = 200
"""How many of the newest tags, and reviews, are watched for deletion."""

LISTED_EVERY = timedelta(minutes=10)
_MARGIN = timedelta(minutes=20)
"""Messages may be changed or taken back for a quarter of an hour."""

_MOST_PAGES = 30
_MOST_DONE = 2000
NOT_SEEN = {
    "tagged": "Posts that tag the Page are not read: the token may not see them.",
    "ratings": "Reviews are not read: the token may not see them.",
    "conversations": "The Page's inbox is not read: the token lacks pages_messaging.",
}
EMPTY = {
    "tagged": "Facebook listed no post that tags the Page, and did before: look whether it is so.",
    "ratings": "Facebook listed no review, and did before: look whether it is so.",
}


@dataclass(slots=True)
class State:
    """Where it stands, as the cursor holds it. Times are aware UTC.

    listed_at: when tags and reviews were last listed. known: edge to the native ids that were
    listed then, newest first. mark: everything in the inbox before it was read. began, done: of a
    pass over the inbox that is under way, its start and the conversations that are read.
    """

    listed_at: datetime | None = None
    known: dict[str, list[str]] = field(default_factory=dict)
    mark: datetime | None = None
    began: datetime | None = None
    done: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        times = {"listed_at": self.listed_at, "mark": self.mark, "began": self.began}
        said = {name: at.isoformat() if at else None for name, at in times.items()}
        return {**said, "known": self.known, "done": self.done}


def kept_in(cursor: str | None) -> State:
    """The state in a cursor; a fresh one where there is none that can be read."""
    try:
        said = json.loads(cursor or "{}")["beside"]
        known = {str(edge): [str(one) for one in ids] for edge, ids in said["known"].items()}
        done = [str(one) for one in said["done"]]
        return State(
            _moment(said["listed_at"]), known, _moment(said["mark"]), _moment(said["began"]), done
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return State()


def with_state(cursor: str, state: State) -> str:
    """The walk's cursor, with this state in it."""
    beside = json.dumps(state.told(), separators=(",", ":"))
    return f'{cursor[:-1]},"beside":{beside}}}'


@dataclass(slots=True)
class Beside:
    """One look at what stands beside the feed. steps() may be abandoned after any batch."""

    client: GraphClient
    page_id: str
    subject: str
    state: State
    moment: datetime
    watch: timedelta
    inbox: bool

    def steps(self) -> Iterator[Batch]:
        """Batches without a cursor: the state says where it stands after each. Raises as
        GraphClient."""
        at = self.state.listed_at
        if at is None or not timedelta(0) <= self.moment - at < LISTED_EVERY:
            yield from self._listing("tagged", read.TAG_FIELDS, read.read_tagged)
            yield from self._listing("ratings", read.REVIEW_FIELDS, read.read_review)
            self.state.listed_at = self.moment
        if self.inbox:
            yield from self._conversations()

    def _listing(
        self, edge: str, fields: str, reader: Callable[..., IncomingPost | None]
    ) -> Iterator[Batch]:
        """One edge, newest first: to its end the first time, then its newest KEPT."""
        listed: list[str] = []
        first_time, onward = edge not in self.state.known, Onward()
        progress = Progress(self.subject)
        for number in range(_MOST_PAGES):
            page = self._page(edge, onward, fields)
            if page is None:
                yield Batch((), "", notes=(NOT_SEEN[edge],))
                return
            posts = [reader(raw, self.page_id, self.moment) for raw in page[0]]
            standing = tuple(post for post in posts if post is not None)
            listed += [post.native_id for post in standing]
            onward = page[1]
            yield Batch(standing, "")
            enough = not first_time and len(listed) >= KEPT
            if not onward or enough or number == _MOST_PAGES - 1:
                break
            progress.check((post.native_id for post in standing), onward)
        yield self._compared(edge, listed[:KEPT], to_the_end=not onward)

    def _compared(self, edge: str, listed: list[str], *, to_the_end: bool) -> Batch:
        """What was listed before and is missing now, where its place was read again."""
        before = self.state.known.get(edge, [])
        if before and not listed:
            return Batch((), "", notes=(EMPTY[edge],))  # a lost permission looks like this too
        self.state.known[edge] = listed
        now_there = set(listed)
        if not to_the_end or len(before) == KEPT:
            common = [place for place, one in enumerate(before) if one in now_there]
            before = before[: max(common, default=0)]
        return Batch((), "", tuple(Gone(one) for one in before if one not in now_there))

    def _page(self, edge: str, onward: Onward, fields: str) -> tuple[list[Any], Onward] | None:
        """One page of an edge of the Page; None where the token may not see it."""
        try:
            return read_page(
                self.client, f"{self.page_id}/{edge}", onward, self.subject, fields=fields
            )
        except (LacksPermission, Missing):
            return None
        except Refused:
            if onward:  # a place that was kept meanwhile grew stale
                raise
            return None

    def _conversations(self) -> Iterator[Batch]:
        """Every conversation that was touched since the pass before, the newest first."""
        state = self.state
        if state.began is None:
            state.began, state.done = self.moment, []
        edge = (state.mark or self.moment - self.watch) - _MARGIN
        onward, progress = Onward(), Progress(self.subject)
        while True:
            page = self._page("conversations", onward, read.CONVERSATION_FIELDS)
            if page is None:
                state.began = None
                yield Batch((), "", notes=(NOT_SEEN["conversations"],))
                return
            talks = [raw for raw in page[0] if isinstance(raw, dict)]
            touched = [raw for raw in talks if _touched(raw, self.moment) >= edge]
            for raw in touched:
                if read.is_conversation(raw.get("id")) and raw["id"] not in state.done:
                    yield from self._messages(str(raw["id"]), edge)
            onward = page[1]
            if not onward or len(touched) < len(talks):
                break
            progress.check((str(raw.get("id")) for raw in talks), onward)
        state.mark, state.began, state.done = state.began, None, []
        yield Batch((), "")

    def _messages(self, conversation: str, edge: datetime) -> Iterator[Batch]:
        """The messages of one conversation since then, the newest first."""
        onward, progress = Onward(), Progress(self.subject)
        while True:
            try:
                raws, onward = read_page(
                    self.client,
                    f"{conversation}/messages",
                    onward,
                    self.subject,
                    fields=read.MESSAGE_FIELDS,
                )
            except Missing:
                break  # it was deleted since it was listed
            found = self._read(raws, conversation)
            old = bool(found) and min(one.posted_at for one in found) < edge
            if not onward or old:
                self._finish(conversation)
                yield Batch(tuple(found), "")
                return
            yield Batch(tuple(found), "")
            progress.check((one.native_id for one in found), onward)
        self._finish(conversation)

    def _read(self, raws: Sequence[object], conversation: str) -> list[IncomingPost]:
        read_all = (read.read_message(raw, conversation, self.page_id, self.moment) for raw in raws)
        return [one for one in read_all if one is not None]

    def _finish(self, conversation: str) -> None:
        self.state.done = [*self.state.done, conversation][-_MOST_DONE:]


def _touched(raw: dict[str, Any], moment: datetime) -> datetime:
    """When something was last written in it; without a time it counts as touched now."""
    return graph_time(raw.get("updated_time")) or moment


def _moment(said: object) -> datetime | None:
    return aware(datetime.fromisoformat(said)) if isinstance(said, str) else None
