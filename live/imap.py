"""Dovecot from its Debian package: a mail arrives, is collected, flagged and moved away."""

import getpass
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path

from collector.connectors import registry
from live import tools
from live.journey import KIND, UNKIND, journey
from live.result import LiveResult

_DOVECOT = "/usr/sbin/dovecot"
_PASSWORD = "only-for-this-run"  # noqa: S105 - of a server that lives for seconds
_SETTINGS = """\
protocols = imap
base_dir = {home}/run
state_dir = {home}/state
log_path = /dev/stderr
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
ssl = no
disable_plaintext_auth = no
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def run() -> LiveResult:
    """Start it, put three mails in, and go the product's way."""
    result = LiveResult("Dovecot")
    tools.debian(["dovecot-imapd"], [_DOVECOT])
    result.server = f"Dovecot {tools.run([_DOVECOT, '--version']).split()[0]}"
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as port:
        _deliver(port, [KIND, UNKIND, "The costumes are ready."])
        connector = registry.get("email").connect(
            {"host": "127.0.0.1", "port": port, "username": "watch", "security": "none"},
            lambda _: _PASSWORD,
        )
        journey(result, connector, "mid:1@mail.example.org")
    return result


@contextmanager
def _server(home: Path) -> Iterator[int]:
    """A Dovecot with one mailbox; gives its port."""
    home.chmod(0o755)
    port, users = tools.free_port(), _users(home)
    for name in ("run", "state", "mail"):
        (home / name).mkdir()
    shutil.chown(home / "mail", users["owner"], users["owner_group"])
    settings = home / "dovecot.conf"
    settings.write_text(_SETTINGS.format(home=home, password=_PASSWORD, port=port, **users))
    command = [_DOVECOT, "-F", "-c", str(settings)]
    with tools.serving(command, lambda: tools.listens(port), log=home / "log"):
        yield port


def _users(home: Path) -> dict[str, str]:
    """Whom its processes run as. Started by root it insists on others, which its package makes."""
    if os.geteuid() == 0:
        mail = {"owner": "nobody", "owner_group": "nogroup"}
        return {"internal": "dovecot", "login": "dovenull", "group": "dovecot", **mail}
    me, group = getpass.getuser(), home.group()
    return {"internal": me, "login": me, "group": group, "owner": me, "owner_group": group}


def _deliver(port: int, texts: list[str]) -> None:
    """Mails with a picture each, which must never be fetched."""
    client = IMAP4("127.0.0.1", port, timeout=20)
    client.login("watch", _PASSWORD)
    for number, text in enumerate(texts):
        mail = EmailMessage()
        mail["From"], mail["To"] = "Ottoline Vane <ottoline@example.org>", "watch@example.org"
        mail["Date"] = "Fri, 20 Nov 2026 10:00:00 +0000"
        mail["Message-ID"] = f"<{number}@mail.example.org>"
        mail.set_content(text)
        mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a (1).png")
        client.append("INBOX", "", "", mail.as_bytes().replace(b"\n", b"\r\n"))
    client.logout()
