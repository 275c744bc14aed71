"""A stand-in for MediaWiki's action API on the loopback: versions, undoing, signing in.

    with LoopbackServer(site.answer) as server:
        ...        # wiki_url of the connector: server.url + "/"

Answers formatversion 2, errors with HTTP 200, as MediaWiki 1.39 does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl

from collector.sandbox.loopback import Call, Reply, as_json
from collector.sandbox.threads import Weather
from models.vocabulary import now

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_BODY = 50


def refusal(code: str, status: int = 200) -> Reply:
    """An error as MediaWiki writes it."""
    return as_json({"error": {"code": code, "info": "No.", "docref": "See /api.php."}}, status)


STORMS: Mapping[str, Callable[[], Reply]] = {
    "limit": lambda: Reply(429, b"Too many requests", (("Retry-After", "45"),)),
    "maxlag": lambda: as_json({"error": {"code": "maxlag", "info": "x"}}, 200, Retry_After="5"),
    "server_error": lambda: Reply(503, b"<html>upstream</html>"),
    "private": lambda: refusal("readapidenied"),
}
"""Weather by name. The limit asks for 45 seconds, maxlag for 5."""


@dataclass(slots=True)
class Version:
    """One version of a page. by_undo: which version it undid, 0 for none."""

    id: int
    parent: int
    page: int
    user: str
    text: str
    at: str
    summary: str = ""
    hidden: bool = False
    undone: bool = False


@dataclass(slots=True)
class WikiSite:
    """One wiki. accounts: bot name to (bot password, rights). pages: number to title.

    entangled: pages whose edits cannot be undone one by one, as later ones stand in the way.
    """

    accounts: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    pages: dict[int, str] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    weather: Weather = field(default_factory=lambda: Weather(STORMS))
    sessions: dict[str, str] = field(default_factory=dict)
    entangled: set[int] = field(default_factory=set)
    _lock: RLock = field(default_factory=RLock)

    def page(self, title: str) -> int:
        """The page of that title, made where there is none."""
        for number, known in self.pages.items():
            if known == title:
                return number
        self.pages[len(self.pages) + 1] = title
        return len(self.pages)

    def write(self, title: str, text: str, user: str = "Jo", at: datetime | None = None) -> Version:
        """A new version of the page with this text."""
        with self._lock:
            page = self.page(title)
            newest = self.newest(page)
            parent = newest.id if newest else 0
            stamp = (at or now()).strftime(_TIME)
            made = Version(1001 + len(self.versions), parent, page, user, text, stamp)
            self.versions[made.id] = made
            return made

    def newest(self, page: int) -> Version | None:
        """The page as it is now; None where it has no version."""
        found = [one for one in self.versions.values() if one.page == page]
        return found[-1] if found else None

    def answer(self, call: Call) -> Reply:
        """The reply to one request."""
        with self._lock:
            weather = self.weather.over(call)
            if weather is not None:
                return weather
            said = dict(parse_qsl(call.query or call.body, keep_blank_values=True))
            if call.path != "/api.php" or said.get("formatversion") != "2":
                return Reply(404, b"<html>not found</html>")
            who = self._who(call)
            if said.get("assert") == "user" and not who:
                return refusal("assertuserfailed")
            if said["action"] == "query":
                return self._query(said, who)
            if call.method != "POST":
                return refusal("mustbeposted")
            if said["action"] == "login":
                return self._login(said)
            return self._change(said, who)

    def _who(self, call: Call) -> str:
        cookies = dict(
            pair.strip().partition("=")[::2] for pair in call.headers.get("cookie", "").split(";")
        )
        return self.sessions.get(cookies.get("session", ""), "")

    def _login(self, said: Mapping[str, str]) -> Reply:
        name = said.get("lgname", "")
        good = self.accounts.get(name, ("", frozenset()))[0]
        if not good or said.get("lgpassword") != good or said.get("lgtoken") != "in+\\":
            return as_json({"login": {"result": "Failed", "reason": "No."}})
        key = f"s{len(self.sessions) + 1}"
        self.sessions[key] = name
        result = {"result": "Success", "lguserid": 1, "lgusername": name}
        return as_json({"login": result}, 200, Set_Cookie=f"session={key}; Path=/; HttpOnly")

    def _query(self, said: Mapping[str, str], who: str) -> Reply:
        if said.get("meta") == "tokens":
            kind = said.get("type", "csrf")
            token = "in+\\" if kind == "login" else f"c-{who}+\\"
            return as_json({"batchcomplete": True, "query": {"tokens": {f"{kind}token": token}}})
        if said.get("meta") == "userinfo":
            rights = sorted(self.accounts.get(who, ("", frozenset({"read"})))[1])
            return as_json({"query": {"userinfo": {"id": 1, "name": who, "rights": rights}}})
        if said.get("prop") == "info":
            return as_json({"batchcomplete": True, "query": self._info(said)})
        return self._revisions(said)

    def _info(self, said: Mapping[str, str]) -> dict[str, Any]:
        if "revids" in said:
            asked = [self.versions[int(said["revids"])].page] if said["revids"] else []
            return {"pages": [{"pageid": one, "title": self.pages[one]} for one in asked]}
        rows = []
        for title in said.get("titles", "").split("|"):
            numbers = [number for number, known in self.pages.items() if known == title]
            newest = self.newest(numbers[0]) if numbers else None
            talk = f"Talk:{title}" if ":" not in title else title.removeprefix("Talk:")
            row: dict[str, Any] = {"ns": 0, "title": title, "associatedpage": talk}
            if newest is None:
                rows.append({**row, "missing": True})
            else:
                rows.append({**row, "pageid": newest.page, "lastrevid": newest.id})
        return {"pages": rows}

    def _revisions(self, said: Mapping[str, str]) -> Reply:
        words = "content" in said.get("rvprop", "")
        if "revids" in said:
            asked = [int(one) for one in said["revids"].split("|")]
            found = [self.versions[one] for one in asked if one in self.versions]
            bad = {str(one): {"revid": one} for one in asked if one not in self.versions}
            query = self._grouped(found, words)
            return as_json({"query": {**query, "badrevids": bad} if bad else query})
        page = int(said["pageids"])
        rows = [one for one in self.versions.values() if one.page == page]
        if said.get("rvdir") != "newer":
            return as_json({"query": self._grouped(rows[-1:], words)})
        rows = [one for one in rows if one.at >= said.get("rvstart", "")]
        start = int(said.get("rvcontinue", "0|0").split("|")[1])
        rows = [one for one in rows if one.id >= start]
        limit = min(int(said.get("rvlimit", "10")), _BODY)
        answer: dict[str, Any] = {"query": self._grouped(rows[:limit], words)}
        if len(rows) > limit:
            answer["continue"] = {"rvcontinue": f"x|{rows[limit].id}", "continue": "||"}
        return as_json(answer)

    def _grouped(self, found: list[Version], words: bool) -> dict[str, Any]:
        pages = {one.page: [] for one in found}  # type: dict[int, list[dict[str, Any]]]
        for one in found:
            pages[one.page].append(self._shown(one, words))
        rows = [
            {"pageid": page, "ns": 0, "title": self.pages[page], "revisions": revisions}
            for page, revisions in pages.items()
        ]
        return {"pages": rows}

    def _shown(self, one: Version, words: bool) -> dict[str, Any]:
        tags = ["mw-reverted"] if one.undone else []
        shown = {"revid": one.id, "parentid": one.parent, "timestamp": one.at, "tags": tags}
        shown |= {"user": one.user, "comment": one.summary, "minor": False}
        if words:
            text = {"texthidden": True} if one.hidden else {"content": one.text}
            shown["slots"] = {"main": {"contentmodel": "wikitext", **text}}
        return shown

    def _change(self, said: Mapping[str, str], who: str) -> Reply:
        if said.get("token") != f"c-{who}+\\":
            return refusal("badtoken")
        rights = self.accounts.get(who, ("", frozenset()))[1]
        if said["action"] not in rights:
            return refusal("permissiondenied")
        page = int(said["pageid"])
        if said["action"] == "delete":
            self.versions = {key: one for key, one in self.versions.items() if one.page != page}
            return as_json({"delete": {"title": self.pages[page], "reason": said["reason"]}})
        if "text" in said:
            made = self.write(self.pages[page], said["text"], who)
            made.summary = said.get("summary", "")
            return as_json({"edit": {"result": "Success", "pageid": page, "newrevid": made.id}})
        return self._undo(page, int(said["undo"]), said, who)

    def _undo(self, page: int, number: int, said: Mapping[str, str], who: str) -> Reply:
        bad, newest = self.versions.get(number), self.newest(page)
        if bad is None or newest is None:
            return refusal("nosuchrevid")
        before = self.versions[bad.parent].text.splitlines() if bad.parent else []
        lines = [line for line in bad.text.splitlines() if line not in before]
        now_there = newest.text.splitlines()
        if not all(line in now_there for line in lines) or page in self.entangled:
            return refusal("undofailure")
        text = "\n".join(line for line in now_there if line not in lines)
        made = self.write(self.pages[page], text, who)
        made.summary, bad.undone = said.get("summary", ""), True
        return as_json({"edit": {"result": "Success", "pageid": page, "newrevid": made.id}})
