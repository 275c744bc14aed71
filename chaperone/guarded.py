"""A connector whose own mistakes are kept to its source.

A connector may only leave by RetryLater, NeedsOperator or Refused. One that leaves otherwise is
wrong; then its source is shown blind like any other failure, and the other sources go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from collector.connector import (
    Batch,
    Connector,
    Cursor,
    Gone,
    IncomingPost,
    MemberAction,
    Mention,
    PlatformAction,
    ReadsMentions,
    Receipt,
    RemovesMembers,
    Sighting,
    member_steps,
)
from models.errors import Refused
from models.vocabulary import Capability, Verb

T = TypeVar("T")


class Guard(Protocol):
    """Calls, and lets nothing out but a ChaperoneError."""

    def __call__(self, about: str, call: Callable[..., T], *arguments: Any) -> T:
        """The result of call(*arguments)."""
        ...


def guarded(inner: Connector, source: str, guard: Guard) -> Connector:
    """The same connector, from which nothing comes but what the contract allows."""
    own = {"name": inner.name, "capabilities": inner.capabilities}
    kind: type[_Guarded] = type("Guarded", (_Guarded,), own)
    return kind(inner, source, guard)


class _Guarded:
    name: ClassVar[str] = ""
    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def __init__(self, inner: Connector, source: str, guard: Guard) -> None:
        self._inner = inner
        self._about = f"source {source}"
        self._guard = guard

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        """As the contract says."""
        batches = self._guard(self._about, self._inner.fetch, after)
        while True:
            batch = self._guard(self._about, next, batches, None)
            if batch is None:
                return
            yield batch

    def act(self, action: PlatformAction) -> Receipt:
        """As the contract says."""
        return self._guard(self._about, self._inner.act, action)

    def look_up(self, native_ids: Sequence[str]) -> Mapping[str, Sighting]:
        """As the contract says."""
        return self._guard(self._about, self._inner.look_up, native_ids)

    def by_hand(self, verb: Verb) -> tuple[str, ...]:
        """As the contract says."""
        return self._guard(self._about, self._inner.by_hand, verb)

    def mention(self, mention: Mention) -> IncomingPost | Gone:
        """As the contract says."""
        if isinstance(self._inner, ReadsMentions):
            return self._guard(self._about, self._inner.mention, mention)
        raise Refused("It has no means to read mentions.", subject=self._about, cure="")

    def remove_member(self, action: MemberAction) -> Receipt:
        """As the contract says."""
        return self._guard(self._about, self._remover().remove_member, action)

    def is_member(self, handle: str) -> bool:
        """As the contract says."""
        return self._guard(self._about, self._remover().is_member, handle)

    def member_by_hand(self) -> tuple[str, ...]:
        """As the contract says."""
        return self._guard(self._about, member_steps, self._inner)

    def _remover(self) -> RemovesMembers:
        if isinstance(self._inner, RemovesMembers):
            return self._inner
        cure = " ".join(member_steps(self._inner))
        raise Refused("It has no means to take somebody out.", subject=self._about, cure=cure)
