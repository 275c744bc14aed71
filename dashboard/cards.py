"""Drawing what platforms and people wrote: the only way from their words to the screen.

Everything is escaped here and wrapped in elements of our own. Nothing is ever read as Markdown
or HTML, no address is made into a link, and characters that would mislead a reader are shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Span = tuple[int, int]
"""start, end: character offsets into the original text, end exclusive."""

_UNSEEN = {
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u2060": "word joiner",
    "\ufeff": "zero-width no-break space",
    "\u00ad": "soft hyphen",
    "\u180e": "vowel separator",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u061c": "Arabic letter mark",
    "\u202a": "left-to-right embedding",
    "\u202b": "right-to-left embedding",
    "\u202c": "end of direction change",
    "\u202d": "left-to-right override",
    "\u202e": "right-to-left override",
    "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate",
    "\u2068": "first strong isolate",
    "\u2069": "end of isolate",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
}
"""Characters that cannot be seen and can hide or turn words round. The zero-width joiner is
left alone: emoji of families and professions need it."""

_LONGEST = 20_000
"""Characters of one post drawn at once; the rest is counted, not drawn."""


def plain(text: str) -> str:
    """The text as HTML that shows it exactly: escaped, line ends kept, unseen characters named."""
    return "".join(_character(character) for character in text)


def _character(character: str) -> str:
    if character == "\n":
        return "<br>"
    if character in "\r\t":
        return " "
    name = _UNSEEN.get(character)
    if name:
        return f'<span class="ch-unseen" title="{name}">[{name}]</span>'
    if ord(character) < 32 or 127 <= ord(character) < 160:
        return '<span class="ch-unseen" title="control character">[control character]</span>'
    if 0xD800 <= ord(character) <= 0xDFFF:
        return "\ufffd"  # half a character: it cannot be sent to a browser
    # Asterisks, brackets and the like need no care: no Markdown is ever run over this.
    return escape(character, quote=True)


_MARKDOWN = re.compile(r"([\\\\`*_{}\[\]()<>#+\-.!|~:$&])")


def markdown_free(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown (a title, a choice): every sign that
    could mean something is escaped, and what cannot be seen is named. One line."""
    named = "".join(f"[{_UNSEEN[c]}]" if c in _UNSEEN else c for c in text)
    return _MARKDOWN.sub(r"\\\1", " ".join(named.split()))


def merged(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    """The spans inside the text, in order, those that touch or overlap joined into one."""
    joined: list[Span] = []
    for start, end in sorted((max(0, s), min(length, e)) for s, e in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def marked(text: str, spans: Iterable[Span] = ()) -> str:
    """The text as HTML with the spans in <mark>. Longer than 20,000 characters is cut, and says
    so."""
    shown = text[:_LONGEST]
    parts, at = [], 0
    for start, end in merged(spans, len(shown)):
        parts.append(plain(shown[at:start]))
        parts.append(f"<mark>{plain(shown[start:end])}</mark>")
        at = end
    parts.append(plain(shown[at:]))
    if len(text) > _LONGEST:
        left = len(text) - _LONGEST
        parts.append(f'<p class="ch-muted">{left:,} more characters are not shown here.</p>')
    return "".join(parts)


def snippet(text: str, spans: Sequence[Span] = (), width: int = 180) -> str:
    """One line of at most `width` characters around the first span, as HTML with marks."""
    flat = re.sub(r"[\r\n\t]", " ", text)
    if len(flat) <= width:
        return marked(flat, spans)
    first = min((start for start, _ in spans), default=0)
    begin = max(0, min(first - width // 3, len(flat) - width))
    end = begin + width
    inside = [(start - begin, stop - begin) for start, stop in spans]
    before, after = ("… " if begin else ""), (" …" if end < len(flat) else "")
    return f"{before}{marked(flat[begin:end], inside)}{after}"


def masked(text: str) -> str:
    """A span for lists: letters and digits but the first two and last two become dots."""
    seen = [index for index, character in enumerate(text) if character.isalnum()]
    keep = set(seen[:2] + seen[-2:]) if len(seen) > 6 else set(seen[:1])
    return "".join(
        character if index in keep or not character.isalnum() else "•"
        for index, character in enumerate(text)
    )


@dataclass(frozen=True, slots=True)
class Badge:
    """A short label. tone: "calm", "quiet", "warn" or "danger" (red: only for danger)."""

    text: str
    tone: str = "quiet"

    def html(self) -> str:
        """The badge, escaped."""
        return f'<span class="ch-badge ch-{self.tone}">{plain(self.text)}</span>'


def badges(*wanted: Badge | None) -> str:
    """A row of badges; None is left out."""
    inside = "".join(badge.html() for badge in wanted if badge)
    return f'<div class="ch-badges">{inside}</div>'


def line(*parts: str, tone: str = "muted") -> str:
    """One line of plain facts with dots between; empty parts are left out."""
    inside = " · ".join(plain(part) for part in parts if part)
    return f'<p class="ch-line ch-{tone}">{inside}</p>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Labels and values, one below the other; rows without a value are left out."""
    inside = "".join(
        f"<div><dt>{plain(label)}</dt><dd>{plain(value)}</dd></div>"
        for label, value in rows
        if value
    )
    return f'<dl class="ch-facts">{inside}</dl>'


def note(title: str, *sentences: str, tone: str = "calm") -> str:
    """A box with a title and sentences. tone as for a badge."""
    role = ' role="alert"' if tone == "danger" else ""
    inside = "".join(f"<p>{plain(sentence)}</p>" for sentence in sentences if sentence)
    return f'<div class="ch-note ch-{tone}"{role}><strong>{plain(title)}</strong>{inside}</div>'


def steps(title: str, sentences: Iterable[str]) -> str:
    """A numbered list under a title."""
    inside = "".join(f"<li>{plain(sentence)}</li>" for sentence in sentences)
    return f'<div class="ch-steps"><strong>{plain(title)}</strong><ol>{inside}</ol></div>'


def bullets(sentences: Iterable[str]) -> str:
    """Sentences in no order."""
    inside = "".join(f"<li>{plain(sentence)}</li>" for sentence in sentences)
    return f'<div class="ch-steps"><ul>{inside}</ul></div>'


def points(title: str, sentences: Iterable[str]) -> str:
    """Sentences in no order, under a title."""
    inside = "".join(f"<li>{plain(sentence)}</li>" for sentence in sentences)
    return f'<div class="ch-steps"><strong>{plain(title)}</strong><ul>{inside}</ul></div>'


def quote(text: str, spans: Iterable[Span] = ()) -> str:
    """A post's words, marked, in a frame of their own."""
    words = marked(text, spans) if text else '<span class="ch-muted">(no words)</span>'
    return f'<blockquote class="ch-post" dir="auto">{words}</blockquote>'


def fold(label: str, inside: str) -> str:
    """HTML of ours behind a label, shown when the label is pressed."""
    return f'<details class="ch-fold"><summary>{plain(label)}</summary>{inside}</details>'


def figures(rows: Iterable[tuple[str, str, str]]) -> str:
    """Big numbers: label, value, tone ("", "warn" or "danger")."""
    inside = "".join(
        f'<div class="ch-figure ch-{tone or "plain"}"><b>{plain(value)}</b>'
        f"<span>{plain(label)}</span></div>"
        for label, value, tone in rows
    )
    return f'<div class="ch-figures">{inside}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table that turns into cards on a narrow screen."""
    top = "".join(f'<th scope="col">{plain(head)}</th>' for head in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{escape(head, quote=True)}">{plain(cell)}</td>'
            for head, cell in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table class="ch-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
