"""LinkedIn Pages: the organisation's posts, comments and replies; deleting where it is allowed.

Only for organisations to which LinkedIn has given its Community Management product. Groups and
personal profiles have no interface. Nothing can be hidden.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from collector.connector import Batch, Cursor, PlatformAction, Receipt, Sighting
from collector.connectors.instagram_token import Renewal, renewal
from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.linkedin_client import API_URL, LinkedInClient, Missing
from collector.connectors.linkedin_place import LinkedInPlace
from collector.connectors.linkedin_read import comment_parts, is_post
from collector.connectors.walk import Walk
from collector.connectors.walk_state import resume
from collector.connectors.web import days, safe_base
from models.errors import MendSettings, Refused
from models.vocabulary import Capability, Presence, Verb, now

CAPABILITIES = frozenset({Capability.POSTS, Capability.REMOVE})
VERSION = "202606"
_NO_HIDING = (
    "LinkedIn cannot hide a comment.",
    "Remove it instead, or open the post, press the three dots and turn comments off.",
)
_BY_HAND: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the link to the comment on LinkedIn, as an administrator of the Page.",
        "Press the three dots beside it and choose Delete.",
        "If Delete is not offered, choose Report instead.",
        "Come back and say that it is done. The next look at the Page confirms it.",
    ),
    Verb.HIDE: _NO_HIDING,
    Verb.UNHIDE: _NO_HIDING,
    Verb.RESTORE: (
        "LinkedIn cannot bring back what was deleted.",
        "If it should stand again, ask its author to write it again.",
    ),
}


@dataclass(frozen=True, slots=True)
class LinkedIn:
    """One Page. secrets is asked anew for each call, so a renewed token needs no restart."""

    name: ClassVar[str] = "linkedin"
    capabilities: ClassVar[frozenset[Capability]] = CAPABILITIES

    organisation_id: str
    secrets: Secrets
    base_url: str = API_URL
    version: str = VERSION
    life: Renewal = field(default_factory=Renewal)
    reread: timedelta = timedelta(days=14)
    watch: timedelta = timedelta(days=30)
    clock: Callable[[], datetime] = now

    @property
    def subject(self) -> str:
        """What errors speak of."""
        return f"LinkedIn Page {self.organisation_id}"

    @property
    def urn(self) -> str:
        """The organisation as LinkedIn writes it."""
        return f"urn:li:organization:{self.organisation_id}"

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """See Connector. One pass over the Page, or the rest of one that was broken off.

        Raises NeedsOperator at the end of a pass where the token ends within three days.
        """
        moment, last = self.clock(), None
        state = resume(after, moment)
        oldest = moment - self.watch if state.previous is not None else None
        with self._client() as client:
            place = LinkedInPlace(client, self.urn, self.subject, moment, oldest)
            for last in Walk(place, state, moment, self.reread, self.watch).steps():
                yield last
        token = self.life.newest("", self.subject)
        warning = self.life.warning(token, moment, self.subject)
        if warning and last is not None:
            yield Batch((), last.cursor, notes=(warning,))

    def act(self, action: PlatformAction) -> Receipt:
        """See Connector. Raises NeedsOperator where LinkedIn does not let the Page delete it."""
        native_id, parts = action.native_id, comment_parts(action.native_id)
        if action.verb is not Verb.REMOVE or not (parts or is_post(native_id)):
            raise self._cannot("LinkedIn has no means for it.", action.verb)
        with self._client() as client:
            place = LinkedInPlace(client, self.urn, self.subject, self.clock())
            if place.look_up([native_id])[native_id].presence is Presence.GONE:
                return self._gone()
            try:
                if parts is None:
                    client.delete("posts", native_id)
                else:
                    client.delete("socialActions", parts[0], "comments", parts[1], actor=self.urn)
            except Missing:
                return self._gone()
        return Receipt(self.clock(), detail="LinkedIn took it: it is deleted.")

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """See Connector."""
        with self._client() as client:
            place = LinkedInPlace(client, self.urn, self.subject, self.clock())
            return place.look_up(native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """See Connector."""
        return _BY_HAND[verb]

    @contextmanager
    def _client(self) -> Iterator[LinkedInClient]:
        client = LinkedInClient(self.base_url, self.secrets("token"), self.version, self.subject)
        try:
            yield client
        finally:
            client.close()

    def _gone(self) -> Receipt:
        return Receipt(self.clock(), True, "It was already gone from LinkedIn.")

    def _cannot(self, said: str, verb: Verb) -> Refused:
        return Refused(said, subject=self.subject, cure=" ".join(_BY_HAND[verb]))


def connect(options: Options, secrets: Secrets) -> LinkedIn:
    """A Page by its options (KINDS). Raises MendSettings for values that cannot work."""
    organisation_id, version = str(options["organisation_id"]), str(options.get("version", VERSION))
    if not organisation_id.isascii() or not organisation_id.isdigit():
        raise MendSettings(
            "It is not a Page's number.",
            subject="organisation_id",
            cure="It is the digits in the address of the Page's admin view.",
        )
    if not (version.isascii() and version.isdigit() and len(version) == 6):
        raise MendSettings(
            "It is not a version.", subject="version", cure=f'Write it like "{VERSION}".'
        )
    reread = days(options, "reread_days", 14)
    return LinkedIn(
        organisation_id=organisation_id,
        secrets=secrets,
        base_url=safe_base(str(options.get("base_url", API_URL)), API_URL),
        version=version,
        life=renewal("", str(options.get("token_made_on", "")), "linkedin"),
        reread=reread,
        # What is watched for deletion must lie within what is listed.
        watch=max(days(options, "watch_days", 30), reread),
    )


KINDS = (
    ConnectorKind(
        name="linkedin",
        summary="Comments on the posts of a LinkedIn Page (LinkedIn has to approve it first)",
        options={
            "organisation_id": Option(
                "text",
                "The Page's number: the digits in the address of its admin view.",
                required=True,
                example='"5515715"',
            ),
            "token": Option(
                "text",
                "An access token to read and write the organisation's social feed.",
                required=True,
                secret=True,
            ),
            "token_made_on": Option(
                "text",
                "The day the token was made; ten days before its 60 days end you are told.",
                example='"2026-11-21"',
            ),
            "version": Option(
                "text",
                "The version of LinkedIn's interface: each lives a year.",
                example='"202606"',
            ),
            "reread_days": Option(
                "number",
                "Comments on posts up to this many days old are watched for deletion.",
                example="14",
            ),
            "watch_days": Option(
                "number", "Comments on posts older than this are not read again.", example="30"
            ),
            "base_url": Option("text", "Only to try things out against a stand-in for LinkedIn."),
        },
        capabilities=CAPABILITIES,
        connect=connect,
    ),
)
"""For the registry."""
