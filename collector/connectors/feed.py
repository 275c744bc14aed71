"""Blogs and podcasts by their feeds, and the comments under them where the site offers a feed.

A feed only shows: nothing can be removed through it, so a person does that where it was written,
with steps. That something is gone is seen when it is missing from the middle of the feed or its
own page is; what is merely old has rolled off and says nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.feed_fetch import AskedToWait, Fetched, Fetcher
from collector.connectors.feed_read import BrokenFeed, Entry, NotAFeed, Page, parse
from collector.connectors.feed_state import MAIN, Known, State, read_state
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from models.errors import ChaperoneError, MendSettings, NeedsOperator, Refused, RetryLater
from models.vocabulary import Capability, PostKind, Presence, Verb, now

_PAGES = 50
_LINKS = 20
"""Pages of vanished items that are asked for in one poll."""

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the post's link and see that it is the right one.",
        "Sign in where it was written: the website, or the podcast's host.",
        "Delete it there. It then leaves the feed by itself.",
        "Podcast apps and listeners may keep a copy: ask the host to refresh its directories.",
    ),
    Verb.RESTORE: (
        "Sign in where it was written: the website, or the podcast's host.",
        "Bring it back from the bin there, if there is one.",
    ),
    Verb.HIDE: (
        "Sign in where it was written: the website, or the podcast's host.",
        "Set it to draft or unapproved there. It then leaves the feed by itself.",
    ),
    Verb.UNHIDE: (
        "Sign in where it was written: the website, or the podcast's host.",
        "Publish or approve it there again.",
    ),
}


class Feed:
    """One feed. comment_feeds: of how many of its newest items the comments are read too.

    secret: its address must not be written down, so it is read whole each time.
    """

    name: ClassVar[str] = "feed"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.POSTS})

    def __init__(
        self, url: str, *, secret: bool, kind: PostKind = PostKind.POST, comment_feeds: int = 20
    ) -> None:
        self._url, self._secret, self._kind = url, secret, kind
        self._comment_feeds = comment_feeds
        self._subject = urlsplit(url).hostname or "the feed"
        self._fetcher = Fetcher(url, self._subject)

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """The feed page by page, then the comments of its newest items. See the contract."""
        state = read_state(after)
        yield from self._one(state, MAIN, self._url)
        watched = self._watched(state)
        state.only(watched)
        unread = 0
        for key, url in watched.items():
            try:
                yield from self._one(state, key, url)
            except (NeedsOperator, RetryLater) as error:
                if isinstance(error, AskedToWait):
                    raise
                unread += 1  # one article whose comments are closed must not hide the others
        if unread:
            note = f"The comments of {unread} articles could not be read."
            yield Batch((), state.cursor(), notes=(note,))

    def _watched(self, state: State) -> dict[str, str]:
        """Comment feeds of the newest items, by the item's id."""
        items = state.of(MAIN).items
        newest = sorted(items, key=lambda one: items[one][0], reverse=True)
        urls = {one: state.addresses.get(one, "") for one in newest}
        found = {one: url for one, url in urls.items() if url and self._fetcher.ours(url)}
        return dict(list(found.items())[: self._comment_feeds])

    def _one(self, state: State, key: str, url: str) -> Iterator[Batch]:
        """One feed to its end. What it says of itself is kept with its last page only."""
        known = state.of(key)
        fresh = self._secret and key == MAIN
        first = self._fetcher.get(url, *(("", "") if fresh else (known.etag, known.modified)))
        if first.body is None:
            return
        listed: dict[str, Entry] = {}
        fetched, tidy = first, True
        for number in range(_PAGES):
            page = self._parse(fetched)
            tidy = tidy and page.tidy
            unseen = [entry for entry in page.entries if entry.id not in listed]
            if number and not unseen:
                raise self._fetcher.unreadable("its pages repeat themselves")
            new_at_all = any(entry.id not in known.items for entry in unseen)
            listed |= {entry.id: entry for entry in unseen}
            further = page.next if new_at_all and number + 1 < _PAGES else ""
            if not further or not self._fetcher.ours(further):
                break
            yield Batch(tuple(self._posts(key, unseen)), state.cursor())
            fetched = self._fetcher.get(further)
        self._learn(state, key, listed)
        gone = self._gone(known, listed) if tidy else []
        known.etag, known.modified = first.etag, first.modified
        notes = () if tidy else ("The feed has mistakes in it and was read all the same.",)
        yield Batch(tuple(self._posts(key, unseen)), state.cursor(), tuple(gone), notes)

    def _parse(self, fetched: Fetched) -> Page:
        try:
            return parse(fetched.body or b"", fetched.url, fetched.content_type)
        except NotAFeed:
            raise self._fetcher.not_a_feed() from None
        except BrokenFeed as error:
            raise self._fetcher.unreadable(str(error)) from None

    def _learn(self, state: State, key: str, listed: Mapping[str, Entry]) -> None:
        known = state.of(key)
        known.remember({one: (_seconds(entry), entry.link) for one, entry in listed.items()})
        if key == MAIN:
            for one, entry in listed.items():
                if entry.comments:
                    state.addresses[one] = entry.comments
                    # Beside a secret address it may hold the same secret: then it is not kept.
                    state.of(one).comments = "" if self._secret else entry.comments

    def _gone(self, known: Known, listed: Iterable[str]) -> list[Gone]:
        """Vanished items whose own page is gone, or that have none and were in the middle."""
        listed = set(listed)
        found: list[Gone] = []
        for one in known.vanished(listed)[:_LINKS]:
            link = known.items[one][1]
            stands = self._fetcher.stands(link) if link else None
            if stands is False or (stands is None and listed):
                found.append(Gone(one))
                del known.items[one]
        return found

    def _posts(self, key: str, entries: Iterable[Entry]) -> Iterator[IncomingPost]:
        for entry in entries:
            comment = key != MAIN or self._kind is PostKind.COMMENT
            top = key if key != MAIN else entry.id
            parent = (entry.answers or (key if key != MAIN else "")) if comment else ""
            yield IncomingPost(
                native_id=entry.id,
                kind=PostKind.COMMENT if comment else self._kind,
                text=_said(entry) if comment else entry.text,
                posted_at=entry.posted or now(),
                author_id=entry.author or None,
                author_name=entry.author or None,
                parent_id=parent or None,
                thread_id=top,
                permalink=entry.link or None,
                edited_at=entry.edited,
                media_count=entry.media,
                note="" if entry.posted else "The feed gives no date: this is when it was found.",
            )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """What the feeds list now, else whether the item's own page is there. See the contract."""
        words: dict[str, str] = {}
        state = State()
        for batch in self.fetch(state.cursor()):
            words |= {post.native_id: post.text for post in batch.posts}
        found: dict[str, Sighting] = {}
        for one in native_ids:
            if one in words:
                found[one] = Sighting(Presence.PRESENT, words[one])
                continue
            stands = self._fetcher.stands(one) if one.startswith(("https://", "http://")) else None
            how = {True: Presence.PRESENT, False: Presence.GONE, None: Presence.UNKNOWN}
            found[one] = Sighting(how[stands])
        return found

    def act(self, action: PlatformAction) -> Receipt:
        """Raises Refused: a feed only shows."""
        raise Refused(
            "A feed can be read, not changed.",
            subject=self._subject,
            cure=" ".join(self.by_hand(action.verb)),
        )

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps where it was written."""
        return _BY_HAND[verb]


def _said(entry: Entry) -> str:
    """A comment's words without the title that sites make up for it ("By: Jo")."""
    if entry.author and entry.title.endswith(entry.author):
        return entry.text.removeprefix(entry.title).lstrip() or entry.text
    return entry.text


def _seconds(entry: Entry) -> int:
    return int(entry.posted.timestamp()) if entry.posted else 0


def connect(options: Options, secrets: Secrets) -> Feed:
    """A connector for one feed. Raises MendSettings for values that cannot work."""
    public, hidden = str(options.get("url", "")), secrets("secret_url")
    if bool(public) == bool(hidden):
        raise _mend(
            "url", "Give one address: url, or secret_url.", "Set the one and not the other."
        )
    url = public or hidden
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise _mend("url", "It is not the address of a feed.", 'Begin it with "https://".')
    holds = str(options.get("holds", "posts"))
    if holds not in ("posts", "comments"):
        raise _mend("holds", "It is neither of the two.", 'Write "posts" or "comments".')
    count = options.get("comment_feeds", 20)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 50:
        raise _mend("comment_feeds", "It must lie between 0 and 50.", "20 suits most.")
    kind = PostKind.COMMENT if holds == "comments" else PostKind.POST
    return Feed(url, secret=bool(hidden), kind=kind, comment_feeds=count)


def _mend(key: str, what: str, cure: str) -> ChaperoneError:
    return MendSettings(what, subject=f"feed, {key}", cure=cure)


OPTIONS: Mapping[str, Option] = {
    "url": Option("text", "The feed's address.", example='"https://www.example.org/feed/"'),
    "secret_url": Option("text", "Its address instead, where that is a secret.", secret=True),
    "holds": Option("text", 'What it holds: "posts" (as usual) or "comments".'),
    "comment_feeds": Option(
        "number", "Of how many newest posts the comments are read too.", example="20"
    ),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=Feed.name,
        summary="A blog, a podcast or their comments, by an RSS or Atom feed.",
        options=OPTIONS,
        capabilities=Feed.capabilities,
        connect=connect,
    ),
)
