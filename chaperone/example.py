"""Writing config.example.toml and the config.toml of `chaperone init`, explained line by line.

The text is example.toml beside this file; the tables of the sources are written from what each
connector declares, so that no option can be missing there.
"""

from collections.abc import Mapping
from pathlib import Path
from string import Template

from collector.connectors import registry
from collector.connectors.kind import ConnectorKind

BLANKS: Mapping[str, str] = {
    "name": "Riverside Dance School",
    "nation": "england",
    "lead_name": "",
    "lead_phone": "",
    "outside_contact": "",
    "contact_email": "",
    "public_address": "http://127.0.0.1:8765",
}
"""What config.example.toml says where `chaperone init` was told nothing else."""

_PUBLIC = ("facebook", "instagram", "youtube", "x", "linkedin", "reddit")
_AUDIENCES = {**dict.fromkeys(_PUBLIC, "public"), "paste": "mixed"}


def example(answers: Mapping[str, str] | None = None) -> str:
    """The whole file as text. answers: some of the keys of BLANKS."""
    written = {key: _quoted(value) for key, value in {**BLANKS, **(answers or {})}.items()}
    kinds = [registry.get(name) for name in registry.connector_names()]
    sources = "\n".join(_source(kind) for kind in kinds)
    text = Path(__file__).with_name("example.toml").read_text(encoding="utf-8")
    return Template(text).substitute(written, sources=sources)


def _quoted(value: str) -> str:
    """As it stands between double quotes in TOML."""
    return "".join(
        f"\\u{ord(sign):04x}" if ord(sign) < 32 or sign in '"\\' or ord(sign) == 127 else sign
        for sign in value
    )


def _source(kind: ConnectorKind) -> str:
    lines = [
        "",
        f"# {kind.summary}",
        f"#[sources.my-{kind.name}]",
        f'#connector = "{kind.name}"',
        '#label = "What people call it"',
        f'#audience = "{_AUDIENCES.get(kind.name, "adult_only")}"',
    ]
    if kind.polled:
        lines.append('#poll_every = "1 minute"')
    for key, option in kind.options.items():
        lines.append(f"# {option.help}{'' if option.required else ' (Optional.)'}")
        if option.secret:
            variable = f"{kind.name}_{key}".upper()
            lines.append(f'#{key}_env = "{variable}"')
        else:
            lines.append(f"#{key} = {option.example or _blank(option.kind)}")
    return "\n".join(lines)


def _blank(kind: str) -> str:
    return {"number": "0", "yes_no": "false", "list": "[]"}.get(kind, '""')
