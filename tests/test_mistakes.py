"""Every mistake that casetrail finds has a folder: the smallest package that makes it, and what is said of
it.

A folder about the Case Data Package says only how it differs from the sound package in `_case`: its
`patch.json` has the changed cells by table and id (a new id is a new row, `null` takes a row away), and
what changes within a JSON file. Where
a file is too large to keep, or is none, `make.py` makes it. What is expected stands in
`expected.json`; with CASETRAIL_WRITE_EXPECTED=1 the tests write it, to be read before it is committed.
"""

from __future__ import annotations

import csv
import json
import os
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main
from casetrail.findings.catalogue import PATH, catalogue
from catalogue import catalogue_text
from command_mistakes import MISTAKES as COMMAND_MISTAKES

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
    ignored = shutil.ignore_patterns("expected.json", "patch.json", "make.py", "__pycache__")
    shutil.copytree(source, package, dirs_exist_ok=True, ignore=ignored)
    if (source / "patch.json").exists():
        patch(package, json.loads((source / "patch.json").read_text(encoding="utf-8")))
    if (source / "make.py").exists():
        runpy.run_path(str(source / "make.py"))["make"](package)
    return package


def patch(package: Path, changes: dict[str, Any]) -> None:
    """Change cells of tables, and values within JSON files by their way (`fields/name/constraints`)."""
    for name, change in changes.items():
        if not name.endswith(".json"):
            patch_table(package / "data" / f"{name}.csv", change)
            continue
        path = package / name
        document = json.loads(path.read_text(encoding="utf-8"))
        for way, value in change.items():
            patch_json(document, way.split("/"), value)
        path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def patch_table(path: Path, rows: dict[str, dict[str, str] | None]) -> None:
    """Change cells by the id of their row."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *records = csv.reader(file)
    texts = {record[0]: dict(zip(columns, record, strict=True)) for record in records}
    for key, cells in rows.items():
        if cells is None:
            del texts[key]
        else:
            assert set(cells) <= set(columns), f"there is no column {set(cells) - set(columns)}"
            texts[key] = {**dict.fromkeys(columns, ""), columns[0]: key, **texts.get(key, {}), **cells}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *(row.values() for row in texts.values())])


def patch_json(holder: Any, way: list[str], value: Any) -> None:
    """Set a value, take it away (`null`), or add it to a list (`+` at the end of the way)."""
    step: Any = way[0]
    if isinstance(holder, list):
        if step == "+":
            holder.append(value)
            return
        # An entry of a list is called by its name or its value.
        step = next(n for n, one in enumerate(holder) if step in (one.get("name"), one.get("value")))
    if len(way) > 1:
        patch_json(holder[step], way[1:], value)
    elif value is None:
        del holder[step]
    else:
        holder[step] = value


def sound_case(package: Path) -> None:
    """A Case Data Package without a mistake."""
    from casetrail.curate.refresh_schemas import write_schemas
    from casetrail.package.package import open_package

    shutil.copytree(MISTAKES / "_case", package)
    write_schemas(open_package(package))


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


def test_the_catalogue_of_codes_says_what_the_checks_and_the_mistakes_say(tmp_path: Path) -> None:
    sound_case(tmp_path / "package")
    # Whatever is wrong with it, a case with a story has all the checks there are.
    patch(tmp_path / "package", json.loads((MISTAKES / "story-disagrees" / "patch.json").read_text("utf-8")))
    sound_case(tmp_path / "sound")
    text = catalogue_text(tmp_path / "package", tmp_path / "sound")
    if WRITE:
        PATH.write_text(text, encoding="utf-8")
    assert PATH.read_text(encoding="utf-8") == text, "run the tests once with CASETRAIL_WRITE_EXPECTED=1"


@pytest.mark.parametrize("code", sorted({*FOLDERS, *COMMAND_MISTAKES}))
def test_each_code_has_a_mend_and_an_example(code: str) -> None:
    entry = catalogue()[code]
    assert entry.meaning and entry.mend and entry.example and entry.said
