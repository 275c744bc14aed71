"""Makes `classifier/training/corpora/*.jsonl` out of `sources/*.txt`: repeatable, offline.

    python -m classifier.training.corpora.make_corpora

Source format. `## family | audiences | roles | labels` opens a family (letters: c children,
m mixed, a adult_only, p public; m member, p parent, s staff, u unknown; `-` is no label). A line
`+ text` carries the family's labels, `- text` carries none; `[r=s l=threat,hate a=c]` before the
text overrides role, labels and audience. Slots stand in braces and bring their own labels
(`make_slots.LABEL_OF_SLOT`).

Split: whole base sentences go to "dev" (about one in seven, by a hash of the sentence), where only
dev voices, names, streets and schools are used. Every row: id, text, audience, author_role, labels,
voice, template, split and, for identifiers, ages and places, posted_at (aware, UTC).
"""

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from classifier.training.corpora import make_fillers, make_voices
from classifier.training.corpora.make_slots import LABEL_OF_SLOT, Slots
from models.vocabulary import Category

HERE = Path(__file__).parent
AUDIENCES = {"c": "children", "m": "mixed", "a": "adult_only", "p": "public"}
ROLES = {"m": "member", "p": "parent", "s": "staff", "u": "unknown"}
DATED = frozenset({"identifiers", "underage", "location"})
DEV_ONE_IN = 7
FIRST_DAY = datetime(2025, 11, 20, 8, tzinfo=UTC)
LINE = re.compile(r"([+-]) (?:\[([a-z]=[^\]]*)\] )?(.+)$")


@dataclass(frozen=True)
class Template:
    """One sentence written by hand, with what it is."""

    topic: str
    family: str
    text: str
    audiences: str
    roles: str
    labels: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name that lasts: the family and a digest of the sentence."""
        return f"{self.family}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    @property
    def split(self) -> str:
        """Whole sentences are kept out of training."""
        digest = hashlib.sha256(f"split {self.text}".encode()).digest()
        return "dev" if digest[0] % DEV_ONE_IN == 0 else "train"


def templates(path: Path) -> Iterator[Template]:
    """The sentences of one source; raises ValueError with the line that is not understood."""
    head: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#!"):
            continue
        if line.startswith("## "):
            head = [part.strip() for part in line[3:].split("|")]
            continue
        found = LINE.match(line)
        if not found or len(head) != 4:
            raise ValueError(f"{path.name}:{number} is not a template")
        sign, options, text = found.groups()
        chosen = dict(option.split("=", 1) for option in (options or "").split())
        own = chosen.get("l", head[3] if sign == "+" else "-")
        yield Template(
            topic=path.stem,
            family=f"{path.stem}.{head[0]}",
            text=text,
            audiences=chosen.get("a", head[1]),
            roles=chosen.get("r", head[2]),
            labels=() if own == "-" else tuple(own.replace(",", " ").split()),
        )


def renders(template: Template) -> int:
    """How many rows a sentence gets: more where slots vary it."""
    slots = len(re.findall(r"\{\w+\}", template.text))
    if template.topic == "identifiers":
        return 5 if slots else 3
    if "{grp}" in template.text:
        return 5
    return 3 + min(slots, 2)


def labels_of(template: Template) -> list[str]:
    """The template's labels and those of its slots, in the order of the vocabulary."""
    slots = set(re.findall(r"\{(\w+)\}", template.text))
    found = set(template.labels) | {LABEL_OF_SLOT[s] for s in slots if s in LABEL_OF_SLOT}
    unknown = found - {category.value for category in Category}
    if unknown:
        raise ValueError(f"{template.family}: unknown labels {sorted(unknown)}")
    return [category.value for category in Category if category.value in found]


def _speak(template: Template, number: int, rng: random.Random) -> tuple[str, str]:
    """A voice and the sentence in it, slots filled, sometimes among other sentences."""
    voices = make_voices.DEV if template.split == "dev" else make_voices.TRAIN
    names = list(voices)
    short = len(template.text.split()) < 4
    name = names[0] if number == 0 else rng.choice(names)
    if short and name in make_voices.NOT_FOR_SHORT:
        name = names[0]
    text = voices[name](template.text, rng)
    text = make_fillers.framed(text, template.split, rng, quiet=number == 0 or name == "formal")
    slots = Slots(rng, template.split)
    if template.topic == "underage":
        slots.child_ages = (11, 17)
    filled = slots.fill(text)
    return name, filled.lower() if name in make_voices.SMALL_LETTERS else filled


def rows(sentences: Iterable[Template], seed: int = 7) -> Iterator[dict[str, object]]:
    """Rows of one topic, the same for the same seed; texts that repeat are left out."""
    seen: set[str] = set()
    count = 0
    for template in sentences:
        rng = random.Random(f"{seed} {template.key}")
        for number in range(renders(template)):
            voice, text = _speak(template, number, rng)
            plain = re.sub(r"\W+", " ", text.lower()).strip() or text
            if plain in seen:
                continue
            seen.add(plain)
            count += 1
            row: dict[str, object] = {
                "id": f"{template.topic}-{count:05d}",
                "text": text,
                "audience": AUDIENCES[rng.choice(template.audiences)],
                "author_role": ROLES[rng.choice(template.roles)],
                "labels": labels_of(template),
                "voice": voice,
                "template": template.key,
                "split": template.split,
            }
            if template.topic in DATED:
                row["posted_at"] = (FIRST_DAY + timedelta(hours=rng.randrange(8700))).isoformat()
            yield row


def main() -> None:
    """Writes every topic's rows beside this file and says how many."""
    for source in sorted((HERE / "sources").glob("*.txt")):
        made = list(rows(templates(source)))
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
        (HERE / f"{source.stem}.jsonl").write_text(lines, encoding="utf-8")
        print(f"{source.stem}: {len(made)} rows")


if __name__ == "__main__":
    main()
