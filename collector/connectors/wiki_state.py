"""A wiki source's cursor: how far each page was read, and which versions are looked at again."""

import json
from dataclasses import dataclass, field

from collector.connectors.rota import Rota, read_rota


@dataclass(slots=True)
class PageMark:
    """How far a page was read. first, last: version numbers; at: the last one's time as given."""

    first: int = 0
    last: int = 0
    at: str = ""


@dataclass(slots=True)
class State:
    """pages: by page number, as text."""

    rota: Rota
    pages: dict[str, PageMark] = field(default_factory=dict)

    def cursor(self) -> str:
        """As text."""
        pages = {key: [mark.first, mark.last, mark.at] for key, mark in self.pages.items()}
        return json.dumps({"v": 1, "pages": pages, "rota": self.rota.cursor()})


def read_state(cursor: str | None, keep: int) -> State:
    """The state in a cursor; an empty one for None or for what is no cursor of ours."""
    try:
        said = json.loads(cursor or "{}")
        pages = {
            str(key): PageMark(int(first), int(last), str(at))
            for key, (first, last, at) in said["pages"].items()
        }
        return State(read_rota(str(said["rota"]), keep), pages)
    except (ValueError, KeyError, TypeError, AttributeError):
        return State(read_rota(None, keep))
