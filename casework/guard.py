"""The guard before every message that leaves: no words of a post and no name (practice 7).

A message is blocked when it holds four consecutive words of any post, or a registered name: an
author's as the platform shows it, or that of anybody with an account other than the recipient.
Words are compared without capitals, accents of width, punctuation and invisible characters.

What the product itself says is not looked at: a post that happens to quote "Waiting for a
decision" must not stop every digest for ever. That is decided line by line, against the patterns
of casework/digest_text.py; whatever is not a whole line of the product's own is looked at. The
organisation's own name is its own as well.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.digest_text import FIXED
from casework.mail import Message
from models.tables import Person, Post, Revision, Source
from models.vocabulary import Organisation

WORDS = 4
HOLDS_WORDS = "It holds four consecutive words of a post."
HOLDS_NAME = "It holds the name of a person."

_NO_ORGANISATION = Organisation(name="")
_BATCH = 2000

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’`](?:s\b)?")

Words = tuple[str, ...]


def blocks(
    session: Session,
    message: Message,
    *,
    recipient_id: int | None = None,
    organisation: Organisation = _NO_ORGANISATION,
) -> str:
    """Why the message must not leave, in words that quote nothing; "" when it may."""
    pieces = _pieces(message)
    return next(iter(leaks(session, pieces, recipient_id, organisation).values()), "")


def leaks(
    session: Session,
    pieces: Sequence[str],
    recipient_id: int | None = None,
    organisation: Organisation = _NO_ORGANISATION,
) -> dict[int, str]:
    """Which of these texts (by index) hold words of a post or a name, and which of the two.

    Reads the posts once, and not at all where no text has four words.
    """
    own = words_of(organisation.name)
    said = [words_of(piece) for piece in pieces]
    found = dict.fromkeys(_with_names(session, said, recipient_id, own), HOLDS_NAME)
    runs = [_runs(words, own) for words in said]
    posted = _posted(session, set().union(*runs))
    for index, mine in enumerate(runs):
        if mine & posted:
            found.setdefault(index, HOLDS_WORDS)
    return found


def words_of(text: str) -> Words:
    """The words of a text as they are compared; "Maya's" is "maya"."""
    plain = text.casefold()
    if not text.isascii():  # most posts are, and this runs over all of them
        plain = unicodedata.normalize("NFKC", text).casefold()
        plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return tuple(_WORD.findall(_APOSTROPHE.sub("", plain)))


def _pieces(message: Message) -> list[str]:
    """The parts of the message that are not the product's own lines; neighbours are joined."""
    pieces: list[str] = []
    for part in (message.subject, message.text, _shown(message.html)):
        run: list[str] = []
        for line in (line.strip() for line in part.splitlines()):
            foreign = line and _foreign(line)
            if foreign:
                run.append(foreign)
            elif line and run:
                pieces.append(" ".join(run))
                run = []
        pieces.append(" ".join(run))
    return [piece for piece in dict.fromkeys(pieces) if piece]


def _foreign(line: str) -> str:
    """What of a line is not the product's own: all of it, a place's name, or ""."""
    for pattern in _fixed():
        match = pattern.fullmatch(line)
        if match is not None:
            return match.groupdict().get("place") or ""
    return line


@lru_cache(maxsize=1)
def _fixed() -> tuple[re.Pattern[str], ...]:
    return FIXED()


def _shown(page: str) -> str:
    """HTML as its reader sees it, every element a line; addresses in links count as well."""
    links = "\n".join(f"Sign in: {url}" for url in re.findall(r'href="([^"]*)"', page))
    return html.unescape(re.sub(r"<[^>]*>", "\n", page) + "\n" + links)


def _runs(words: Words, own: Words) -> set[Words]:
    """Every run of four words, but for those that lie inside the organisation's own name."""
    inside = {own[at : at + WORDS] for at in range(len(own) - WORDS + 1)}
    return {words[at : at + WORDS] for at in range(len(words) - WORDS + 1)} - inside


def _posted(session: Session, wanted: set[Words]) -> set[Words]:
    """Which of these runs stand in any revision of any post."""
    found: set[Words] = set()
    if not wanted:
        return found
    firsts = {run[0] for run in wanted}
    texts = session.scalars(select(Revision.text).execution_options(yield_per=_BATCH))
    for text in texts:
        words = words_of(text)
        for at in range(len(words) - WORDS + 1):
            if words[at] in firsts and words[at : at + WORDS] in wanted:
                found.add(words[at : at + WORDS])
    return found


def _with_names(
    session: Session, said: Sequence[Words], recipient_id: int | None, own: Words
) -> list[int]:
    if not any(said):
        return []
    names = _names(session, recipient_id) - {own, ()}
    lengths = {len(name) for name in names}
    return [
        index
        for index, words in enumerate(said)
        if any(
            words[at : at + length] in names
            for length in lengths
            for at in range(len(words) - length + 1)
        )
    ]


def _names(session: Session, recipient_id: int | None) -> set[Words]:
    """Authors and account holders. A place that writes in its own name is not a person."""
    people: Iterable[str] = session.scalars(select(Person.name).where(Person.id != recipient_id))
    if recipient_id is None:
        people = session.scalars(select(Person.name))
    mine = "" if recipient_id is None else session.get_one(Person, recipient_id).name
    authors = session.scalars(
        select(Post.author_name).where(Post.author_name.is_not(None)).distinct()
    )
    places = {words_of(label) for label in session.scalars(select(Source.label))}
    found = {words_of(name) for name in (*people, *(name or "" for name in authors))}
    return found - places - {words_of(mine)}
