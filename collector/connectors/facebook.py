"""Facebook Pages: posts of the Page and of visitors, comments and replies; hide, unhide, delete.

Groups are closed to every API since April 2024: for them there are exports and pasting. Built on
facebook-sdk at the current Graph version (facebook_client).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from collector.connector import Batch, Cursor, PlatformAction, Receipt, Sighting
from collector.connectors import facebook_cursor as cursors
from collector.connectors.facebook_client import GRAPH_URL, GraphClient
from collector.connectors.facebook_errors import Missing, lacks_permission
from collector.connectors.facebook_look import Look, may_be_asked
from collector.connectors.facebook_walk import Walk
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from models.errors import ChaperoneError, MendSettings, Refused, RetryLater
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.HIDE, Capability.UNHIDE, Capability.REMOVE})
_BATCH = 200
"""Posts in one batch, so that ten thousand are not ten thousand commits."""

_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the link to the post or comment, signed in as the Page.",
        "Press the three dots beside it and choose Delete.",
        "Come back and say that it is done. The next look at the Page confirms it.",
    ),
    Verb.HIDE: (
        "Open the link to the comment, signed in as the Page.",
        "Press the three dots beside it and choose Hide comment.",
        "Come back and say that it is done. The next look at the Page confirms it.",
    ),
    Verb.UNHIDE: (
        "Open the link to the comment, signed in as the Page.",
        "Press the three dots beside it and choose Unhide.",
        "Come back and say that it is done. The next look at the Page confirms it.",
    ),
    Verb.RESTORE: (
        "Facebook cannot bring back what was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


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
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Facebook Page {self.page_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass over the Page, or the rest of one that was broken off.

        Raises RetryLater between batches where most of the platform's allowance is used.
        """
        moment = self.clock()
        with self._client() as client:
            state = cursors.resume(after, moment)
            walk = Walk(client, self.page_id, self.subject, state, moment, self.reread, self.watch)
            yield from _gathered(self._paced(walk, client))

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where the token may not moderate."""
        if not may_be_asked(action.native_id):
            raise self._cannot("Facebook gave no number for it.", action.verb)
        with self._client() as client:
            if action.verb is Verb.REMOVE:
                return self._remove(client, action.native_id)
            if action.verb in (Verb.HIDE, Verb.UNHIDE):
                return self._hide(client, action.native_id, action.verb)
        raise self._cannot("Facebook has no means for it.", action.verb)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._client() as client:
            return Look(client, self.page_id, self.subject).look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

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
            pause = client.usage.pause
            if pause is not None and not walk.whole:
                raise RetryLater(
                    f"{client.usage.percent:.0f}% of what Facebook allows is used; we rest.",
                    subject=self.subject,
                    after=pause,
                )

    def _remove(self, client: GraphClient, native_id: str) -> Receipt:
        try:
            answer = client.delete(native_id)
        except Missing:
            # The same words for "gone" and "you may not": only looking tells which.
            self._gone_or_raise(client, native_id)
            return Receipt(self.clock(), True, "It was already gone from Facebook.")
        self._succeeded(answer, Verb.REMOVE)
        return Receipt(self.clock(), detail="Facebook says that it is deleted.")

    def _hide(self, client: GraphClient, native_id: str, verb: Verb) -> Receipt:
        wish = verb is Verb.HIDE
        is_post = native_id.startswith(f"{self.page_id}_")
        try:
            now_so = client.get(native_id, fields="id,is_hidden" + ("" if is_post else ",can_hide"))
        except Missing:
            self._gone_or_raise(client, native_id)
            if wish:
                return Receipt(self.clock(), True, "It was already gone from Facebook.")
            raise self._cannot("It is gone from Facebook.", verb) from None
        if now_so.get("is_hidden") is wish:
            how = "hidden" if wish else "in plain sight"
            return Receipt(self.clock(), True, f"It was already {how} on Facebook.")
        if wish and now_so.get("can_hide") is False:
            said = "Facebook does not let a Page hide its own comments: remove it instead."
            raise self._cannot(said, verb)
        try:
            answer = client.post(native_id, is_hidden="true" if wish else "false")
        except Missing:
            self._gone_or_raise(client, native_id)
            return Receipt(self.clock(), True, "It was already gone from Facebook.")
        self._succeeded(answer, verb)
        detail = "Facebook says that it is hidden." if wish else "Facebook says that it is shown."
        return Receipt(self.clock(), detail=detail)

    def _gone_or_raise(self, client: GraphClient, native_id: str) -> None:
        """Return if it is gone. Raises NeedsOperator if it stands and may not be touched."""
        look = Look(client, self.page_id, self.subject)
        if look.look_up([native_id])[native_id].presence is not Presence.GONE:
            raise lacks_permission(self.subject)

    def _succeeded(self, answer: Mapping[str, object], verb: Verb) -> None:
        if answer.get("success") is not True:
            raise self._cannot("Facebook did not say that it was done.", verb)

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def _gathered(steps: Iterator[Batch]) -> Iterator[Batch]:
    """Small batches joined; what was gathered before an error is given before it is raised."""
    kept: Batch | None = None
    try:
        for step in steps:
            kept = step if kept is None else _joined(kept, step)
            if len(kept.posts) >= _BATCH:
                yield kept
                kept = None
    except ChaperoneError:
        if kept is not None:
            yield kept
        raise
    if kept is not None:
        yield kept


def _joined(one: Batch, other: Batch) -> Batch:
    return replace(
        other,
        posts=one.posts + other.posts,
        gone=one.gone + other.gone,
        notes=tuple(dict.fromkeys(one.notes + other.notes)),
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
    )


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


KINDS = (
    ConnectorKind(
        name="facebook",
        summary="Posts, comments and replies on a Facebook Page (not groups: Facebook closed them)",
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
        connect=connect,
    ),
)
"""For the registry."""
