"""A Mastodon account: its posts, all answers to them, its mentions and quotes, its followers.

Mastodon's interface lets nobody delete what another account wrote, not even the moderators of
its server: so a removal is always done by a person, with steps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import Batch, Cursor, Member, PlatformAction, Receipt, Sighting
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.mastodon_client import MastodonClient
from collector.connectors.mastodon_place import MastodonPlace
from collector.connectors.walk import Progress, Walk
from collector.connectors.walk_state import resume
from collector.connectors.web import days, safe_base
from models.errors import Refused
from models.vocabulary import Capability, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.MEMBERS})
_USUAL = "https://mastodon.example.org/"
_REPORT = (
    "If somebody else wrote it: open it, press the three dots and choose Report. Say why. Then "
    "block its author, or remove them as a follower.",
    "If your server is your own: sign in as a moderator, open the report, and delete the post "
    "there.",
)
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "If the account wrote it: open it, press the three dots and choose Delete.",
        *_REPORT,
        "The next look at the account confirms it once it is gone.",
    ),
    Verb.HIDE: ("Mastodon cannot hide a post of somebody else.", *_REPORT),
    Verb.UNHIDE: ("Mastodon hides no single post, so there is nothing to show again.",),
    Verb.RESTORE: (
        "Mastodon cannot bring back a post that was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Mastodon:
    """One account. secrets is asked anew for each call, so a new token needs no restart."""

    name: ClassVar[str] = "mastodon"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES
    platform: ClassVar[str] = "Mastodon"

    base_url: str
    secrets: Secrets
    reread: timedelta = timedelta(days=7)
    watch: timedelta = timedelta(days=60)
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Mastodon account on {self.base_url.split('/')[2]}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass, or the rest of one that was broken off."""
        moment = self.clock()
        with self._client() as client:
            place = MastodonPlace(client, self.subject, moment)
            yield from Walk(place, resume(after, moment), moment, self.reread, self.watch).steps()

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Always Refused, with steps for a person."""
        raise Refused(
            "Mastodon's interface has no means for it.",
            subject=self.subject,
            cure=" ".join(_BY_HAND[action.verb]),
        )

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._client() as client:
            return MastodonPlace(client, self.subject, self.clock()).look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """Followers, and those who ask to follow. Mastodon does not say since when."""
        with self._client() as client:
            own = MastodonPlace(client, self.subject, self.clock()).account()
            lists = ((f"accounts/{own}/followers", "follower"), ("follow_requests", "asks"))
            for path, role in lists:
                progress, onward = Progress(self), ""
                while True:
                    raws, onward = client.page(path, onward, {"limit": "80"})
                    people = [one for one in raws if isinstance(one, dict)]
                    for one in people:
                        handle = one.get("acct")
                        if isinstance(handle, str) and handle:
                            yield Member(handle, str(one.get("display_name") or ""), role)
                    if not onward:
                        break
                    progress.check((str(one.get("id")) for one in people), onward)

    @contextmanager
    def _client(self) -> Iterator[MastodonClient]:
        client = MastodonClient(self.base_url, self.secrets("token"), self.subject)
        try:
            yield client
        finally:
            client.close()


def connect(options: Options, secrets: Secrets) -> Mastodon:
    """An account by its options (KINDS). Raises MendSettings for values that cannot work."""
    reread = days(options, "reread_days", 7)
    return Mastodon(
        safe_base(str(options["base_url"]), _USUAL),
        secrets,
        reread,
        # What is watched for deletion must lie within what is listed.
        max(days(options, "watch_days", 60), reread),
    )


KINDS = (
    ConnectorKind(
        name="mastodon",
        summary="Posts, answers, mentions and followers of a Mastodon account",
        options={
            "base_url": Option(
                "text",
                "The address of the server where the account signs in.",
                required=True,
                example=f'"{_USUAL}"',
            ),
            "token": Option(
                "text",
                "An access token of the account, with the scope read.",
                required=True,
                secret=True,
            ),
            "reread_days": Option(
                "number",
                "Posts up to this many days old are read again each time, to notice edits and "
                "deletions.",
                example="7",
            ),
            "watch_days": Option(
                "number",
                "How far back to list at each look. Once a day everything is listed.",
                example="60",
            ),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
