"""chaperone thresholds: what each threshold gives, and which gives most recall."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chaperone.commands.evaluate import labelled
from chaperone.commands.shared import load_settings, settled, with_config
from models.errors import MendInput
from models.vocabulary import Audience, Category

if TYPE_CHECKING:
    from classifier.evaluation.thresholds import Advice, Choice, OwnScores
    from classifier.policy import Policy


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    asking = commands.add_parser(
        "thresholds",
        help="what each threshold gives: recall, precision and how many posts are flagged",
        description="For each category and audience: the threshold in force, and the one with "
        "the most recall at a precision of at least X, measured on the project's own cases or on "
        "FILE. Where there is a database it says how many of your own stored posts each would "
        "flag. Changes nothing: it prints the lines for your policy file.",
    )
    with_config(asking)
    asking.add_argument("file", metavar="FILE", nargs="?", help="JSON lines; - reads the input")
    asking.add_argument(
        "--precision", type=_share, metavar="X", help="at least this precision (0.90)"
    )
    asking.add_argument(
        "--recall-first",
        type=_share,
        metavar="X",
        help="the same for disclosure, grooming, self_harm and staff contact (0.70)",
    )
    asking.add_argument("--category", choices=[name.value for name in Category], metavar="NAME")
    asking.add_argument("--audience", choices=[name.value for name in Audience], metavar="PLACE")
    asking.add_argument("--choices", action="store_true", help="show several X side by side")
    asking.set_defaults(run=_thresholds)


def _share(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 1.0:
        raise argparse.ArgumentTypeError("write a number above 0 and up to 1, such as 0.9")
    return value


def _thresholds(arguments: argparse.Namespace) -> int:
    from classifier.evaluation.measure import read_cases, read_with
    from classifier.evaluation.thresholds import Wanted, advise, labelled_scores, toml_lines
    from classifier.registry import asked_about

    ready, policy = settled(arguments)
    if arguments.category:  # the others need a minute more and change nothing
        ready = asked_about(ready, Category(arguments.category))
    cases = list(read_cases(labelled(arguments.file)))
    scores = labelled_scores(read_with(cases, ready), policy)
    usual = Wanted()
    wanted = Wanted(
        arguments.precision or usual.precision, arguments.recall_first or usual.recall_first
    )
    own = _own(arguments, policy)
    advices = [
        advice
        for advice in advise(scores, policy, wanted, own)
        if arguments.category in (None, advice.category)
        and arguments.audience in (None, advice.audience)
    ]
    if not advices:
        raise MendInput(
            "No post in it has such a category, beside posts that have not.",
            subject=arguments.file or "the suite",
            cure='Give lines with "expect" and lines with "forbid".',
        )
    for line in (*_head(len(cases), policy, own), *_table(advices, arguments.choices)):
        print(line)
    lines = list(toml_lines(advices))
    print("\nNothing was changed. " + (_HOW if lines else "What is in force is as good."))
    print("\n".join(lines))
    return 0


_HOW = "To use what is advised, put these lines into your policy file (policy.path):\n"


def _own(arguments: argparse.Namespace, policy: "Policy") -> "OwnScores | None":
    """What stands in the organisation's database; None where there is none yet."""
    from sqlalchemy import make_url

    from chaperone.names import CONFIG
    from classifier.evaluation.own_posts import own_scores
    from models.unit_of_work import Store

    if not (arguments.config or Path(CONFIG).is_file()):
        return None
    address = make_url(load_settings(arguments).database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return None
    store = Store(address.render_as_string(hide_password=False))
    try:
        return own_scores(store, policy)
    finally:
        store.close()


def _head(cases: int, policy: "Policy", own: "OwnScores | None") -> Iterator[str]:
    yield f"Measured on {cases} labelled posts; in force: policy {policy.version}."
    if own:
        posts = ", ".join(f"{count} {place}" for place, count in sorted(own.posts.items()))
        yield f"Own posts that were read: {posts or 'none yet'}."
    yield "Precision is that of the labelled posts. Most of your own posts are harmless, so look"
    yield "at the share that is flagged too. * too few labelled posts there: all places together."


def _table(advices: "Iterable[Advice]", all_choices: bool) -> Iterator[str]:
    category = None
    for advice in advices:
        if advice.category != category:
            category = advice.category
            yield f"\n{category}: most recall at precision of at least {advice.wanted:.2f}"
            yield f"  {'':26} {'threshold':9} {'recall':^26} {'precision':^26} flagged"
        place = f"{advice.audience}{'*' if advice.everywhere else ''}"
        yield f"  {place:14} {'in force':11} {_told(advice.now)}"
        for wanted, choice in advice.best.items():
            if all_choices or wanted == advice.wanted:
                name = "advised" if wanted == advice.wanted else f"at {wanted:.2f}"
                told = _told(choice) if choice else "no threshold is so precise: leave it"
                yield f"  {'':14} {name:11} {told}"


def _told(choice: "Choice") -> str:
    flagged = f"{choice.clean.rate:.1%} of harmless posts"
    if choice.own is not None and choice.own.total:
        flagged += f", {choice.own.rate:.1%} of your own"
    return f"{choice.threshold:9.2f} {choice.recall!s:26} {choice.precision!s:26} {flagged}"
