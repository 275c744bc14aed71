"""chaperone detectors, chaperone connectors: what is built in, with examples and options."""

import argparse

from models.vocabulary import Category, Organisation


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

    for name in registry.connector_names():
        kind = registry.get(name)
        abilities = ", ".join(sorted(kind.capabilities)) or "nothing by itself"
        print(f"{name}: {kind.summary}")
        print(f"    can do: {abilities}")
        for key, option in kind.options.items():
            written = f"{key}_env or {key}_file" if option.secret else key
            needed = "needed" if option.required else "optional"
            print(f"    {written} ({needed}): {option.help}")
    return 0
