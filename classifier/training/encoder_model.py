"""The network of the sentence encoder in plain torch: BERT's six small layers and a row of answers.

Torch is imported by the training only. The layers carry the weights of all-MiniLM-L6-v2
(`model.safetensors`), so that no other library stands between the file and the numbers.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, INNER, HEADS, LAYERS = 384, 1536, 12, 6
VOCABULARY, PLACES = 30522, 512
LEFT_OUT = 0.1
"""The part of the numbers that one step of teaching does without."""

_PARTS = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("o", "attention.output.dense"),
    ("ln1", "attention.output.LayerNorm"),
    ("up", "intermediate.dense"),
    ("down", "output.dense"),
    ("ln2", "output.LayerNorm"),
)
"""Our names of a layer's parts, and theirs."""


class Dropout(nn.Module):
    """Leaves out one number in ten of a text, the same for all its tokens: a tenth of the time that
    one draw for each token takes."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (texts, ..., numbers)."""
        if not self.training:
            return x
        drawn = torch.rand(x.shape[0], *(1,) * (x.dim() - 2), x.shape[-1], device=x.device)
        return x * ((drawn >= LEFT_OUT) / (1 - LEFT_OUT)).to(x.dtype)


class Times(nn.Module):
    """Multiplies each of the numbers by one of its own."""

    def __init__(self, by: Tensor) -> None:
        super().__init__()
        self.by = nn.Parameter(by)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., numbers)."""
        return x * self.by


class Layer(nn.Module):
    """Attention and two dense steps, each followed by a normalisation, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.ln1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.ln2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = Dropout()
        self.before_q, self.before_up = nn.Identity(), nn.Identity()  # for encoder_quantise

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """x: (texts, tokens, 384). bias: (texts, 1, 1, tokens), low where no token is."""
        given = self.before_q(x)
        q, k, v = (self._split(part(given)) for part in (self.q, self.k, self.v))
        # By hand: torch's own attention took seven times as long backwards, in 16 bits.
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + bias, -1)
        mixed = weights @ v
        x = self.ln1(x + self.drop(self.o(mixed.transpose(1, 2).reshape(x.shape))))
        after: Tensor = self.ln2(
            x + self.drop(self.down(functional.gelu(self.up(self.before_up(x)))))
        )
        return after

    def _split(self, x: Tensor) -> Tensor:
        texts, tokens, _ = x.shape
        return x.view(texts, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)


class Network(nn.Module):
    """Token numbers in, token vectors out: (texts, tokens, 384)."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.pos = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.typ, self.ln = nn.Embedding(2, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = Dropout()

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """ids, mask: (texts, tokens); mask is 1 where there is a token."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x: Tensor = self.word(ids) + self.pos(places)[None] + self.typ.weight[0]
        x = self.drop(self.ln(x))
        bias = (1 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x


class Learner(nn.Module):
    """The network, one answer per task from the mean of the tokens, and marks on the tokens."""

    def __init__(self, tasks: int, marks: int) -> None:
        super().__init__()
        self.enc = Network()
        self.head = nn.Linear(WIDTH, tasks)
        self.marks = nn.Linear(WIDTH, marks)
        self.d = Dropout()

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Raw answers (texts, tasks), raw marks (texts, tokens, marks)."""
        tokens = self.enc(ids, mask)
        weight = mask[:, :, None].to(tokens.dtype)
        answers: Tensor = self.head(self.d((tokens * weight).sum(1) / weight.sum(1).clamp(min=1)))
        return answers, self.marks(self.d(tokens))


def start(model: Path, tasks: int, marks: int) -> Learner:
    """A learner with the published weights. Raises KeyError where the file is of another shape."""
    theirs = load_file(model)
    ours = {
        "enc.word.weight": theirs["embeddings.word_embeddings.weight"],
        "enc.pos.weight": theirs["embeddings.position_embeddings.weight"],
        "enc.typ.weight": theirs["embeddings.token_type_embeddings.weight"],
    }
    for kind in ("weight", "bias"):
        ours[f"enc.ln.{kind}"] = theirs[f"embeddings.LayerNorm.{kind}"]
        for layer in range(LAYERS):
            for mine, name in _PARTS:
                key = f"encoder.layer.{layer}.{name}.{kind}"
                ours[f"enc.layers.{layer}.{mine}.{kind}"] = theirs[key]
    learner = Learner(tasks, marks)
    missing, strange = learner.load_state_dict(ours, strict=False)
    if strange or {name.split(".")[0] for name in missing} != {"head", "marks"}:
        raise KeyError(f"{model.name} has other parts: {strange or missing}")
    return learner
