"""The sheets for new rows: a row and its claims are written side by side, without an id."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from casetrail.cli.main import main
from casetrail.findings.finding import Severity
from casetrail.package.package import open_package
from casetrail.workbook.merge import merge_workbook

HEARING = {
    "kind": "hearing",
    "title": "The second day",
    "date": "2025-04-24",
    "place_id": "pl-saltmouth",
    "status": "held",
}
CLAIMS = {
    "claim 1 source_id": "so-courier",
    "claim 1 locator": "paragraph 2",
    "claim 2 source_id": "so-herald",
    "claim 2 locator": "title",
    "claim 2 field": "date",
    "claim 2 attributed_to": "pa-harbour-watch",
}


def rows(case: Path, table: str) -> list[dict[str, str]]:
    with (case / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def merge(harbour_case: Path, tmp_path: Path) -> Any:
    return lambda book, *accept: merge_workbook(
        open_package(harbour_case), book.save(tmp_path / "edited.xlsx"), accept=accept
    )


def test_there_is_a_sheet_for_what_needs_evidence_and_for_sources(workbook: Path) -> None:
    with CalamineWorkbook.from_path(workbook) as book:
        names = book.sheet_names
        headings = book.get_sheet_by_name("new events").to_python()[0]
    assert {"new events", "new parties", "new sources", "new participations"} <= set(names)
    assert "new evidence" not in names
    assert headings[0] == "event_id"
    assert headings[-10:-5] == [
        f"claim 1 {name}" for name in ("source_id", "locator", "attributed_to", "field", "value")
    ]


def test_a_hearing_with_its_claims(
    harbour_case: Path, book: Any, merge: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    book.add("new events", **HEARING, **CLAIMS)
    merged = merge(book)
    assert merged.written, merged.findings
    (event,) = [row for row in rows(harbour_case, "events") if row["title"] == "The second day"]
    assert event["event_id"] == "ev-20250424-hearing"
    claims = [row for row in rows(harbour_case, "evidence") if row["row_id"] == event["event_id"]]
    assert sorted((row["field"], row["source_id"], row["certainty"]) for row in claims) == [
        ("", "so-courier", "stated"),
        ("date", "so-herald", "alleged"),
        ("place_id", "so-courier", "stated"),
    ]
    assert main(["validate", str(harbour_case)]) == 0, capsys.readouterr()
    assert main(["format", "--check", str(harbour_case)]) == 0


def test_a_workbook_that_is_merged_twice_adds_its_rows_once(
    harbour_case: Path, book: Any, merge: Any
) -> None:
    book.add("new events", **HEARING, **{key: text for key, text in CLAIMS.items() if "claim 1" in key})
    assert merge(book).written
    before = {path: path.read_bytes() for path in (harbour_case / "data").iterdir()}
    again = merge(book)
    assert again.same
    (note,) = again.findings
    assert (note.code, note.severity) == ("workbook-row-merged", Severity.NOTE)
    assert "ev-20250424-hearing is in the package already" in note.message
    assert {path: path.read_bytes() for path in (harbour_case / "data").iterdir()} == before


def test_a_new_source_and_what_rests_on_it_in_one_go(harbour_case: Path, book: Any, merge: Any) -> None:
    source = {"kind": "news", "publisher": "Gazette", "title": "Second day", "language": "en"}
    source |= {"read": "full", "accessed": "2025-05", "url": "https://gazette.example/2"}
    book.add("new sources", source_id="so-gazette", **source)
    book.add("new events", **HEARING, **{"claim 1 source_id": "so-gazette", "claim 1 locator": "title"})
    assert merge(book).written
    assert "so-gazette" in {row["source_id"] for row in rows(harbour_case, "sources")}


def test_what_is_wrong_is_said_of_its_sheet_and_row_all_at_once(
    harbour_case: Path, book: Any, merge: Any
) -> None:
    book.add("new events", **{**HEARING, "date": "24.04.2025", "time": 15, "summary": "Short."}, **CLAIMS)
    book.add("new events", title="No kind", **CLAIMS)
    book.add("new events", **HEARING)
    book.add(
        "new parties", kind="person", description="X", disclosure="withheld", **{"claim 1 locator": "p. 1"}
    )
    book.sheets["new events"][0][3] = "sumary"
    merged = merge(book)
    assert not merged.written
    said = "\n".join(finding.message for finding in merged.findings)
    for words in (
        "sheet 'new events', cell D1: 'sumary' is no column",
        "sheet 'new events', cell F2: the cell holds the number 15",
        "sheet 'new events', cell B3: there is no value, but 'kind' needs one",
        "sheet 'new events', cell J3: there is no value, but 'status' needs one",
        "sheet 'new events', row 4: it does not say who says so",
        "sheet 'new parties', cell H2: there is no value, but 'source_id' needs one",
    ):
        assert words in said, said
    assert "data/events.csv" not in {finding.path for finding in merged.findings}


def test_one_row_has_all_its_problems_named_once_and_at_their_cells(book: Any, merge: Any) -> None:
    claim = {"claim 1 source_id": "so-nobody", "claim 1 locator": "title"}
    book.add("new events", **{**HEARING, "kind": "hearng", "date": "4.5.2025", "time": "15:00"}, **claim)
    book.add("new events", **{**HEARING, "kind": "hearng", "event_id": "ev-20250301-march"})
    said = [finding.message for finding in merge(book).findings]
    # The columns of evidence come after those of the table, however many those are.
    source = chr(ord("A") + book.sheets["new events"][0].index("claim 1 source_id"))
    for words in (
        "cell B2: 'hearng' is not one of",
        "cell E2: '4.5.2025' is not written as year-month-day",
        "cell F2: a time of day says nothing without its time zone",
        f"cell {source}2: there is no source_id 'so-nobody'",
        "cell A3: the id ev-20250301-march is in the case already",
        "cell B3: 'hearng' is not one of",
        "row 3: it does not say who says so",
    ):
        assert sum(words in message for message in said) == 1, (words, said)
    assert not any("E2" in message and "year, month or day" in message for message in said)
