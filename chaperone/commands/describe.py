"""chaperone detectors, chaperone connectors: what is built in, with examples and options."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.vocabulary import Capability, Category, Organisation

if TYPE_CHECKING:
    from collector.connectors.kind import ConnectorKind


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    detecting = commands.add_parser("detectors", help="the twenty categories and who finds them")
    detecting.add_argument("--examples", action="store_true", help="show hits and near misses")
    detecting.set_defaults(run=_detectors)
    connecting = commands.add_parser("connectors", help="the platforms and what each can do")
    connecting.set_defaults(run=_connectors)


def _detectors(arguments: argparse.Namespace) -> int:
    from classifier.registry import detectors

    known = detectors(Organisation(name=""))
    for category in Category:
        finders = [found for found in known if category in found.categories]
        names = ", ".join(f"{found.name} {found.version}" for found in finders)
        print(f"{category.value:30} {names or 'no detector yet: nothing is found by the program'}")
        if arguments.examples:
            for found in finders:
                for example in found.EXAMPLES:
                    if example.category is category:
                        print(f"    {'hit ' if example.expect else 'miss'}  {example.text}")
    return 0


def _connectors(_arguments: argparse.Namespace) -> int:
    from collector.connectors import registry

    kinds = [registry.get(name) for name in registry.connector_names()]
    print("\n".join(_table(kinds)))
    for kind in kinds:
        abilities = ", ".join(sorted(kind.capabilities)) or "nothing by itself"
        print()
        print(f"{kind.name}: {kind.summary}")
        print(f"    can do: {abilities}")
        for key, option in kind.options.items():
            written = f"{key}_env or {key}_file" if option.secret else key
            needed = "needed" if option.required else "optional"
            print(f"    {written} ({needed}): {option.help}")
    return 0


def _table(kinds: Sequence["ConnectorKind"]) -> list[str]:
    """What each can do: a line for each connector, a column for each capability."""
    columns = list(Capability)
    width = max(len(kind.name) for kind in kinds)
    lines = [" ".join([" " * width, *(column.value for column in columns)])]
    for kind in kinds:
        cells = [
            ("yes" if column in kind.capabilities else "-").ljust(len(column.value))
            for column in columns
        ]
        lines.append(" ".join([kind.name.ljust(width), *cells]).rstrip())
    return lines
