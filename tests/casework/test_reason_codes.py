"""The shipped reasons can all be used, and a slip in the file is told with its cure."""

import re

import pytest

from casework.notices import About, fill, gap_in, refuse_faults
from casework.reason_codes import read_reasons as read
from casework.reason_codes import reasons
from models.errors import MendSettings, Refused
from models.vocabulary import DecisionKind

ALL = [(kind, reason) for kind in DecisionKind for reason in reasons(kind)]


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_every_decision_has_reasons(kind: DecisionKind) -> None:
    assert reasons(kind)


@pytest.mark.parametrize(("kind", "reason"), ALL, ids=[f"{k}-{r.code}" for k, r in ALL])
def test_shipped_texts_can_be_sent_once_filled(kind: DecisionKind, reason) -> None:
    assert re.fullmatch(r"C\d{1,2}", reason.clause)
    assert len(reason.title) <= 200
    for to, template in reason.texts.items():
        text = fill(template, place="Ballet page", name="Kit")
        refuse_faults(text, to, About("Ballet page", "something else", "Jo"))
        assert "!" not in text
        if to == "affected":
            assert gap_in(fill(template, place="Ballet page")) == "{name}"
        if to == "public":
            assert "{name}" not in template


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('[a]\nkinds = ["keep"]\ntitle = "A"\nclauses = "C1"', 'Did you mean "clause"'),
        ('[a]\nkinds = ["remov"]\ntitle = "A"\nclause = "C1"', 'Did you mean "remove"'),
        (
            '[a]\nkinds = ["hide"]\ntitle = "A"\nclause = "C1"\npublic = "On {plaice}"',
            'Did you mean "place"',
        ),
        ('[a]\nkinds = ["hide"]\ntitle = "A"', "lacks"),
    ],
)
def test_slips_are_told(written: str, says: str) -> None:
    with pytest.raises(MendSettings, match=says):
        read(written)


@pytest.mark.parametrize(
    "gap", ["{name}", "{", "___", "###", "[name]", "[...]", "<name>", "Dear {child's name},"]
)
def test_gaps_are_found(gap: str) -> None:
    with pytest.raises(Refused, match="gap"):
        refuse_faults(f"A text with {gap} in it.", "author", About("page"))
