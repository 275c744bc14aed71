"""HTML mails as plain text: the words that are shown, without scripts, styles or pictures.

Nothing is rendered or fetched. Text that a style hides is kept: what is hidden may be what matters.
Read in one pass, in time that grows with the length alone (html.parser's grows with its square).
"""

import re
from collections.abc import Iterator
from html import unescape

_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
_BREAKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "header", "hr"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p", "pre", "section"}
    | {"table", "td", "th", "tr", "ul"}
)
_LONGEST = 300_000
"""Characters of HTML that are read: a mail of words is a tenth of it."""

_LONGEST_LINK = 300

_LONGEST_TAG = 2_000
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_GIVEN = re.compile(
    r"""(?:^|[\s"'])(href|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


def plain(html: str) -> str:
    """The words of an HTML text, one line for each block. Never raises."""
    reader = _Reader()
    for is_tag, piece in _pieces(html[:_LONGEST]):
        if is_tag:
            reader.tag(piece)
        else:
            reader.say(unescape(piece).replace("\n", " "))
    reader.end_link()
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def _pieces(html: str) -> Iterator[tuple[bool, str]]:
    """Tags (what stands between the angle brackets) and the text between them, in order."""
    at = 0
    lower = html.lower()
    while (start := html.find("<", at)) >= 0:
        yield False, html[at:start]
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            at = end + 3
        else:
            end = html.find(">", start)
            at = end + 1
        if end < 0:
            yield False, "" if html.startswith("<!--", start) else html[start:]
            return
        inside = html[start + 1 : end]
        name = _NAME.match(inside)
        if name is None:
            if not inside.startswith(("!", "?", "/")):
                yield False, html[start:at]
            continue
        yield True, inside
        if name[1].lower() in _SILENT and not inside.startswith("/"):
            at = _after(lower, name[1].lower(), at)
    yield False, html[at:]


def _after(lower: str, name: str, at: int) -> int:
    """Where an element ends that is not read. A head without an end lasts until the body."""
    ends = [lower.find(f"</{name}", at)]
    if name == "head":
        ends.append(lower.find("<body", at))
    if name == "title":
        ends.append(lower.find("</head", at))
    found = [one for one in ends if one >= 0]
    return min(found) if found else len(lower)


class _Reader:
    """Gathers words. A link's address stands after its words where the two differ."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._link = ""
        self._words: list[str] = []

    def tag(self, inside: str) -> None:
        """A tag, given as what stands between the angle brackets."""
        found = _NAME.match(inside)
        name = found[1].lower() if found else ""
        if name in _BREAKS:
            self.said.append("\n")
        if name == "a":
            self.end_link()
        if name not in ("a", "img") or inside.startswith("/"):
            return
        given = {
            one[1].lower(): unescape(one[2] or one[3] or one[4] or "")
            for one in _GIVEN.finditer(inside[:_LONGEST_TAG])
        }
        if name == "a":
            self._link = given.get("href", "")
        elif given.get("alt"):
            self.say(f" {given['alt']} ")

    def say(self, words: str) -> None:
        """Text as it is shown."""
        self.said.append(words)
        if self._link:
            self._words.append(words)

    def end_link(self) -> None:
        """Write the address of the link that ends here, where its words do not hold it."""
        address, words = self._link.strip(), "".join(self._words)
        self._link, self._words = "", []
        known = address.lower().startswith(("http://", "https://", "mailto:", "tel:", "sms:"))
        bare = address.partition(":")[2].strip("/")
        if known and bare and bare not in words and len(address) <= _LONGEST_LINK:
            self.said.append(f" ({address}) ")
