"""PHP's own web server on the loopback, as WordPress and MediaWiki need it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from live.tools import free_port, listens, serving

PACKAGES = ("php-cli", "php-mbstring", "php-xml")
"""What both need of PHP."""


@contextmanager
def php_server(folder: Path, log: Path, port: int = 0) -> Iterator[int]:
    """Serve the PHP files of a folder until the block ends; yields the port."""
    chosen = port or free_port()
    command = ["php", "-q", "-S", f"127.0.0.1:{chosen}", "-t", str(folder)]
    several = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
    with serving(command, lambda: listens(chosen), log=log, cwd=folder, env=several):
        yield chosen


def php_version() -> str:
    """ "8.2.35", or nothing where there is no PHP."""
    try:
        said = subprocess.run(["php", "-r", "echo PHP_VERSION;"], capture_output=True, check=False)
    except OSError:
        return ""
    return said.stdout.decode(errors="replace")
