"""What an IMAP server answers to FETCH, taken apart; and which parts of a mail are words.

A mail's BODYSTRUCTURE says what it consists of before any of it is fetched, so that attachments
are counted and never come over the line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collector.connectors.mail_letter import MOST_PARTS

Token = Any
"""bytes, None (NIL), or a list of tokens."""

_DEEPEST = 400
_LITERAL = re.compile(rb"\{(\d{1,9})\+?\}\r\n")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ATOM = re.compile(rb"(?:[^\s()\[\]\"{]|\[[^\]]*\])+")


class Unreadable(ValueError):
    """It is not what an IMAP server says. Its text names the place, never what stood there."""


@dataclass(frozen=True, slots=True)
class Section:
    """A text part that can be fetched by its number. kind: "plain" or "html"."""

    number: str
    kind: str
    encoding: str
    charset: str


def responses(data: Sequence[Any]) -> Iterator[dict[str, Token]]:
    """Each FETCH response of imaplib's list as items by name in capitals. Raises Unreadable."""
    gathered = b""
    for piece in data:
        if isinstance(piece, tuple) and len(piece) == 2:
            gathered += piece[0] + b"\r\n" + piece[1]
        elif isinstance(piece, bytes):
            yield _items(gathered + piece)
            gathered = b""
    if gathered:
        raise Unreadable("an answer without its end")


def _items(raw: bytes) -> dict[str, Token]:
    parsed = _parse(raw)
    if len(parsed) != 2 or not isinstance(parsed[1], list) or len(parsed[1]) % 2:
        raise Unreadable("an answer that is no list of pairs")
    pairs = parsed[1]
    found: dict[str, Token] = {}
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        if not isinstance(name, bytes):
            raise Unreadable("an answer without a name")
        found[name.decode("ascii", "replace").upper()] = value
    return found


def _parse(raw: bytes) -> list[Token]:
    """The tokens of one response; parentheses are lists."""
    stack: list[list[Token]] = [[]]
    at = 0
    while at < len(raw):
        sign = raw[at : at + 1]
        if sign.isspace():
            at += 1
        elif sign == b"(":
            stack.append([])
            if len(stack) > _DEEPEST:
                raise Unreadable("parts within parts without end")
            at += 1
        elif sign == b")":
            if len(stack) == 1:
                raise Unreadable("a parenthesis too many")
            done = stack.pop()
            stack[-1].append(done)
            at += 1
        else:
            token, at = _token(raw, at)
            stack[-1].append(token)
    if len(stack) != 1:
        raise Unreadable("a parenthesis too few")
    return stack[0]


def _token(raw: bytes, at: int) -> tuple[Token, int]:
    if literal := _LITERAL.match(raw, at):
        end = literal.end() + int(literal[1])
        if end > len(raw):
            raise Unreadable("a text that is shorter than it says")
        return raw[literal.end() : end], end
    if quoted := _QUOTED.match(raw, at):
        return re.sub(rb"\\(.)", rb"\1", quoted[1]), quoted.end()
    if atom := _ATOM.match(raw, at):
        return (None if atom[0].upper() == b"NIL" else atom[0]), atom.end()
    raise Unreadable("a sign in the wrong place")


def sections(structure: Token) -> tuple[tuple[Section, ...], int]:
    """The text parts of a BODYSTRUCTURE, and how many other parts it has. Raises Unreadable."""
    found: list[Section] = []
    others = 0
    waiting: list[tuple[str, Token]] = [("", structure)]
    while waiting:
        number, part = waiting.pop(0)
        if not isinstance(part, list) or not part:
            raise Unreadable("a part that is none")
        if isinstance(part[0], list):
            inner = [one for one in part if isinstance(one, list)]
            inner = inner[: next((n for n, one in enumerate(part) if not isinstance(one, list)), 0)]
            dot = f"{number}." if number else ""
            waiting[:0] = [(f"{dot}{n}", one) for n, one in enumerate(inner, 1)]
            continue
        text = _text_section(number or "1", part)
        if text is None or len(found) >= MOST_PARTS:
            others += 1
        else:
            found.append(text)
    return tuple(found), others


def _text_section(number: str, part: list[Token]) -> Section | None:
    """The part as words to read; None for an attachment, a picture or anything else."""
    kind, sub = _word(part, 0), _word(part, 1)
    if not kind or not sub or len(part) < 7:
        raise Unreadable("a part without a kind")
    params = _pairs(part[2])
    disposition = part[9] if kind == "text" and len(part) > 9 else None
    if kind != "text" or sub not in ("plain", "html") or "name" in params:
        return None
    if isinstance(disposition, list):
        inside = _pairs(disposition[1]) if len(disposition) > 1 else {}
        if _word(disposition, 0) == "attachment" or any("filename" in one for one in inside):
            return None
    return Section(number, sub, _word(part, 5), params.get("charset", ""))


def _word(part: list[Token], at: int) -> str:
    value = part[at] if at < len(part) else None
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else ""


def _pairs(params: Token) -> dict[str, str]:
    if not isinstance(params, list):
        return {}
    words = [one.decode("ascii", "replace") if isinstance(one, bytes) else "" for one in params]
    return {name.lower(): value for name, value in zip(words[::2], words[1::2], strict=False)}
