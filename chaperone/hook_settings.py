"""The settings of webhooks: [hooks.meta] of the configuration.

Without that table no address for them exists.
"""

from dataclasses import dataclass, field
from pathlib import Path

from chaperone.secret_places import SecretPlace, secret_place
from chaperone.toml_table import TomlTable

_WHERE = 'Write {0}_env = "NAME_OF_A_VARIABLE" or {0}_file = "path/of/a/file".'


@dataclass(frozen=True, slots=True)
class MetaHooks:
    """How Facebook and Instagram prove who they are. Where the secrets are, not the secrets.

    verify_token: words of our own choosing, which the Meta app repeats once. app_secrets: of the
    app, and of its Instagram login where that has another one; either may sign.
    """

    verify_token: SecretPlace = field(repr=False)
    app_secrets: tuple[SecretPlace, ...] = field(repr=False)

    @property
    def places(self) -> tuple[SecretPlace, ...]:
        """Every secret's place."""
        return (self.verify_token, *self.app_secrets)


def read_hooks(table: TomlTable, folder: Path) -> MetaHooks | None:
    """The [hooks] table. Raises MendSettings where a secret is not named."""
    meta = table.table("meta") if table.has("meta") else None
    table.finish()
    if meta is None:
        return None
    verify, secret = _needed(meta, "verify_token", folder), _needed(meta, "app_secret", folder)
    other = secret_place(meta, "instagram_app_secret", folder)
    meta.finish()
    return MetaHooks(verify, (secret,) if other is None else (secret, other))


def _needed(table: TomlTable, name: str, folder: Path) -> SecretPlace:
    place = secret_place(table, name, folder)
    if place is None:
        raise table.missing(name, _WHERE.format(name))
    return place
