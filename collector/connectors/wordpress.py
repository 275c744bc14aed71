"""The organisation's own WordPress: comments and articles, held, trashed and brought back.

A poll reads what was written (comments) or changed (articles) since the last mark, oldest first,
and then looks a share of the known ids up again: WordPress does not tell when a comment was
edited or deleted. Marks are on the site's own clock, as its filters are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    Member,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import wordpress_read as read
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.rota import Rota, read_rota
from collector.connectors.web import Node, moment, safe_base, text_id
from collector.connectors.wordpress_site import AT_ONCE, Missing, Trashed, WordPressSite
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb, now

_OVERLAP = timedelta(minutes=65)
"""Read again at each poll: clocks that go back, and comments that came in late."""

_IDLE_PAGES = 3
"""Pages in a row without anything new: more is an answer that never ends."""

_USUAL = "https://www.example.org"


@dataclass(frozen=True, slots=True)
class _Listing:
    """Something to read from its mark on. field: the time that it is sorted and filtered by."""

    letter: str
    field: str
    params: Mapping[str, str]


_COMMENTS = _Listing("c", "date", {"status": "any", "type": "comment", "orderby": "date"})
_ARTICLES = _Listing("p", "modified", {"status": "publish", "orderby": "modified"})
_AFTER = {"c": "after", "p": "modified_after"}

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Sign in to WordPress and open Comments (for an article: Posts).",
        "Find it, rest on it and press Bin. Do not press Delete permanently.",
    ),
    Verb.RESTORE: (
        "Sign in to WordPress and open Comments, then Bin (for an article: Posts, then Bin).",
        "Find it, rest on it and press Restore.",
    ),
    Verb.HIDE: (
        "Sign in to WordPress and open Comments.",
        "Find it, rest on it and press Unapprove. An article is set to Draft instead.",
    ),
    Verb.UNHIDE: (
        "Sign in to WordPress and open Comments.",
        "Find it under Pending, rest on it and press Approve. An article is published instead.",
    ),
}


class WordPress:
    """One site. removed_go_to: "trash" or "spam"; keep: how many known ids are looked up again."""

    name: ClassVar[str] = "wordpress"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {
            Capability.POSTS,
            Capability.MEMBERS,
            Capability.HIDE,
            Capability.UNHIDE,
            Capability.REMOVE,
            Capability.RESTORE,
        }
    )

    def __init__(
        self, site: WordPressSite, subject: str, removed_go_to: str = "trash", keep: int = 1000
    ) -> None:
        self._site, self._subject = site, subject
        self._spam_is_gone = removed_go_to == "spam"
        self._keep = keep

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Articles, comments, then a recheck. See the contract."""
        self._may_moderate()
        state, seen = read_rota(after, self._keep), set[str]()
        for listing in (_ARTICLES, _COMMENTS):
            yield from self._sweep(listing, state, seen)
        yield from self._recheck(state, seen)

    def _may_moderate(self) -> None:
        """A lost Authorization header looks like an empty site: so ask who we are, first."""
        me = self._site.one("/wp/v2/users/me")
        powers = me.get("capabilities")
        if not isinstance(powers, dict) or not powers.get("moderate_comments"):
            raise NeedsOperator(
                "This WordPress account may not moderate comments.",
                subject=self._subject,
                cure="In WordPress, under Users, give it the role Editor or Administrator.",
            )

    def _sweep(self, listing: _Listing, state: Rota, seen: set[str]) -> Iterator[Batch]:
        """Everything since the mark, oldest first; the mark moves with every page."""
        mark = _earlier(state.marks.get(listing.letter, ""), _OVERLAP)
        page, idle = 1, 0
        while True:
            rows, pages = self._page(listing, mark, page)
            fresh = [row for row in rows if read.native_id(listing.letter, row) not in seen]
            idle = 0 if fresh else idle + 1
            if idle > _IDLE_PAGES:
                raise self._site.web.unreadable("its pages repeat themselves")
            seen.update(read.native_id(listing.letter, row) for row in fresh)
            newest = max((read.local_time(row, listing.field) for row in rows), default="")
            state.marks[listing.letter] = max(
                state.marks.get(listing.letter, ""), min(newest, _tomorrow())
            )
            yield self._batch(listing.letter, fresh, state)
            if page >= pages and (pages or len(rows) < AT_ONCE):
                return
            further = _earlier(newest, timedelta(seconds=1))
            mark, page = (further, 1) if further > mark else (mark, page + 1)

    def _page(self, listing: _Listing, mark: str, page: int) -> tuple[list[Node], int]:
        params = {**listing.params, "context": "edit", "order": "asc"}
        params |= {"per_page": str(AT_ONCE), "page": str(page)}
        if mark:
            params[_AFTER[listing.letter]] = mark
        return self._listed(listing.letter, params)

    def _listed(self, letter: str, params: Mapping[str, str]) -> tuple[list[Node], int]:
        rows, pages = self._site.listed(read.ROUTES[letter], **params)
        if not all(read.whole(letter, row) for row in rows):
            raise self._site.web.unreadable("a row is not whole")
        return rows, pages

    def _recheck(self, state: Rota, seen: set[str]) -> Iterator[Batch]:
        """Look known ids up again; what is not found is gone."""
        ids = state.next_turn(seen)
        for letter in ("p", "c"):
            mine = [one for one in ids if one.startswith(letter)]
            for start in range(0, len(mine), AT_ONCE):
                some = mine[start : start + AT_ONCE]
                found = self._several(letter, some)
                lost = [Gone(one, "unknown") for one in some if one not in found]
                yield self._batch(letter, list(found.values()), state, lost)

    def _several(self, letter: str, ids: Sequence[str]) -> dict[str, Node]:
        """At most a hundred things by our ids, however they stand; unknown ones are missing."""
        params = {"context": "edit", "status": "any", "per_page": str(AT_ONCE)}
        if letter == "p":
            params["status"] = "any,trash"
        params["include"] = ",".join(one[1:] for one in ids)
        rows, _ = self._listed(letter, params)
        found = {read.native_id(letter, row): row for row in rows}
        if not found.keys() <= set(ids):
            raise self._site.web.unreadable("it lists what was not asked for")
        return found

    def _batch(
        self, letter: str, rows: Sequence[Node], state: Rota, lost: Sequence[Gone] = ()
    ) -> Batch:
        """Rows in our words. Of what lies in the trash only what is known is told: as gone."""
        posts, gone = [], list(lost)
        for row in rows:
            if self._presence(letter, row) is Presence.GONE:
                gone.append(Gone(read.native_id(letter, row), "moderator"))
            else:
                posts.append(read.post(letter, row))
        state.forget(one.native_id for one in lost)
        state.learn(one.native_id for one in posts)
        return Batch(tuple(posts), state.cursor(), tuple(gone))

    def _presence(self, letter: str, row: Node) -> Presence:
        if self._spam_is_gone and row.get("status") == "spam":
            return Presence.GONE
        return read.presence(letter, row)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """How each stands now. See the contract."""
        found = {one: Sighting(Presence.GONE) for one in native_ids}
        for letter in ("c", "p"):
            mine = [one for one in found if one.startswith(letter) and read.NATIVE.fullmatch(one)]
            for start in range(0, len(mine), AT_ONCE):
                rows = self._several(letter, mine[start : start + AT_ONCE])
                for name, row in rows.items():
                    found[name] = Sighting(self._presence(letter, row), read.words(letter, row))
        return found

    def act(self, action: PlatformAction) -> Receipt:
        """Hold, approve, trash or bring back. Idempotent. See the contract."""
        whole = read.NATIVE.fullmatch(action.native_id)
        if whole is None:
            raise Refused(
                "It is not an id of a comment or an article.",
                subject=self._subject,
                cure="Do it by hand in WordPress.",
            )
        letter, route = whole[1], f"{read.ROUTES[whole[1]]}/{whole[2]}"
        try:
            row = self._site.one(route)
        except Missing:
            return self._missing(action.verb)
        stands = self._presence(letter, row)
        if action.verb is Verb.REMOVE:
            return self._remove(letter, route, row, stands)
        if action.verb is Verb.HIDE:
            if stands is not Presence.PRESENT:
                return _already("It is not shown on the site.")
            self._change(letter, route, row, "hold" if letter == "c" else "draft")
            return Receipt(now(), detail="Held back on the site.")
        return self._show(letter, route, row, stands)

    def _missing(self, verb: Verb) -> Receipt:
        if verb in (Verb.REMOVE, Verb.HIDE):
            return _already("It was deleted before we asked.")
        raise Refused(
            "It is no longer on the site, not even in the trash.",
            subject=self._subject,
            cure="It cannot be brought back; the record keeps what it said.",
        )

    def _remove(self, letter: str, route: str, row: Node, stands: Presence) -> Receipt:
        if stands is Presence.GONE:
            return _already("It had been taken down before we asked.")
        if self._spam_is_gone and letter == "c":
            self._change(letter, route, row, "spam")
            return Receipt(now(), detail="Marked as spam on the site.")
        try:
            self._site.trash(route)
        except (Missing, Trashed):
            return _already("It had been taken down before we asked.")
        return Receipt(now(), detail="Put into the site's trash.")

    def _show(self, letter: str, route: str, row: Node, stands: Presence) -> Receipt:
        if stands is Presence.PRESENT:
            return _already("It is shown on the site.")
        if letter == "p":
            self._change(letter, route, row, "publish")
            return Receipt(now(), detail="Shown on the site again.")
        # Only for what lies there: on any other comment these two quietly take it back to hold.
        back = {"trash": "untrash", "spam": "unspam"}.get(str(row.get("status")))
        if back is not None:
            row = self._change(letter, route, row, back)
        if read.presence(letter, row) is not Presence.PRESENT:
            self._change(letter, route, row, "approve")
        return Receipt(now(), detail="Shown on the site again.")

    def _change(self, letter: str, route: str, row: Node, status: str) -> Node:
        """Set the status; a comment keeps its author's address, which WordPress would overwrite."""
        fields = {"status": status}
        address = row.get("author_ip")
        if letter == "c" and isinstance(address, str) and address:
            fields["author_ip"] = address
        return self._site.change(route, **fields)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps in WordPress's own pages."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """The site's users, newest first. Only an Administrator's account may list them."""
        for page in range(1, 1000):
            rows, pages = self._site.listed(
                "/wp/v2/users", context="edit", per_page=str(AT_ONCE), page=str(page), orderby="id"
            )
            for row in rows:
                name = str(row.get("name") or "")
                roles = row.get("roles")
                role = ", ".join(str(one) for one in roles) if isinstance(roles, list) else ""
                since = moment(row.get("registered_date"))
                yield Member(f"user:{text_id(row['id'])}", name, role, since)
            if page >= pages:
                return


def _already(detail: str) -> Receipt:
    return Receipt(now(), already=True, detail=detail)


def _tomorrow() -> str:
    """The latest mark: a comment that is dated ahead must not hide those of today."""
    return (now() + timedelta(days=1)).replace(tzinfo=None).isoformat(timespec="seconds")


def _earlier(local: str, by: timedelta) -> str:
    """A local time of the site some time earlier, in the same form; "" where it is none."""
    try:
        return (datetime.fromisoformat(local) - by).isoformat()
    except (ValueError, OverflowError):
        return ""


def connect(options: Options, secrets: Secrets) -> WordPress:
    """A connector for one site. Raises MendSettings for values that cannot work."""
    base = safe_base(str(options["site_url"]), _USUAL)
    goes = str(options.get("removed_go_to", "trash"))
    if goes not in ("trash", "spam"):
        raise MendSettings(
            "It is neither of the two places.",
            subject="wordpress, removed_go_to",
            cure='Write "trash" or "spam".',
        )
    keep = options.get("recheck", 1000)
    if isinstance(keep, bool) or not isinstance(keep, int) or not 100 <= keep <= 5000:
        raise MendSettings(
            "It must lie between 100 and 5000.",
            subject="wordpress, recheck",
            cure="1000 suits most.",
        )
    subject = base.split("://", 1)[1].strip("/")
    site = WordPressSite(base, str(options["username"]), secrets("password"), subject)
    return WordPress(site, subject, goes, keep)


OPTIONS: Mapping[str, Option] = {
    "site_url": Option("text", "The site's address.", True, example=f'"{_USUAL}"'),
    "username": Option(
        "text", "The account that signs in: an Editor.", True, example='"safeguarding"'
    ),
    "password": Option("text", "An application password of it.", required=True, secret=True),
    "removed_go_to": Option("text", 'Where removed comments go: "trash" or "spam".'),
    "recheck": Option("number", "How many known comments are looked at again.", example="1000"),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=WordPress.name,
        summary="Comments and articles of the organisation's own WordPress.",
        options=OPTIONS,
        capabilities=WordPress.capabilities,
        connect=connect,
    ),
)
