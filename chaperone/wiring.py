"""The one file that knows everybody: settings in, rooms wired together.

house = House(load())
house.prepare()                     # tables and sources, at every start
house.connector("page").fetch(...)  # by the source's name in the settings
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from sqlalchemy import select, update

from casework.mail import Mailer
from casework.platform_ages import PlatformAges, load_platform_ages
from chaperone.own_detectors import OwnDetectors
from chaperone.secret_places import SecretsOf
from chaperone.settings import Settings
from classifier.detector import Detector
from classifier.policy import Policy, load_policy
from collector.connector import (
    Batch,
    Connector,
    Cursor,
    MemberAction,
    PlatformAction,
    Receipt,
    Sighting,
)
from collector.connectors import registry
from collector.polling import register_source
from models.errors import ChaperoneError, NeedsOperator
from models.schema import upgrade
from models.tables import Source
from models.unit_of_work import Store
from models.vocabulary import Capability, Organisation, Verb


class House:
    """An installation, put together. Build once per process; close it at the end.

    Raises MendSettings at once where the policy or a source's options cannot work; a secret
    that is missing only blinds its own source.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        if settings.database_url.startswith("sqlite"):
            _make_folder(settings)
        self.store = Store(settings.database_url)
        self.policy: Policy = load_policy(settings.policy)
        self.platform_ages: PlatformAges = load_platform_ages(settings.platform_ages)
        self._connectors: dict[str, Connector] = {}
        self._own = OwnDetectors(settings, self.store)

    @property
    def organisation(self) -> Organisation:
        """Whose installation it is."""
        return self.settings.organisation

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """Every detector, with the learnt heads in force and the register of today. Loading them
        takes seconds, so only who classifies asks; after `chaperone learn` they are loaded anew."""
        return self._own.detectors()

    @cached_property
    def mailer(self) -> Mailer | None:
        """The way out for messages, None where the settings name no mail server.

        Raises NeedsOperator where the server's password cannot be found.
        """
        mail = self.settings.mail
        if mail is None:
            return None
        return Mailer(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            sender=mail.sender,
            username=mail.username,
            password=mail.password.read() if mail.password else "",
        )

    def connector(self, name: str) -> Connector:
        """The connector of a source, built when first asked for.

        One whose secret is missing raises NeedsOperator whenever it is used, so that its source
        is shown blind with the cure and the other sources go on.
        """
        found = self._connectors.get(name)
        if found is None:
            found = self._connect(name)
            if not isinstance(found, _Unconnected):
                self._connectors[name] = found
        return found

    def _connect(self, name: str) -> Connector:
        source = self.settings.source(name)
        if source is None:
            return unconnected(
                NeedsOperator(
                    "It is no longer in the settings.",
                    subject=name,
                    cure="Put it back into config.toml and start again, or finish by hand.",
                ),
                frozenset(),
            )
        kind = registry.get(source.connector)
        try:
            return kind.connect(source.options, SecretsOf(source.secrets))
        except NeedsOperator as error:
            return unconnected(error, kind.capabilities)

    def prepare(self) -> None:
        """Bring the tables to the newest schema and the sources to what the settings say."""
        upgrade(self.store)
        names = [source.name for source in self.settings.sources]
        with self.store.write() as session:
            for source in self.settings.sources:
                register_source(
                    session,
                    name=source.name,
                    connector=source.connector,
                    label=source.label,
                    audience=source.audience,
                )
            session.execute(update(Source).values(enabled=Source.name.in_(names)))
            session.commit()

    def source_names(self) -> Mapping[int, str]:
        """The name of every source by its id, those no longer watched included."""
        with self.store.read() as session:
            return dict(session.execute(select(Source.id, Source.name)).all())

    def close(self) -> None:
        """Give the database back."""
        self.store.close()


def unconnected(error: ChaperoneError, capabilities: frozenset[Capability]) -> Connector:
    """Stands for a connector that could not be built: whatever is asked, it says why.

    It keeps the capabilities, so that a removal waits for the token and is not given to a person.
    """
    kind: type[_Unconnected] = type("Unconnected", (_Unconnected,), {"capabilities": capabilities})
    return kind(error)


class _Unconnected:
    name: ClassVar[str] = "unconnected"
    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def __init__(self, error: ChaperoneError) -> None:
        self._error = error

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """Raises what kept it from being built."""
        raise self._error

    def act(self, action: PlatformAction) -> Receipt:
        """Raises what kept it from being built."""
        raise self._error

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """Raises what kept it from being built."""
        raise self._error

    def remove_member(self, action: MemberAction) -> Receipt:
        """Raises what kept it from being built."""
        raise self._error

    def is_member(self, handle: str) -> bool:
        """Raises what kept it from being built."""
        raise self._error

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """What a person can do meanwhile."""
        return (f"{self._error.subject}: {self._error.what} {self._error.cure}",)


def _make_folder(settings: Settings) -> None:
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NeedsOperator(
            f"The folder cannot be made ({error.strerror}).",
            subject=str(settings.data),
            cure="Make it yourself, or name another place in database.url.",
        ) from error
