"""One pass over an account of X: own posts, mentions, replies that drop the name, a second look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collector.connector import Batch, Gone, IncomingPost, Sighting
from collector.connectors import x_read
from collector.connectors.x_client import XClient
from collector.connectors.x_state import State
from models.errors import Refused, RetryLater
from models.vocabulary import Presence

_PAGE = 100
_MOST_PAGES = 40
"""X lists 3,200 own posts at most, and 800 mentions."""

_IN_ONE_QUERY = 10
"""Conversations asked for together: a query has at most 512 letters."""

_SEARCHED = timedelta(days=7)
"""How far back X searches."""

_LATE = timedelta(hours=1)
"""How late a reply may come to be counted. What is read twice in a day is charged once."""

_OWN_AGAIN = timedelta(days=7)
HOLE = (
    "X searches only seven days back, and more than that has passed since the last look: replies "
    "that do not name the account may be missing. Look through the newest posts on X."
)
LEFT_OUT = "X sent something that is no post; it was left out."


@dataclass(slots=True)
class XPass:
    """A pass under way. keep, again: how many posts are looked at again, and how often."""

    client: XClient
    user_id: str
    subject: str
    state: State
    moment: datetime
    keep: int
    again: timedelta

    def steps(self) -> Iterator[Batch]:
        """Batches, each with the cursor after it. Raises as XClient."""
        for listing in ("own", "mentions"):
            if listing not in self.state.done:
                yield from self._listing(listing)
        if "search" not in self.state.done:
            yield from self._search()
        yield from self._second_look()
        self.state.done = []
        yield Batch((), self.state.cursor())

    def _listing(self, name: str) -> Iterator[Batch]:
        path = f"2/users/{self.user_id}/{'tweets' if name == 'own' else 'mentions'}"
        asked = {"max_results": str(_PAGE)}
        since = self.state.since.get(name, "")
        if since and name == "own":
            # The week's own posts again: their counts tell where something was answered.
            asked["start_time"] = _stamp(self.moment - _OWN_AGAIN)
        elif since:
            asked["since_id"] = since
        try:
            yield from self._pages(path, name, asked)
        except Refused:
            if not since:
                raise
            self.state.since.pop(name)  # an id of long ago can be too old to be asked from
            yield from self._listing(name)
            return
        self.state.done.append(name)
        yield Batch((), self.state.cursor())

    def _pages(self, path: str, name: str, asked: dict[str, str]) -> Iterator[Batch]:
        newest, token, places = int(self.state.since.get(name, "0")), "", set[str]()
        for _ in range(_MOST_PAGES):
            onward = {"pagination_token": token} if token else {}
            answer = self.client.page(path, **asked, **onward)
            found = list(x_read.tweets(answer))
            newest = max([newest, *(int(raw["id"]) for raw in found)])
            yield self._batch(found, answer)
            token = self._onward(answer, places)
            if not token:
                break
        if newest and name != "found":
            self.state.since[name] = str(newest)

    def _onward(self, answer: Mapping[str, Any], places: set[str]) -> str:
        token = answer.get("meta", {}).get("next_token", "")
        if not token:
            return ""
        if not isinstance(token, str) or token in places or len(token) > 2000:
            raise RetryLater(
                "The pages of X go round in a circle.",
                subject=self.subject,
                cure="What came before is stored. It will be tried again by itself.",
                after=timedelta(hours=1),
            )
        places.add(token)
        return token

    def _batch(self, found: Sequence[dict[str, Any]], answer: Mapping[str, Any]) -> Batch:
        self.state.learn({x_read.versions(raw)[0]: raw["id"] for raw in found}, self.keep)
        notes = (LEFT_OUT,) if len(found) < len(answer.get("data", [])) else ()
        return Batch(tuple(self._read(found, answer)), self.state.cursor(), notes=notes)

    def _read(
        self, found: Sequence[dict[str, Any]], answer: Mapping[str, Any]
    ) -> Iterator[IncomingPost]:
        who = x_read.names(answer)
        for raw in found:
            self._note_count(raw)
            yield x_read.read(raw, who, self.user_id, self.moment)

    def _note_count(self, raw: Mapping[str, Any]) -> None:
        """An own post with another number of replies than were read is one to search under."""
        count = x_read.reply_count(raw)
        if raw.get("author_id") != self.user_id or count is None:
            return
        conversation = raw.get("conversation_id")
        if x_read.is_id(conversation) and count != self.state.counts.get(str(raw["id"]), 0):
            self.state.counts[str(raw["id"])] = count
            self.state.since.setdefault(f"answers:{conversation}", "0")

    def _search(self) -> Iterator[Batch]:
        """What was answered under own posts without naming the account."""
        waiting = [name for name in self.state.since if name.startswith("answers:")]
        began, before = self.moment, self.state.searched_at
        notes: tuple[str, ...] = ()
        if before is not None and began - before > _SEARCHED:
            notes = (HOLE,)
        for start in range(0, len(waiting), _IN_ONE_QUERY):
            some = waiting[start : start + _IN_ONE_QUERY]
            query = " OR ".join(f"conversation_id:{name.partition(':')[2]}" for name in some)
            asked = {"query": query, "max_results": str(_PAGE)}
            if before is not None and began - before < _SEARCHED - 2 * _LATE:
                asked["start_time"] = _stamp(before - _LATE)
            yield from self._pages("2/tweets/search/recent", "found", asked)
            for name in some:
                self.state.since.pop(name, None)
        self.state.searched_at = began
        self.state.done.append("search")
        yield Batch((), self.state.cursor(), notes=notes)

    def _second_look(self) -> Iterator[Batch]:
        """Edits and deletions among the newest posts that are known."""
        checked, ids = self.state.checked_at, list(self.state.known)
        if checked is not None and self.moment - checked < self.again:
            return
        for start in range(0, len(ids), _PAGE):
            some = ids[start : start + _PAGE]
            posts, gone = [], []
            for one, raw, answer in look(self.client, some):
                if raw is None:
                    gone.append(Gone(one))
                    self.state.known.pop(one, None)
                elif x_read.versions(raw)[-1] != self.state.known[one]:
                    posts += list(self._read([raw], answer))
                    self.state.known[one] = x_read.versions(raw)[-1]
            yield Batch(tuple(posts), self.state.cursor(), tuple(gone))
        self.state.checked_at = self.moment


def look(
    client: XClient, ids: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any] | None, Mapping[str, Any]]]:
    """(id, the newest version or None where it is gone, the answer it came in) of up to 100."""
    answer = client.page("2/tweets", ids=",".join(ids))
    found = {raw["id"]: raw for raw in x_read.tweets(answer)}
    missing = {
        str(one.get("resource_id") or one.get("value"))
        for one in answer.get("errors", [])
        if isinstance(one, dict)
    }
    newer = {one: x_read.versions(raw)[-1] for one, raw in found.items()}
    changed = [now for one, now in newer.items() if now != one]
    later = client.page("2/tweets", ids=",".join(changed)) if changed else answer
    newest = {raw["id"]: raw for raw in x_read.tweets(later)}
    for one in ids:
        if one in found and newer[one] != one:
            yield one, newest.get(newer[one], found[one]), later
        elif one in found:
            yield one, found[one], answer
        elif one in missing:  # what an answer neither shows nor names is not taken for gone
            yield one, None, answer


def sightings(
    client: XClient, ids: Sequence[str], hidden: Mapping[str, bool]
) -> dict[str, Sighting]:
    """How each stands. hidden: what X last said of them; it cannot be asked."""
    found: dict[str, Sighting] = {}
    for start in range(0, len(ids), _PAGE):
        for one, raw, _ in look(client, ids[start : start + _PAGE]):
            if raw is None:
                found[one] = Sighting(Presence.GONE)
            else:
                standing = Presence.HIDDEN if hidden.get(one) else Presence.PRESENT
                found[one] = Sighting(standing, x_read.words(raw))
    return found


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
