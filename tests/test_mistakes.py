"""Every mistake that casetrail finds has a folder: the smallest package that makes it, and what is said of
it.

A folder about the Case Data Package holds only the files in which it differs from the sound package in
`_case`. Where a file is too large to keep, or is none, `make.py` makes it. What is expected stands in
`expected.json`; with CASETRAIL_WRITE_EXPECTED=1 the tests write it, to be read before it is committed.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
from pathlib import Path

import pytest

from casetrail.cli.main import main

MISTAKES = Path(__file__).parent / "mistakes"
FOLDERS = sorted(path.name for path in MISTAKES.iterdir() if path.is_dir() and path.name[0] not in "_.")
WRITE = os.environ.get("CASETRAIL_WRITE_EXPECTED") == "1"


def build(name: str, folder: Path) -> Path:
    """The package of one mistake in a folder of its own; the report names its paths relative to it."""
    package = folder / "package"
    source = MISTAKES / name
    descriptor = source / "datapackage.json"
    if not descriptor.exists() or b'"caseProfile"' in descriptor.read_bytes():
        sound_case(package)
    ignored = shutil.ignore_patterns("expected.json", "make.py", "__pycache__")
    shutil.copytree(source, package, dirs_exist_ok=True, ignore=ignored)
    if (source / "make.py").exists():
        runpy.run_path(str(source / "make.py"))["make"](package)
    return package


def sound_case(package: Path) -> None:
    """A Case Data Package without a mistake."""
    from casetrail.case.schemas import write_schemas

    shutil.copytree(MISTAKES / "_case", package)
    write_schemas(package / "schemas")


def findings_of(
    package: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> list[dict[str, object]]:
    """What `casetrail validate --format json` says of a package."""
    capsys.readouterr()
    code = main(["validate", str(package), "--format", "json", *arguments])
    report = json.loads(capsys.readouterr().out)
    errors = any(finding["severity"] == "error" for finding in report["findings"])
    assert code == (2 if not all(check["ran"] for check in report["checks"]) else 1 if errors else 0)
    assert report["valid"] is not errors
    return report["findings"]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_mistake_is_found_and_explained(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--hygiene"] if name.startswith("hygiene-") else []
    found = findings_of(build(name, tmp_path), capsys, *arguments)
    expected = MISTAKES / name / "expected.json"
    if WRITE:
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert name in {finding["code"] for finding in found}
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_the_sound_case_has_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = tmp_path / "package"
    sound_case(package)
    assert findings_of(package, capsys) == []
