"""Every kind of connector, by name. Their modules load when first asked for.

So `chaperone --help` can list the names without importing requests, PRAW or zipfile.
"""

from difflib import get_close_matches
from importlib import import_module

from collector.connectors.kind import ConnectorKind
from models.errors import MendSettings

_MODULES: tuple[tuple[str, str], ...] = (
    ("facebook", "facebook"),
    ("reddit", "reddit"),
    ("instagram", "instagram"),
    ("youtube", "youtube"),
    ("x", "x"),
    ("linkedin", "linkedin"),
    ("wordpress", "wordpress"),
    ("facebook_groups", "facebook_groups"),
    ("email", "imap"),
    ("mail_files", "mail_files"),
    ("feed", "feed"),
    ("matrix", "matrix"),
    ("mastodon", "mastodon"),
    ("bluesky", "bluesky"),
    ("discord", "discord"),
    ("wikipedia", "wiki_kinds"),
    ("mediawiki", "wiki_kinds"),
    ("facebook_archive", "archives"),
    ("instagram_archive", "archives"),
    ("google_plus_archive", "archives"),
    ("discourse", "discourse"),
    ("telegram", "telegram"),
    ("zoom", "zoom"),
    ("zoom_chat", "zoom_chat"),
    ("whatsapp", "whatsapp"),
    ("csv", "table"),
    ("jsonl", "table"),
    ("paste", "paste"),
)
"""Name, and the module of this package whose KINDS holds it. Names are never renamed."""


def connector_names() -> tuple[str, ...]:
    """Every name that a source may give as its connector. Imports nothing."""
    return tuple(name for name, _ in _MODULES)


def get(name: str) -> ConnectorKind:
    """The kind of that name. Raises MendSettings, with "did you mean", where there is none."""
    module = dict(_MODULES).get(name)
    if module is not None:
        kinds: tuple[ConnectorKind, ...] = import_module(f"collector.connectors.{module}").KINDS
        for kind in kinds:
            if kind.name == name:
                return kind
    close = get_close_matches(name, connector_names(), n=1)
    raise MendSettings(
        f'There is no connector "{name}".',
        subject="connector",
        cure=f'Did you mean "{close[0]}"?'
        if close
        else f"Use one of {', '.join(connector_names())}.",
    )
