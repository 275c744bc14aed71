"""A MariaDB of our own for as long as a block lasts: a folder, a socket, no network."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from live.tools import run, serving

PACKAGES = ("mariadb-server-core", "mariadb-client-core")
NEEDED = ("/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db", "/usr/bin/mariadb")


@contextmanager
def mariadb(folder: Path, database: str) -> Iterator[Path]:
    """An empty database of that name; its account is root without a password. Yields the socket."""
    data, socket = folder / "database", folder / "database.sock"
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            *as_root,
        ]
    )
    server = [
        "/usr/sbin/mariadbd",
        "--no-defaults",
        f"--datadir={data}",
        f"--socket={socket}",
        f"--pid-file={folder / 'database.pid'}",
        "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0",
        *as_root,
    ]
    client = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root"]
    with serving(server, socket.exists, log=folder / "database.log"):
        run([*client, "-e", f"CREATE DATABASE {database} CHARACTER SET utf8mb4"])
        yield socket
