"""Subreddits that the organisation moderates: posts, comments, removals with a reason.

A poll reads the two listings (new posts, new comments) until a page holds nothing unknown, then
what moderators see (edited, held by a filter), then looks up a share of the known ids again:
that is how edits and deletions of older things are noticed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    Member,
    MemberAction,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import reddit_people
from collector.connectors import reddit_things as read
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.reddit_client import Account, RedditClient, is_loopback
from collector.connectors.reddit_errors import NotAllowed
from collector.connectors.reddit_moderation import FULLNAME, Moderation, look_up_things
from collector.connectors.reddit_people import People
from collector.connectors.reddit_state import State, read_state
from collector.connectors.reddit_things import Standing, Thing
from models.errors import MendSettings
from models.vocabulary import Capability, Presence, Verb

_PAGE = 100
_PAGES = 11
"""Reddit's listings end at about a thousand things: ten pages, and one to see the end."""

LEFT_OUT = "Reddit sent a post or comment that cannot be read; it was left out. Look on Reddit."

_PRESENCE = {
    Standing.STANDS: Presence.PRESENT,
    Standing.HELD: Presence.HIDDEN,
    Standing.REMOVED: Presence.GONE,
    Standing.DELETED: Presence.GONE,
}

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the post on Reddit with an account that moderates the subreddit.",
        "Press the shield below it and choose Remove. Do not choose Spam.",
        "Choose the removal reason and send it.",
    ),
    Verb.RESTORE: (
        "Open the post on Reddit with an account that moderates the subreddit.",
        "Press the shield below it and choose Approve.",
    ),
    Verb.HIDE: (
        "Reddit cannot hide a post for a while.",
        "Remove it instead: a removed post can be approved again later.",
    ),
    Verb.UNHIDE: (
        "Open the post on Reddit with an account that moderates the subreddit.",
        "Press the shield below it and choose Approve.",
    ),
}


class RedditConnector:
    """One subreddit. keep: how many known posts, and comments, are looked up again in turn."""

    name: ClassVar[str] = "reddit"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {
            Capability.POSTS,
            Capability.MEMBERS,
            Capability.REMOVE,
            Capability.RESTORE,
            Capability.REASON,
            Capability.TELL_AUTHOR,
            Capability.REMOVE_MEMBER,
        }
    )

    def __init__(self, subreddit: str, account: Account, keep: int = 1000) -> None:
        self._name = subreddit
        self._subject = f"r/{subreddit}"
        self._site = account.reddit_url
        self._keep = keep
        self._client = RedditClient(account, self._subject)
        self._moderation = Moderation(self._client, subreddit)
        self._people = People(self._client, subreddit)

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """New things page by page, then edits, then a recheck. See the contract.

        The cursor moves on when a whole listing is read, so that a crash half-way reads it anew.
        """
        state = read_state(after, self._keep)
        seen: set[str] = set()
        for listing in ("new", "comments"):
            yield from self._sweep(f"r/{self._name}/{listing}", state, seen)
        yield from self._as_moderator(state, seen)
        yield from self._recheck(state, seen)

    def _sweep(self, path: str, state: State, seen: set[str]) -> Iterator[Batch]:
        """One listing from its newest on, until a page holds nothing that is unknown."""
        first_time = not any(state.known.values())
        mark: str | None = None
        found: list[str] = []
        for number in range(1, _PAGES + 1):
            params: dict[str, str | int] = {"limit": _PAGE}
            if mark is not None:
                params["after"] = mark
            page = self._client.get(path, **params)
            here = read.things(page)
            batch_things = [thing for thing in here if str(thing["name"]) not in seen]
            unknown = any(not state.holds(str(thing["name"])) for thing in batch_things)
            posts_and_gone = self._sorted(batch_things, state)
            found.extend(str(thing["name"]) for thing in batch_things)
            seen.update(found)
            mark = read.after(page) if unknown else None
            notes: tuple[str, ...] = (LEFT_OUT,) if read.unreadable(page) else ()
            if mark is None or number == _PAGES:
                state.learn(found)
                if unknown and not first_time and number >= _PAGES - 1:
                    notes += (
                        "More was posted since the last look than Reddit lists: "
                        "some posts may not have been seen.",
                    )
            yield self._batch(posts_and_gone, state, notes)
            if mark is None:
                return

    def _as_moderator(self, state: State, seen: set[str]) -> Iterator[Batch]:
        """What only moderators can list: things edited, reported, or held back by a filter."""
        for listing in ("edited", "modqueue", "reports"):
            mark: str | None = None
            for _ in range(_PAGES):
                params: dict[str, str | int] = {"limit": _PAGE}
                if mark is not None:
                    params["after"] = mark
                try:
                    page = self._client.get(f"r/{self._name}/about/{listing}/", **params)
                except NotAllowed:
                    yield Batch((), state.cursor(), notes=(self._no_moderator(),))
                    return
                new = [one for one in read.things(page) if str(one["name"]) not in seen]
                found = self._sorted(new, state)
                names = [str(thing["name"]) for thing in new]
                seen.update(names)
                state.learn(name for name in names if not state.holds(name))
                odd = (LEFT_OUT,) if read.unreadable(page) else ()
                yield self._batch(found, state, odd)
                # Edits beyond the first page are noticed by looking known things up again.
                mark = read.after(page) if new and listing != "edited" else None
                if mark is None:
                    break

    def _no_moderator(self) -> str:
        return (
            f"The account does not moderate {self._subject}: what a filter holds back and what was "
            f"reported is not seen, and edits and deletions only among the newest {self._keep} "
            "things."
        )

    def _recheck(self, state: State, seen: set[str]) -> Iterator[Batch]:
        """Look up known ids again; what is no longer listed is gone."""
        names = state.next_turn(seen)
        for start in range(0, len(names), _PAGE):
            some = names[start : start + _PAGE]
            odd: set[str] = set()
            known = look_up_things(self._client, some, odd)
            posts, gone = self._sorted(known.values(), state)
            missing = [name for name in some if name not in known and name not in odd]
            gone += [Gone(name) for name in missing]
            state.forget([*missing, *(one.native_id for one in gone if one.by == "author")])
            yield self._batch((posts, gone), state, (LEFT_OUT,) if odd else ())

    def _sorted(
        self, found: Iterable[Thing], state: State
    ) -> tuple[list[IncomingPost], list[Gone]]:
        """What stands, and what is gone. Words that a moderator removed are kept if unknown."""
        posts, gone = [], []
        for thing in found:
            how, name = read.standing(thing), str(thing["name"])
            lost = how in {Standing.DELETED, Standing.REMOVED}
            if lost:
                gone.append(Gone(name, "author" if how is Standing.DELETED else "moderator"))
            if not lost or (not state.holds(name) and read.words_left(thing)):
                posts.append(read.post(thing, self._site))
        return posts, gone

    def _batch(
        self,
        found: tuple[list[IncomingPost], list[Gone]],
        state: State,
        notes: tuple[str, ...] = (),
    ) -> Batch:
        posts, gone = found
        return Batch(tuple(posts), state.cursor(), tuple(gone), notes)

    def members(self) -> Iterator[Member]:
        """Moderators, approved users (the members of a private subreddit), who asks to join."""
        return self._people.listed()

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers: no longer approved, and banned where they are to stay out."""
        return self._people.take_out(action)

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers."""
        return self._people.is_member(handle)

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return reddit_people.BY_HAND

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands now. See the contract."""
        ours = [name for name in native_ids if FULLNAME.fullmatch(name)]
        found: dict[str, Sighting] = {name: Sighting(Presence.GONE) for name in native_ids}
        for start in range(0, len(ours), _PAGE):
            odd: set[str] = set()
            things = look_up_things(self._client, ours[start : start + _PAGE], odd)
            found.update({name: Sighting(Presence.UNKNOWN) for name in odd if name in found})
            for name, thing in things.items():
                words = read.text(thing) if read.words_left(thing) else None
                found[name] = Sighting(_PRESENCE[read.standing(thing)], words)
        return found

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps on Reddit's own pages."""
        return _BY_HAND[verb]

    def act(self, action: PlatformAction) -> Receipt:
        """Remove (with reason and message) or approve. See reddit_moderation and the contract."""
        return self._moderation.act(action)


def connect(options: Options, secrets: Secrets) -> RedditConnector:
    """A connector for one source. Raises MendSettings for values that cannot work."""
    subreddit = str(options["subreddit"]).removeprefix("/").removeprefix("r/").strip("/")
    if not re.fullmatch(r"[A-Za-z0-9_]{2,24}", subreddit):
        raise _mend("subreddit", "That is not a subreddit's name.", "Write it without r/.")
    keep = int(str(options.get("recheck", 1000)))
    if not 100 <= keep <= 5000:
        raise _mend("recheck", "It must lie between 100 and 5000.", "1000 suits most.")
    username = str(options.get("username", ""))
    account = Account(
        client_id=str(options["client_id"]),
        client_secret=secrets("client_secret"),
        username=username,
        password=secrets("password"),
        refresh_token=secrets("refresh_token"),
        user_agent=f"linux:org.example.chaperone:0.1 (by /u/{username or 'unknown'})",
        oauth_url=_address(options, "oauth_url", "https://oauth.reddit.com"),
        reddit_url=_address(options, "reddit_url", "https://www.reddit.com"),
    )
    if not account.refresh_token and not (username and account.password):
        raise _mend(
            "password",
            "Neither a refresh token nor a username with its password is set.",
            "Set username and password_env, or refresh_token_env.",
        )
    return RedditConnector(subreddit, account, keep)


def _address(options: Options, key: str, usual: str) -> str:
    address = str(options.get(key, usual)).rstrip("/")
    if not address.startswith("https://") and not is_loopback(address):
        raise _mend(key, "Passwords would be sent unprotected.", "Use an https:// address.")
    return address


def _mend(key: str, what: str, cure: str) -> MendSettings:
    return MendSettings(what, subject=f"reddit, {key}", cure=cure)


OPTIONS: Mapping[str, Option] = {
    "subreddit": Option("text", "The subreddit's name, without r/.", True, example='"TapSchool"'),
    "client_id": Option(
        "text", "The app's id, from reddit.com/prefs/apps.", True, example='"a1b2"'
    ),
    "client_secret": Option("text", "The app's secret.", required=True, secret=True),
    "username": Option("text", "The account that signs in; a moderator of the subreddit."),
    "password": Option("text", "That account's password.", secret=True),
    "refresh_token": Option("text", "A refresh token, instead of a password.", secret=True),
    "recheck": Option("number", "How many known posts are looked at again.", example="1000"),
    "oauth_url": Option("text", "Only to try things out against a stand-in for Reddit."),
    "reddit_url": Option("text", "Only to try things out against a stand-in for Reddit."),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=RedditConnector.name,
        summary="A subreddit that the organisation moderates.",
        options=OPTIONS,
        capabilities=RedditConnector.capabilities,
        connect=connect,
    ),
)
