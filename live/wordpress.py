"""WordPress from its Debian package: a visitor's comment is collected, and taken down."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests

from collector.connectors import registry
from live import mariadb, php, tools
from live.journey import KIND, UNKIND, journey
from live.result import CannotStart, LiveResult

_HOME = Path("/usr/share/wordpress")
_PACKAGES = ("wordpress", "mini-httpd", "php-cgi", "php-mysql", *php.PACKAGES)
"""mini-httpd and php-cgi only because the package asks for a web server: neither is started."""

_SETTINGS = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A running WordPress. password: the moderator's application password."""

    url: str
    password: str
    article: int
    version: str


def run() -> LiveResult:
    """Start it, write a comment as a visitor, and go the product's way."""
    result = LiveResult("WordPress")
    with site() as here:
        result.server = f"WordPress {here.version}, PHP {php.php_version()}"
        number = comment(here, UNKIND)
        kind = registry.get("wordpress")
        connector = kind.connect(
            {"site_url": here.url, "username": "safeguarding"}, lambda _: here.password
        )
        journey(result, connector, f"c{number}")
    return result


@contextmanager
def site() -> Iterator[Site]:
    """A fresh WordPress with an article and a kind comment, until the block ends."""
    tools.debian(
        (*_PACKAGES, *mariadb.PACKAGES), (str(_HOME / "wp-load.php"), "php", *mariadb.NEEDED)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root, port = folder / "site", tools.free_port()
        shutil.copytree(_HOME, root, ignore_dangling_symlinks=True)
        with mariadb.mariadb(folder, "wordpress") as socket:
            (root / "wp-config.php").write_text(_SETTINGS.replace("{socket}", str(socket)))
            url = f"http://127.0.0.1:{port}"
            given = {"url": url, "article": "Tickets are at the desk.", "kind": KIND}
            script = Path(__file__).with_suffix(".php")
            said = json.loads(tools.run(["php", str(script), str(root)], given=json.dumps(given)))
            with php.php_server(root, folder / "php.log", port):
                yield Site(url, said["password"], said["article"], said["version"])


def comment(here: Site, text: str) -> int:
    """Write a comment as any visitor does, with the form below the article; its number."""
    form = {
        "comment_post_ID": str(here.article),
        "author": "Perry Example",
        "email": "perry@example.org",
        "comment": text,
    }
    answer = requests.post(
        f"{here.url}/wp-comments-post.php", form, timeout=30, allow_redirects=False
    )
    where = urlsplit(answer.headers.get("Location", ""))
    number = where.fragment.removeprefix("comment-")
    if answer.status_code != 302 or not number.isdigit():
        raise CannotStart(
            f"It took no comment (HTTP {answer.status_code}, {parse_qs(where.query)})."
        )
    return int(number)
