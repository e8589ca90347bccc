"""A path at which there is no package: the sentence says which one is probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from casetrail.cli.main import main


@pytest.mark.parametrize("path", [None, "no.json", "."])
def test_tables_without_a_descriptor_may_have_one_drafted(
    path: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("id\na\n")
    assert main(["validate", *([path] if path else [])]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("is drafted by: casetrail describe *.csv --output datapackage.json")


@pytest.mark.parametrize(
    ("folder", "path", "suggested"),
    [
        (
            ".",
            "data/events.csv",
            "is a file of a package, not a package; there is one in the folder above",
        ),
        ("data", "events.csv", "there is one in the folder above: give '..'"),
        ("data", "", "there is one in the folder above: give '..'"),
        ("data", "no-folder", "there is one in the folder above: give '..'"),
        (
            "schemas",
            "events.json",
            "is the schema of a table, not a package; there is one in",
        ),
        ("data/deep", "", "there is one in a folder above: give '../..'"),
        (".", "README.md", "there is one in its folder: give '.'"),
        (".", "datapakage.json", "did you mean 'datapackage.json'?"),
        ("..", ".", "there is one in 'harbour-case': give that folder"),
        (".", "https://example.org/datapackage.json", "allow it with --allow-remote"),
        (".", "s3://bucket/case", "allow it with --allow-remote"),
        (".", "sftp://host/case", "download it first"),
    ],
)
def test_what_is_meant_is_said(
    folder: str,
    path: str,
    suggested: str,
    harbour_case: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (harbour_case / "data" / "deep").mkdir()
    monkeypatch.chdir(harbour_case / folder)
    assert main(["validate", *([path] if path else [])]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert suggested in line


def test_without_any_package_near_it_is_said_what_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["validate"]) == 2
    assert "give a folder, a datapackage.json or a zip" in capsys.readouterr().err


def test_a_mark_of_git_in_a_descriptor_is_called_so(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    descriptor = harbour_case / "datapackage.json"
    first, rest = descriptor.read_text().split("\n", 1)
    descriptor.write_text(f"{first}\n<<<<<<< HEAD\n{rest}")
    assert main(["validate", str(harbour_case)]) == 2
    assert "line 2: this is a mark of git" in capsys.readouterr().err
