"""The verdict of the row models: every row is judged, and a refusal is put in words."""

from __future__ import annotations

from pathlib import Path

from casetrail.case.row_model import row_verdict
from casetrail.package.package import open_package


def test_a_sound_case_is_accepted_row_by_row(harbour_case: Path) -> None:
    verdict = row_verdict(open_package(harbour_case))
    assert (verdict.rows, verdict.refused, verdict.first) == (74, 0, ())


def test_a_refusal_names_the_row_and_the_column_or_says_the_rule(harbour_case: Path) -> None:
    events = harbour_case / "data" / "events.csv"
    events.write_text(
        events.read_text("utf-8").replace(",15:00,", ",3 pm,").replace(",2025-03-10,,", ",2025-03-10,12:00,")
    )
    verdict = row_verdict(open_package(harbour_case))
    assert verdict.refused == 2
    assert "events, row 3: A time of day says nothing without its time zone" in verdict.first[0]
    assert verdict.first[1].startswith("events, row 5: time: Value error, ")
