"""What several commands share: the --config argument, and opening the house."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chaperone.settings import Settings
    from chaperone.wiring import House
    from classifier.detector import Detector
    from classifier.policy import Policy


def with_config(parser: argparse.ArgumentParser) -> None:
    """Add --config."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the settings (without it: config.toml in this folder)",
    )


def load_settings(arguments: argparse.Namespace) -> "Settings":
    """The settings that --config names. Raises MendSettings and NeedsOperator."""
    from chaperone.settings import load

    return load(arguments.config)


def say_warnings(settings: "Settings") -> None:
    """Print what a careful person would mend, on standard error."""
    for warning in settings.warnings:
        print(f"chaperone: Please mend: {warning}", file=sys.stderr, flush=True)


def settled(arguments: argparse.Namespace) -> "tuple[tuple[Detector, ...], Policy]":
    """The detectors and the policy of the settings; without settings the shipped ones."""
    from chaperone.names import CONFIG
    from chaperone.own_detectors import OwnDetectors
    from classifier.policy import load_policy
    from classifier.registry import detectors
    from models.vocabulary import Organisation

    if arguments.config or Path(CONFIG).is_file():
        settings = load_settings(arguments)
        return OwnDetectors(settings).detectors(), load_policy(settings.policy)
    return detectors(Organisation(name="")), load_policy(None)


@contextmanager
def opened(arguments: argparse.Namespace) -> Iterator["House"]:
    """The house of --config, its tables up to date; closed afterwards."""
    from chaperone.wiring import House

    house = House(load_settings(arguments))
    try:
        house.prepare()
        yield house
    finally:
        house.close()
