"""A release whose version moved too little is refused; the first has no predecessor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casetrail.cli.main import main


def set_version(package: Path, version: str) -> None:
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["version"] = version
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    changelog = package / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("harbour-case 1.0.0", f"harbour-case {version}"))


def test_a_version_that_moved_too_little_is_refused(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "dist"
    command = ["release", str(package), "--output", str(output)]
    assert main(command) == 0
    previous = ["--previous", str(output / "harbour-case-1.0.0")]
    assert main([*command, *previous]) == 0, "the same again is no change"
    events = package / "data" / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("March at the harbour", "The march"))
    capsys.readouterr()
    assert main([*command, *previous]) == 1
    said = capsys.readouterr().err
    assert "ask for a patch version bump: rows changed: 1 in events" in said
    assert 'set "version" to 1.0.1 or higher' in said
    assert said.count("\n") == 1
    set_version(package, "1.0.1")
    assert main([*command, *previous]) == 0
    assert (output / "harbour-case-1.0.1" / "SHA256SUMS").is_file()
