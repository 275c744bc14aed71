"""Names of accounts and addresses: what is not fit is told, what is fit is left alone (C7)."""

import pytest

from casework.name_lint import CHILD, FREE, PET, STRONG, YEAR, lint

CHILDREN = [("Maya", "Fielding"), ("Zoë", "O'Hara"), ("Al", "")]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("larkspur.dance@gmail.com", (FREE,)),
        ("dancer1994", (YEAR,)),
        ("sexyteacher", (PET,)),
        ("Princess of Tap", (PET,)),
        ("xxrobinxx", ()),
        ("f_u_c_k_tap", (STRONG,)),
        ("MayaFielding_99", (CHILD,)),
        ("fielding.maya@example.org", (CHILD,)),
        ("zoeohara_tap", (CHILD,)),
        ("sexymaya2010@hotmail.co.uk", (FREE, YEAR, PET)),
    ],
)
def test_what_is_not_fit(name: str, advice: tuple[str, ...]) -> None:
    assert lint(name, CHILDREN) == advice


@pytest.mark.parametrize(
    "name",
    [
        "office@larkspur.example.org",
        "larkspur_dance",
        "Scunthorpe Dance",
        "EssexTap",
        "maya.teaches",
        "Studio 2050",
        "miss.rivers",
        "al.studio",
    ],
)
def test_what_is_fit(name: str) -> None:
    assert lint(name, CHILDREN) == ()


def test_the_advice_never_names_the_child() -> None:
    assert not any("Maya" in said or "Fielding" in said for said in lint("mayafielding", CHILDREN))
