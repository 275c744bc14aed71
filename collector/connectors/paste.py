"""One post that a person typed or pasted, with its link: for places that no connector reads.

The same text from the same link is the same post, however often it is pasted.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar
from urllib.parse import urlsplit

from collector.connector import (
    Batch,
    Cursor,
    IncomingPost,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.kind import ConnectorKind, Options, Secrets
from collector.connectors.table_rows import is_web_link
from models.errors import MendInput, Refused
from models.vocabulary import AuthorRole, Capability, PostKind, Presence, Verb, aware, now

_LONGEST = 1_000_000
_AHEAD = timedelta(days=1)
_STEPS = (
    "Open the link that was pasted with the post.",
    "Remove or hide the post there, or report it to whoever runs the place.",
    "Then tick it off here. Nobody confirms it, so look once more yourself.",
)


def pasted_post(
    text: str,
    *,
    link: str = "",
    author: str = "",
    author_role: AuthorRole | None = None,
    posted_at: datetime | None = None,
) -> IncomingPost:
    """A post from what a person typed. posted_at: aware; None: not known, so it counts from now.

    Raises MendInput, in words for the person who pasted.
    """
    words = text.replace("\r\n", "\n").replace("\x00", "\ufffd").strip()
    if not words:
        raise _mend("There is no text.", "Paste the words of the post.")
    if len(words) > _LONGEST:
        raise _mend("The text is longer than a million characters.", "Paste the post alone.")
    address = link.strip()
    if address and not is_web_link(address):
        raise _mend(
            "The link is not a web address.", "Copy it whole: it begins with http:// or https://."
        )
    moment, note = now(), ""
    if posted_at is None:
        note = "When it was posted is not known: this is when it was pasted."
    elif aware(posted_at) > moment + _AHEAD:
        raise _mend("The time lies in the future.", "Give the time that stands beside the post.")
    name = author.strip() or None
    native_id = _native_id(words, address)
    return IncomingPost(
        native_id=native_id,
        kind=PostKind.POST,
        text=words,
        posted_at=moment if posted_at is None else aware(posted_at),
        author_id=name,
        author_name=name,
        author_role=author_role,
        thread_id=native_id,
        permalink=address or None,
        note=note,
    )


def _native_id(words: str, address: str) -> str:
    """Blind to spacing, and to the tail that sharing puts behind an address (#...)."""
    plain = " ".join(words.split())
    bare = urlsplit(address)._replace(fragment="").geturl() if address else ""
    digest = sha256(f"{bare}\n{plain}".encode("utf-8", "replace")).hexdigest()
    return f"paste.{digest[:32]}"


class PasteConnector:
    """The source that pasted posts belong to. There is nothing to poll."""

    name: ClassVar[str] = "paste"
    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Nothing: people bring these posts."""
        return iter(())

    def act(self, action: PlatformAction) -> Receipt:
        """Always Refused: nobody but a person can reach the place."""
        raise Refused(
            "A pasted post can only be changed where it stands.",
            subject=self.name,
            cure="Follow the steps by hand, then tick it off.",
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Always UNKNOWN."""
        return {name: Sighting(Presence.UNKNOWN) for name in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """Steps for a person."""
        return _STEPS


def connect(_options: Options, _secrets: Secrets) -> PasteConnector:
    """A connector for one source; it has nothing to set."""
    return PasteConnector()


KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=PasteConnector.name,
        summary="Posts that people paste, with their link.",
        options={},
        capabilities=PasteConnector.capabilities,
        connect=connect,
        polled=False,
    ),
)


def _mend(what: str, cure: str) -> MendInput:
    return MendInput(what, subject="the pasted post", cure=cure)
