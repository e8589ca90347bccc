"""Tables in spreadsheets: what each kind of cell is to its field, and what is said of what cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

import casetrail
from casetrail.cli.main import main
from casetrail.findings.report import Report

Fill = Callable[[Workbook, Worksheet], None]


def sheet(path: Path, rows: list[list[Any]], fill: Fill = lambda book, sheet: None, **options: Any) -> Path:
    """A spreadsheet with some rows in the sheet `Data`; what is no text, number or truth value is a date."""
    with Workbook(str(path), options) as book:
        data = book.add_worksheet("Data")
        forms = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
            dt.time: book.add_format({"num_format": "hh:mm"}),
            dt.timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
        }
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    data.write_string(row, column, value)
                elif value is not None:
                    data.write(row, column, value, forms.get(type(value)))
        fill(book, data)
    return path


def check(path: Path, types: dict[str, str], dialect: dict[str, Any] | None = None, **schema: Any) -> Report:
    """The report about the sheet as a table with fields of these types."""
    fields = [{"name": name, "type": kind} for name, kind in types.items()]
    resource = {"name": "t", "path": path.name, "type": "table", "schema": {"fields": fields, **schema}}
    if dialect is not None:
        resource["dialect"] = dialect
    (path.parent / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    return casetrail.validate(path.parent)


def said(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.place.part) for finding in report.findings]


MOMENT = dt.datetime(2024, 2, 29, 10, 30)
CLOCK = dt.time(10, 30)
VALUES: dict[str, tuple[str, Any, Any]] = {
    "a text": ("string", "007", "007"),
    "a whole number": ("integer", 12, 12),
    "a large number": ("integer", 2**52, 2**52),
    "a number": ("number", 0.1, 0.1),
    "a share": ("number", 0.12, 0.12),
    "a truth value": ("boolean", True, True),
    "a truth value in numbers": ("boolean", 0, False),
    "a date": ("date", dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    "a date as text": ("date", "2024-02-29", dt.date(2024, 2, 29)),
    "a date and time": ("datetime", MOMENT, MOMENT),
    "a midnight": ("datetime", dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
    "a time": ("time", dt.time(10, 30), dt.time(10, 30)),
    "a duration": ("duration", dt.timedelta(hours=30), "P1DT6H"),
    "a year": ("year", 2024, 2024),
}


@pytest.mark.parametrize("epoch", [1900, 1904])
@pytest.mark.parametrize("name", VALUES)
def test_a_cell_is_a_value_of_its_field(name: str, epoch: int, tmp_path: Path) -> None:
    kind, value, expected = VALUES[name]
    path = sheet(tmp_path / "t.xlsx", [["v"], [value], [value]], date_1904=epoch == 1904)
    report = check(path, {"v": kind})
    assert said(report) == []
    assert report.tables[0].rows == 2
    (first, _) = casetrail.open(tmp_path)["t"]["v"].to_pylist()
    assert (first.replace(tzinfo=None) if isinstance(first, dt.datetime) else first) == expected


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("string", 7, "the cell holds the number 7, which a field of the type 'string' does not have"),
        ("string", dt.date(2024, 3, 1), "the cell holds the date 2024-03-01"),
        ("yearmonth", dt.date(2024, 3, 1), "the cell holds the date 2024-03-01"),
        ("date", 45000, "the cell holds the number 45000"),
        ("date", MOMENT, "the cell holds the date and time 2024-02-29T10:30:00"),
        ("date", dt.date(1900, 2, 1), "before March 1900, for different days"),
        ("number", True, "the cell holds the truth value true"),
        ("time", 0.5, "the cell holds the number 0.5"),
    ],
)
def test_a_kind_that_the_field_does_not_have_is_named(
    kind: str, value: Any, reason: str, tmp_path: Path
) -> None:
    report = check(
        sheet(tmp_path / "t.xlsx", [["v", "w"], [None, "x"], [value, "y"]]), {"v": kind, "w": "string"}
    )
    assert said(report) == [("spreadsheet-kind", "Data!A3")]
    (finding,) = report.findings
    assert reason in finding.message
    assert (finding.row, finding.line, finding.column, finding.field) == (3, None, 1, "v")


def test_values_are_checked_like_those_of_any_file(tmp_path: Path) -> None:
    rows = [["id", "n"], ["a", 1.5], ["a", 2], ["b", "x"], ["", 3]]
    report = check(sheet(tmp_path / "t.xlsx", rows), {"id": "string", "n": "integer"}, primaryKey=["id"])
    assert sorted(said(report)) == [
        ("primary-key-duplicate", "Data!A3"),
        ("primary-key-missing", "Data!A5"),
        ("type-integer", "Data!B2"),
        ("type-integer", "Data!B4"),
    ]
    assert "\n  t.xlsx, Data!B4: 'x' is not a whole number" in report.render("text")
    assert "::Data!B4: 'x' is not" in report.render("github")


def test_errors_and_formulas_without_a_result_are_no_values(tmp_path: Path) -> None:
    def fill(book: Workbook, data: Worksheet) -> None:
        for row, (formula, value) in enumerate([("=1/0", "#DIV/0!"), ("=6*2", 12), ("=6*2", "")], 1):
            data.write_string(row, 0, f"s{row}")
            data.write_formula(row, 1, formula, None, value)

    report = check(sheet(tmp_path / "t.xlsx", [["id", "n"]], fill), {"id": "string", "n": "integer"})
    assert sorted(said(report)) == [
        ("spreadsheet-error-value", "Data!B2"),
        ("spreadsheet-formula", "Data"),
        ("spreadsheet-no-value", "Data!B4"),
    ]
    assert report.tables[0].rows == 1


def test_hidden_and_merged_cells_are_named(tmp_path: Path) -> None:
    def fill(book: Workbook, data: Worksheet) -> None:
        data.merge_range("B2:B3", "north")
        data.set_row(2, None, None, {"hidden": True})
        data.hide()
        book.add_worksheet("Notes").activate()

    path = sheet(tmp_path / "t.xlsx", [["id", "side"], ["a"], ["b"]], fill)
    types = {"id": "string", "side": "string"}
    on_sheet = [("spreadsheet-hidden", "Data"), ("spreadsheet-merged", "Data!B2")]
    assert sorted(said(check(path, types)), key=str) == [
        on_sheet[0],
        ("spreadsheet-hidden", None),
        on_sheet[1],
    ]
    hidden = check(path, types).render("text")
    assert "1 hidden row of the sheet counts like the others" in hidden
    # Whoever names a sheet knows that it is there.
    assert sorted(said(check(path, types, {"sheetName": "Data"}))) == on_sheet


def test_the_dialect_says_where_the_table_is(tmp_path: Path) -> None:
    def fill(book: Workbook, data: Worksheet) -> None:
        other = book.add_worksheet("Ships & co")
        for row, values in enumerate(
            [["Harbour"], ["id", "n"], ["# a comment"], ["a", 1], [], ["skipped", "x"]]
        ):
            for column, value in enumerate(values):
                other.write(row, column, value)

    path = sheet(tmp_path / "t.xlsx", [["id"], ["x"]], fill)
    where = {"headerRows": [2], "commentChar": "#", "commentRows": [5, 6]}
    types = {"id": "string", "n": "integer"}
    for sheet_of in ({"sheetName": "Ships & co"}, {"sheetNumber": 2}, {"excel": {"sheet": "Ships & co"}}):
        report = check(path, types, {**where, **sheet_of})
        assert (said(report), report.tables[0].rows) == ([], 1)
    both = {**where, "sheetNumber": 2, "headerRows": [1, 2]}
    joined = check(path, {"Harbour id": "string", "Harbour n": "integer"}, both)
    assert (said(joined), joined.tables[0].rows) == ([], 1)
    headless = check(path, {"v": "string"}, {"header": False})
    assert (said(headless), headless.tables[0].rows) == ([], 2)


@pytest.mark.parametrize(
    ("dialect", "message", "hint"),
    [
        ({"sheetName": "Dada"}, "there is no sheet 'Dada'", "did you mean 'Data'?"),
        ({"sheetName": "Ships"}, "there is no sheet 'Ships'", "its sheets are 'Data'"),
        ({"sheetNumber": 2}, "there is no sheet number 2 among 1 sheet", "its sheets are 'Data'"),
        ({"sheetNumber": 0}, "there is no sheet number 0", "its sheets are 'Data'"),
    ],
)
def test_a_sheet_that_is_not_there_is_named(
    dialect: dict[str, Any], message: str, hint: str, tmp_path: Path
) -> None:
    (finding,) = check(sheet(tmp_path / "t.xlsx", [["v"], ["x"]]), {"v": "string"}, dialect).findings
    assert finding.code == "spreadsheet-sheet"
    assert message in finding.message
    assert finding.hint == hint


def test_the_form_of_the_sheet_is_checked(tmp_path: Path) -> None:
    types = {"id": "string", "n": "integer"}
    rows = [["id", "nn"], ["a", 1], [], ["b", 2, "more"], ["c", 3], [], []]
    assert sorted(said(check(sheet(tmp_path / "t.xlsx", rows), types)), key=str) == [
        ("blank-line", "Data"),
        ("extra-cell", "Data!C4"),
        ("header-mismatch", "Data!B1"),
    ]
    assert said(check(sheet(tmp_path / "t.xlsx", []), types)) == [("file-empty", "Data")]
    assert said(check(sheet(tmp_path / "t.xlsx", [["id", "n"]]), types)) == [("no-records", None)]
    (finding,) = check(sheet(tmp_path / "t.xlsx", [[], ["id", "n"], ["a", 1]]), types).findings
    assert "the row of the header is empty" in finding.message
    assert "headerRows" in str(finding.hint)


def _csv(path: Path) -> None:
    path.write_text("id,n\na,1\n")


def _cut(path: Path) -> None:
    sheet(path, [["id"], ["a"]])
    path.write_bytes(path.read_bytes()[:-300])


def _flipped(path: Path) -> None:
    sheet(path, [["id"], *([f"text {number}"] for number in range(500))])
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place : place + 20] = bytes(20)
    path.write_bytes(data)


def _locked(path: Path) -> None:
    # What Excel makes of a file with a password: a container of its older formats.
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def _macros(path: Path) -> None:
    import zipfile

    sheet(path, [["id"], ["a"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")


def _boasting(path: Path) -> None:
    """Whoever makes room for so many texts has the system end the process."""
    import zipfile

    sheet(path, [["id"], ["a"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    texts = members["xl/sharedStrings.xml"].replace(b'uniqueCount="2"', b'uniqueCount="99999999999"')
    assert texts != members["xl/sharedStrings.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (members | {"xl/sharedStrings.xml": texts}).items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_csv, "is damaged or no spreadsheet"),
        (_cut, "is damaged or no spreadsheet"),
        (_flipped, "is damaged or no spreadsheet"),
        (_locked, "is protected by a password, or is an old .xls"),
        (_macros, "contains macros"),
        (_boasting, "it says that it has more texts than could be in it"),
    ],
)
def test_what_is_no_spreadsheet_is_one_finding(
    make: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    make(tmp_path / "t.xlsx")
    (finding,) = check(tmp_path / "t.xlsx", {"id": "string"}).findings
    assert finding.code == "spreadsheet-unreadable"
    assert reason in finding.message


@pytest.mark.parametrize(
    ("kind", "code"),
    [("integer", "type-integer"), ("year", "spreadsheet-kind"), ("number", None), ("any", None)],
)
def test_a_number_too_large_for_any_program_is_judged(kind: str, code: str | None, tmp_path: Path) -> None:
    import zipfile

    small = sheet(tmp_path / "small.xlsx", [["id", "v"], [1, 2]])
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>2</v>", b"<v>1e999</v>"))
    report = check(tmp_path / "t.xlsx", {"id": "integer", "v": kind})
    assert said(report) == ([] if code is None else [(code, "Data!B2")])


def test_a_workbook_beside_the_tables_is_not_read(tmp_path: Path) -> None:
    sheet(tmp_path / "notes.xlsx", [["anything", ""], [1, 2]])
    resource = {"name": "notes", "path": "notes.xlsx"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    report = casetrail.validate(tmp_path)
    assert (report.valid, len(report.tables)) == (True, 0)


def test_a_spreadsheet_by_itself_is_checked_and_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet(tmp_path / "t.xlsx", [["id", "n"], ["a", 1]])
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]}
    (tmp_path / "s.json").write_text(json.dumps(schema))
    assert main(["validate", "t.xlsx", "--schema", "s.json"]) == 0
    assert main(["export", "t.xlsx", "--schema", "s.json", "--to", "parquet", "--output", "out"]) == 0
    assert pq.read_table("out/t.parquet").to_pylist() == [{"id": "a", "n": 1}]


def test_an_option_says_which_sheet_is_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(book: Workbook, data: Worksheet) -> None:
        book.add_worksheet("Ships").write_column(0, 0, ["id", "a", "b"])

    monkeypatch.chdir(tmp_path)
    sheet(tmp_path / "t.xlsx", [["x"], [1]], fill)
    (tmp_path / "s.json").write_text('{"fields": [{"name": "id"}]}')
    assert main(["validate", "t.xlsx", "--schema", "s.json"]) == 1
    assert main(["validate", "t.xlsx", "--schema", "s.json", "--sheet", "Ships"]) == 0
    assert "1 table, 2 rows" in capsys.readouterr().out
    assert main(["validate", "t.xlsx", "--schema", "s.json", "--sheet", "Shops"]) == 1
    assert "did you mean 'Ships'?" in capsys.readouterr().out
    assert main(["validate", "t.xlsx", "--sheet", "Ships"]) == 2
    assert "--sheet is for a table by itself; give its --schema too" in capsys.readouterr().err


def test_the_codebook_does_not_call_it_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path / "t.xlsx", [["id"], ["a"]])
    check(path, {"id": "string"})
    assert main(["codebook", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "`t.xlsx`" in out
    assert "The files are CSV" not in out


@pytest.mark.parametrize(
    ("properties", "is_plain"),
    [({}, True), ({"dialect": {"delimiter": ";"}}, False), ({"encoding": "cp1252"}, False)],
)
def test_the_codebook_says_that_files_are_plain_csv_where_they_are(
    properties: dict[str, Any], is_plain: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}]}, **properties}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}))
    (tmp_path / "t.csv").write_text("id\na\n")
    assert main(["codebook", str(tmp_path)]) == 0
    assert (
        "The files are CSV: UTF-8, one header line, cells parted by commas" in capsys.readouterr().out
    ) is is_plain


@pytest.mark.program("soffice")
def test_files_of_libreoffice_are_read(tmp_path: Path) -> None:
    """A table that LibreOffice saved in both formats, with a formula that it computed."""
    rows = [
        ["id", "n", "day", "clock", "share", "twice", "length", "short"],
        [
            "007",
            1,
            dt.date(2024, 2, 29),
            dt.time(10, 30),
            0.12,
            None,
            dt.timedelta(hours=30),
            dt.time(10, 30),
        ],
    ]

    def fill(book: Workbook, data: Worksheet) -> None:
        data.write_formula("F2", "=B2*2", None, "")

    sheet(tmp_path / "made.xlsx", rows, fill)
    types = {
        "id": "string",
        "n": "integer",
        "day": "date",
        "clock": "time",
        "share": "number",
        "twice": "integer",
        "length": "duration",
        "short": "duration",
    }
    for ending in ("ods", "xlsx"):
        folder = tmp_path / ending
        folder.mkdir()
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        words = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder)]
        subprocess.run([*words, str(tmp_path / "made.xlsx")], check=True, capture_output=True, timeout=300)
        report = check(folder / f"made.{ending}", types)
        assert said(report) == [("spreadsheet-formula", "Data")], report.render("text")
        (row,) = casetrail.open(folder)["t"].to_pylist()
        assert row == {
            "id": "007",
            "n": 1,
            "day": dt.date(2024, 2, 29),
            "clock": dt.time(10, 30),
            "share": 0.12,
            "twice": 2,
            "length": row["length"],
            "short": "PT10H30M",
        }
        assert row["length"] in ("P1DT6H", "PT30H00M00S")


def test_a_large_sheet_says_the_same_as_the_file_of_text(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "n"], *([f"k{number}", number] for number in range(25_000)), ["k7", 1]]
    types = {"id": "string", "n": "integer"}
    report = check(sheet(tmp_path / "t.xlsx", rows), types, primaryKey=["id"])
    assert said(report) == [("primary-key-duplicate", "Data!A25002")]
    with (tmp_path / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    other = check(tmp_path / "t.csv", types, primaryKey=["id"])
    assert [(finding.code, finding.row, finding.column) for finding in other.findings] == [
        (finding.code, finding.row, finding.column) for finding in report.findings
    ]
