"""MediaWiki from its Debian package, with SQLite: a talk page's edit is collected and undone."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from collector.connectors import registry
from collector.connectors.kind import Options
from live import php, tools
from live.journey import KIND, UNKIND, journey
from live.result import CannotStart, LiveResult

_HOME = Path("/usr/share/mediawiki")
_PACKAGES = ("mediawiki", "mini-httpd", "php-cgi", "php-sqlite3", *php.PACKAGES)
"""mini-httpd and php-cgi only because the package asks for a web server: neither is started."""

_ADMIN, _PASSWORD = "Owner", "a-long-invented-passphrase"
_BOT = "b" * 32
"""The secret part of a bot password: MediaWiki takes 32 letters and digits."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running wiki. url: with the slash that api.php comes after."""

    url: str
    version: str


def run() -> LiveResult:
    """Start it, edit a talk page as a visitor does, and go the product's way."""
    result = LiveResult("MediaWiki")
    with site() as here:
        result.server = f"MediaWiki {here.version}, PHP {php.php_version()}"
        edit(here, KIND)
        number = edit(here, f"{KIND}\n\n{UNKIND}")
        edit(here, f"{KIND}\n\n{UNKIND}\n\nA later word, by somebody else.")
        options: Options = {
            "wiki_url": here.url,
            "pages": ["Main Page"],
            "own_wiki": True,
            "username": f"{_ADMIN}@chaperone",
        }
        connector = registry.get("mediawiki").connect(options, lambda _: _BOT)
        journey(result, connector, f"r{number}")
    return result


@contextmanager
def site() -> Iterator[Site]:
    """A fresh wiki with a moderator's bot password, until the block ends."""
    tools.debian(_PACKAGES, (str(_HOME / "api.php"), "php"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, port = folder / "site", tools.free_port()
        # Links are followed, so that the copy finds no settings of the machine's own wiki.
        shutil.copytree(
            _HOME, root, ignore_dangling_symlinks=True, ignore=lambda *_: {"LocalSettings.php"}
        )
        (folder / "data").mkdir()
        url = f"http://127.0.0.1:{port}"
        _install(root, folder / "data", url)
        version = (
            tools.run(["php", "maintenance/version.php"], cwd=root)
            .partition("version: ")[2]
            .split(" ")[0]
            .strip()
        )
        with php.php_server(root, folder / "php.log", port):
            yield Site(f"{url}/", version)


def _install(root: Path, data: Path, url: str) -> None:
    install = ["php", "maintenance/install.php", "--dbtype", "sqlite", "--dbpath", str(data)]
    install += ["--dbname", "wiki", "--server", url, "--scriptpath", "", "--lang", "en"]
    install += ["--pass", _PASSWORD, "Brackwater", _ADMIN]
    tools.run(install, cwd=root)
    grants = "basic,editpage,createeditmovepage,delete"
    bot = ["php", "maintenance/createBotPassword.php", "--appid", "chaperone"]
    tools.run([*bot, "--grants", grants, _ADMIN, _BOT], cwd=root)


def edit(here: Site, text: str) -> int:
    """Write the talk page as somebody without an account; the number of the new version."""
    said = {
        "action": "edit",
        "title": "Talk:Main Page",
        "text": text,
        "token": "+\\",
        "format": "json",
        "formatversion": "2",
    }
    answer = requests.post(f"{here.url}api.php", said, timeout=60).json()
    number = answer.get("edit", {}).get("newrevid")
    if not isinstance(number, int):
        raise CannotStart(f"It took no edit ({answer.get('error', {}).get('code')}).")
    return number
