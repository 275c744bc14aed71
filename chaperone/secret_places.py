"""Where secrets are: in the environment or in files that the settings name, never in settings.

`token_env = "NAME"` names an environment variable, `token_file = "path"` a file. They are read
when they are needed, so that a token can be replaced while the program runs.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from chaperone.toml_table import TomlTable
from models.errors import NeedsOperator

LONGEST_SECRET = 16_384
"""Bytes of a secret file that are read: a token is short, and a wrong file may be huge."""


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where one secret is. Exactly one of variable and path is set.

    where: how messages call it ("config.toml, sources.page.token").
    """

    where: str
    variable: str = ""
    path: Path | None = None

    @property
    def account(self) -> str:
        """Two sources that name the same place act on the same account."""
        return self.variable or str(self.path)

    def read(self) -> str:
        """The secret itself, without surrounding white space.

        Raises NeedsOperator where the variable or the file is missing or empty.
        """
        found = os.environ.get(self.variable, "") if self.path is None else self._from_file()
        if found.strip():
            return found.strip()
        name = self.path or self.variable
        kind = "environment variable" if self.path is None else "file"
        raise NeedsOperator(
            f"The {kind} {name} is empty or not set.",
            subject=self.where,
            cure=f"Put the secret into it{', then start again' if self.path is None else ''}.",
        )

    def _from_file(self) -> str:
        path = self.path or Path()
        try:
            with path.open("rb") as file:
                return file.read(LONGEST_SECRET).decode("utf-8")
        except OSError as error:
            raise NeedsOperator(
                f"The file {path} cannot be read ({error.strerror}).",
                subject=self.where,
                cure="Write the secret into it, readable by this program alone (chmod 600).",
            ) from error
        except UnicodeDecodeError as error:
            raise NeedsOperator(
                f"The file {path} does not hold plain text.",
                subject=self.where,
                cure="Write the secret alone into it, as one line of plain text.",
            ) from error

    def warning(self) -> str:
        """A sentence if other accounts of this machine can read the file, else ""."""
        if self.path is None or not self.path.is_file():
            return ""
        if self.path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            return (
                f"{self.where}: Other accounts of this machine can read {self.path}. "
                f"Close it with: chmod 600 {self.path}"
            )
        return ""


def secret_place(table: TomlTable, name: str, folder: Path) -> SecretPlace | None:
    """Where the secret `name` of this table is, None if it is not set.

    Raises MendSettings where the secret itself stands in the file; it is not repeated.
    """
    if table.has(name):
        raise table.wrong(
            name,
            "A secret must not stand in the configuration.",
            f'Write {name}_env = "NAME_OF_A_VARIABLE" or {name}_file = "path/of/a/file" instead. '
            "If others could read this file, get a new secret: this one is no longer safe.",
        )
    variable, path = table.text(f"{name}_env", ""), table.text(f"{name}_file", "")
    if variable and path:
        raise table.wrong(f"{name}_file", f"{name}_env is there too.", "Keep one of the two.")
    where = f"{table.file}, {table.where}.{name}"
    if path:
        return SecretPlace(where, path=folder / path)
    return SecretPlace(where, variable=variable) if variable else None


class SecretsOf:
    """The secrets of one source: what a connector is given to ask for them by name."""

    def __init__(self, places: Mapping[str, SecretPlace]) -> None:
        self._places = dict(places)

    def __call__(self, name: str) -> str:
        """The secret, "" where an optional one is not set. Raises NeedsOperator."""
        place = self._places.get(name)
        return place.read() if place else ""


def warnings(places: Iterable[SecretPlace]) -> tuple[str, ...]:
    """What a careful person would mend about these files."""
    return tuple(said for place in places if (said := place.warning()))
