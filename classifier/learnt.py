"""Learnt heads beside the database: kept in versions, one of them in force, the way back open.

    learnt = LearntHeads(data / "models")
    learnt.keep(heads, encoder_version, seed=1, ...)   # becomes the one in force
    learnt.active                                      # its number, 0: the one that is shipped
    learnt.load(encoder_version)                       # None where the shipped one is in force

Each version is a folder heads-N with heads.npz (numbers only, never pickle) and heads.json (format,
checksum, encoder, counts, seed, when). active.json says which is in force, and which were before.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.encoder import FORMAT as ENCODER_FORMAT
from classifier.encoder import WEIGHTS, card
from classifier.heads import Heads, load_heads, write_heads
from models.errors import ChaperoneError, MendSettings, NeedsOperator, Refused
from models.vocabulary import now

FORMAT = 1
SHIPPED = 0
"""The number of the heads that came with the program."""

_NAME = re.compile(r"heads-(\d{1,6})")
_CURE = "Go back to what was before with `chaperone learn --back`."


@dataclass(frozen=True, slots=True)
class Version:
    """One version. told: what heads.json says. problem: why it cannot be used, "" where it can."""

    number: int
    told: Mapping[str, Any]
    active: bool
    problem: str


def shipped_encoder(folder: Path = WEIGHTS) -> str:
    """The version of the encoder that came with the program, without loading it."""
    return str(card(folder / "encoder.json", ENCODER_FORMAT)["files"]["encoder.onnx"])[:12]


class LearntHeads:
    """See the module. folder: made when something is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def active(self) -> int:
        """The number in force. Raises MendSettings where active.json cannot be understood."""
        return self._state()[0]

    def load(self, encoder_version: str) -> Heads | None:
        """The heads in force, None for the shipped ones.

        Raises MendSettings, with the cure, where they are missing, changed, of another format or
        of another encoder.
        """
        number = self.active
        return self._read(number, encoder_version) if number != SHIPPED else None

    def keep(self, heads: Heads, encoder_version: str, **told: object) -> int:
        """Write a new version and put it in force. Returns its number.

        Raises NeedsOperator where the folder cannot be written.
        """
        number = max(self._numbers(), default=SHIPPED) + 1
        active, before = self._state()
        part = self._folder / f".heads-{number}.part"
        try:
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
            moment = now().isoformat(timespec="seconds")
            write_heads(heads, encoder_version, part, number=number, learnt_at=moment, **told)
            part.rename(self._place(number))
        except OSError as error:
            raise _unwritten(error) from error
        self._put(number, [*before, active])
        return number

    def back(self) -> int:
        """Put in force what was before. Returns its number, 0 for the shipped ones.

        Where active.json cannot be understood it goes back to the shipped ones. Raises Refused
        where they are in force already.
        """
        try:
            active, before = self._state()
        except MendSettings:
            active, before = -1, []
        if active == SHIPPED:
            raise Refused(
                "The heads that came with the program are in force already.",
                subject="chaperone learn --back",
                cure="See `chaperone learn --list`.",
            )
        known = {SHIPPED, *self._numbers()}
        left = [number for number in before if number in known]
        number = left.pop() if left else SHIPPED
        self._put(number, left)
        return number

    def versions(self, encoder_version: str) -> Iterator[Version]:
        """Every version, the oldest first."""
        active = self.active
        for number in self._numbers():
            problem, told = "", {}
            try:
                told = json.loads((self._place(number) / "heads.json").read_text("utf-8"))
                self._read(number, encoder_version)
            except (OSError, ValueError):
                problem = "It cannot be read."
            except ChaperoneError as error:
                problem = error.what
            yield Version(number, told, number == active, problem)

    def _read(self, number: int, encoder_version: str) -> Heads:
        try:
            return load_heads(encoder_version, self._place(number))
        except MendSettings as error:
            raise MendSettings(
                error.what, subject=f"learnt heads {number} (heads-{number})", cure=_CURE
            ) from error

    def _place(self, number: int) -> Path:
        return self._folder / f"heads-{number}"

    def _numbers(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        names = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(match.group(1)) for match in names if match)

    def _state(self) -> tuple[int, list[int]]:
        path = self._folder / "active.json"
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise ValueError(told["format"])
            return int(told["active"]), [int(number) for number in told["before"]]
        except (FileNotFoundError, NotADirectoryError):
            return SHIPPED, []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MendSettings(
                f"It cannot be understood ({type(error).__name__}).",
                subject="models/active.json",
                cure=_CURE,
            ) from error

    def _put(self, active: int, before: list[int]) -> None:
        """In one step: whoever reads sees the old or the new, never half of it."""
        part = self._folder / ".active.part"
        told = {"format": FORMAT, "active": active, "before": before}
        try:
            part.write_text(json.dumps(told) + "\n", encoding="utf-8")
            part.replace(self._folder / "active.json")
        except OSError as error:
            raise _unwritten(error) from error


def _unwritten(error: OSError) -> NeedsOperator:
    return NeedsOperator(
        f"The learnt heads cannot be written ({error.strerror}).",
        subject="the folder models, beside the database",
        cure="Free some space or mend the folder's permissions, and run it again.",
    )
