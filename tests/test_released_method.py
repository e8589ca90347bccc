"""The method that goes along with a release speaks of what is in it."""

from __future__ import annotations

import re
from pathlib import Path


def test_the_method_names_no_file_that_the_release_has_not(release: Path) -> None:
    method = (release / "data" / "README.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:csv|json|md|py|txt|xlsx)|LICENSE[\w-]*|[\w-]+/)`", method)
    assert "events.csv" in names
    assert [
        name for name in names if not any((release / place / name).exists() for place in ("", "data"))
    ] == []
