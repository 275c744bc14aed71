"""X (formerly Twitter): the account's posts, replies and mentions; hiding replies.

Every post that is read costs money, so a pass reads only what is new, and looks again at the
newest posts once a day. Only the author can delete a post; under own posts replies can be hidden.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import Batch, Cursor, PlatformAction, Receipt, Sighting
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets, answers_to_us
from collector.connectors.web import safe_base
from collector.connectors.x_client import API_URL, Keys, Missing, XClient
from collector.connectors.x_pass import XPass, look, sightings
from collector.connectors.x_read import is_id, versions
from collector.connectors.x_state import read_state
from models.errors import MendSettings, Refused
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.HIDE, Capability.UNHIDE})
_DONE = "Come back and say that it is done. The next look at X confirms it."
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "X lets nobody but its author delete a post.",
        "If it is your own: open it, press the three dots and choose Delete.",
        "If it is somebody else's: press the three dots and choose Report post, then Block.",
        "A reply under your own post can be hidden from here instead.",
        _DONE,
    ),
    Verb.HIDE: (
        "Open the reply on X, signed in as the account that wrote the post above it.",
        "Press the three dots beside it and choose Hide reply.",
        "Under a post of somebody else that cannot be done: report the reply instead.",
        _DONE,
    ),
    Verb.UNHIDE: (
        "Open your post on X and press the sign for hidden replies.",
        "Press the three dots beside the reply and choose Unhide reply.",
        _DONE,
    ),
    Verb.RESTORE: (
        "X cannot bring back what was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class X:
    """One account. secrets is asked anew for each call, so new keys need no restart."""

    name: ClassVar[str] = "x"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    user_id: str
    secrets: Secrets
    base_url: str = API_URL
    keep: int = 100
    again: timedelta = timedelta(hours=24)
    clock: Callable[[], datetime] = now
    _hidden: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)
    """What X answered when it was asked to hide: it has no way to ask how a reply stands."""

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"X account {self.user_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass, or the rest of one that was broken off.

        Raises NeedsOperator where the paid allowance is used up.
        """
        state, moment = read_state(after), self.clock()
        with self._client() as client:
            yield from XPass(
                client, self.user_id, self.subject, state, moment, self.keep, self.again
            ).steps()

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where the keys may not hide."""
        verb, native_id = action.verb, action.native_id
        if verb not in (Verb.HIDE, Verb.UNHIDE) or not is_id(native_id):
            raise self._cannot("X has no means for it.", verb)
        wish = verb is Verb.HIDE
        with self._client() as client:
            _, raw, _ = next(look(client, [native_id]), (native_id, None, {}))
            if raw is None:
                return self._gone(verb)
            if raw.get("conversation_id") in versions(raw):
                raise self._cannot("Only replies can be hidden on X.", verb)
            try:
                answer = client.put(f"2/tweets/{raw['id']}/hidden", {"hidden": wish})
            except Missing:
                return self._gone(verb)
        said = answer.get("data")
        if not isinstance(said, dict) or said.get("hidden") is not wish:
            raise self._cannot("X did not say that it was done.", verb)
        already = self._hidden.get(native_id) is wish
        self._hidden[native_id] = wish
        how = "hidden" if wish else "shown"
        return Receipt(self.clock(), already, f"X says that it is {how}.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector. HIDDEN where X said so since this program was started."""
        asked = [one for one in dict.fromkeys(native_ids) if is_id(one)]
        with self._client() as client:
            found = sightings(client, asked, self._hidden)
        return {one: found.get(one, Sighting(Presence.UNKNOWN)) for one in native_ids}

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    @contextmanager
    def _client(self) -> Iterator[XClient]:
        names = ("api_key", "api_secret", "access_token", "access_secret")
        client = XClient(self.base_url, Keys(*map(self.secrets, names)), self.subject)
        try:
            yield client
        finally:
            client.close()

    def _gone(self, verb: Verb) -> Receipt:
        if verb is Verb.UNHIDE:
            raise self._cannot("It is gone from X.", verb)
        return Receipt(self.clock(), True, "It was already gone from X.")

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def connect(options: Options, secrets: Secrets) -> X:
    """An account by its options (KINDS). Raises MendSettings for values that cannot work."""
    user_id = str(options["user_id"])
    if not is_id(user_id):
        raise MendSettings(
            "It is not an account's number.",
            subject="user_id",
            cure="It is digits, not the @name. docs/connectors/x.md says how to find it.",
        )
    return X(
        user_id=user_id,
        secrets=secrets,
        base_url=safe_base(str(options.get("base_url", API_URL)), API_URL),
        keep=_number(options, "recheck", 100, 0, 3000),
        again=timedelta(hours=_number(options, "recheck_hours", 24, 0, 720)),
    )


def _number(options: Options, name: str, default: int, least: int, most: int) -> int:
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MendSettings(
            "It is not a number that can be used.",
            subject=name,
            cure=f"Write {least} to {most}.",
        )
    return value


KINDS = (
    ConnectorKind(
        name="x",
        summary="Posts, replies and mentions of an account on X (reading costs money there)",
        options={
            "user_id": Option(
                "text",
                "The account's number, not its @name.",
                required=True,
                example='"2244994945"',
            ),
            "api_key": Option("text", "The app's API key.", required=True, secret=True),
            "api_secret": Option("text", "The app's API key secret.", required=True, secret=True),
            "access_token": Option(
                "text", "The account's access token, to read and write.", True, secret=True
            ),
            "access_secret": Option(
                "text", "The account's access token secret.", required=True, secret=True
            ),
            "recheck": Option(
                "number",
                "How many of the newest posts are looked at again for edits and deletions. "
                "Each costs money.",
                example="100",
            ),
            "recheck_hours": Option("number", "How often that is done, in hours.", example="24"),
            "base_url": Option("text", "Only to try things out against a stand-in for X."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
        beyond=answers_to_us,
    ),
)
"""For the registry."""
