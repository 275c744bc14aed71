"""Pages of a wiki and their talk pages: every edit is a post. Undoing only on an own wiki.

Two connectors. `wikipedia` watches and alerts: an organisation that edits its own article breaks
Wikipedia's rules on conflicts of interest, so a person asks its editors. `mediawiki` is for the
organisation's own wiki, where an edit may be undone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from collector.connector import Batch, Cursor, Gone, PlatformAction, Receipt, Sighting
from collector.connectors import wiki_read as read
from collector.connectors.web import Node
from collector.connectors.wiki_by_hand import ON_OURS, ON_WIKIPEDIA
from collector.connectors.wiki_client import Absent, Entangled, Wiki, WikiClient
from collector.connectors.wiki_state import PageMark, State, read_state
from models.errors import NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb, now

_AT_ONCE = 50
"""Titles or versions in one question, and versions with their words in one answer."""

_PAGES = 2000
_VERSION = "ids|timestamp|user|comment|flags|content"
_ASKS = {"prop": "revisions", "rvslots": "main"}


class Wikipedia:
    """Some pages of any wiki, read only. titles: as the wiki writes them; since: at first."""

    name: ClassVar[str] = "wikipedia"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.POSTS})

    def __init__(
        self, wiki: Wiki, titles: Sequence[str], *, talk: bool, since: timedelta, keep: int = 500
    ) -> None:
        self._subject = urlsplit(wiki.base).hostname or "the wiki"
        self._client = WikiClient(wiki, self._subject)
        self._site, self._titles = wiki.base, tuple(titles)
        self._talk, self._since, self._keep = talk, since, keep

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """The new versions of every page, then known ones again. See the contract."""
        state = read_state(after, self._keep)
        pages, missing = self._pages()
        for number, title, newest in pages:
            if newest != state.pages.get(str(number), PageMark()).last:
                yield from self._versions(state, number, title)
        notes = ("Some pages are not on the wiki: check their titles.",) if missing else ()
        yield from self._recheck(state, notes)

    def _pages(self) -> tuple[list[tuple[int, str, int]], int]:
        """(number, title, newest version) of each page and talk page, and how many are missing."""
        subjects, missing = self._named(self._titles)
        talks = [str(page.get("associatedpage") or "") for page in subjects]
        found = list(subjects)
        if self._talk:
            found += self._named([title for title in talks if title])[0]
        pages: dict[int, tuple[int, str, int]] = {}
        for page in found:
            number, newest = page.get("pageid"), page.get("lastrevid")
            if not isinstance(number, int) or not isinstance(newest, int):
                raise self._client.unreadable("a page without a number")
            pages[number] = (number, str(page.get("title") or ""), newest)
        return list(pages.values()), missing

    def _named(self, titles: Sequence[str]) -> tuple[list[Node], int]:
        found: list[Node] = []
        missing = 0
        for start in range(0, len(titles), _AT_ONCE):
            some = "|".join(titles[start : start + _AT_ONCE])
            answer, _ = self._client.query(prop="info", inprop="associatedpage", titles=some)
            for page in self._rows(answer, "pages"):
                if page.get("missing") or page.get("invalid"):
                    missing += 1
                else:
                    found.append(page)
        return found, missing

    def _rows(self, answer: Node, name: str) -> list[Node]:
        rows = answer.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._client.unreadable(f"no {name}")
        return rows

    def _versions(self, state: State, number: int, title: str) -> Iterator[Batch]:
        """What was written since the mark, oldest first; the mark moves with every answer."""
        mark = state.pages.setdefault(str(number), PageMark())
        start = mark.at or (now() - self._since).strftime("%Y-%m-%dT%H:%M:%SZ")
        asks: dict[str, str | int] = {
            **_ASKS,
            "pageids": str(number),
            "rvprop": _VERSION,
            "rvlimit": _AT_ONCE,
        }
        asks |= {"rvdir": "newer", "rvstart": start}
        before, further, seen = None, dict[str, str](), set[int]()
        for _ in range(_PAGES):
            answer, further_now = self._client.query(**asks, **further)
            versions = self._of_page(answer)
            fresh = [one for one in versions if one["revid"] not in seen]
            if further and not fresh:
                raise self._client.unreadable("its pages repeat themselves")
            seen.update(one["revid"] for one in fresh)
            posts = []
            for version in fresh:
                if version["revid"] > mark.last:
                    old = self._before(version) if before is None else before
                    mark.first = mark.first or version["revid"]
                    if not read.hidden(version):
                        posts.append(read.post(version, title, old, mark.first, self._site))
                    mark.last, mark.at = version["revid"], str(version["timestamp"])
                before = read.content(version) or ""
            state.rota.learn(post.native_id for post in posts)
            yield Batch(tuple(posts), state.cursor())
            further = dict(further_now)
            if not further:
                return
        raise self._client.unreadable("it never ends")

    def _of_page(self, answer: Node) -> list[Node]:
        found: list[Node] = []
        for page in self._rows(answer, "pages"):
            found += self._rows(page, "revisions")
        if not all(read.whole(one) for one in found):
            raise self._client.unreadable("a version is not whole")
        return found

    def _before(self, version: Node) -> str:
        """The page's words before the first version that is read of it."""
        parent = version.get("parentid")
        if not isinstance(parent, int) or parent <= 0:
            return ""
        return read.content(self._several([parent]).get(parent)) or ""

    def _several(self, numbers: Sequence[int], props: str = _VERSION) -> dict[int, Node]:
        """At most fifty versions by their numbers; unknown ones are missing."""
        asked = "|".join(str(one) for one in numbers)
        answer, _ = self._client.query(**_ASKS, rvprop=props, revids=asked)
        unknown = self._unknown(answer)
        found = {int(one["revid"]): one for one in self._of_page(answer)}
        if not set(numbers) - unknown <= found.keys():
            raise self._client.unreadable("versions are left out")
        return found

    def _unknown(self, answer: Node) -> set[int]:
        """What the wiki says that it has not: only that is gone, nothing that is merely absent."""
        bad = answer.get("badrevids")
        rows = bad.values() if isinstance(bad, dict) else ()
        return {int(row["revid"]) for row in rows if isinstance(row, dict) and "revid" in row}

    def _recheck(self, state: State, notes: tuple[str, ...]) -> Iterator[Batch]:
        """Versions whose page was deleted, whose words were hidden, or that were undone."""
        ids = state.rota.next_turn()
        if not ids:
            yield Batch((), state.cursor(), notes=notes)
        for start in range(0, len(ids), _AT_ONCE):
            some = [int(one[1:]) for one in ids[start : start + _AT_ONCE]]
            found = self._several(some, "ids|timestamp|flags|tags")
            # Hidden words show only where they are asked for.
            shown = self._several(list(found), _VERSION) if found else {}
            gone = [one for one in some if one not in found or _undone(found[one], shown.get(one))]
            state.rota.forget(f"r{one}" for one in gone)
            told = tuple(Gone(f"r{one}", "moderator") for one in gone)
            yield Batch((), state.cursor(), told, notes)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Whether what each edit added still stands on its page. See the contract."""
        found = {one: Sighting(Presence.GONE) for one in native_ids}
        numbers = [int(whole[1]) for one in found if (whole := read.NATIVE.fullmatch(one))]
        for start in range(0, len(numbers), _AT_ONCE):
            for number, version in self._several(numbers[start : start + _AT_ONCE]).items():
                found[f"r{number}"] = self._sighting(version)
        return found

    def _sighting(self, version: Node) -> Sighting:
        after = read.content(version)
        if read.hidden(version) or after is None:
            return Sighting(Presence.GONE)
        lines = read.added(self._before(version), after)
        standing = self._now_there(int(version["revid"]))
        if lines and standing is not None and not any(line in standing for line in lines):
            return Sighting(Presence.GONE, "\n".join(lines))
        return Sighting(Presence.PRESENT, "\n".join(lines))

    def _now_there(self, number: int) -> frozenset[str] | None:
        """The lines of the page as it is now, by one of its versions; None where it hides them."""
        answer, _ = self._client.query(prop="info", revids=str(number))
        pages = [page.get("pageid") for page in self._rows(answer, "pages")]
        if not pages or not isinstance(pages[0], int):
            return frozenset()
        newest = self._newest(pages[0])
        if read.hidden(newest):
            return None
        return frozenset(line.strip() for line in (read.content(newest) or "").splitlines())

    def _newest(self, page: int) -> Node:
        """The page as it is now. Raises Absent where it is gone."""
        answer, _ = self._client.query(**_ASKS, rvprop=_VERSION, pageids=str(page))
        found = self._of_page(answer)
        if not found:
            raise Absent("The page is gone.", subject=self._subject, cure="Look on the wiki.")
        return found[0]

    def act(self, action: PlatformAction) -> Receipt:
        """Raises Refused: it only watches."""
        raise self._by_hand_only(action.verb)

    def _by_hand_only(self, verb: Verb) -> Refused:
        return Refused(
            "The wiki is only watched: this is done by a person.",
            subject=self._subject,
            cure=" ".join(self.by_hand(verb)),
        )

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps on the wiki."""
        return ON_WIKIPEDIA[verb]


class OwnWiki(Wikipedia):
    """Pages of the organisation's own wiki, where an edit may be undone with a reason."""

    name: ClassVar[str] = "mediawiki"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        {Capability.POSTS, Capability.REMOVE, Capability.REASON}
    )

    def act(self, action: PlatformAction) -> Receipt:
        """Undo the edit; the page is deleted where the edit made it. See the contract."""
        whole = read.NATIVE.fullmatch(action.native_id)
        if whole is None:
            raise Refused(
                "It is not an id of an edit.", subject=self._subject, cure="Look on the wiki."
            )
        if action.verb is not Verb.REMOVE:
            raise self._by_hand_only(action.verb)
        number = int(whole[1])
        version = self._several([number]).get(number)
        if version is None or self._sighting(version).presence is Presence.GONE:
            return Receipt(now(), already=True, detail="The words were gone before we asked.")
        rights = self._rights()
        page = self._page_of(number)
        try:
            if version.get("parentid") == 0:
                self._delete(page, rights, action.reason_title)
            else:
                self._undo(page, version, action.reason_title)
        except Absent:
            return Receipt(now(), already=True, detail="It was deleted before we asked.")
        return Receipt(now(), detail="Undone on the wiki.")

    def _rights(self) -> frozenset[str]:
        """What the account may do. Raises NeedsOperator where it may not even edit."""
        answer, _ = self._client.query(meta="userinfo", uiprop="rights|blockinfo")
        user = answer.get("userinfo")
        held = user.get("rights") if isinstance(user, dict) else None
        rights = frozenset(str(one) for one in held) if isinstance(held, list) else frozenset()
        if "edit" not in rights or (isinstance(user, dict) and "blockedby" in user):
            raise NeedsOperator(
                "This account may not edit the wiki.",
                subject=self._subject,
                cure="Ask an administrator of the wiki to allow it, and give the bot password the "
                "grant Edit existing pages.",
            )
        return rights

    def _page_of(self, number: int) -> int:
        answer, _ = self._client.query(prop="info", revids=str(number))
        for page in self._rows(answer, "pages"):
            if isinstance(page.get("pageid"), int):
                return int(page["pageid"])
        raise Absent("The page is gone.", subject=self._subject, cure="Look on the wiki.")

    def _undo(self, page: int, version: Node, reason: str) -> None:
        """Undo it, or where later edits stand in the way take out the lines that it added."""
        said: dict[str, Any] = {"pageid": page, "summary": reason, "bot": 1}
        try:
            answer = self._client.change("edit", **said, undo=int(version["revid"]))
        except Entangled:
            newest = self._newest(page)
            lines = read.added(self._before(version), read.content(version) or "")
            text = read.without(read.content(newest) or "", lines)
            base = int(newest["revid"])
            answer = self._client.change("edit", **said, text=text, baserevid=base)
        done = answer.get("edit")
        if not isinstance(done, dict) or done.get("result") != "Success":
            raise Refused(
                "The wiki asks for something that only a person can give.",
                subject=self._subject,
                cure=" ".join(self.by_hand(Verb.REMOVE)),
            )

    def _delete(self, page: int, rights: frozenset[str], reason: str) -> None:
        if "delete" not in rights:
            raise Refused(
                "The edit made the page, so it can only be deleted, and this account may not.",
                subject=self._subject,
                cure="Ask an administrator of the wiki to delete the page.",
            )
        self._client.change("delete", pageid=page, reason=reason)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps on the organisation's wiki."""
        return ON_OURS[verb]


def _undone(version: Node, shown: Node | None) -> bool:
    tags = version.get("tags")
    reverted = isinstance(tags, list) and "mw-reverted" in tags
    return reverted or shown is None or read.hidden(shown)
