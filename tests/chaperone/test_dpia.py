"""The assessment is filled from what is really set, and names nobody."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from casework.keeping import shipped
from chaperone.demo import written_settings
from chaperone.dpia import filled
from chaperone.settings import load


def _settings(folder: Path):
    path = folder / "config.toml"
    path.write_text(written_settings(8765, 9999), encoding="utf-8")
    (folder / "token").write_text("x", encoding="utf-8")
    (folder / "token").chmod(0o600)
    return load(path)


def test_the_page_says_what_is_set(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    page = filled(settings, Counter({"monitor": 2, "lead": 1}), 512)
    assert "| monitor | 2 |" in page
    assert "512" in page
    assert f"text {shipped().cleared.days} days" in page
    assert "| facebook | at once when seen |" in page
    assert "| whatsapp | your own period |" in page
    assert "this machine only, over plain http" in page
    assert "Alternate for concerns about the lead | **not set**" in page
    assert settings.organisation.lead_name not in page
    assert "$" not in page


def test_a_changed_setting_changes_the_page(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    kept = replace(settings.keeping, legal_hold=True)
    before, after = (
        filled(one, Counter(), 0) for one in (settings, replace(settings, keeping=kept))
    )
    assert before != after
    assert "yes: nothing is dropped" in after


def test_the_page_in_the_documents_is_the_demonstrations(tmp_path: Path, root: Path) -> None:
    page = filled(
        _settings(tmp_path), Counter({"monitor": 1, "lead": 1, "trustee": 1, "admin": 1}), 0
    )
    assert (root / "docs" / "dpia.md").read_text(encoding="utf-8") == page
