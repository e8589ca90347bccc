"""What strangers send: each is refused in one sentence, or read and told; no data file is touched."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main


@pytest.fixture
def refused(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Path], str]:
    """Merge a file that must be refused with one line and exit code 2; the line."""

    def run(path: Path) -> str:
        before = {one: one.read_bytes() for one in harbour_case.rglob("*") if one.is_file()}
        assert main(["workbook", "merge", str(path), "--package", str(harbour_case)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert {one: one.read_bytes() for one in harbour_case.rglob("*") if one.is_file()} == before
        return said.err

    return run


def repacked(workbook: Path, changes: dict[str, bytes | None]) -> Path:
    """The workbook with members replaced, added or (None) left out."""
    target = workbook.with_name("strange.xlsx")
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in changes.items():
            if name not in old.namelist() and content is not None:
                new.writestr(name, content)
    return target


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<si><t>&c;</t></si></sst>"
)


def test_an_xml_bomb(workbook: Path, refused: Any) -> None:
    assert "entities" in refused(repacked(workbook, {"xl/sharedStrings.xml": BOMB}))
    assert "entities" in refused(repacked(workbook, {"xl/workbook.xml": BOMB.decode().encode("utf-16")}))


def test_a_zip_bomb(workbook: Path, refused: Any) -> None:
    big = workbook.with_name("big.xlsx")
    with (
        zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(700):
            member.write(bytes(1 << 20))
    assert big.stat().st_size < 1 << 20
    assert "600 MiB" in refused(big)


def test_a_cell_at_the_end_of_the_sheet(workbook: Path, refused: Any) -> None:
    with zipfile.ZipFile(workbook) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    far = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
    path = repacked(workbook, {"xl/worksheets/sheet3.xml": sheet.replace("</sheetData>", far).encode()})
    assert "row 1,048,576 and column 16,384" in refused(path)


def seconds_of(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


@pytest.mark.parametrize("formulas", [30 * ["A1:FXR4000"], 2 * ["A1:A9999999"], ["A1:XFD1048576"]])
def test_formulas_that_fill_whole_sheets(workbook: Path, refused: Any, formulas: list[str]) -> None:
    with zipfile.ZipFile(workbook) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    cells = "".join(f'<c r="A9"><f t="array" ref="{reference}">1</f></c>' for reference in formulas)
    text = sheet.replace("</sheetData>", f'<row r="9">{cells}</row></sheetData>')
    path = repacked(workbook, {"xl/worksheets/sheet3.xml": text.encode()})
    assert seconds_of(lambda: refused(path)) < 10


@pytest.mark.parametrize(
    "cells",
    [
        '<table:table-cell office:value-type="string"><text:p><text:s text:c="1000000000"/></text:p>'
        "</table:table-cell>",
        '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>",
    ],
)
def test_an_open_document_that_says_once_what_fills_the_memory(
    tmp_path: Path, refused: Any, cells: str
) -> None:
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")
    }
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in names.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        '<table:table table:name="events"><table:table-row table:number-rows-repeated="4000">'
        f"{cells}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "large.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert seconds_of(lambda: refused(path)) < 10


def test_a_hidden_sheet_with_rows_of_unequal_length(book: Any, tmp_path: Path, refused: Any) -> None:
    book.sheets["casetrail"] = [["casetrail-workbook"], ["format 1", "x", "y"], ["0"], [], ["a", "b"]]
    refused(book.save(tmp_path / "unequal.xlsx"))


def test_a_password(tmp_path: Path, refused: Any) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    assert "password" in refused(path)


def test_macros(workbook: Path, refused: Any) -> None:
    assert "macros" in refused(repacked(workbook, {"xl/vbaProject.bin": b"x"}))
    assert "macros" in refused(repacked(workbook, {"xl/macrosheets/sheet1.xml": b"<x/>"}))
    assert "macros" in refused(repacked(workbook, {"Basic/Standard/Module1.xml": b"<x/>"}))


def test_a_locked_open_document(workbook: Path, refused: Any) -> None:
    path = workbook.with_name("locked.ods")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", b"\x00\x01garbage")
        archive.writestr("META-INF/manifest.xml", b"<m><manifest:encryption-data/></m>")
    assert "password" in refused(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.xlsx", b""), ("text.xlsx", b"event_id,kind\n"), ("broken.xlsx", b"PK\x03\x04broken")],
)
def test_no_spreadsheet(tmp_path: Path, refused: Any, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name)


def test_a_missing_file_and_a_folder(tmp_path: Path, refused: Any) -> None:
    assert "no such file" in refused(tmp_path / "nowhere.xlsx")
    assert "directory" in refused(tmp_path)


def test_other_zips(workbook: Path, refused: Any) -> None:
    assert "neither .xlsx nor .ods" in refused(repacked(workbook, {"xl/workbook.xml": None}))
    assert "damaged" in refused(repacked(workbook, {"xl/workbook.xml": b"<workbook"}))
    assert "damaged" in refused(repacked(workbook, {"xl/worksheets/sheet2.xml": None}))


def test_a_hidden_sheet_that_is_gone_or_damaged(book: Any, tmp_path: Path, refused: Any) -> None:
    whole = book.sheets.pop("casetrail")
    assert "no workbook of casetrail" in refused(book.save(tmp_path / "gone.xlsx"))
    book.sheets["casetrail"] = [["casetrail-workbook"], ["format 2"], ["0"], ["x"]]
    assert "newer casetrail" in refused(book.save(tmp_path / "newer.xlsx"))
    for index in (2, 3):
        damaged = [list(row) for row in whole]
        damaged[index][0] = damaged[index][0][:-8] + "AAAAAAAA"
        book.sheets["casetrail"] = damaged
        assert "is damaged" in refused(book.save(tmp_path / "damaged.xlsx"))


def test_write_takes_no_other_ending(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workbook", "write", str(harbour_case), "--output", str(harbour_case / "x.ods")]) == 2
    assert "must end with .xlsx" in capsys.readouterr().err
