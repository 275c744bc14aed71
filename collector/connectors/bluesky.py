"""A Bluesky account: its posts, all answers to them, mentions and quotes, its followers.

An answer under a post of the account can be hidden for everybody and shown again. Nobody can
delete what another account wrote.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from collector.connector import Batch, Cursor, Member, PlatformAction, Receipt, Sighting
from collector.connectors.bluesky_client import BlueskyClient, Changed
from collector.connectors.bluesky_place import GATE, NATIVE, BlueskyPlace, root_of
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets, answers_to_us
from collector.connectors.walk import Progress, Walk
from collector.connectors.walk_state import resume
from collector.connectors.web import days, moment, safe_base
from models.errors import Refused
from models.vocabulary import Capability, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.MEMBERS, Capability.HIDE, Capability.UNHIDE})
_USUAL = "https://bsky.social/"
_MOST_HIDDEN = 300
_TRIES = 3
_REPORT = (
    "Open it in Bluesky, press the three dots and choose Report post. Say why.",
    "Block its author if need be. Who blocks whom is public on Bluesky.",
)
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "If the account wrote it: open it, press the three dots and choose Delete post.",
        "Somebody else's post cannot be deleted. Under a post of yours it can be hidden instead.",
        *_REPORT,
        "The next look at the account confirms it once it is gone.",
    ),
    Verb.HIDE: (
        "Under a post of yours: press the three dots and choose Hide reply for everyone.",
        "Where it quotes a post of yours: three dots, Detach quote.",
        *_REPORT,
    ),
    Verb.UNHIDE: (
        "Open the post that it answers, and then Hidden replies below it.",
        "Press the three dots and choose Show reply for everyone.",
    ),
    Verb.RESTORE: (
        "Bluesky cannot bring back a post that was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Bluesky:
    """One account. secrets is asked anew for each call, so a new password needs no restart."""

    name: ClassVar[str] = "bluesky"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES
    platform: ClassVar[str] = "Bluesky"

    base_url: str
    handle: str
    secrets: Secrets
    reread: timedelta = timedelta(days=7)
    watch: timedelta = timedelta(days=60)
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"Bluesky account {self.handle}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass, or the rest of one that was broken off."""
        at = self.clock()
        yield from Walk(self._place(), resume(after, at), at, self.reread, self.watch).steps()

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Only answers under a post of the account's can be hidden."""
        if action.verb not in (Verb.HIDE, Verb.UNHIDE) or not NATIVE.fullmatch(action.native_id):
            raise self._cannot("Bluesky has no means for it.", action.verb)
        wish = action.verb is Verb.HIDE
        client = self._client()
        place = BlueskyPlace(client, self.subject, self.clock())
        views = place.views([action.native_id])
        if not views and wish:
            return Receipt(self.clock(), True, "It was already gone from Bluesky.")
        root = root_of(views[0].get("record") or {}) if views else ""
        if not place.is_ours(root):
            raise self._cannot("It is no answer under a post of this account.", action.verb)
        for _ in range(_TRIES):
            try:
                return self._gate(client, place, root, action)
            except Changed:
                continue  # the app changed it between reading and writing
        raise client.later("keeps changing who may answer")

    def _gate(
        self, client: BlueskyClient, place: BlueskyPlace, root: str, action: PlatformAction
    ) -> Receipt:
        """Read the thread's record, and put it back with one answer more or less."""
        record, version = place.gate(root)
        said = record.get("hiddenReplies")
        hidden = [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
        wish = action.verb is Verb.HIDE
        if (action.native_id in hidden) is wish:
            how = "hidden" if wish else "in plain sight"
            return Receipt(self.clock(), True, f"It was already {how} on Bluesky.")
        if wish and len(hidden) >= _MOST_HIDDEN:
            raise self._cannot("Bluesky hides no more than 300 answers in a thread.", Verb.HIDE)
        left = [one for one in hidden if one != action.native_id]
        # Everything else stays as it was: without `allow` everybody could answer again.
        fresh = {
            "$type": GATE,
            "post": root,
            "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            **record,
            "hiddenReplies": [*left, action.native_id] if wish else left,
        }
        place_of = {"repo": client.did, "collection": GATE, "rkey": root.rpartition("/")[2]}
        client.post(
            "com.atproto.repo.putRecord", {**place_of, "record": fresh, "swapRecord": version}
        )
        how = "hidden for everybody" if wish else "shown again"
        return Receipt(self.clock(), detail=f"Bluesky took it: the answer is {how}.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        return self._place().look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    def members(self) -> Iterator[Member]:
        """The account's followers. since: when their account was made."""
        client, progress, cursor = self._client(), Progress(self), ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = client.get("app.bsky.graph.getFollowers", actor=client.did, limit=100, **more)
            raws, cursor = client.listed(answer, "followers")
            people = [one for one in raws if isinstance(one, dict) and one.get("did")]
            for one in people:
                name = str(one.get("displayName") or one.get("handle") or "")
                yield Member(str(one["did"]), name, "follower", moment(one.get("createdAt")))
            if not cursor:
                return
            progress.check((str(one["did"]) for one in people), cursor)

    def _client(self) -> BlueskyClient:
        return BlueskyClient(self.base_url, self.handle, self.secrets("password"), self.subject)

    def _place(self) -> BlueskyPlace:
        return BlueskyPlace(self._client(), self.subject, self.clock())

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def connect(options: Options, secrets: Secrets) -> Bluesky:
    """An account by its options (KINDS). Raises MendSettings for values that cannot work."""
    reread = days(options, "reread_days", 7)
    return Bluesky(
        safe_base(str(options.get("base_url", _USUAL)), _USUAL),
        str(options["handle"]).removeprefix("@"),
        secrets,
        reread,
        # What is watched for deletion must lie within what is listed.
        max(days(options, "watch_days", 60), reread),
    )


KINDS = (
    ConnectorKind(
        name="bluesky",
        summary="Posts, answers, mentions and followers of a Bluesky account",
        options={
            "handle": Option(
                "text", "The account's name.", required=True, example='"dance.example.org"'
            ),
            "password": Option(
                "text",
                "An app password of the account, never its own password.",
                required=True,
                secret=True,
            ),
            "base_url": Option(
                "text",
                "The account's own server, where it is not Bluesky's.",
                example=f'"{_USUAL}"',
            ),
            "reread_days": Option(
                "number",
                "Posts up to this many days old are read again each time, to notice deletions.",
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
        beyond=answers_to_us,
    ),
)
"""For the registry."""
