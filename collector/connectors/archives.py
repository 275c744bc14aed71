"""Archives that platforms give of an account: Facebook, Instagram, and Google+ until 2019.

An archive is read once. New posts never arrive in it, and nothing can be done through it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from collector.connector import IncomingPost
from collector.connectors.archive_meta import WANTED, MetaArchive
from collector.connectors.archive_zip import documents
from collector.connectors.files import PATH, FileSource, Said, path_of
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.mail_html import plain
from models.errors import MendInput
from models.vocabulary import PostKind, Verb

_PLUS = re.compile(r"(?:^|/)(?:Google\+ Stream|[^/]*Google\+[^/]*)/(?:.*/)?[^/]+\.json$")
_NOTHING = "It holds nothing that people wrote, or it was made as HTML."
_AS_JSON = "Ask for the download again and choose the format JSON, not HTML."


def _steps(platform: str) -> Mapping[Verb, tuple[str, ...]]:
    look = f"An archive is a copy: open {platform} and look whether the post still stands there."
    return {
        Verb.REMOVE: (look, "Remove it there by its three dots.", "Then tick it off here."),
        Verb.HIDE: (look, "Hide it there, or remove it.", "Then tick it off here."),
        Verb.UNHIDE: (look, "Show it again there by its three dots."),
        Verb.RESTORE: (look, "If it is gone there, ask its author to write it again."),
    }


class _MetaFiles(FileSource):
    """Downloads of a Facebook or Instagram account. owner: whose account it is."""

    prefix: ClassVar[str]
    suffixes: ClassVar[frozenset[str]] = frozenset({".zip", ".json"})

    def __init__(self, path: Path, owner: str, messages: bool) -> None:
        super().__init__(path)
        self._owner, self._messages = owner, messages

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """See FileSource. The whole archive is read before the first post is given."""
        archive = MetaArchive(self.prefix, self._owner, self._messages)
        found: list[IncomingPost] = []
        files = 0
        for name, document in documents(path, WANTED):
            files += 1
            found += archive.posts(name, document)
        if not found and files == archive.unknown:
            raise MendInput(_NOTHING, subject=path.name, cure=_AS_JSON)
        said.append("An archive holds nothing newer than the day when it was made.")
        if archive.unread:
            said.append(f"{archive.unread:,} entries hold no words or no time, or were unsent.")
        if archive.unknown:
            said.append(f"{archive.unknown:,} files have a layout that is not known.")
        yield from found


class FacebookArchive(_MetaFiles):
    """Facebook's "download your information"."""

    name: ClassVar[str] = "facebook_archive"
    prefix: ClassVar[str] = "fba"
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = _steps("Facebook")


class InstagramArchive(_MetaFiles):
    """Instagram's "download your information"."""

    name: ClassVar[str] = "instagram_archive"
    prefix: ClassVar[str] = "iga"
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = _steps("Instagram")


class GooglePlusArchive(FileSource):
    """A Google Takeout with a Google+ stream. The service ended in April 2019."""

    name: ClassVar[str] = "google_plus_archive"
    suffixes: ClassVar[frozenset[str]] = frozenset({".zip", ".json"})
    steps: ClassVar[Mapping[Verb, tuple[str, ...]]] = dict.fromkeys(
        Verb,
        (
            "Google+ closed in April 2019: nothing of it stands on the internet any more.",
            "If a copy stands somewhere, ask whoever runs that place to take it down.",
            "Delete the archive itself once what matters is kept in a case.",
        ),
    )

    def read(self, path: Path, said: Said) -> Iterator[IncomingPost]:
        """See FileSource. The whole archive is read before the first post is given."""
        found: list[IncomingPost] = []
        unread = 0
        for _, document in documents(path, _PLUS):
            for entry in document if isinstance(document, list) else [document]:
                posts = list(_plus_posts(entry))
                unread += not posts
                found += posts
        if not found:
            raise MendInput(_NOTHING, subject=path.name, cure="Google no longer gives another.")
        said.append("Google+ closed in 2019. Delete the archive when nothing of it is needed.")
        if unread:
            said.append(f"{unread:,} files of it hold no words or no time.")
        yield from found


def _plus_posts(entry: object, under: str = "") -> Iterator[IncomingPost]:
    """A post and its comments; under: the post's id where the entry is a comment."""
    if not isinstance(entry, Mapping):
        return
    text = plain(_text(entry.get("content")))
    if isinstance(shared := entry.get("resharedPost"), Mapping):
        text = "\n\n".join(one for one in (text, plain(_text(shared.get("content")))) if one)
    moment = _plus_time(entry.get("creationTime"))
    media = _plus_media(entry)
    author = entry.get("author")
    who = author if isinstance(author, Mapping) else {}
    key = _text(entry.get("resourceName")) or _text(entry.get("activityId"))
    if not key:
        whole = f"{under}\n{entry.get('creationTime')}\n{_text(who.get('resourceName'))}\n{text}"
        key = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    name = f"gp:{key}"
    if moment is not None and (text or media):
        yield IncomingPost(
            native_id=name,
            kind=PostKind.COMMENT if under else PostKind.POST,
            text=text,
            posted_at=moment,
            author_id=_text(who.get("resourceName")) or None,
            author_name=_text(who.get("displayName")) or None,
            parent_id=under or None,
            thread_id=under or name,
            media_count=media,
            edited_at=_plus_time(entry.get("updateTime")),
            note="From an archive: Google+ closed in 2019.",
        )
    if not under:
        comments = entry.get("comments")
        for one in comments if isinstance(comments, list) else []:
            yield from _plus_posts(one, name)


def _plus_media(entry: Mapping[str, object]) -> int:
    album = entry.get("album")
    inside = album.get("media") if isinstance(album, Mapping) else None
    return len(inside) if isinstance(inside, list) else int(isinstance(entry.get("media"), Mapping))


def _plus_time(value: object) -> datetime | None:
    try:
        return datetime.strptime(_text(value), "%Y-%m-%d %H:%M:%S%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _owner(options: Options) -> tuple[str, bool]:
    return str(options.get("owner", "")).strip(), options.get("messages", True) is not False


def connect_facebook(options: Options, _secrets: Secrets) -> FacebookArchive:
    """A folder of Facebook downloads. Raises MendSettings for values that cannot work."""
    return FacebookArchive(path_of(options, "facebook_archive"), *_owner(options))


def connect_instagram(options: Options, _secrets: Secrets) -> InstagramArchive:
    """A folder of Instagram downloads. Raises MendSettings for values that cannot work."""
    return InstagramArchive(path_of(options, "instagram_archive"), *_owner(options))


def connect_google_plus(options: Options, _secrets: Secrets) -> GooglePlusArchive:
    """A folder of Takeout archives. Raises MendSettings for values that cannot work."""
    return GooglePlusArchive(path_of(options, "google_plus_archive"))


_META_OPTIONS: Mapping[str, Option] = {
    **PATH,
    "owner": Option("text", "Whose account it is: the author of its posts.", example='"Studio"'),
    "messages": Option("yes_no", "Whether private messages are read too.", example="true"),
}

KINDS = (
    ConnectorKind(
        name="facebook_archive",
        summary='Facebook\'s "download your information" (JSON), read once.',
        options=_META_OPTIONS,
        capabilities=FacebookArchive.capabilities,
        connect=connect_facebook,
    ),
    ConnectorKind(
        name="instagram_archive",
        summary='Instagram\'s "download your information" (JSON), read once.',
        options=_META_OPTIONS,
        capabilities=InstagramArchive.capabilities,
        connect=connect_instagram,
    ),
    ConnectorKind(
        name="google_plus_archive",
        summary="A Google Takeout with a Google+ stream (closed in 2019), read once.",
        options=PATH,
        capabilities=GooglePlusArchive.capabilities,
        connect=connect_google_plus,
    ),
)
"""For the registry."""
