"""Facebook Pages: posts, comments, replies, reviews, tags, inbox; hide, unhide, delete, tell.

Groups are closed to every API since April 2024: for them there are exports and pasting. Built on
facebook-sdk at the current Graph version (facebook_client).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from collector.connector import Batch, Cursor, MemberAction, PlatformAction, Receipt, Sighting
from collector.connectors import facebook_beside, facebook_block
from collector.connectors import facebook_cursor as cursors
from collector.connectors.facebook_beside import Beside
from collector.connectors.facebook_beside_read import stands_on_the_page
from collector.connectors.facebook_client import GRAPH_URL, GraphClient
from collector.connectors.facebook_look import Look
from collector.connectors.facebook_moderation import BY_HAND, Moderation
from collector.connectors.facebook_token import MESSAGES, NEEDED, TokenWatch
from collector.connectors.facebook_walk import Walk
from collector.connectors.kind import ACTS, ConnectorKind, Ground, Option, Options, Secrets
from collector.connectors.walk import gathered
from models.errors import MendSettings, RetryLater
from models.vocabulary import Capability, Verb, now

CAPABILITIES = frozenset(
    {
        Capability.POSTS,
        Capability.HIDE,
        Capability.UNHIDE,
        Capability.REMOVE,
        Capability.TELL_AUTHOR,
        Capability.REMOVE_MEMBER,
    }
)


@dataclass(frozen=True, slots=True)
class Facebook:
    """One Page. secrets is asked anew for each call, so a renewed token needs no restart."""

    name: ClassVar[str] = "facebook"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    page_id: str
    secrets: Secrets
    base_url: str = GRAPH_URL
    reread: timedelta = timedelta(days=14)
    watch: timedelta = timedelta(days=90)
    app_id: str = ""
    inbox: bool = False
    clock: Callable[[], datetime] = now
    watchman: TokenWatch = field(default_factory=TokenWatch, repr=False, compare=False)

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Facebook Page {self.page_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass over the Page, or the rest of one that was broken off.

        Raises RetryLater between batches where most of the platform's allowance is used, and
        NeedsOperator at the end of a pass where the token lacks a permission.
        """
        moment, beside = self.clock(), facebook_beside.kept_in(after)
        token = self.secrets("token")
        self.watchman.look(token, self._asking, moment)
        self.watchman.refuse(moment, self.subject, self._wanted)
        with self._client() as client:
            state = cursors.resume(after, moment)
            walk = Walk(client, self.page_id, self.subject, state, moment, self.reread, self.watch)
            cursor = ""
            for batch in gathered(self._paced(walk, client)):
                cursor = batch.cursor
                yield replace(batch, cursor=facebook_beside.with_state(cursor, beside))
            place = Beside(
                client, self.page_id, self.subject, beside, moment, self.watch, self.inbox
            )
            for batch in place.steps():
                yield replace(batch, cursor=facebook_beside.with_state(cursor, beside))
                self._rest(client)
        notes = self.watchman.notes(moment)
        if notes:
            yield Batch((), facebook_beside.with_state(cursor, beside), notes=notes)
        self.watchman.refuse_after_reading(self.subject, self._wanted)

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where the token may not moderate."""
        with self._client() as client:
            return Moderation(client, self.page_id, self.subject, self.clock).act(action)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._client() as client:
            return Look(client, self.page_id, self.subject).look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return BY_HAND[verb]

    def remove_member(self, action: MemberAction) -> Receipt:
        """See RemovesMembers. A Page has no members: the person is blocked from writing there."""
        with self._client() as client:
            return self._blocking(client).block(action)

    def is_member(self, handle: str) -> bool:
        """See RemovesMembers. Whether the person may write on the Page."""
        with self._client() as client:
            return not self._blocking(client).is_blocked(handle)

    def member_by_hand(self) -> tuple[str, ...]:
        """See GuidesMembers."""
        return facebook_block.BY_HAND

    def _blocking(self, client: GraphClient) -> facebook_block.Blocking:
        return facebook_block.Blocking(client, self.page_id, self.subject, self.clock)

    @property
    def _wanted(self) -> tuple[str, ...]:
        """The permissions that the token must have."""
        return (*NEEDED, MESSAGES) if self.inbox else NEEDED

    def _asking(self) -> GraphClient:
        """Signed in as the app where it is known, else with the token itself."""
        app_secret = self.secrets("app_secret")
        known = bool(self.app_id and app_secret)
        token = f"{self.app_id}|{app_secret}" if known else self.secrets("token")
        return GraphClient(self.base_url, token, app_secret, self.subject)

    @contextmanager
    def _client(self) -> Iterator[GraphClient]:
        token, app_secret = self.secrets("token"), self.secrets("app_secret")
        client = GraphClient(self.base_url, token, app_secret, self.subject)
        try:
            yield client
        finally:
            client.close()

    def _paced(self, walk: Walk, client: GraphClient) -> Iterator[Batch]:
        for step in walk.steps():
            yield step
            if not walk.whole:
                self._rest(client)

    def _rest(self, client: GraphClient) -> None:
        pause = client.usage.pause
        if pause is not None:
            raise RetryLater(
                f"{client.usage.percent:.0f}% of what Facebook allows is used; we rest.",
                subject=self.subject,
                after=pause,
            )


def connect(options: Options, secrets: Secrets) -> Facebook:
    """A Page by its options (KINDS). Raises MendSettings for values that cannot work."""
    page_id = str(options["page_id"])
    if not page_id.isascii() or not page_id.isdigit():
        raise MendSettings(
            "It is not a Page's number.",
            subject="page_id",
            cure="It is the digits under Page transparency, in the About tab of the Page.",
        )
    return Facebook(
        page_id=page_id,
        secrets=secrets,
        base_url=_base_url(str(options.get("base_url", GRAPH_URL))),
        reread=_days(options, "reread_days", 14),
        # What is watched for deletion must lie within what is listed.
        watch=max(_days(options, "watch_days", 90), _days(options, "reread_days", 14)),
        app_id=_app_id(str(options.get("app_id", ""))),
        inbox=options.get("inbox", False) is True,
    )


def _app_id(written: str) -> str:
    if written and not (written.isascii() and written.isdigit()):
        raise MendSettings(
            "It is not an app's number.",
            subject="app_id",
            cure="It stands on the app's first page at developers.facebook.com.",
        )
    return written


def _base_url(address: str) -> str:
    """Only https, or this machine itself: the token is sent there."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise MendSettings(
            "The access token would be sent unprotected.",
            subject="base_url",
            cure=f'Leave it out, or begin it with "https://". Facebook\'s own is "{GRAPH_URL}".',
        )
    return address if address.endswith("/") else f"{address}/"


def _days(options: Options, name: str, default: int) -> timedelta:
    value = options.get(name, default)
    if not isinstance(value, int) or not 1 <= value <= 3650:
        raise MendSettings("It is not a number of days.", subject=name, cure="Write 1 to 3650.")
    return timedelta(days=value)


def _beyond(ground: Ground) -> frozenset[Capability]:
    """Only what stands on the Page is its own; and no Page can hide its own comments.

    The ids of its posts begin with the Page's own.
    """
    if not stands_on_the_page(ground.native_id):
        return ACTS
    own = ground.is_answer and ground.author_id == ground.thread_id.partition("_")[0]
    return frozenset({Capability.HIDE, Capability.UNHIDE}) if own else frozenset()


KINDS = (
    ConnectorKind(
        name="facebook",
        summary="Posts, comments, reviews and messages of a Facebook Page (not groups: closed)",
        options={
            "page_id": Option(
                "text",
                "The Page's number: on the Page, About, Page transparency.",
                required=True,
                example='"900100200300400"',
            ),
            "token": Option(
                "text",
                "A Page access token with pages_read_engagement, pages_read_user_content and "
                "pages_manage_engagement.",
                required=True,
                secret=True,
            ),
            "app_secret": Option(
                "text", "The Meta app's secret, where the app requires proof of it.", secret=True
            ),
            "app_id": Option(
                "text",
                "The Meta app's number; with app_secret, Facebook says when the token ends.",
                example='"1234567890"',
            ),
            "inbox": Option(
                "yes_no",
                "Whether private messages to the Page are read too (the token then needs "
                "pages_messaging).",
                example="false",
            ),
            "reread_days": Option(
                "number",
                "Posts up to this many days old are read again each time, to notice edits and "
                "deletions.",
                example="14",
            ),
            "watch_days": Option(
                "number", "How far back to look for new comments on old posts.", example="90"
            ),
            "base_url": Option(
                "text", "Only for the demonstration: the address of its stand-in for Facebook."
            ),
        },
        capabilities=CAPABILITIES,
        beyond=_beyond,
        connect=connect,
    ),
)
"""For the registry."""
