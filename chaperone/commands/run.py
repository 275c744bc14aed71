"""chaperone up, web, worker: running it."""

import argparse
import os
from pathlib import Path

from chaperone.commands.shared import load_settings, say_warnings, with_config


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands."""
    up = commands.add_parser(
        "up",
        help="run everything on this machine; without config.toml, the demonstration",
        description="Runs the web pages and the worker until Ctrl-C. Where there is no "
        "config.toml in this folder it shows a demonstration: an invented dance school.",
    )
    with_config(up)
    _with_address(up)
    up.set_defaults(run=_up)

    web = commands.add_parser("web", help="run the web pages alone")
    with_config(web)
    _with_address(web)
    web.set_defaults(run=_web)

    worker = commands.add_parser("worker", help="run one worker alone")
    with_config(worker)
    worker.add_argument(
        "--name",
        default="main",
        help="the same at every start, and another for each worker (without it: main)",
    )
    worker.set_defaults(run=_worker)


def _with_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="listen there instead of where the settings say")
    parser.add_argument("--port", type=int, help="listen there instead of where the settings say")


def _up(arguments: argparse.Namespace) -> int:
    from chaperone.names import CONFIG
    from chaperone.up import run_demonstration, run_everything

    if arguments.config is None and not Path(CONFIG).exists():
        return run_demonstration(arguments.port)
    settings = load_settings(arguments)
    say_warnings(settings)
    return run_everything(settings, arguments.host, arguments.port)


def _web(arguments: argparse.Namespace) -> int:
    from chaperone.up import web_command

    settings = load_settings(arguments)
    say_warnings(settings)
    command = web_command(settings, arguments.host, arguments.port)
    os.execv(command[0], command)  # noqa: S606  the same Python, no shell
    return 0


def _worker(arguments: argparse.Namespace) -> int:
    from chaperone.worker import work

    settings = load_settings(arguments)
    say_warnings(settings)
    work(settings.file, arguments.name)
    return 0
