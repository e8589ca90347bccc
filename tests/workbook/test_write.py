"""The workbook that is written: every cell text, the same bytes each time, and what helps a contributor."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package
from casetrail.workbook.merge import merge_workbook
from casetrail.workbook.write import workbook_bytes


def test_every_table_is_a_sheet_of_the_same_text(harbour_case: Path, workbook: Path) -> None:
    with CalamineWorkbook.from_path(workbook) as book:
        names = book.sheet_names
        derived = 0
        for path in sorted((harbour_case / "data").iterdir()):
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            shown = book.get_sheet_by_name(path.stem).to_python(skip_empty_area=False)
            own = [index for index, heading in enumerate(shown[0]) if not heading.startswith("label of ")]
            derived += len(shown[0]) - len(own)
            assert [[row[index] if index < len(row) else "" for index in own] for row in shown] == rows
    assert derived > 20
    assert names[0] == "read me"
    assert names[-2:] == ["terms", "casetrail"]


def test_the_same_package_gives_the_same_bytes(harbour_case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = workbook_bytes(open_package(harbour_case))
    monkeypatch.setenv("TZ", "Asia/Almaty")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert workbook_bytes(open_package(harbour_case)) == first
    assert b"2025-06-01T00:00:00Z" in zipfile.ZipFile(_saved(harbour_case, first)).read("docProps/core.xml")


def _saved(folder: Path, data: bytes) -> Path:
    path = folder / "saved.xlsx"
    path.write_bytes(data)
    return path


def test_lists_notes_and_frozen_ids_are_there(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        events = archive.read("xl/worksheets/sheet2.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'topLeftCell="B2"' in events
    assert "'terms'!$C$2:$C$" in events
    assert "'places'!$A$2:$A$" in events
    assert "'events'!$A$2:$A$" in events, "a reference to the table itself"
    assert "What kind of thing happened." in comments
    assert "Example: hearing" in comments
    assert 'numFmtId="49"' in styles, "cells are formatted as text"
    assert re.search(r'<sheet name="casetrail" [^>]*state="veryHidden"', book)


def test_the_terms_say_what_they_mean(workbook: Path) -> None:
    with CalamineWorkbook.from_path(workbook) as book:
        rows = book.get_sheet_by_name("terms").to_python()
    assert ["events", "kind", "hearing", "A court sits, or is scheduled to sit, on the case."] in rows


HOSTILE = st.text(
    st.one_of(
        st.sampled_from(list("=+-@'\"<>&;_x0D é\u0301\u202e\u200b\u2028\ufeff\x01\t\n\r")),
        st.characters(codec="utf-8", exclude_characters="\x00\ufffe\uffff"),
    ),
    max_size=12,
)


@given(st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_what_is_written_comes_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("package")
    fields = [{"name": name, "type": "string"} for name in ("id", "a", "b")]
    schema = {"fields": fields, "primaryKey": ["id"]}
    resource = {"name": "a table/of [all]: things*?", "path": "t.csv", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "x", "resources": [resource]}))
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([["id", "a", "b"], *([str(i), *row] for i, row in enumerate(cells))])
    package = open_package(folder)
    (folder / "x.xlsx").write_bytes(workbook_bytes(package))
    merged = merge_workbook(package, folder / "x.xlsx")
    assert merged.findings == ()
    assert merged.same


def test_what_no_spreadsheet_holds_is_refused(harbour_case: Path) -> None:
    places = harbour_case / "data" / "places.csv"
    text = places.read_text(encoding="utf-8")
    for bad, words in ((f"{'x' * 32_768}", "32,767"), ("\uffff", "U\\+FFFE or U\\+FFFF")):
        places.write_text(text.replace("Saltmouth", bad), encoding="utf-8")
        with pytest.raises(CasetrailError, match=words):
            workbook_bytes(open_package(harbour_case))


def test_labels_stand_beside_ids_and_lead_to_their_rows(workbook: Path) -> None:
    with CalamineWorkbook.from_path(workbook) as book:
        names = book.sheet_names
        headings, *rows = book.get_sheet_by_name("participations").to_python()
    assert headings[1:5] == ["event_id", "label of event_id", "party_id", "label of party_id"]
    assert rows[0][1:3] == ["ev-20250301-march", "March at the harbour"]
    with zipfile.ZipFile(workbook) as archive:
        sheet = archive.read(f"xl/worksheets/sheet{names.index('participations') + 1}.xml").decode()
        evidence = archive.read(f"xl/worksheets/sheet{names.index('evidence') + 1}.xml").decode()
    assert '<hyperlink ref="B2" location="\'events\'!A2"' in sheet
    assert re.search(r'<dataValidation type="custom"[^>]* sqref="C2:C\d+"><formula1>FALSE', sheet)
    assert "location=\"'charges'!A2\"" in evidence, "the row for which it is evidence"
    assert "'terms'!$C$" in evidence


def test_a_sheet_filters_prints_across_and_repeats_its_headings(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        guide = archive.read("xl/worksheets/sheet1.xml").decode()
        events = archive.read("xl/worksheets/sheet2.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'orientation="portrait"' in guide
    assert "<autoFilter " in events
    assert 'orientation="landscape"' in events
    assert 'fitToHeight="0"' in events
    assert "<tabColor " in events
    assert "<printOptions gridLines" in events
    assert "'events'!$1:$1</definedName>" in book or "events!$1:$1</definedName>" in book


def test_the_explaining_sheet_has_the_rule_of_evidence_and_an_example(workbook: Path) -> None:
    with CalamineWorkbook.from_path(workbook) as book:
        text = "\n".join(" ".join(map(str, row)) for row in book.get_sheet_by_name("read me").to_python())
    assert "The rule of evidence" in text
    assert "row_id ev-20990131-hearing" in text


def test_a_table_and_terms_of_the_case_itself_have_their_lists(harbour_case: Path, tmp_path: Path) -> None:
    schema = {
        "name": "motions",
        "idPrefix": "mo",
        "label": "{title}",
        "evidenced": True,
        "fields": [
            {"name": "motion_id", "type": "string"},
            {"name": "title", "type": "string"},
            {"name": "event_id", "type": "string"},
            {
                "name": "kind",
                "type": "string",
                "categories": [{"value": "to_adjourn", "description": "It asks for another day."}],
            },
        ],
        "primaryKey": ["motion_id"],
        "foreignKeys": [
            {"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}
        ],
    }
    (harbour_case / "schemas" / "motions.json").write_text(json.dumps(schema))
    (harbour_case / "data" / "motions.csv").write_text(
        "motion_id,title,event_id,kind\nmo-1,First,ev-20250301-march,to_adjourn\n"
    )
    path = harbour_case / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"].append(
        {"name": "motions", "path": "data/motions.csv", "schema": "schemas/motions.json"}
    )
    path.write_text(json.dumps(descriptor))
    (tmp_path / "own.xlsx").write_bytes(workbook_bytes(open_package(harbour_case)))
    with CalamineWorkbook.from_path(tmp_path / "own.xlsx") as book:
        names = book.sheet_names
        motions = book.get_sheet_by_name("motions").to_python()
        terms = book.get_sheet_by_name("terms").to_python()
    assert motions[1] == ["mo-1", "First", "ev-20250301-march", "March at the harbour", "to_adjourn"]
    assert ["motions", "kind", "to_adjourn", "It asks for another day."] in terms
    assert ["evidence", "table", "motions"] in [row[:3] for row in terms]
    with zipfile.ZipFile(tmp_path / "own.xlsx") as archive:
        sheet = archive.read(f"xl/worksheets/sheet{names.index('motions') + 1}.xml").decode()
    assert "'events'!$A$2:$A$" in sheet
    assert "'terms'!$C$" in sheet
