"""What the registry knows of a kind of connector before anything is connected.

Every connector module ends with `KINDS: tuple[ConnectorKind, ...]`. Settings read `options` to
check a configuration ("did you mean"), and `chaperone init` prints them, explained.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from collector.connector import Connector
from models.vocabulary import Capability

OptionValue = str | int | bool | list[str]
"""What a configuration may hold for one option."""

Options = Mapping[str, OptionValue]
"""The options of one source, checked against its kind: known keys, right types, none missing."""

Secrets = Callable[[str], str]
"""Gives a secret by its option's name, "" where an optional one is not set.

Raises NeedsOperator where the environment variable or file that the settings name is missing.
"""


ACTS = frozenset(
    {
        *(Capability.HIDE, Capability.UNHIDE, Capability.REMOVE, Capability.RESTORE),
        *(Capability.REASON, Capability.TELL_AUTHOR),
    }
)
"""Everything that is done to a post."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a post stands, as far as it decides what a platform lets us do to it.

    author_id, thread_id: as collected, "" where unknown. is_answer: whether it hangs from another
    post. own_thread: whether that post was collected too, and is one of the organisation's.
    """

    native_id: str
    author_id: str = ""
    thread_id: str = ""
    is_answer: bool = False
    own_thread: bool = False


def _nothing(_ground: Ground) -> frozenset[Capability]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a source's configuration.

    kind: what it holds. help: one plain sentence for `chaperone init`. example: as in TOML.
    secret: never in the configuration itself; an option `token` is then set by `token_env` (the
    name of an environment variable) or `token_file` (the path of a file), and `connect` asks
    `secrets("token")` for it.
    """

    kind: Literal["text", "number", "yes_no", "list"]
    help: str
    required: bool = False
    secret: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorKind:
    """A connector by name.

    connect: builds one for a source; touches neither network nor disk, and raises MendSettings
    for values that cannot work. polled: False where posts only come by import or by hand.
    beyond: what of the capabilities does not reach a post. What stands on somebody else's ground
    is read and not acted on: then a person is promised nothing, and shown what to do.
    """

    name: str
    summary: str
    options: Mapping[str, Option]
    capabilities: frozenset[Capability]
    connect: Callable[[Options, Secrets], Connector]
    polled: bool = True
    beyond: Callable[[Ground], frozenset[Capability]] = _nothing

    def capabilities_for(self, ground: Ground) -> frozenset[Capability]:
        """What can be done to this one post."""
        return self.capabilities - self.beyond(ground)


def answers_to_us(ground: Ground) -> frozenset[Capability]:
    """`beyond` of platforms that let us hide what was answered under our own posts, and no more."""
    return frozenset() if ground.is_answer and ground.own_thread else ACTS
