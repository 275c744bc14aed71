"""docs/connectors/adding.md shows the toy as it is, so that the page cannot grow old."""

import re
from pathlib import Path

from collector.connectors.registry import connector_names


def test_the_page_shows_the_very_file(root: Path) -> None:
    page = (root / "docs" / "connectors" / "adding.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert shown == (root / "collector" / "sandbox" / "noticeboard.py").read_text(encoding="utf-8")


def test_the_page_leads_only_to_what_is_there(root: Path) -> None:
    page = (root / "docs" / "connectors" / "adding.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", page):
        assert (root / "docs" / "connectors" / link).exists(), link


def test_the_toy_is_no_platform_of_the_product() -> None:
    assert "noticeboard" not in connector_names()
