"""The commands on Windows, as far as Linux can be made to behave so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHANGES = "# Changelog\n\n## harbour-case 1.0.0 (2025-06-01)\n\nFirst.\n"
WINDOWS = Path(__file__).with_name("windows.py")


def run(folder: Path, *commands: str) -> list[tuple[int, str]]:
    """Run commands one after another; of each its exit code and what it printed."""
    words = json.dumps([command.split() for command in commands])
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", str(WINDOWS), words],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"LOCALAPPDATA": str(folder.parent / "state")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    parts = re.findall(r"^> .*?\n(.*?)^< (\d+)$", done.stdout, re.M | re.S)
    assert len(parts) == len(commands), done.stdout + done.stderr
    return [(int(code), text + done.stderr) for text, code in parts]


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that is made to behave so")
def test_every_command_works(harbour_case: Path) -> None:
    (harbour_case / "CHANGELOG.md").write_text(
        "# Changelog\n\n## harbour-case 1.0.0 (2025-06-01)\n\nFirst.\n"
    )
    events = harbour_case / "data" / "events.csv"
    header, *rows = events.read_text(encoding="utf-8").splitlines(keepends=True)
    events.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    outcomes = run(
        harbour_case,
        "validate --output json=report.json",
        "validate --output json=report.json",
        "format",
        "schemas",
        "show ev-20250301-march",
        "cite",
        "release",
        "release",
        "release --force",
        "verify dist/harbour-case-1.0.0",
        "verify dist/harbour-case-1.0.0.zip",
        "export --to sqlite --output case.sqlite",
        "export --to json --output json",
        "export --to parquet --output parquet",
        "page --output page.html",
        "workbook write --output case.xlsx",
        "workbook merge case.xlsx",
        "diff dist/harbour-case-1.0.0 . --output changes.txt",
        "init other",
        "validate other",
    )
    for code, text in outcomes:
        assert code == 0, text
    assert "is there already, byte for byte" in outcomes[7][1]


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that is made to behave so")
def test_a_release_is_replaced(harbour_case: Path) -> None:
    (harbour_case / "CHANGELOG.md").write_text(
        "# Changelog\n\n## harbour-case 1.0.0 (2025-06-01)\n\nFirst.\n"
    )
    assert run(harbour_case, "release")[0][0] == 0
    events = harbour_case / "data" / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("March at the", "A march at the"))
    for code, text in run(harbour_case, "release --force", "verify dist/harbour-case-1.0.0"):
        assert code == 0, text
    assert not [path for path in (harbour_case / "dist").iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that is made to behave so")
def test_two_at_once_wait_for_one_another(harbour_case: Path) -> None:
    words = "new place --kind town --source so-courier --locator p --no-input --anyway"
    places = harbour_case / "data" / "places.csv"
    before = len(places.read_text(encoding="utf-8").splitlines())
    runs = [
        subprocess.Popen(
            [
                sys.executable,
                str(WINDOWS),
                json.dumps([f"{words} --id pl-town-{letter} --name {letter * 6}".split()]),
            ],
            cwd=harbour_case,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for letter in "abcd"
    ]
    outputs = [process.communicate(timeout=300)[0] for process in runs]
    assert [output.splitlines()[-1] for output in outputs] == ["< 0"] * 4, outputs
    assert len(places.read_text(encoding="utf-8").splitlines()) == before + 4
