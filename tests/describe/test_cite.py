"""`casetrail cite`: print, write, compare; and the CITATION.cff of the repository itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casetrail.cli.main import main

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("style", "start"),
    [
        (
            "apa",
            "Harbour case contributors. (2025). The harbour case, an invented one (Version 1.0.0) [",
        ),
        ("bibtex", "@dataset{harbour-case-1.0.0,"),
        ("ris", "TY  - DATA\n"),
        ("csl", '[\n  {\n    "id": "harbour-case-1.0.0",'),
        ("datacite", '{\n  "types": {'),
        ("cff", "cff-version: 1.2.0\n"),
    ],
)
def test_each_style_is_printed(harbour_case: Path, capfd: Captured, style: str, start: str) -> None:
    assert main(["cite", str(harbour_case), "--style", style]) == 0
    out = capfd.readouterr().out
    assert out.startswith(start) and out.endswith("\n")


def test_apa_is_the_default(harbour_case: Path, capfd: Captured) -> None:
    assert main(["cite", str(harbour_case / "datapackage.json")]) == 0
    assert "[Data set]" in capfd.readouterr().out


def test_write_and_check(harbour_case: Path, capfd: Captured) -> None:
    path = harbour_case / "CITATION.cff"
    assert main(["cite", str(harbour_case), "--write", "--check"]) == 1
    assert "differs from datapackage.json; run `casetrail cite --write`" in capfd.readouterr().err
    assert not path.exists()
    assert main(["cite", str(harbour_case), "--write"]) == 0
    assert main(["cite", str(harbour_case), "--write", "--check"]) == 0
    path.write_text(path.read_text(encoding="utf-8").replace("1.0.0", "1.0.1"), encoding="utf-8")
    assert main(["cite", str(harbour_case), "--write", "--check"]) == 1


def test_check_alone_means_nothing(harbour_case: Path, capfd: Captured) -> None:
    assert main(["cite", str(harbour_case), "--check"]) == 2
    assert "give both" in capfd.readouterr().err


def test_a_descriptor_that_says_too_little(harbour_case: Path, capfd: Captured) -> None:
    path = harbour_case / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"version": "1.0.0",', ""), encoding="utf-8")
    assert main(["cite", str(harbour_case)]) == 1
    assert "datapackage.json does not say 'version'" in capfd.readouterr().err


def test_the_file_of_the_repository_agrees(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casetrail", "cite", "--write", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_changelog_of_the_repository_agrees(root: Path) -> None:
    from casetrail.describe.citation import citation
    from casetrail.package.package import open_package
    from casetrail.release.changelog import check_changelog

    package = open_package(root)
    cited = citation(package.descriptor)
    check_changelog(package.files, package.name, cited.version, cited.day)


def test_the_changelog_speaks_of_this_version_of_the_program(root: Path) -> None:
    import casetrail

    headings = [
        one
        for one in (root / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
        if one.startswith("## ")
    ]
    newest = next(one for one in headings if one.startswith("## casetrail "))
    assert newest.startswith(f"## casetrail {casetrail.__version__} (")


def test_the_record_for_zenodo_is_of_a_dataset(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cite", str(harbour_case), "--style", "zenodo", "--write"]) == 0
    record = json.loads((harbour_case / ".zenodo.json").read_text(encoding="utf-8"))
    assert record["upload_type"] == "dataset" and record["license"] == "cc-by-4.0"
    assert record["version"] == "1.0.0" and record["creators"]
    assert main(["cite", str(harbour_case), "--style", "zenodo", "--write", "--check"]) == 0
    (harbour_case / ".zenodo.json").write_text("{}", encoding="utf-8")
    assert main(["cite", str(harbour_case), "--style", "zenodo", "--write", "--check"]) == 1
    assert "run `casetrail cite --write --style zenodo`" in capsys.readouterr().err


def test_the_record_of_this_repository_is_that_of_its_descriptor(root: Path) -> None:
    assert main(["cite", str(root), "--style", "zenodo", "--write", "--check"]) == 0
