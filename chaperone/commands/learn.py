"""chaperone learn: the learnt judgement, fitted to what your own people found right or wrong."""

import argparse
from typing import TYPE_CHECKING

from chaperone.commands.shared import opened, with_config
from models.errors import ChaperoneError, Refused

if TYPE_CHECKING:
    from chaperone.wiring import House
    from classifier.learning import Learnt, Outcome, Side
    from classifier.learnt import LearntHeads

SUBJECT = "settings:heads"
"""Under what the record keeps it: an administrator may read it."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    learning = commands.add_parser(
        "learn",
        help="learn from the reasons that your people marked as right or wrong",
        description="Fits what the program has learnt to your own decisions. What it learns has "
        "to pass on the project's labelled texts and on decisions of yours that were kept apart; "
        "what would get worse is left as it is. It keeps numbers only, no text, in the folder "
        "models beside the database, and you can go back. What was read before is not read again.",
    )
    with_config(learning)
    what = learning.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="the versions, and which is in force")
    what.add_argument("--back", action="store_true", help="put in force what was before")
    learning.add_argument(
        "--seed", type=int, metavar="N", help="draw other decisions to keep apart"
    )
    learning.set_defaults(run=_learn)


def _learn(arguments: argparse.Namespace) -> int:
    from chaperone.own_detectors import heads_folder
    from classifier.learnt import LearntHeads

    with opened(arguments) as house:
        learnt = LearntHeads(heads_folder(house.settings))
        if arguments.list:
            return _list(learnt)
        if arguments.back:
            return _back(house, learnt)
        return _anew(house, learnt, arguments.seed)


def _anew(house: "House", learnt: "LearntHeads", seed: int | None) -> int:
    from classifier.encoder import load_encoder
    from classifier.heads import load_heads
    from classifier.learning import SEED, Ground, learn

    encoder = load_encoder()
    shipped = load_heads(encoder.version)
    active = learnt.load(encoder.version) or shipped
    seed = SEED if seed is None else seed
    found = learn(
        house.store, house.policy, house.organisation, Ground(encoder, shipped, active), seed
    )
    print(f"{found.texts} decided texts.")
    for outcome in found.outcomes:
        _print(outcome)
    if found.heads is None:
        raise _nothing(found)
    counts = _counts(found)
    number = learnt.keep(
        found.heads, encoder.version, seed=seed, policy=house.policy.version, counts=counts
    )
    better = [str(one.category) for one in found.outcomes if not one.why_not]
    try:
        _record(house, "heads.learnt", number, better, found.texts)
    except ChaperoneError:
        learnt.back()  # what is not on the record is not in force
        raise
    print(f"Version {number} is in force for: {', '.join(better)}. New posts are read with it.")
    return 0


def _nothing(found: "Learnt") -> Refused:
    if found.texts:
        what = "Nothing became better, so nothing was changed."
        cure = "Try again when more decisions have been made."
    else:
        what = "There is nothing to learn from yet, so nothing was changed."
        cure = "When you decide about a post, mark its reasons as right or wrong."
    return Refused(what, subject="chaperone learn", cure=cure)


def _print(outcome: "Outcome") -> None:
    print(f"\n{outcome.category}: {outcome.confirmed} right, {outcome.rejected} wrong")
    if outcome.before and outcome.after:
        print(f"  {'':8} {'project: recall':26} {'project: false alarms':26} your decisions met")
        for name, side in (("before", outcome.before), ("after", outcome.after)):
            print(f"  {name:8} {side.recall!s:26} {side.alarms!s:26} {side.right}")
    print(f"  left as it is: {outcome.why_not}" if outcome.why_not else "  better: it is taken")


def _counts(found: "Learnt") -> dict[str, object]:
    """For heads.json: per category how many decisions, and what was measured."""
    return {
        str(one.category): {
            "right": one.confirmed,
            "wrong": one.rejected,
            "taken": not one.why_not,
            "before": _numbers(one.before),
            "after": _numbers(one.after),
        }
        for one in found.outcomes
    }


def _numbers(side: "Side | None") -> dict[str, float]:
    if side is None:
        return {}
    return {
        "recall": round(side.recall.rate, 4),
        "false_alarms": round(side.alarms.rate, 4),
        "decisions_met": round(side.right.rate, 4),
        "log_loss": round(side.loss, 4),
    }


def _record(
    house: "House", what: str, number: int, categories: "list[str]", texts: int = 0
) -> None:
    from casework.audit import record

    with house.store.write() as session:
        record(session, None, what, SUBJECT, version=number, categories=categories, decided=texts)
        session.commit()


def _list(learnt: "LearntHeads") -> int:
    from classifier.learnt import SHIPPED, shipped_encoder

    versions = list(learnt.versions(shipped_encoder()))
    print(f"0  came with the program{_mark(learnt.active == SHIPPED)}")
    for version in versions:
        counts = version.told.get("counts", {})
        taken = ", ".join(name for name, one in counts.items() if one.get("taken")) or "?"
        when = str(version.told.get("learnt_at", "?"))
        problem = f"  cannot be used: {version.problem}" if version.problem else ""
        print(f"{version.number}  learnt {when}: {taken}{_mark(version.active)}{problem}")
    return 0


def _mark(active: bool) -> str:
    return "  (in force)" if active else ""


def _back(house: "House", learnt: "LearntHeads") -> int:
    number = learnt.back()
    _record(house, "heads.back", number, [])
    words = f"Version {number}" if number else "What came with the program"
    print(f"{words} is in force again. New posts are read with it.")
    return 0
