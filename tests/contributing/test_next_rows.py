"""The dataset receives its next rows by the documented commands, and its tests pass on the result."""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SOURCE = "so-gazette-20260401-sitting"
ROWS = f"""
new source --id {SOURCE} --kind news --publisher Gazette --title 'A sitting' --url https://example.org/s \
  --published 2026-04-01 --accessed 2026-12 --language en --read part --note 'Only the opening was read.'
new party --kind organization --name 'Steppe Watch' --description 'A rights body.' --disclosure public_role \
  --source {SOURCE} --locator 'paragraph 2'
new hearing --title 'Hearing of 31 March' --date 2026-03-31 --status held --place-id pl-taldykorgan \
  --proceeding-id pr-criminal --instance first_instance --with participation party_id=pa-steppe-watch \
  role=observer --source {SOURCE} --locator 'paragraph 1'
new statement --anyway --date 2026-04-01 --stance critical --summary 'Asks for a fair trial.' \
  --signatories-known all --with signatory party_id=pa-steppe-watch capacity=author --source {SOURCE} \
  --locator 'paragraph 3'
new evidence --table charges --row-id ch-174-2 --field status --value on_trial --certainty stated \
  --source-id {SOURCE} --locator 'paragraph 1'
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the tests of the dataset look at, and those tests, in a folder of their own."""
    for name in ("data", "schemas", "tests/dataset"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("datapackage.json", "LICENSE", "LICENSE-DATA"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False, env=os.environ)


def holds(folder: Path) -> None:
    tests = run(folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/dataset")
    assert tests.returncode == 0, tests.stdout[-3000:]


def rows(folder: Path, table: str) -> int:
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return len(list(csv.DictReader(file)))


def test_new_rows_leave_the_tests_of_the_dataset_green(copy: Path) -> None:
    before = {name: rows(copy, name) for name in ("sources", "parties", "events", "responses", "evidence")}
    for line in ROWS.replace("\\\n", "").strip().splitlines():
        arguments = shlex.split(line)
        done = run(copy, str(BIN / "casetrail"), *arguments)
        assert done.returncode == 0, f"{' '.join(arguments[:2])}: {done.stderr}{done.stdout}"
    grown = {name: rows(copy, name) - number for name, number in before.items()}
    assert all(grown[name] == 1 for name in ("sources", "parties", "events", "responses")), grown
    assert grown["evidence"] >= 6
    holds(copy)


def test_rows_from_the_spreadsheet_leave_them_green_too(copy: Path) -> None:
    done = run(copy, str(BIN / "casetrail"), "workbook", "write", "--output", "case.xlsx")
    assert done.returncode == 0, done.stderr
    with CalamineWorkbook.from_path(copy / "case.xlsx") as book:
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }

    def add(table: str, /, **cells: str) -> None:
        sheets[table].append([cells.get(str(column), "") for column in sheets[table][0]])

    said = {"source_id": SOURCE, "certainty": "stated"}
    add("sources", source_id=SOURCE, kind="news", publisher="Gazette", url="https://example.org/s",
        published="2026-04-01", accessed="2026-12", language="en", read="full", title="Sitting")  # fmt: skip
    add("parties", party_id="pa-steppe-watch", kind="organization", name="Steppe Watch",
        description="A rights body.", disclosure="public_role")  # fmt: skip
    add("evidence", evidence_id="ec-9001", table="parties", row_id="pa-steppe-watch",
        locator="paragraph 2", **said)  # fmt: skip
    edited = Workbook(str(copy / "case.xlsx"))
    for name, lines in sheets.items():
        sheet = edited.add_worksheet(name)
        for index, cells in enumerate(lines):
            for column, text in enumerate(cells):
                sheet.write_string(index, column, str(text))
    edited.close()
    done = run(copy, str(BIN / "casetrail"), "workbook", "merge", "case.xlsx", "--accept", "new")
    assert done.returncode == 0, done.stderr + done.stdout
    holds(copy)
