"""Instagram professional accounts: own posts, their comments and replies, posts that tag or mention
them.

Comments under own posts can be hidden, shown again and deleted. Personal accounts have no
interface at all since December 2024.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import (
    Batch,
    Cursor,
    Gone,
    IncomingPost,
    Mention,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors.instagram_client import InstagramClient, Missing, lacks_permission
from collector.connectors.instagram_place import InstagramPlace
from collector.connectors.instagram_read import TAG, may_be_asked, platform_id
from collector.connectors.instagram_token import Renewal, Token, renewal
from collector.connectors.kind import ACTS, ConnectorKind, Ground, Option, Options, Secrets
from collector.connectors.walk import Walk
from collector.connectors.walk_state import resume
from collector.connectors.web import days, safe_base
from models.errors import MendSettings, Refused, RetryLater
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.HIDE, Capability.UNHIDE, Capability.REMOVE})
_HOSTS = {
    "instagram": "https://graph.instagram.com/",
    "facebook": "https://graph.facebook.com/",
}
_DONE = "Come back and say that it is done. The next look at the account confirms it."
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the post in the Instagram app, signed in as the account.",
        "For a comment: hold it down and choose Delete. For your own post: three dots, Delete.",
        "For a post that tags you: three dots, Remove me from post, then report it.",
        "For a mention under somebody else's post: hold it down and choose Report. You can also "
        "block its author, or ask whose post it is to take it down.",
        _DONE,
    ),
    Verb.HIDE: (
        "Open the comment in the Instagram app, signed in as the account.",
        "Hold it down, and choose Restrict or Hide comment.",
        "A mention under somebody else's post cannot be hidden: hold it down and choose Report.",
        "A post of your own can be archived: three dots, Archive.",
        _DONE,
    ),
    Verb.UNHIDE: (
        "Open the post in the Instagram app, signed in as the account.",
        "Choose View hidden comments below it, hold the comment down and choose Unhide.",
        _DONE,
    ),
    Verb.RESTORE: (
        "Instagram cannot bring back a comment that was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Instagram:
    """One account. secrets is asked anew for each call, so a renewed token needs no restart."""

    name: ClassVar[str] = "instagram"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    account_id: str
    secrets: Secrets
    base_url: str
    renewal: Renewal = field(default_factory=Renewal)
    reread: timedelta = timedelta(days=14)
    watch: timedelta = timedelta(days=90)
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Instagram account {self.account_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass, or the rest of one that was broken off.

        Raises RetryLater between batches where most of the allowance is used, and NeedsOperator
        at the end of a pass where the token ends within three days.
        """
        moment = self.clock()
        token = self._token(moment)
        state = resume(after, moment)
        with self._client(token) as client:
            place = InstagramPlace(client, self.account_id, self.subject, moment)
            last: Batch | None = None
            walk = Walk(place, state, moment, self.reread, self.watch)
            for last in walk.steps():
                yield last
                if not walk.whole:
                    self._rest(client)
        warning = self.renewal.warning(token, moment, self.subject)
        if warning and last is not None:
            yield Batch((), last.cursor, notes=(warning,))

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where the token may not moderate."""
        if not may_be_asked(action.native_id):
            raise self._cannot("Instagram lets nobody but its author change it.", action.verb)
        with self._client(self._token()) as client:
            if action.verb is Verb.REMOVE:
                return self._remove(client, action.native_id)
            if action.verb in (Verb.HIDE, Verb.UNHIDE) and "_" in action.native_id:
                return self._hide(client, action.native_id, action.verb)
        raise self._cannot("Instagram has no means for it.", action.verb)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._client(self._token()) as client:
            return self._place(client).look_up(native_ids)

    def mention(self, mention: Mention) -> IncomingPost | Gone:
        """See ReadsMentions."""
        with self._client(self._token()) as client:
            return self._place(client).mentions.read(mention)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def _place(self, client: InstagramClient) -> InstagramPlace:
        return InstagramPlace(client, self.account_id, self.subject, self.clock())

    @contextmanager
    def _client(self, token: Token) -> Iterator[InstagramClient]:
        client = InstagramClient(self.base_url, token.value, self.subject)
        try:
            yield client
        finally:
            client.close()

    def _token(self, renew_at: datetime | None = None) -> Token:
        """The token to use; renewed first where that is due at this moment."""
        configured = self.secrets("token")
        token = self.renewal.newest(configured, self.subject)
        if renew_at is not None and self.renewal.due(token, renew_at):
            with self._client(token) as client:
                fresh = self.renewal.renew(client, configured, renew_at, self.subject)
            token = fresh or token
        return token

    def _rest(self, client: InstagramClient) -> None:
        pause = client.usage.pause
        if pause is not None:
            said = f"{client.usage.percent:.0f}% of what Instagram allows is used; we rest."
            raise RetryLater(said, subject=self.subject, after=pause)

    def _remove(self, client: InstagramClient, native_id: str) -> Receipt:
        try:
            answer = client.delete(platform_id(native_id))
        except Missing:
            # The same words for "gone" and "you may not": only looking tells which.
            return self._gone_already(client, native_id)
        self._succeeded(answer, Verb.REMOVE)
        return Receipt(self.clock(), detail="Instagram says that it is deleted.")

    def _hide(self, client: InstagramClient, native_id: str, verb: Verb) -> Receipt:
        wish, one = verb is Verb.HIDE, platform_id(native_id)
        try:
            if client.get(one, fields="id,hidden").get("hidden") is wish:
                how = "hidden" if wish else "in plain sight"
                return Receipt(self.clock(), True, f"It was already {how} on Instagram.")
            # It is read as `hidden` and written as `hide`.
            answer = client.post(one, hide="true" if wish else "false")
        except Missing:
            receipt = self._gone_already(client, native_id)
            if wish:
                return receipt
            raise self._cannot("It is gone from Instagram.", verb) from None
        self._succeeded(answer, verb)
        detail = "Instagram says that it is hidden." if wish else "Instagram says that it is shown."
        return Receipt(self.clock(), detail=detail)

    def _gone_already(self, client: InstagramClient, native_id: str) -> Receipt:
        """Raises NeedsOperator if it stands and may not be touched."""
        seen = self._place(client).look_up([native_id])[native_id]
        if seen.presence is not Presence.GONE:
            raise lacks_permission(self.subject)
        return Receipt(self.clock(), True, "It was already gone from Instagram.")

    def _succeeded(self, answer: Mapping[str, object], verb: Verb) -> None:
        if answer.get("success") is not True:
            raise self._cannot("Instagram did not say that it was done.", verb)

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def connect(options: Options, secrets: Secrets) -> Instagram:
    """An account by its options (KINDS). Raises MendSettings for values that cannot work."""
    account_id, sign_in = str(options["account_id"]), str(options.get("sign_in", "instagram"))
    if not account_id.isascii() or not account_id.isdigit():
        raise MendSettings(
            "It is not an account's number.",
            subject="account_id",
            cure="docs/connectors/instagram.md says how to find it.",
        )
    if sign_in not in _HOSTS:
        raise MendSettings(
            "There is no such way to sign in.",
            subject="sign_in",
            cure='Write "instagram", or "facebook" where the token is one of a Page.',
        )
    kept_in, made_on = options.get("renewed_token_file", ""), options.get("token_made_on", "")
    reread = days(options, "reread_days", 14)
    return Instagram(
        account_id=account_id,
        secrets=secrets,
        base_url=safe_base(str(options.get("base_url", _HOSTS[sign_in])), _HOSTS[sign_in]),
        # A Page's token is another kind: it does not end, and cannot be renewed like this.
        renewal=renewal(str(kept_in) if sign_in == "instagram" else "", str(made_on)),
        reread=reread,
        # What is watched for deletion must lie within what is listed.
        watch=max(days(options, "watch_days", 90), reread),
    )


def _beyond(ground: Ground) -> frozenset[Capability]:
    """Other people's media are theirs; of our own media Instagram hides comments, and no post."""
    if ground.native_id.startswith(TAG):
        return ACTS
    is_media = ground.native_id.isdigit()  # a comment's id has two numbers
    return frozenset({Capability.HIDE, Capability.UNHIDE}) if is_media else frozenset()


KINDS = (
    ConnectorKind(
        name="instagram",
        summary="Posts, comments and replies of an Instagram professional account",
        options={
            "account_id": Option(
                "text",
                "The account's number, as the access token sees it.",
                required=True,
                example='"17841400000000001"',
            ),
            "token": Option(
                "text",
                "An access token with instagram_business_basic and "
                "instagram_business_manage_comments.",
                required=True,
                secret=True,
            ),
            "sign_in": Option(
                "text",
                'How the token was made: "instagram", or "facebook" for a token of a Page.',
                example='"instagram"',
            ),
            "renewed_token_file": Option(
                "text",
                "A file where renewed tokens are kept; without it, make one every 60 days.",
            ),
            "token_made_on": Option(
                "text",
                "The day the token was made; ten days before it ends you are told.",
                example='"2026-11-21"',
            ),
            "reread_days": Option(
                "number",
                "Posts up to this many days old are read again each time, to notice edits and "
                "deletions.",
                example="14",
            ),
            "watch_days": Option(
                "number",
                "How far back to list at each look. Once a day everything is listed.",
                example="90",
            ),
            "base_url": Option("text", "Only to try things out against a stand-in for Instagram."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
        beyond=_beyond,
    ),
)
"""For the registry."""
