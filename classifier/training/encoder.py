"""Teach the sentence encoder and write it as ONNX in whole numbers of one byte:

    python -m classifier.training.encoder --data FOLDER --base FOLDER --work FOLDER [--from STAGE]

FOLDERS: the public sets; `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2; a place for
what is kept between stages. Needs torch, safetensors and onnx, which the product does not. Each of
STAGES is taught once for every seed of its own, 15 to 60 minutes a time on two cores, and the
weights are averaged. The stage named by --from and those after it are run. Then teach the
heads: python -m classifier.training.heads.
"""

import argparse
import copy
import hashlib
import json
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor

from classifier.encoder import FORMAT, LONGEST, WEIGHTS
from classifier.training.corpora.read import MARKED, PLAIN, WHOLE
from classifier.training.encoder_data import BENIGN, MARKS, TASKS, Row, public, written
from classifier.training.encoder_model import Learner, start
from classifier.training.encoder_quantise import quantise
from classifier.training.encoder_stages import STAGES, Stage

MEASURED = 2_000
"""So many taught texts are read to find the range of what each matrix is given."""

GENERAL = 3
"""How many of TASKS are general questions; an answer on a category weighs twice as much."""

INSIDE = 4.0
"""What a word inside an identifier weighs beside one outside: there are few of them."""

EASY, WRONG = 0.03, 6.0
"""A post whose loss, summed over the questions, is below the first is known well; above the second
its label is doubtful, and a stage that leaves out the easy leaves it out too."""

SMOOTH_EACH = 10
"""A running mean moves once in so many steps."""

MARKS_WEIGHT = 0.3
"""What the marks weigh beside the answers."""


@dataclass(frozen=True)
class Code:
    """One text as numbers. ids (n,): its tokens, none of them 0. inside (n,): in which of MARKS
    each token stands, a bit for each; known (n,): 1 where that is known. answers (tasks,): nan
    where one is not known."""

    ids: npt.NDArray[np.int32]
    inside: npt.NDArray[np.int32]
    known: npt.NDArray[np.int32]
    answers: npt.NDArray[np.float32]


class School:
    """A tokenizer, a learner, and the rows as numbers."""

    def __init__(self, base: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        torch.manual_seed(0)  # for the layers that begin with nothing learnt
        self.learner = start(base / "model.safetensors", len(TASKS), len(MARKS))

    def coded(self, rows: Sequence[Row]) -> list[Code]:
        """Each row as numbers."""
        codes = self.tokenizer.encode_batch([row.text for row in rows])
        return [_code(row, code.ids, code.offsets) for row, code in zip(rows, codes, strict=True)]

    def teach(self, stage: Stage, seed: int, rounds: Sequence[Sequence[Row]]) -> None:
        """One stage with one seed; prints how it goes."""
        torch.manual_seed(seed)
        rng = random.Random(seed)
        self.learner.train()
        for frozen in self.learner.enc.pos.parameters():
            frozen.requires_grad = False
        total = sum(len(rows) // stage.batch + 1 for rows in rounds)
        optimiser, plan = _optimiser(self.learner, stage, total)
        weights = torch.ones(len(TASKS))
        weights[GENERAL:] = 2.0
        short = reckons_short()
        began, step, smooth = time.monotonic(), 0, 0.0
        weights_now = self.learner.state_dict()
        kept = {name: some.clone() for name, some in weights_now.items()} if stage.smooth else {}
        for rows in rounds:
            codes = self.coded(rows)
            for some in batches([len(code.ids) for code in codes], stage.batch, rng):
                ids, mask, answers, known = tensors(codes, some)
                with torch.autocast("cpu", torch.bfloat16, enabled=short):
                    raw, raw_marks = self.learner(ids, mask)
                each = torch.nn.functional.binary_cross_entropy_with_logits(
                    raw.float(), answers, reduction="none"
                )
                weight = known * weights
                loss = (each * weight).sum() / weight.sum().clamp(min=1)
                marks = marks_loss(raw_marks.float(), *marked(codes, some))
                loss = loss + MARKS_WEIGHT * marks
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
                optimiser.step()
                plan.step()
                optimiser.zero_grad()
                step += 1
                if step % SMOOTH_EACH == 0:
                    for name, slow in kept.items():
                        slow.lerp_(weights_now[name], stage.smooth)
                smooth = 0.98 * smooth + 0.02 * loss.item() if smooth else loss.item()
                if step % 100 == 0:
                    speed = step * stage.batch / (time.monotonic() - began)
                    print(f"{stage.name} {step}/{total} {smooth:.4f} {speed:.0f}/s", flush=True)

        if kept:
            self.learner.load_state_dict(kept)

    def losses(self, rows: Sequence[Row]) -> npt.NDArray[np.float32]:
        """(rows,): how wrong the answers are, summed over the questions that a row answers."""
        self.learner.eval()
        codes = self.coded(rows)
        found = np.zeros(len(rows), dtype=np.float32)
        with torch.no_grad():
            for some in batches([len(code.ids) for code in codes], 64, None):
                ids, mask, answers, known = tensors(codes, some)
                each = torch.nn.functional.binary_cross_entropy_with_logits(
                    self.learner(ids, mask)[0].float(), answers, reduction="none"
                )
                found[some] = (each * known).sum(1).numpy()
        return found

    def measure(self, held: Sequence[Row]) -> None:
        """Prints the area under the curve of each task on rows that were not taught."""
        self.learner.eval()
        codes = self.coded(held)
        raw = torch.zeros(len(held), len(TASKS))
        with torch.no_grad():
            for some in batches([len(code.ids) for code in codes], 64, None):
                ids, mask, _, _ = tensors(codes, some)
                raw[some] = self.learner(ids, mask)[0].float()
        for task, name in enumerate(TASKS):
            here = [at for at, row in enumerate(held) if row.answers.get(name, 0.5) != 0.5]
            yes = [held[at].answers[name] > 0.5 for at in here]
            if 0 < sum(yes) < len(yes):
                auc = roc_auc_score(yes, raw[here, task].numpy())
                print(f"  {name:28} {sum(yes):5} of {len(yes):6} AUC {auc:.3f}", flush=True)


def _code(row: Row, ids: Sequence[int], places: Sequence[tuple[int, int]]) -> Code:
    """places: start and end of each token, the same for the two at the ends that are none."""
    real = np.array([end > start for start, end in places], dtype=np.int32)
    inside = np.zeros(len(ids), dtype=np.int32)
    for name, begins, ends in row.marks or ():
        for token, (first, last) in enumerate(places):
            if begins < last and first < ends and real[token]:
                inside[token] |= 1 << MARKS.index(name)
    answers = np.full(len(TASKS), np.nan, dtype=np.float32)
    for task, value in row.answers.items():
        answers[TASKS.index(task)] = value
    known = np.zeros_like(real) if row.marks is None else real
    return Code(np.array(ids, dtype=np.int32), inside, known, answers)


def reckons_short() -> bool:
    """Whether this processor reckons with numbers of 16 bits by itself. One that only acts as if it
    did is 15 times slower with them than with whole ones (measured with AVX2)."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _optimiser(
    learner: Learner, stage: Stage, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    body = [part for part in learner.enc.parameters() if part.requires_grad]
    answering = [*learner.head.parameters(), *learner.marks.parameters()]
    groups = [{"params": body, "lr": stage.rate}, {"params": answering, "lr": 1e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)  # a quarter faster here
    fall = 1 - stage.lowest
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 60) * (1 - fall * step / total)
    )
    return optimiser, plan


def batches(lengths: Sequence[int], size: int, rng: random.Random | None) -> Iterator[list[int]]:
    """Places of rows of like length together; without `rng` in their order."""
    order = list(range(len(lengths)))
    if rng:
        rng.shuffle(order)
    made = []
    for first in range(0, len(order), size * 50):
        chunk = sorted(order[first : first + size * 50], key=lambda at: lengths[at])
        made += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    if rng:
        rng.shuffle(made)
    yield from made


def tensors(codes: Sequence[Code], some: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Token numbers and their mask (texts, tokens); answers and what is known (texts, tasks)."""
    here = [codes[at] for at in some]
    ids = _padded([code.ids for code in here])
    answers = torch.from_numpy(np.stack([code.answers for code in here]))
    return ids.long(), (ids != 0).float(), answers.nan_to_num(0.0), (~answers.isnan()).float()


def marked(codes: Sequence[Code], some: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Which tokens stand in an identifier (texts, tokens, marks); which tokens are known of (texts,
    tokens, 1)."""
    here = [codes[at] for at in some]
    bits = _padded([code.inside for code in here])[:, :, None] >> torch.arange(len(MARKS))
    return (bits & 1).float(), _padded([code.known for code in here])[:, :, None].float()


def _padded(rows: Sequence[npt.NDArray[np.int32]]) -> Tensor:
    """(rows, longest): each row, and zeros after it."""
    padded = np.zeros((len(rows), max(len(row) for row in rows)), dtype=np.int32)
    for place, row in enumerate(rows):
        padded[place, : len(row)] = row
    return torch.from_numpy(padded)


def marks_loss(raw: Tensor, inside: Tensor, known: Tensor) -> Tensor:
    """The cross-entropy of the marks: a mean over the tokens known of, a sum over MARKS."""
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        raw, inside, pos_weight=torch.tensor(INSIDE), reduction="none"
    )
    return (each * known).sum() / known.sum().clamp(min=1)


def without_easy(school: School, stage: Stage, seed: int, rows: Sequence[Row]) -> list[Row]:
    """The rows with only a part of those that are known well; all of the newest writers."""
    rng = random.Random(seed)
    return [
        row
        for row, loss in zip(rows, school.losses(rows), strict=True)
        if _newest(stage, row) or (loss < WRONG and (loss > EASY or rng.random() < stage.easy))
    ]


def _newest(stage: Stage, row: Row) -> bool:
    return bool(stage.writers and re.match(stage.writers, row.template))


def rounds_of(
    stage: Stage, seed: int, ours: Sequence[Row], theirs: Sequence[Row]
) -> list[list[Row]]:
    """The rows of each round: posts written whole every time, the rest in slices that differ.

    What a generator made of one sentence is alike, so a round takes a part of it.
    """
    rng = random.Random(seed)
    rounds: list[list[Row]] = [[] for _ in range(stage.rounds)]
    for latest, share in ((False, stage.whole), (True, stage.plain)):
        whole = [
            row
            for row in ours
            if row.source.startswith(WHOLE)
            and (PLAIN.match(row.template) is not None) == latest
            and (stage.marked or not row.template.startswith(MARKED))
            and not _newest(stage, row)
        ]
        for rows in rounds:
            rows.extend(rng.sample(whole, round(len(whole) * share)))
    newest = [row for row in ours if _newest(stage, row)]
    times, more = divmod(stage.newest, 1)
    for rows in rounds:
        rows.extend(newest * int(times) + rng.sample(newest, round(len(newest) * more)))
    made = [row for row in ours if not row.source.startswith(WHOLE)]
    for rows in rounds:
        rows.extend(rng.sample(made, min(stage.made, len(made))))
    for benign, most in ((False, stage.public), (True, stage.benign)):
        kind = [row for row in theirs if row.source.startswith(BENIGN) == benign]
        rng.shuffle(kind)
        step = most or len(kind)
        for at, rows in enumerate(rounds):
            rows.extend(kind[at * step : (at + 1) * step])
    return rounds


def mean(found: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several sets of the same weights: learners that began alike agree on more of it
    than each by itself, and what one alone saw goes."""
    return {
        name: torch.stack([one[name].float() for one in found]).mean(dim=0).to(first.dtype)
        for name, first in found[0].items()
    }


def export(school: School, taught: Sequence[Row], base: Path, out: Path, work: Path) -> None:
    """Write encoder.onnx (one byte a number), the tokenizer's words and the card beside them."""
    out.mkdir(parents=True, exist_ok=True)
    codes = school.coded(random.Random(0).sample(taught, MEASURED))
    order = batches([len(code.ids) for code in codes], 64, None)
    texts = (tensors(codes, some)[:2] for some in order)
    quantise(school.learner.enc, texts, out / "encoder.onnx", work)
    words = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    words["truncation"] = words["padding"] = None
    (out / "encoder.txt").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    files = ("encoder.onnx", "encoder.txt")
    told = {
        "format": FORMAT,
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files},
        "base": "all-MiniLM-L6-v2 (Apache-2.0)",
        "stages": [stage.name for stage in STAGES],
        "tasks": list(TASKS),
        "answers": told_of(TASKS, school.learner.head),
        "marks": told_of(MARKS, school.learner.marks),
    }
    (out / "encoder.json").write_text(json.dumps(told) + "\n", encoding="utf-8")


def told_of(names: Sequence[str], layer: torch.nn.Linear) -> dict[str, dict[str, object]]:
    """The numbers of an output layer by the name of the question."""
    weights = [[round(x, 5) for x in row] for row in layer.weight.tolist()]
    bias = [round(x, 5) for x in layer.bias.tolist()]
    return {
        name: {"weights": one, "bias": base}
        for name, one, base in zip(names, weights, bias, strict=True)
    }


def learn(given: argparse.Namespace) -> None:
    """Run the stages that are wanted, measure, export."""
    torch.set_num_threads(given.threads)
    school = School(given.base)
    names = [*(stage.name for stage in STAGES), "export"]
    first = names.index(given.first) if given.first else 0
    if first:
        school.learner.load_state_dict(torch.load(given.work / f"{names[first - 1]}.pt"))
    ours = list(written())
    theirs = list(public(given.data))
    for stage in STAGES[first:]:
        taught = [[row for row in some if not row.held] for some in (ours, theirs)]
        begun = copy.deepcopy(school.learner.state_dict())
        found = []
        for seed in stage.seeds:
            school.learner.load_state_dict(begun)
            mine = taught[0]
            if stage.easy < 1:
                mine = without_easy(school, stage, seed, mine)
            school.teach(stage, seed, rounds_of(stage, seed, mine, taught[1]))
            found.append(copy.deepcopy(school.learner.state_dict()))
        school.learner.load_state_dict(mean(found))
        torch.save(school.learner.state_dict(), given.work / f"{stage.name}.pt")
        school.measure([row for row in ours if row.held])
        school.measure([row for row in theirs if row.held][:4000])
    export(school, [row for row in ours if not row.held], given.base, given.out, given.work)


def main() -> None:
    """The command line."""
    reads = argparse.ArgumentParser(description=__doc__)
    for name in ("--data", "--base", "--work"):
        reads.add_argument(name, type=Path, required=True)
    reads.add_argument("--out", type=Path, default=WEIGHTS)
    reads.add_argument(
        "--from", dest="first", choices=[*(stage.name for stage in STAGES), "export"]
    )
    reads.add_argument("--threads", type=int, default=2)
    learn(reads.parse_args())


if __name__ == "__main__":
    main()
