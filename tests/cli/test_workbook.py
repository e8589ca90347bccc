"""`casetrail workbook` as it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from casetrail.cli.main import main


def test_written_and_merged_there_is_no_difference(
    harbour_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(harbour_case)
    file = str(tmp_path / "case.xlsx")
    assert main(["workbook", "write", "--output", file]) == 0
    assert main(["workbook", "merge", file]) == 0
    assert "brings nothing new" in capsys.readouterr().out


def test_check_says_what_would_be_done(
    harbour_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = harbour_case / "data" / "places.csv"
    edited = places.read_bytes()
    places.write_bytes(edited.replace(b"Saltmouth", b"Saltmoth"))
    file = str(tmp_path / "case.xlsx")
    assert main(["workbook", "write", str(harbour_case), "--output", file]) == 0
    before = places.read_bytes()
    assert main(["workbook", "merge", file, "--package", str(harbour_case), "--check"]) == 0
    assert "brings nothing new" in capsys.readouterr().out
    assert places.read_bytes() == before


def test_check_lists_the_cells_that_would_change(
    harbour_case: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = harbour_case / "data" / "places.csv"
    original = places.read_bytes()
    places.write_bytes(original.replace(b"Saltmouth", b"Saltmoth"))
    file = str(tmp_path / "case.xlsx")
    assert main(["workbook", "write", str(harbour_case), "--output", file]) == 0
    with CalamineWorkbook.from_path(file) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    edited = Workbook(file)
    for name, rows in sheets.items():
        sheet = edited.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text.replace("Saltmoth", "Saltmouth"))
    edited.close()
    before = places.read_bytes()
    assert main(["workbook", "merge", file, "--package", str(harbour_case), "--check"]) == 0
    shown = capsys.readouterr().out
    assert "places: 1 row changed\n  ~ pl-saltmouth\n      name: Saltmoth → Saltmouth\n" in shown
    assert "Would be written: 1 cell changed, 0 rows added, 0 rows removed." in shown
    assert places.read_bytes() == before
    monkeypatch.setattr("casetrail.cli.workbook.MAX_LINES", 2)
    assert main(["workbook", "merge", file, "--package", str(harbour_case)]) == 0
    shown = capsys.readouterr().out
    assert "  … and 1 more line\nWritten: 1 cell changed" in shown
    assert places.read_bytes() == original


def test_what_stands_in_the_way_ends_with_1(
    harbour_case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = harbour_case / "data" / "names.csv"
    whole = names.read_bytes()
    file = str(tmp_path / "case.xlsx")
    names.write_bytes(whole + b"na-x,pa-harbour-watch,Watch,en,Latn,,\n")
    assert main(["workbook", "write", str(harbour_case), "--output", file]) == 0
    names.write_bytes(whole)
    descriptor = harbour_case / "datapackage.json"
    descriptor.write_text(descriptor.read_text().replace('"1.0.0"', '"0.9.0"', 1))
    assert main(["workbook", "merge", file, "--package", str(harbour_case)]) == 2
    assert "update the package first" in capsys.readouterr().err
