"""One pass over a place that is made of tops (posts, videos) with things hanging from them.

The first pass reads everything. Later ones read what is new or recent again, and once a day the
whole listing, whose counts tell where something was added: the platforms of this walk tell
neither of edits nor of deletions, so words are read again and compared, and what is missing is
looked up. A connector gives a Place; everything else is here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from collector.connector import Batch, Gone, IncomingPost, Sighting
from collector.connectors.walk_state import Pass
from models.errors import ChaperoneError, Refused, RetryLater
from models.vocabulary import Presence

TOO_MANY = "There are too many comments to watch each one for deletion; the newest are watched."
_MARGIN = timedelta(minutes=10)
"""Clocks differ: what was written this shortly before the last pass is read again."""

_WHOLE_EVERY = timedelta(days=1)
_BATCH = 200
"""Posts in one batch, so that ten thousand are not ten thousand commits."""

_BARREN_PAGES = 20
_LONGEST = 2000

Seen = Mapping[str, list[str] | None]
"""Tops to the ids below them, as a pass saw them; None for a top that was listed and not read."""

Known = Mapping[str, list[str]]
"""The same, of the pass before."""


@dataclass(frozen=True, slots=True)
class Top:
    """One thing of the listing.

    below: what hangs from it and came along. ask: whether there may be more below than that.
    count: how many hang from it, None where it does not say.
    """

    post: IncomingPost
    below: tuple[IncomingPost, ...] = ()
    ask: bool = True
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tops, newest first. onward: what to ask for the next one, "" at the end.

    section_end: where the next section of the listing begins, "" where there is none: a page
    that holds only what is old enough leads there at once.
    """

    tops: Sequence[Top]
    onward: str
    section_end: str = ""
    notes: tuple[str, ...] = ()


class Named(Protocol):
    """What errors call a place by."""

    @property
    def platform(self) -> str:
        """The platform's name."""
        ...

    @property
    def subject(self) -> str:
        """The place itself."""
        ...


class Place(Protocol):
    """A platform's place as the walk reads it. Every method raises as Connector.fetch."""

    platform: str
    subject: str

    def tops(self, onward: str) -> Listing:
        """One page of the listing."""
        ...

    def under(self, top: Top, onward: str) -> tuple[list[IncomingPost], str] | None:
        """(one page of what hangs from a top, what to ask for the next one: "" at the end).

        None where the top is certainly gone."""
        ...

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands; GONE only where that is certain."""
        ...


@dataclass(slots=True)
class Walk:
    """A pass that is under way. steps() may be abandoned after any batch.

    reread: tops up to this old are read again each time. watch: how far back every pass lists.
    whole: it is done.
    """

    place: Place
    state: Pass
    moment: datetime
    reread: timedelta
    watch: timedelta
    whole: bool = False
    _notes: dict[str, None] = field(default_factory=dict)

    def steps(self) -> Iterator[Batch]:
        """Batches of some hundred posts, each with the cursor after it. Raises as Place."""
        return gathered(self._steps())

    def _steps(self) -> Iterator[Batch]:
        state = self.state
        if not state.page and not state.listed:
            state.entire = state.whole is None or self.moment - state.whole >= _WHOLE_EVERY
        stored = bool(state.page or state.inner)
        try:
            yield from self._listing()
        except Refused:
            # A place that was kept can grow stale; then the pass is read from its top, once.
            if not stored or not (state.page or state.inner):
                raise
            state.restart()
            yield from self._listing()
        end = self._end()
        self.whole = True
        yield end

    def _listing(self) -> Iterator[Batch]:
        state, progress, resumed = self.state, Progress(self.place), bool(self.state.page)
        while True:
            page = self.place.tops(state.page)
            if resumed and not page.tops and not page.onward:
                # Where a pass was broken off nothing is left: things were taken away meanwhile.
                state.restart()
                page = self.place.tops(state.page)
            resumed = False
            self._notes.update(dict.fromkeys(page.notes))
            for top in page.tops:
                self._begin(top)
            if not state.listed:  # else a poll that rests here each time would not get on
                state.listed = True
                yield self._batch([post for top in page.tops for post in (top.post, *top.below)])
            for top in page.tops:
                if top.post.native_id not in state.done:
                    yield from self._below(top)
            onward = page.section_end if self._old_enough(page.tops) else page.onward
            if not onward:
                return
            progress.check((top.post.native_id for top in page.tops), onward)
            state.page, state.done, state.listed = onward, [], False

    def _begin(self, top: Top) -> None:
        """Note that it is listed; a recent one is watched for deletion, what is below too."""
        native_id = top.post.native_id
        if self._is_recent(top):
            self.state.seen.setdefault(native_id, [])
        elif native_id in self.state.known:
            self.state.seen[native_id] = None

    def _batch(self, posts: list[IncomingPost]) -> Batch:
        notes, self._notes = tuple(self._notes), {}
        return Batch(tuple(posts), self.state.to_cursor(), notes=notes)

    def _below(self, top: Top) -> Iterator[Batch]:
        native_id, state = top.post.native_id, self.state
        if state.reading != native_id:
            state.reading, state.inner = native_id, ""
        if self._worth_reading(top):
            if not state.inner and state.seen.get(native_id):
                state.seen[native_id] = []
            self._watch(native_id, [post.native_id for post in top.below])
            if top.ask:
                yield from self._pages(top)
        if top.count is not None:
            state.counts.pop(native_id, None)
            state.counts[native_id] = top.count
        state.done.append(native_id)
        state.reading, state.inner = "", ""

    def _pages(self, top: Top) -> Iterator[Batch]:
        native_id, state, progress = top.post.native_id, self.state, Progress(self.place)
        while True:
            found = self.place.under(top, state.inner)
            if found is None:
                return
            posts, onward = found
            ids = [post.native_id for post in posts]
            self._watch(native_id, ids)
            state.inner = onward
            if not onward:  # the last page and "done" are one step, or a crash reads it twice
                state.done.append(native_id)
                yield self._batch(posts)
                state.done.pop()
                return
            yield self._batch(posts)
            progress.check(ids, onward)

    def _watch(self, top: str, ids: list[str]) -> None:
        known = set(self.state.seen.get(top) or ())
        if not self.state.watch(top, [one for one in ids if one not in known]):
            self._notes[TOO_MANY] = None

    def _is_recent(self, top: Top) -> bool:
        return top.post.posted_at >= self.moment - self.reread

    def _worth_reading(self, top: Top) -> bool:
        native_id = top.post.native_id
        if top.count == 0 and not self.state.known.get(native_id):
            return False
        if top.count is None or self.state.previous is None or self._is_recent(top):
            return True
        return self.state.counts.get(native_id) != top.count

    def _old_enough(self, tops: Sequence[Top]) -> bool:
        """Whether the listing need not be read further down in this pass."""
        if self.state.entire or self.state.previous is None or not tops:
            return False
        edge = min(self.moment - self.watch, self.state.previous - _MARGIN)
        return all(top.post.posted_at < edge for top in tops)

    def _end(self) -> Batch:
        """What the pass before saw and this one misses, looked up; the cursor of a new pass."""
        state = self.state
        looked = missed(state.seen, state.known, self.place.look_up)
        cursor = state.finished(still_watched(state.seen, state.known, looked))
        return Batch((), cursor, gone_of(looked), tuple(self._notes))


def missed(
    seen: Seen, known: Known, look_up: Callable[[Sequence[str]], Mapping[str, Sighting]]
) -> dict[str, Sighting]:
    """How that stands which the pass before saw and this one did not. Raises as `look_up`."""
    tops = [top for top in known if top not in seen]
    looked = dict(look_up(tops)) if tops else {}
    missing: list[str] = []
    for top, ids in known.items():
        if _is_gone(looked, top):
            looked.update(dict.fromkeys(ids, looked[top]))  # what hung from it went with it
        elif top not in seen or seen[top] is not None:
            there = set(seen.get(top) or ())
            missing += [one for one in ids if one not in there]
    if missing:
        looked.update(look_up(missing))
    return looked


def gone_of(looked: Mapping[str, Sighting]) -> tuple[Gone, ...]:
    """Those that were looked up and are gone."""
    return tuple(Gone(one) for one in looked if _is_gone(looked, one))


def still_watched(seen: Seen, known: Known, looked: Mapping[str, Sighting]) -> dict[str, list[str]]:
    """What this pass saw, and what it did not list but looking showed to stand."""
    watched = {top: ids for top, ids in seen.items() if ids is not None}
    for top, ids in known.items():
        if top in watched or (top in looked and not _is_gone(looked, top)):
            standing = [one for one in ids if one in looked and not _is_gone(looked, one)]
            watched[top] = list(dict.fromkeys(watched.get(top, []) + standing))
    return watched


def _is_gone(looked: Mapping[str, Sighting], native_id: str) -> bool:
    return native_id in looked and looked[native_id].presence is Presence.GONE


class Progress:
    """Watches one listing being paged, and ends what would never end."""

    def __init__(self, place: Named) -> None:
        self._place = place
        self._onward: set[str] = set()
        self._ids: set[str] = set()
        self._barren = 0

    def check(self, ids: Iterable[str], onward: str) -> None:
        """Note one page. Raises RetryLater where the same place comes again, or where page
        after page holds nothing new."""
        fresh = set(ids) - self._ids
        self._ids |= fresh
        self._barren = 0 if fresh else self._barren + 1
        if onward in self._onward or self._barren > _BARREN_PAGES or len(onward) > _LONGEST:
            raise RetryLater(
                f"The pages of {self._place.platform} go round in a circle.",
                subject=self._place.subject,
                cure="What came before is stored. It will be tried again by itself.",
                after=timedelta(hours=1),
            )
        self._onward.add(onward)


def gathered(steps: Iterator[Batch]) -> Iterator[Batch]:
    """Small batches joined; what was gathered before an error is given before it is raised."""
    kept: Batch | None = None
    try:
        for step in steps:
            kept = step if kept is None else _joined(kept, step)
            if len(kept.posts) >= _BATCH:
                yield kept
                kept = None
    except ChaperoneError:
        if kept is not None:
            yield kept
        raise
    if kept is not None:
        yield kept


def _joined(one: Batch, other: Batch) -> Batch:
    notes = tuple(dict.fromkeys(one.notes + other.notes))
    return replace(other, posts=one.posts + other.posts, gone=one.gone + other.gone, notes=notes)
