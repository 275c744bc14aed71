"""The settings of one watched place: [sources.<name>] of the configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from chaperone.secret_places import SecretPlace, secret_place
from chaperone.toml_table import TomlTable
from collector.connectors import registry
from collector.connectors.kind import ConnectorKind, Option, OptionValue
from models.vocabulary import Audience

HIGHEST_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One watched place.

    name: stored beside every post, never renamed. options: the connector's own keys, checked.
    secrets: where each of its secrets is. polled: False where posts only come by import or paste.
    """

    name: str
    connector: str
    label: str
    audience: Audience
    poll_every: timedelta
    polled: bool
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    secrets: Mapping[str, SecretPlace] = field(default_factory=dict, repr=False)

    def is_due(self, last: datetime | None, at: datetime) -> bool:
        """Whether its pace wants a look. last: the last attempt, None for never; one that is far
        ahead is of a clock that was set back since."""
        return last is None or abs(at - last) >= self.poll_every

    @property
    def account(self) -> str:
        """The account on the platform. Sources that name the same secrets share it, and with it
        the queue that keeps their requests apart and slow enough."""
        places = sorted(place.account for place in self.secrets.values())
        return f"{self.connector}:{','.join(places) or self.name}"


def read_source(name: str, table: TomlTable, folder: Path) -> SourceSettings:
    """One [sources.<name>] table. Raises MendSettings."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", name):
        cure = f"Rename it with small letters, digits, - and _, like [sources.{_plain(name)}]."
        raise table.wrong("", "That name cannot be used for a source.", cure)
    chosen = table.choice("connector", registry.connector_names())
    kind = registry.get(chosen)
    options, secrets = _options(kind, table, folder)
    found = SourceSettings(
        name=name,
        connector=chosen,
        label=table.text("label", name),
        audience=table.word("audience", Audience),
        poll_every=table.duration("poll_every", "1 minute"),
        polled=kind.polled,
        options=options,
        secrets=secrets,
    )
    table.finish()
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "page"


def _options(
    kind: ConnectorKind, table: TomlTable, folder: Path
) -> tuple[dict[str, OptionValue], dict[str, SecretPlace]]:
    options: dict[str, OptionValue] = {}
    secrets: dict[str, SecretPlace] = {}
    for key, option in kind.options.items():
        if option.secret:
            place = secret_place(table, key, folder)
            if place is not None:
                secrets[key] = place
            elif option.required:
                cure = f'Write {key}_env = "NAME_OF_A_VARIABLE" or {key}_file = "path/of/a/file".'
                raise table.missing(key, f"{option.help} {cure}")
        elif table.has(key):
            value = _value(table, key, option)
            if value != "":  # an optional key that is left empty is left out
                options[key] = _placed(folder, key, value)
        elif option.required:
            cure = f"Write for example {key} = {option.example or '...'}"
            raise table.missing(key, f"{option.help} {cure}")
    return options, secrets


def _placed(folder: Path, key: str, value: OptionValue) -> OptionValue:
    """As everywhere in the file, a path is relative to the file's own folder."""
    if key == "path" and isinstance(value, str):
        return str(folder / Path(value).expanduser())
    return value


def _value(table: TomlTable, key: str, option: Option) -> OptionValue:
    if option.kind == "number":
        return table.number(key, None, 0, HIGHEST_NUMBER)
    if option.kind == "yes_no":
        return table.yes_no(key)
    if option.kind == "list":
        return list(table.texts(key, None))
    return table.text(key, None if option.required else "")
