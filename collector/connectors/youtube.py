"""YouTube channels: videos, comments and all replies; held back, shown again, rejected.

Built on Google's own client. Comments that YouTube itself holds back or takes for spam are read
too. A rejected comment cannot come back.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from collector.connector import Batch, Cursor, PlatformAction, Receipt, Sighting
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.walk import Walk
from collector.connectors.walk_state import resume
from collector.connectors.web import days, part_of, safe_base
from collector.connectors.youtube_read import is_comment, is_video
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Capability, Presence, Verb, now

if TYPE_CHECKING:
    from collector.connectors.youtube_client import YouTubeClient
    from collector.connectors.youtube_place import YouTubePlace

CAPABILITIES = frozenset({Capability.POSTS, Capability.HIDE, Capability.UNHIDE, Capability.REMOVE})
_API_URL = "https://youtube.googleapis.com/"
_TOKEN_URL = "https://oauth2.googleapis.com/"  # noqa: S105 - an address, not a token
_DONE = "Come back and say that it is done. The next look at the channel confirms it."
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the link to the comment, signed in as the channel.",
        "Press the three dots beside it and choose Remove.",
        _DONE,
    ),
    Verb.HIDE: (
        "Open YouTube Studio, Community, and find the comment.",
        "Press the three dots beside it and choose Hold for review, or Remove it.",
        _DONE,
    ),
    Verb.UNHIDE: (
        "Open YouTube Studio, Community, and choose Held for review.",
        "Press Approve beside the comment.",
        _DONE,
    ),
    Verb.RESTORE: (
        "YouTube cannot bring back a comment that was rejected.",
        "If it should stand again, ask its author to write it again.",
    ),
}
_WISHES: Mapping[Verb, tuple[str, Presence, str]] = {
    Verb.HIDE: ("heldForReview", Presence.HIDDEN, "held for review"),
    Verb.UNHIDE: ("published", Presence.PRESENT, "in plain sight"),
    Verb.REMOVE: ("rejected", Presence.GONE, "rejected"),
}


@dataclass(frozen=True, slots=True)
class YouTube:
    """One channel. secrets is asked anew for each call, so a renewed token needs no restart."""

    name: ClassVar[str] = "youtube"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    channel_id: str
    client_id: str
    secrets: Secrets
    api_url: str = _API_URL
    token_url: str = _TOKEN_URL
    reread: timedelta = timedelta(days=14)
    watch: timedelta = timedelta(days=60)
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"YouTube channel {self.channel_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass over the channel, or the rest of one that was broken off."""
        moment = self.clock()
        with self._signed_in() as (_, place):
            yield from Walk(place, resume(after, moment), moment, self.reread, self.watch).steps()

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where the token may not moderate."""
        native_id, verb = action.native_id, action.verb
        if verb not in _WISHES or not (is_video(native_id) or is_comment(native_id)):
            raise self._cannot("YouTube has no means for it.", verb)
        with self._signed_in() as (client, place):
            status, wish, words = _WISHES[verb]
            standing = place.look_up([native_id])[native_id].presence
            if standing is Presence.GONE and verb is Verb.UNHIDE:
                raise self._cannot("It is gone from YouTube.", verb)
            if standing is Presence.GONE:
                return Receipt(self.clock(), True, "It was already gone from YouTube.")
            if standing is wish:
                return Receipt(self.clock(), True, f"It was already {words} on YouTube.")
            if is_video(native_id):
                return self._video(client, native_id, verb)
            client.run(
                client.api.comments().setModerationStatus(id=native_id, moderationStatus=status)
            )
            return Receipt(self.clock(), detail=f"YouTube took it: the comment is {words}.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._signed_in() as (_, place):
            return place.look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def _video(self, client: "YouTubeClient", video_id: str, verb: Verb) -> Receipt:
        """A video of the channel's own: private, public, or deleted for good."""
        videos = client.api.videos()
        if verb is Verb.REMOVE:
            client.run(videos.delete(id=video_id))
            return Receipt(self.clock(), detail="YouTube took it: the video is deleted.")
        items, _ = client.page(videos.list(part="status", id=video_id))
        status = dict(part_of(items[0] if items else None, "status"))
        if not status:
            raise NeedsOperator(
                "YouTube does not show this account how the video stands.",
                subject=self.subject,
                cure="Sign in as the owner of the channel.",
            )
        # What is left out of the part is set back: the rest of it goes along.
        status["privacyStatus"] = "private" if verb is Verb.HIDE else "public"
        client.run(videos.update(part="status", body={"id": video_id, "status": status}))
        return Receipt(self.clock(), detail=f"YouTube took it: {status['privacyStatus']} now.")

    @contextmanager
    def _signed_in(self) -> Iterator[tuple["YouTubeClient", "YouTubePlace"]]:
        # Here, so that other sources work where Google's client is not installed.
        from collector.connectors.youtube_client import YouTubeClient
        from collector.connectors.youtube_place import YouTubePlace

        given = {name: self.secrets(name) for name in ("client_secret", "refresh_token")}
        given["client_id"] = self.client_id
        client = YouTubeClient(given, self.api_url, self.token_url, self.subject)
        try:
            yield client, YouTubePlace(client, self.channel_id, self.subject, self.clock())
        finally:
            client.close()

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def connect(options: Options, secrets: Secrets) -> YouTube:
    """A channel by its options (KINDS). Raises MendSettings for values that cannot work."""
    channel_id = str(options["channel_id"])
    if not re.fullmatch(r"UC[A-Za-z0-9_-]{22}", channel_id):
        raise MendSettings(
            "It is not a channel's id.",
            subject="channel_id",
            cure="It has 24 letters and begins with UC: YouTube, Settings, Advanced settings.",
        )
    reread = days(options, "reread_days", 14)
    return YouTube(
        channel_id=channel_id,
        client_id=str(options["client_id"]),
        secrets=secrets,
        api_url=safe_base(str(options.get("base_url", _API_URL)), _API_URL),
        token_url=safe_base(str(options.get("token_url", _TOKEN_URL)), _TOKEN_URL),
        reread=reread,
        # What is watched for deletion must lie within what is listed.
        watch=max(days(options, "watch_days", 60), reread),
    )


KINDS = (
    ConnectorKind(
        name="youtube",
        summary="Videos, comments and replies of a YouTube channel that the organisation owns",
        options={
            "channel_id": Option(
                "text",
                "The channel's id: YouTube, Settings, Advanced settings.",
                required=True,
                example='"UCxxxxxxxxxxxxxxxxxxxxxx"',
            ),
            "client_id": Option(
                "text",
                "The OAuth client's id, from the Google console.",
                required=True,
                example='"1234.apps.googleusercontent.com"',
            ),
            "client_secret": Option("text", "The OAuth client's secret.", True, secret=True),
            "refresh_token": Option(
                "text",
                "A refresh token of the channel's owner, with the permission youtube.force-ssl.",
                required=True,
                secret=True,
            ),
            "reread_days": Option(
                "number",
                "Comments up to this many days old are watched for deletion.",
                example="14",
            ),
            "watch_days": Option(
                "number",
                "How far back to list at each look. Once a day everything is listed.",
                example="60",
            ),
            "base_url": Option("text", "Only to try things out against a stand-in for YouTube."),
            "token_url": Option("text", "Only to try things out against a stand-in for Google."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
