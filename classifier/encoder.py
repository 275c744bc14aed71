"""The sentence encoder: a text becomes 384 numbers, and each of its tokens too.

    encoder = load_encoder()                       # refuses a file that is not the one described
    read = encoder.read(["meet me on your own"])   # one Encoded per text, in the same order

The network is all-MiniLM-L6-v2 (Apache-2.0), fine-tuned by classifier/training/encoder.py, in
whole numbers of one byte (ONNX). Texts are given as `Normalised.words`; emoji are spelled out by
name first. Texts with the same number of tokens run together. The scales of the whole numbers are
fixed, so what stands beside a text never changes its numbers.
"""

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import MendSettings

FORMAT = 2
WEIGHTS = Path(__file__).with_name("weights")
WIDTH = 384
"""Numbers per token and per text."""

LONGEST = 80
"""Tokens of a text that are read, the two marks at its ends among them."""

CHARACTERS = 1200
"""Of a text no more characters than this are looked at: LONGEST tokens seldom need half of it."""

TOGETHER = 16
"""So many texts of one length run together, in a third less time than one by one. More are no
faster."""

MASK = 103
"""The token that stands for a word which is not shown."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text. vector: (384,), the mean of the tokens. tokens: (n, 384). spans: where each token
    stands in the text as it was given, (start, end); the marks at the ends have an empty span.
    ids: the tokens' numbers, (n,)."""

    vector: Floats
    tokens: Floats
    spans: tuple[tuple[int, int], ...]
    ids: npt.NDArray[np.int64]


@lru_cache(maxsize=4096)
def _name(char: str) -> str:
    """What is read in place of one character: emoji by name, marks of no width as nothing."""
    if char < "\u0300":
        return char
    kind = unicodedata.category(char)
    if kind in ("So", "Sk") and char > "\u2190":
        return f" {unicodedata.name(char, '').lower()} "
    return "" if kind in ("Cf", "Mn") else char


def spelled(words: str) -> tuple[str, list[int] | None]:
    """The text with emoji spelled out, and for each of its characters the place it came from;
    None where nothing moved."""
    if words.isascii():
        return words, None
    pieces = [_name(char) for char in words]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), places


class Encoder:
    """See the module. Built by `load_encoder`. version: the first letters of the checksum."""

    def __init__(self, network: Any, tokenizer: Any, version: str) -> None:
        """network: an onnxruntime session; tokenizer: of the library tokenizers."""
        self._network = network
        self._tokenizer = tokenizer
        self.version = version

    def read(self, texts: Sequence[str]) -> list[Encoded]:
        """One Encoded per text (Normalised.words, or a part of it), in the same order."""
        shown = [spelled(text[:CHARACTERS]) for text in texts]
        coded = self._tokenizer.encode_batch([text for text, _ in shown])
        return [
            Encoded(
                tokens.mean(axis=0),
                tokens,
                tuple(_place(span, places, len(text)) for span in code.offsets),
                np.asarray(code.ids, dtype=np.int64),
            )
            for tokens, code, (_, places), text in zip(
                self._tokens([code.ids for code in coded]), coded, shown, texts, strict=True
            )
        ]

    def _tokens(self, texts: Sequence[Sequence[int]]) -> list[Floats]:
        """(tokens, 384) for each text, given as the numbers of its tokens."""
        found: dict[int, Floats] = {}
        of_length: dict[int, list[int]] = defaultdict(list)
        for at, ids in enumerate(texts):
            of_length[len(ids)].append(at)
        for places in of_length.values():
            for first in range(0, len(places), TOGETHER):
                some = places[first : first + TOGETHER]
                run = self._run(np.asarray([texts[at] for at in some], dtype=np.int64))
                found.update(zip(some, run, strict=True))
        return [found[at] for at in range(len(texts))]

    def without(self, one: Encoded, groups: Sequence[Sequence[int]]) -> Floats:
        """(groups, 384): the text's numbers when the tokens of each group are not shown."""
        ids = np.tile(one.ids, (len(groups), 1))
        for row, group in zip(ids, groups, strict=True):
            row[list(group)] = MASK
        vectors: Floats = self._run(ids).mean(axis=1)
        return vectors

    def _run(self, ids: npt.NDArray[np.int64]) -> Floats:
        tokens: Floats = self._network.run(["tokens"], {"ids": ids, "mask": np.ones_like(ids)})[0]
        return tokens


def _place(span: tuple[int, int], places: list[int] | None, length: int) -> tuple[int, int]:
    start, end = span
    if places is None or end <= start:
        return start, end
    return places[start], min(places[end - 1] + 1, length)


def load_encoder(folder: Path = WEIGHTS, threads: int = 1) -> Encoder:
    """Read the network. threads: how many cores one text may use.

    Raises MendSettings where a file is missing, changed or of another kind.
    """
    told = card(folder / "encoder.json", FORMAT)
    contents = {name: checked(folder / name, told) for name in ("encoder.onnx", "encoder.txt")}
    import onnxruntime as ort
    from tokenizers import Tokenizer

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # texts differ in length: the arena only grows
    options.log_severity_level = 3
    network = ort.InferenceSession(
        contents["encoder.onnx"],
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # its one step is slower than the two it joins
    )
    tokenizer = Tokenizer.from_str(contents["encoder.txt"].decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return Encoder(network, tokenizer, told["files"]["encoder.onnx"][:12])


def card(path: Path, form: int) -> dict[str, Any]:
    """What a weights file says of itself: format, and a checksum for each file beside it.

    Raises MendSettings where it cannot be read or is of another format.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise broken(path, f"It cannot be read ({type(error).__name__}).") from error
    if not isinstance(told, dict) or told.get("format") != form:
        raise broken(path, f"It is of another format than {form}.")
    return told


def checked(path: Path, told: dict[str, Any]) -> bytes:
    """The bytes of a file. Raises MendSettings where it differs from what its card says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise broken(path, f"It cannot be read ({type(error).__name__}).") from error
    if hashlib.sha256(content).hexdigest() != told.get("files", {}).get(path.name):
        raise broken(path, "Its checksum differs from the one written beside it.")
    return content


def broken(path: Path, what: str) -> MendSettings:
    """The error for a weights file that cannot be used."""
    return MendSettings(
        what,
        subject=f"classifier/weights/{path.name}",
        cure="Install Chaperone again, or learn the weights again as docs/model-card.md says.",
    )
