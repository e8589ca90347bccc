"""The examples in the docstrings do what they show."""

from __future__ import annotations

import doctest
import json
import shutil
from importlib import import_module
from pathlib import Path

import pytest

AIRPORT = Path(__file__).parents[2] / "examples" / "almaty-airport"
MODULES = ("casetrail", "casetrail.loading.loaded")


def broken_case(folder: Path) -> None:
    """The package of which an example says what is wrong."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    kind = {"name": "kind", "constraints": {"enum": ["hearing", "arrest"]}}
    schema = {"fields": [{"name": "event_id"}, kind], "primaryKey": "event_id"}
    events = {"name": "events", "type": "table", "path": "data/events.csv", "schema": schema}
    descriptor = {"name": "broken-case", "resources": [events]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "data" / "events.csv").write_text("event_id,kind\nev-1,hering\n", encoding="utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.parent)
    broken_case(release.parent / "broken-case")
    shutil.copytree(AIRPORT, release.parent / "almaty-airport", dirs_exist_ok=True)
    outcome = doctest.testmod(import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0
