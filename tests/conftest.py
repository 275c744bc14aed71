"""What every test may use: a store on SQLite and on a real PostgreSQL, and the shared folder."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from models.schema import upgrade
from models.unit_of_work import Store

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
MEMORY = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path("/tmp")
"""Where databases of tests stand: thousands are made, and a slow disk would be most of the time."""

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def skip_or_fail(reason: str) -> None:
    """Under CI nothing that is needed may be missing; elsewhere the test is skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole journeys first: each takes a minute, and one of two workers would wait for the last."""
    items.sort(key=lambda item: "story" not in item.path.parts)


@pytest.fixture
def plain_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process runs the file of __main__ again; a Streamlit test leaves its script there."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with recordings and data beside the project; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: recordings and data are never committed")
    return SHARED


def _postgresql_programs() -> Path | None:
    config = shutil.which("pg_config")
    places = [Path(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if config:
        bindir = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        places.append(Path(bindir.stdout.strip()))
    return next((place for place in places if (place / "initdb").exists()), None)


def _unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then its own account runs it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _quietly(command: list[str]) -> None:
    """Run it, unprivileged; its output is of no use unless it fails."""
    done = subprocess.run(_unprivileged(command), check=False, stdout=subprocess.DEVNULL, cwd="/")
    assert done.returncode == 0, command


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own on the loopback; yields its address without a database name."""
    programs = _postgresql_programs()
    if programs is None:
        skip_or_fail("PostgreSQL's server programs are not installed (apt install postgresql)")
    assert programs is not None
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        folder = MEMORY / f"chaperone-pg-{os.getpid()}"
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    else:
        folder = tmp_path_factory.mktemp("pg")
    data, port = folder / "data", free_port()
    init = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"]
    _quietly(init)
    options = f"-p {port} -h 127.0.0.1 -k {folder} -F -c max_connections=200"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    start = [*control, "-o", options, "-l", str(folder / "log"), "start"]
    _quietly(start)
    yield f"postgresql://postgres@127.0.0.1:{port}"
    _quietly([*control, "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """The name of a database with today's schema: others are copies of it."""
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE migrated")
    _migrate(f"{postgresql_server}/migrated")
    return "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with today's schema: others are copies of it."""
    file = tmp_path_factory.mktemp("migrated") / "chaperone.sqlite"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()


def _has_tables(request: pytest.FixtureRequest) -> bool:
    """Whether the test asks for a store: migrating its database anew would take most of its time;
    tests/models/test_schema.py and every house that is prepared do migrate."""
    return "store" in request.fixturenames


@pytest.fixture
def postgresql_url(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of the test's own on a real PostgreSQL, see `database_url`."""
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    template = (
        request.getfixturevalue("migrated_postgresql") if _has_tables(request) else "template1"
    )
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{postgresql_server}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database: the test runs once on each kind. It is empty unless the test asks
    for a `store` as well; then it is the store's."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_url"))
    file = tmp_path / "chaperone.sqlite"
    if _has_tables(request):
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with today's schema: the test runs once on SQLite and once on PostgreSQL."""
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Store]:
    """A store with today's schema on SQLite alone, where the database does not matter."""
    file = shutil.copyfile(migrated_sqlite, tmp_path / "chaperone.sqlite")
    store = Store(f"sqlite:///{file}")
    yield store
    store.close()
