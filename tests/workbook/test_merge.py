"""An edited workbook comes back cell by cell, or not at all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.package.package import open_package
from casetrail.workbook.merge import MergeResult, merge_workbook
from casetrail.workbook.write import workbook_bytes


@pytest.fixture
def merge(harbour_case: Path, tmp_path: Path) -> Callable[..., MergeResult]:
    """Save the edited workbook and merge it."""

    def run(book: Any, *accept: str) -> MergeResult:
        return merge_workbook(open_package(harbour_case), book.save(tmp_path / "edited.xlsx"), accept=accept)

    return run


def text(case: Path, table: str) -> str:
    return (case / "data" / f"{table}.csv").read_text(encoding="utf-8")


def blocking(merged: MergeResult) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.message.partition(": ")[0])
        for finding in merged.findings
        if finding.severity is Severity.ERROR
    ]


def test_unchanged_there_is_no_difference(harbour_case: Path, workbook: Path) -> None:
    before = {path: path.read_bytes() for path in harbour_case.rglob("*") if path.is_file()}
    merged = merge_workbook(open_package(harbour_case), workbook)
    assert merged.findings == ()
    assert merged.same
    assert not merged.written
    assert {path: path.read_bytes() for path in harbour_case.rglob("*") if path.is_file()} == before


def test_an_edited_cell_is_taken_and_nothing_else(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    before = text(harbour_case, "events")
    book.cell("events", "ev-20250301-march", "title", "The march, “quoted”")
    merged = merge(book)
    assert merged.findings == ()
    assert tally(merged, "changed") == {"events": 1}
    assert text(harbour_case, "events") == before.replace("March at the harbour", '"The march, “quoted”"')


def test_what_changed_in_the_package_since_stays(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_text(
        text(harbour_case, "events").replace("Trial opens", "The trial opens"), encoding="utf-8"
    )
    book.cell("events", "ev-20250301-march", "title", "The march")
    assert tally(merge(book), "changed") == {"events": 1}
    assert "The trial opens" in text(harbour_case, "events")
    assert "The march" in text(harbour_case, "events")


def test_the_same_edit_on_both_sides_is_no_conflict(harbour_case: Path, book: Any, merge: Any) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_text(
        text(harbour_case, "events").replace("Trial opens", "The trial opens"), encoding="utf-8"
    )
    book.cell("events", "ev-20250403-hearing", "title", "The trial opens")
    assert merge(book).same


def test_a_conflict_is_named_and_may_be_accepted(harbour_case: Path, book: Any, merge: Any) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_text(text(harbour_case, "events").replace("Trial opens", "Ours"), encoding="utf-8")
    book.cell("events", "ev-20250403-hearing", "title", "Theirs")
    before = text(harbour_case, "events")
    merged = merge(book)
    assert blocking(merged) == [("workbook-conflict", "sheet 'events', cell C5")]
    assert "“Theirs”" in merged.findings[0].message
    assert "“Ours”" in merged.findings[0].message
    assert text(harbour_case, "events") == before
    assert merge(book, "events!C5").written
    assert "Theirs" in text(harbour_case, "events")


def test_a_deleted_row_is_named_and_may_be_accepted(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    book.delete("names", "na-harbour-watch-pt")
    before = text(harbour_case, "names")
    assert [code for code, _ in blocking(merge(book))] == ["workbook-row-deleted"]
    assert text(harbour_case, "names") == before
    merged = merge(book, "na-harbour-watch-pt")
    assert tally(merged, "removed") == {"names": 1}
    assert "na-harbour-watch-pt" not in text(harbour_case, "names")


def test_a_row_deleted_here_and_changed_there_is_a_conflict(
    harbour_case: Path, book: Any, merge: Any
) -> None:
    names = harbour_case / "data" / "names.csv"
    names.write_text(text(harbour_case, "names").replace("Vigia do Porto", "Vigia"), encoding="utf-8")
    book.delete("names", "na-harbour-watch-pt")
    assert [code for code, _ in blocking(merge(book))] == ["workbook-conflict"]


def test_a_row_edited_here_and_gone_there_is_a_conflict(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    names = harbour_case / "data" / "names.csv"
    names.write_text(text(harbour_case, "names").split("\n")[0] + "\n", encoding="utf-8")
    assert merge(book).same
    book.cell("names", "na-harbour-watch-pt", "name", "Vigia")
    assert [code for code, _ in blocking(merge(book))] == ["workbook-conflict"]
    assert tally(merge(book, "conflicts"), "added") == {"names": 1}


def test_a_new_row_is_named_and_may_be_accepted(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    book.add("places", place_id="pl-port", kind="town", name="Port", country="PT")
    book.add(
        "evidence",
        evidence_id="ec-9001",
        table="places",
        row_id="pl-port",
        source_id="so-courier",
        locator="paragraph 2",
        certainty="stated",
    )
    before = text(harbour_case, "places")
    merged = merge(book)
    assert [code for code, _ in blocking(merged)] == ["workbook-row-new"] * 2
    assert text(harbour_case, "places") == before
    assert tally(merge(book, "new"), "added") == {"places": 1, "evidence": 1}
    assert "pl-port,town,Port,,PT,,,\n" in text(harbour_case, "places")


def test_what_would_not_be_valid_is_not_written(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("events", "ev-20250301-march", "kind", "protset")
    before = text(harbour_case, "events")
    merged = merge(book)
    assert blocking(merged) == [("constraint-enum", "sheet 'events', cell B2")]
    assert "protest" in (merged.findings[0].hint or "")
    assert text(harbour_case, "events") == before


def test_what_was_wrong_before_does_not_hold_back_what_is_right(
    harbour_case: Path, book: Any, merge: Any
) -> None:
    places = harbour_case / "data" / "places.csv"
    places.write_text(text(harbour_case, "places").replace(",town,", ",twn,"), encoding="utf-8")
    book.cell("events", "ev-20250301-march", "title", "The march")
    assert merge(book).written


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value", "code"),
    [
        ("charges", "ch-12-1", "article", 12.5, "workbook-number"),
        ("events", "ev-20250301-march", "title", 7, "workbook-number"),
        ("events", "ev-20250301-march", "title", True, "workbook-value"),
        ("events", "ev-20250301-march", "title", "#REF!", "workbook-value"),
        ("events", "ev-20250301-march", "date", date(2025, 3, 2), "workbook-date"),
        ("events", "ev-20250301-march", "date", "3/1/2025", "workbook-date"),
        ("events", "ev-20250301-march", "date", "01.03.2025", "workbook-date"),
        ("events", "ev-20250403-hearing", "time", time(16, 0), "workbook-date"),
        (
            "events",
            "ev-20250403-hearing",
            "summary",
            "'The court hears the first witness.",
            "workbook-quotes",
        ),
        ("disagreements", "di-banner", "summary", "One says red\u00a0, the other blue.", ""),
        ("disagreements", "di-banner", "summary", "One\u00a0says red, the other blue.", "workbook-quotes"),
        ("measures", "me-fine", "amount", "90.00", "workbook-number"),
    ],
)
def test_a_mangled_cell_is_named(
    harbour_case: Path, book: Any, merge: Any, sheet: str, key: str, column: str, value: Any, code: str
) -> None:
    before = text(harbour_case, sheet)
    book.cell(sheet, key, column, value)
    found = blocking(merge(book))
    assert [one for one, _ in found] == ([code] if code else [])
    if code:
        assert text(harbour_case, sheet) == before


@pytest.mark.parametrize(
    ("sheet", "key", "column", "value"),
    [
        ("charges", "ch-12-1", "article", 12),
        ("charges", "ch-12-1", "people", 5.0),
        ("events", "ev-20250301-march", "date", date(2025, 3, 1)),
        ("events", "ev-20250403-hearing", "time", time(15, 0)),
    ],
)
def test_a_value_that_is_the_very_same_is_no_change(
    book: Any, merge: Any, sheet: str, key: str, column: str, value: Any
) -> None:
    book.cell(sheet, key, column, value)
    merged = merge(book)
    assert merged.same
    assert merged.findings == ()


def test_a_whole_number_may_be_typed_as_one(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("charges", "ch-12-1", "maximum_years", 4)
    assert merge(book).written
    assert ",4,," in text(harbour_case, "charges")


def test_a_formula_is_named_though_its_value_is_the_same(book: Any, merge: Any, formula: Any) -> None:
    book.cell(
        "events", "ev-20250301-march", "title", formula('="March at"&" the harbour"', "March at the harbour")
    )
    assert blocking(merge(book)) == [("workbook-formula", "sheet 'events', cell C2")]


def test_a_formula_without_a_result_empties_no_cell(book: Any, merge: Any, formula: Any) -> None:
    book.cell("events", "ev-20250301-march", "title", formula("=1+1"))
    (finding,) = merge(book).findings
    assert finding.code == "workbook-formula"
    assert "--accept" not in (finding.hint or "")
    assert not merge(book).changes


def test_a_mangled_cell_may_be_accepted_as_it_stands(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("charges", "ch-12-1", "offence", 7)
    assert merge(book, "charges!M2").written
    assert "Saltland,12,1,7," in text(harbour_case, "charges")


def test_accepting_what_is_not_in_question_is_refused(book: Any, merge: Any) -> None:
    book.cell("events", "ev-20250301-march", "title", "The march")
    with pytest.raises(CasetrailError, match="nothing of this name is in question"):
        merge(book, "ev-20250301-marhc")


def test_a_renamed_sheet(harbour_case: Path, book: Any, merge: Any) -> None:
    book.sheets = {("happenings" if name == "events" else name): rows for name, rows in book.sheets.items()}
    merged = merge(book)
    assert blocking(merged) == [("workbook-sheet-missing", "the sheet 'events' is missing")]
    hint = next(finding.hint for finding in merged.findings if finding.code == "workbook-sheet-missing")
    assert hint == "give the sheet 'happenings' its name 'events' back"


def test_moved_columns_are_named_and_may_be_accepted(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    book.cell("places", "pl-saltland", "name", "Salt Land")
    book.sheets["places"] = [[row[2], row[0], row[1], *row[3:]] for row in book.sheets["places"]]
    assert [code for code, _ in blocking(merge(book))] == ["workbook-column-moved"]
    assert tally(merge(book, "moved"), "changed") == {"places": 1}
    assert "pl-saltland,region,Salt Land," in text(harbour_case, "places")


def test_missing_and_unknown_columns(book: Any, merge: Any) -> None:
    rows = book.sheets["places"]
    rows[0][rows[0].index("name")] = "nmae"
    assert [code for code, _ in blocking(merge(book))] == [
        "workbook-column-missing",
        "workbook-column-unknown",
    ]


def test_merged_cells(book: Any, merge: Any) -> None:
    book.merged.append(("places", "C2:C3", "Saltland"))
    found = blocking(merge(book))
    assert ("workbook-cells-merged", "sheet 'places', cell C2") in found


def test_hidden_rows_are_read_and_told(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("places", "pl-saltland", "name", "Salt Land")
    book.hidden_rows["places"] = {2, 3}
    merged = merge(book)
    assert [finding.code for finding in merged.findings] == ["workbook-row-hidden"]
    assert merged.written


def test_rows_without_an_id_and_ids_that_stand_twice(book: Any, merge: Any) -> None:
    book.add("places", kind="town", name="Port")
    book.sheets["places"].append(list(book.sheets["places"][1]))
    found = blocking(merge(book))
    assert found == [
        ("workbook-id-missing", "sheet 'places', cell A4"),
        ("workbook-id-twice", "sheet 'places', cell A5"),
    ]


def test_an_id_that_is_twice_in_the_package(harbour_case: Path, book: Any, merge: Any) -> None:
    places = harbour_case / "data" / "places.csv"
    lines = text(harbour_case, "places").splitlines(keepends=True)
    places.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(CasetrailError, match="is twice in the table 'places'"):
        merge(book)


def test_a_sheet_of_ones_own_is_told_and_left(book: Any, merge: Any) -> None:
    book.sheets["my notes"] = [["call the clerk"]]
    merged = merge(book)
    assert [(finding.code, finding.severity) for finding in merged.findings] == [
        ("workbook-sheet-unknown", Severity.WARNING)
    ]


def test_blank_rows_mean_nothing(book: Any, merge: Any) -> None:
    book.sheets["places"].insert(2, ["", " ", ""])
    book.sheets["places"] += [[""], []]
    assert merge(book).same


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("other-case", "1.0.0", "made from the package 'harbour-case'"),
        ("harbour-case", "0.9.0", "update the package"),
    ],
)
def test_a_workbook_of_another_package_or_newer_version(
    harbour_case: Path, book: Any, merge: Any, name: str, version: str, words: str
) -> None:
    path = harbour_case / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8")) | {"name": name, "version": version}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(CasetrailError, match=words):
        merge(book)


def test_columns_that_the_package_has_gained_and_lost(
    harbour_case: Path, book: Any, merge: Any, tally: Any
) -> None:
    path = harbour_case / "schemas" / "places.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["fields"] = [one for one in schema["fields"] if one["name"] != "note"]
    schema["fields"].append({"name": "extra", "type": "string"})
    path.write_text(json.dumps(schema), encoding="utf-8")
    lines = text(harbour_case, "places").replace("note\n", "extra\n")
    (harbour_case / "data" / "places.csv").write_text(lines, encoding="utf-8")
    book.cell("places", "pl-saltland", "name", "Salt Land")
    assert tally(merge(book), "changed") == {"places": 1}
    book.cell("places", "pl-saltland", "note", "new")
    assert [code for code, _ in blocking(merge(book))] == ["workbook-column-gone"]


def test_a_hundred_thousand_rows(harbour_case: Path, book: Any, merge: Any) -> None:
    for number in range(100_000):
        book.sheets["places"].append([f"pl-{number}", "town", f"Town {number}"])
    merged = merge(book)
    assert {code for code, _ in blocking(merged)} == {"workbook-row-new", "evidence-missing"}


def test_an_error_in_a_cell_does_not_empty_it(
    harbour_case: Path, book: Any, tmp_path: Path, formula: Any
) -> None:
    book.cell("events", "ev-20250301-march", "title", formula("=REMOVED", "#REF!"))
    path, pasted = book.save(tmp_path / "formula.xlsx"), tmp_path / "pasted.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(pasted, "w") as new:
        for name in old.namelist():
            # Pasted as a value the error has no formula behind it.
            new.writestr(name, old.read(name).replace(b"<f>REMOVED</f>", b""))
    for accept in ((), ("mangled",)):
        merged = merge_workbook(open_package(harbour_case), pasted, accept=accept)
        assert blocking(merged) == [("workbook-value", "sheet 'events', cell C2")]
        assert "it was March at the harbour" in merged.findings[0].message
        assert "--accept" not in (merged.findings[0].hint or "")


def test_an_id_that_was_changed_is_a_deleted_row_and_a_new_one(book: Any, merge: Any) -> None:
    book.cell("events", "ev-20250403-hearing", "event_id", "ev-20250403-haering")
    first, second, *_ = sorted(merge(book).findings, key=lambda finding: finding.row is None)
    assert (
        "ev-20250403-haering is a new row, and ev-20250403-hearing was deleted or misspelt" in first.message
    )
    assert second.code == "workbook-row-deleted"


def test_a_row_of_another_day_is_not_taken_for_a_misspelt_one(book: Any, merge: Any) -> None:
    book.add("events", event_id="ev-20250404-hearing", kind="hearing", title="Second day", status="held")
    findings = merge(book).findings
    assert {finding.code for finding in findings} == {"workbook-row-new", "evidence-missing"}
    assert not [item for item in findings if "ev-20250403-hearing" in f"{item.message} {item.hint}"]


def small(folder: Path, rows: str, *, key: bool = False) -> Path:
    """A package of two tables of which the first has a primary key only where asked for."""
    fields = [{"name": "id", "type": "string"}, {"name": "a", "type": "string"}]
    schema: dict[str, Any] = {"fields": fields} | ({"primaryKey": ["id"]} if key else {})
    resources = [
        {"name": "things", "path": "things.csv", "schema": schema},
        {"name": "rest", "path": "rest.csv", "schema": {"fields": fields, "primaryKey": ["id"]}},
    ]
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps({"name": "small", "resources": resources}))
    (folder / "things.csv").write_text(rows, encoding="utf-8")
    (folder / "rest.csv").write_text("id,a\n1,x\n", encoding="utf-8")
    return folder


def test_rows_without_an_id_are_shown_and_not_merged(tmp_path: Path, load_book: Any) -> None:
    folder = small(tmp_path / "small", 'id,a\n1,x\n1,x\n"",""\n')
    (tmp_path / "small.xlsx").write_bytes(workbook_bytes(open_package(folder)))
    book = load_book(tmp_path / "small.xlsx")
    assert merge_workbook(open_package(folder), book.save(tmp_path / "same.xlsx")).findings == ()
    book.cell("things", "1", "a", "y")
    merged = merge_workbook(open_package(folder), book.save(tmp_path / "edited.xlsx"))
    assert [code for code, _ in blocking(merged)] == ["workbook-no-key"]


def test_a_table_that_the_package_has_lost(tmp_path: Path, load_book: Any) -> None:
    folder = small(tmp_path / "small", "id,a\n1,x\n", key=True)
    (tmp_path / "small.xlsx").write_bytes(workbook_bytes(open_package(folder)))
    descriptor = json.loads((folder / "datapackage.json").read_text())
    del descriptor["resources"][1]
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    book = load_book(tmp_path / "small.xlsx")
    assert merge_workbook(open_package(folder), book.save(tmp_path / "same.xlsx")).same
    book.cell("rest", "1", "a", "y")
    merged = merge_workbook(open_package(folder), book.save(tmp_path / "edited.xlsx"))
    assert [code for code, _ in blocking(merged)] == ["workbook-table-gone"]


def test_a_character_that_a_spreadsheet_cannot_keep_is_left_as_it_was(tmp_path: Path, load_book: Any) -> None:
    folder = small(tmp_path / "small", "id,a\n1,tab\there\n", key=True)
    (tmp_path / "small.xlsx").write_bytes(workbook_bytes(open_package(folder)))
    book = load_book(tmp_path / "small.xlsx")
    book.cell("things", "1", "a", "tabhere")
    merged = merge_workbook(open_package(folder), book.save(tmp_path / "edited.xlsx"))
    assert [(one.code, one.severity) for one in merged.findings] == [
        ("workbook-lost-character", Severity.NOTE)
    ]
    assert merged.same


def test_one_run_names_every_problem(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("events", "ev-20250403-hearing", "time", "25:00")
    book.cell("charges", "ch-12-1", "offence", 7)
    book.add("places", place_id="pl-new", kind="town")
    book.delete("names", book.sheets["names"][1][0])
    merged = merge(book)
    codes = {code for code, _ in blocking(merged)}
    assert {"workbook-number", "workbook-row-new", "workbook-row-deleted"} <= codes
    assert [finding.code for finding in merged.findings if finding.key == "ev-20250403-hearing"]
    assert [finding for finding in merged.findings if finding.key == "pl-new" and finding.field == "name"]
    assert not [code for code, _ in blocking(merged) if code.startswith("evidence-value")]
    assert not merged.written


def test_what_is_written_into_a_derived_column_is_not_read(harbour_case: Path, book: Any, merge: Any) -> None:
    book.cell("participations", book.sheets["participations"][1][0], "label of party_id", "Somebody else")
    assert merge(book).same


def test_the_model_of_the_row_judges_what_no_check_refuses(
    harbour_case: Path, book: Any, merge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casetrail.workbook.merge.new_errors", lambda *_: [])
    book.cell("events", "ev-20250403-hearing", "date", "2025-13-01")
    (finding,) = merge(book).findings
    assert (finding.code, finding.key) == ("workbook-row-refused", "ev-20250403-hearing")
    assert finding.message.startswith("sheet 'events', cell E5: date “2025-13-01”: ")


def test_no_merge_names_who_was_withdrawn(
    harbour_case: Path, book: Any, merge: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = "Harbour Watch"
    book.cell("parties", "pa-harbour-watch", "name", f"{name} Junior")
    parties = harbour_case / "data" / "parties.csv"
    text = parties.read_text(encoding="utf-8")
    assert f",{name}," in text
    # Only the name is at stake here, not whether the case is valid with what is left of it.
    parties.write_text(
        text.replace(f",{name},", ",,").replace(",public_role,", ",withheld,", 1), encoding="utf-8"
    )
    path = book.save(tmp_path / "edited.xlsx")
    assert main(["workbook", "merge", str(path), "--package", str(harbour_case)]) == 1
    said = capsys.readouterr()
    assert "[withdrawn]" in said.err
    assert "[withdrawn]" in said.out
    assert name not in said.out + said.err
