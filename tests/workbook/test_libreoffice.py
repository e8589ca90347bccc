"""A real spreadsheet program opens the workbook, somebody types into it, and it is saved: what comes back?"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from python_calamine import CalamineWorkbook

from casetrail.findings.finding import Severity
from casetrail.package.package import open_package
from casetrail.tables.batch import cell_name
from casetrail.workbook.merge import merge_workbook

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">{elements}</library:library>"""
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/{name}.xlb/"
  xlink:type="simple" library:link="false"/></library:libraries>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Edit(source, target, filterName)
  Dim o1(0) As New com.sun.star.beans.PropertyValue
  o1(0).Name = &quot;Hidden&quot;
  o1(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), &quot;_blank&quot;, 0, o1())
{edits}
  Dim o2(0) As New com.sun.star.beans.PropertyValue
  o2(0).Name = &quot;FilterName&quot;
  o2(0).Value = filterName
  doc.storeToURL(ConvertToURL(target), o2())
  doc.close(True)
End Sub
</script:module>"""

pytestmark = [pytest.mark.program("soffice"), pytest.mark.parametrize("ending", ["xlsx", "ods"])]


Office = Callable[[Path, str, list[str]], Path]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice of our own, with a library for the macro; the first start fills the rest."""
    folder = tmp_path_factory.mktemp("profile")
    library = folder / "user" / "basic" / "Standard"
    library.mkdir(parents=True)
    element = '<library:element library:name="Module1"/>'
    (library / "script.xlb").write_text(_LIBRARY.format(elements=element))
    (library / "dialog.xlb").write_text(_LIBRARY.format(elements=""))
    for name in ("script", "dialog"):
        (library.parent / f"{name}.xlc").write_text(_LIBRARIES.format(name=name))
    (library / "Module1.xba").write_text(_MODULE.format(edits=""))
    start(folder, "--terminate_after_init")
    return folder


def start(profile: Path, *arguments: str) -> None:
    settings = f"-env:UserInstallation={profile.as_uri()}"
    command = ["soffice", settings, "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


@pytest.fixture
def office(profile: Path) -> Office:
    """Open a workbook in LibreOffice, do what the lines of Basic say, and save it with this ending."""

    def edit(workbook: Path, ending: str, edits: list[str]) -> Path:
        lines = "\n".join(f"  {line}" for line in edits)
        module = profile / "user" / "basic" / "Standard" / "Module1.xba"
        module.write_text(_MODULE.format(edits=escape(lines, {'"': "&quot;"})), encoding="utf-8")
        target = workbook.with_name(f"edited.{ending}")
        start(profile, f'macro:///Standard.Module1.Edit("{workbook}","{target}","{FILTERS[ending]}")')
        assert target.exists(), "the macro did not run to its end"
        return target

    return edit


def at(workbook: Path, sheet: str, column: str, row: int) -> str:
    """The cell of a column of a table on its sheet, `D5`."""
    with CalamineWorkbook.from_path(workbook) as book:
        headings = book.get_sheet_by_name(sheet).to_python()[0]
    return cell_name(row, headings.index(column) + 1)


def type_into(sheet: str, cell: str, text: str) -> str:
    """Type into a cell that is not text: what looks like a number, date or formula becomes one."""
    return f'doc.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").setFormula("{text}")'


def type_text(sheet: str, cell: str, text: str) -> str:
    """Type into a cell that is formatted as text, as all are when the workbook is written."""
    return f'doc.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").setString("{text}")'


def test_opened_and_saved_there_is_no_difference(
    harbour_case: Path, workbook: Path, office: Office, ending: str
) -> None:
    merged = merge_workbook(open_package(harbour_case), office(workbook, ending, []))
    assert merged.findings == ()
    assert merged.same


def test_edits_come_back_and_odd_ones_are_told(
    harbour_case: Path, workbook: Path, office: Office, ending: str, tally: Any
) -> None:
    sheet = 'doc.Sheets.getByName("places")'
    note, first, second = (
        at(workbook, sheet, "note", row) for sheet, row in (("events", 2), ("places", 2), ("places", 3))
    )
    edits = [
        type_text("events", "C2", "The march, at noon"),
        type_text("charges", at(workbook, "charges", "article", 2), "012A"),
        type_into("events", note, "=1+1"),
        type_text("events", at(workbook, "events", "note", 3), "-5 degrees"),
        f'{sheet}.getCellRangeByName("{first}").NumberFormat = 0',
        type_into("places", first, "007"),
        "Dim locale As New com.sun.star.lang.Locale",
        type_into("places", second, "2025-02-01"),
        f'{sheet}.getCellRangeByName("{second}").NumberFormat = '
        "doc.NumberFormats.getStandardFormat(2, locale)",
        'doc.Sheets.getByName("names").Rows.removeByIndex(1, 1)',
        'doc.Sheets.getByName("demands").Rows.getByIndex(1).IsVisible = False',
        'doc.Sheets.getByName("sources").getCellRangeByName("A2:B2").merge(True)',
    ]
    merged = merge_workbook(open_package(harbour_case), office(workbook, ending, edits))
    found = {
        (finding.code, finding.message.partition(": ")[0].partition(", ")[2])
        for finding in merged.findings
        if finding.severity is not Severity.NOTE
    }
    assert {
        ("workbook-formula", f"cell {note}"),
        ("workbook-number", f"cell {first}"),
        ("workbook-date", f"cell {second}"),
        ("workbook-row-deleted", ""),
        ("workbook-row-hidden", "row 2"),
        ("workbook-cells-merged", "cell A2"),
    } <= found
    assert not merged.written
    # A number typed into a cell of text stays the text that was typed.
    assert tally(merged, "changed") == {
        "events": 3,
        "charges": 1,
        "places": 2,
        **_noise(tally(merged, "changed")),
    }


def _noise(changed: dict[str, int]) -> dict[str, int]:
    """Merging two cells empties the second, which is a change of that cell."""
    return {table: count for table, count in changed.items() if table == "sources"}


def test_an_edited_workbook_is_merged(
    harbour_case: Path, workbook: Path, office: Office, ending: str
) -> None:
    edits = [type_text("events", "C2", "The march, at noon"), type_text("events", "D2", "Two\nlines  apart")]
    edits[1] = edits[1].replace("\n", '" & Chr(10) & "')
    merged = merge_workbook(open_package(harbour_case), office(workbook, ending, edits))
    assert merged.findings == ()
    assert merged.written
    text = (harbour_case / "data" / "events.csv").read_text(encoding="utf-8")
    assert 'ev-20250301-march,protest,"The march, at noon","Two\nlines  apart",2025-03-01' in text
