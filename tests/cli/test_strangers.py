"""A stranger's package writes nowhere but where it is told to: not by its names, not by its links."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]


def named(folder: Path, *names: str) -> Path:
    """A package with a table under each of these names."""
    folder.mkdir()
    (folder / "t.csv").write_text("a\nx\n", encoding="utf-8")
    schema = {"fields": [{"name": "a", "type": "string"}]}
    resources: list[dict[str, Any]] = [
        {"name": name, "type": "table", "path": "t.csv", "schema": schema} for name in names
    ]
    descriptor = {"name": "stranger", "title": "S", "version": "1.0.0", "created": "2026-01-01T00:00:00Z"}
    descriptor |= {"contributors": [{"title": "C"}], "resources": resources}  # type: ignore[dict-item]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


NAMES = {
    "../outside": "it leads to a parent folder",
    "/outside/it": "it",
    "~/outside": "it",
    "a/b": "it contains '/'",
    "a\\b": "it contains a backslash",
    "a\0b": "it contains a control character",
    "..": "it leads to",
    ".hidden": "it leads to something hidden",
    "a%2f..%2fb": "percent-decoded",
    "C:outside": "it",
    "nul": "Windows takes it for a device",
    "COM1.x": "Windows takes it for a device",
    "what?": "it contains '?'",
    "end.": "it begins with a tilde, or ends with a dot or a blank",
    "n" * 300: "it is longer than 200 bytes",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_found_and_refused(tmp_path: Path, capfd: Captured, name: str) -> None:
    folder = named(tmp_path / "package", name)
    assert main(["validate", str(folder), "--format", "json"]) == 0
    report = json.loads(capfd.readouterr().out)
    (finding,) = [one for one in report["findings"] if one["code"] == "resource-name-unsafe"]
    assert finding["severity"] == "warning" and NAMES[name] in finding["message"]
    before = sorted(tmp_path.rglob("*"))
    for form in ("json", "parquet"):
        out = tmp_path / "out"
        assert main(["export", str(folder), "--to", form, "--output", str(out)]) == 1
        error = capfd.readouterr().err
        assert "cannot give its name to a file" in error and error.count("\n") == 1
    assert main(["release", str(folder), "--output", str(tmp_path / "dist")]) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_names_that_differ_in_case_alone_are_no_two_files(tmp_path: Path, capfd: Captured) -> None:
    folder = named(tmp_path / "package", "Tides", "tides")
    assert main(["export", str(folder), "--to", "json", "--output", str(tmp_path / "out")]) == 1
    assert "it differs from 'Tides' in case alone" in capfd.readouterr().err
    # One file that the person named can take any of them.
    one = tmp_path / "one.json"
    assert main(["export", str(folder), "--to", "json", "--table", "Tides", "--output", str(one)]) == 0


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("CITATION.cff", ["cite", "--write"]),
        ("releases.csv", ["release", "--publish"]),
        ("stranger.html", ["page"]),
    ],
)
def test_a_link_that_leaves_the_package_is_not_written_through(
    tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch, name: str, command: list[str]
) -> None:
    folder = named(tmp_path / "package", "t")
    mine = tmp_path / "mine"
    mine.write_text("version,date,content_hash\n", encoding="utf-8")
    (folder / name).symlink_to(mine)
    monkeypatch.chdir(folder)
    assert main(command) == 2
    assert capfd.readouterr().err.count("\n") == 1
    assert mine.read_text(encoding="utf-8") == "version,date,content_hash\n"


@pytest.mark.parametrize("name", ["CHANGELOG.md", "releases.csv", "LICENSE", "data/README.md"])
def test_a_pipe_makes_no_release_wait(tmp_path: Path, capfd: Captured, name: str) -> None:
    folder = named(tmp_path / "package", "t")
    (folder / name).parent.mkdir(exist_ok=True)
    os.mkfifo(folder / name)
    code = main(["release", str(folder), "--output", str(tmp_path / "dist")])
    assert code == {"CHANGELOG.md": 1, "releases.csv": 2}.get(name, 0)
