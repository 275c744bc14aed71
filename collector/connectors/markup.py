"""HTML as the words that a reader sees, with the targets of links and the words for pictures.

Nothing is fetched and nothing is kept of the markup. Broken HTML gives what can be read of it.
"""

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "math"})
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    }
)
_MEDIA = frozenset({"img", "video", "audio", "iframe", "embed", "object"})


def plain(html: str) -> str:
    """The words, one line to each block. A link's target follows its words in brackets."""
    return _read(html).words()


def media_in(html: str) -> int:
    """How many pictures, videos and frames stand in it."""
    return _read(html).media


def _read(html: str) -> "_Reader":
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.media = 0
        self._parts: list[str] = []
        self._silent = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        if tag in _BLOCKS:
            self._parts.append("\n")
        if tag in _MEDIA:
            self.media += 1
        if said.get("alt"):
            self._parts.append(f"[{said['alt']}]")
        if tag == "a":
            self._links.append(said.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        if tag in _BLOCKS:
            self._parts.append("\n")
        if tag == "a" and self._links:
            target = self._links.pop()
            if target and not self._said_last(target):
                self._parts.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def words(self) -> str:
        """What was read, with spaces as a browser shows them."""
        lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def _said_last(self, target: str) -> bool:
        """Whether the link's words are its address: then it is not said twice."""
        return bool(self._parts) and self._parts[-1].strip() == target.strip()
