"""The hearings as a calendar, read back by icalendar."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import icalendar
import pytest

from casetrail.cli.main import main


def with_hearings(case: Path, *hearings: dict[str, str]) -> Path:
    """Put hearings into a case; the other events stay."""
    path = case / "data" / "events.csv"
    header, *_ = rows = list(csv.reader(path.open(encoding="utf-8")))
    rows += [
        [{"kind": "hearing", "status": "held", **one}.get(name, "") for name in header] for one in hearings
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return case


def read(path: Path) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return {str(one["UID"]): one for one in calendar.walk("VEVENT")}


WICKED = 'Hearing; with, commas\\ and\nlines — "Атажұрт" ' + "哈薩克斯坦" * 30


def test_hearings_come_back_as_they_are(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = with_hearings(
        harbour_case,
        {
            "event_id": "ev-a",
            "title": WICKED,
            "date": "2026-01-23",
            "time": "15:00",
            "timezone": "Asia/Almaty",
        },
        {"event_id": "ev-b", "title": "B", "date": "2026-01-21", "status": "postponed"},
        {"event_id": "ev-c", "title": "C", "date": "2026-02-01", "status": "scheduled", "replaces": "ev-b"},
        {"event_id": "ev-d", "title": "D", "date": "2026-02"},
        {"event_id": "ev-e", "title": "E", "date": "2026-02-03?"},
        {"event_id": "ev-f", "title": "F", "date": "[2026-02-03..2026-02-04]"},
        {"event_id": "ev-g", "title": "G", "date": ""},
    )
    before = harbour_case / "before.ics"
    assert main(["export", str(small), "--to", "ical", "--output", str(before)]) == 0
    assert "4 without a certain day left out" in capsys.readouterr().out
    found = {uid.split("@")[0]: one for uid, one in read(before).items()}
    assert {"ev-a", "ev-b", "ev-c"} <= set(found) and not {"ev-d", "ev-e", "ev-f", "ev-g"} & set(found)
    assert found["ev-a"]["DTSTART"].dt == dt.datetime(2026, 1, 23, 10, tzinfo=dt.UTC)
    assert str(found["ev-a"]["SUMMARY"]) == WICKED and str(found["ev-a"]["STATUS"]) == "CONFIRMED"
    assert found["ev-b"]["DTSTART"].dt == dt.date(2026, 1, 21) and str(found["ev-b"]["STATUS"]) == "CANCELLED"
    assert str(found["ev-c"]["STATUS"]) == "TENTATIVE"
    assert str(found["ev-c"]["RELATED-TO"]).startswith("ev-b@")
    data = before.read_bytes()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    # The day of the version, in UTC, whenever it is written.
    assert {one["DTSTAMP"].dt for one in found.values()} == {dt.datetime(2025, 6, 1, tzinfo=dt.UTC)}


def test_the_calendar_of_the_dataset_has_its_postponed_hearing(release: Path) -> None:
    found = {str(one["STATUS"]) for one in read(release / "hearings.ics").values()}
    assert {"CANCELLED", "CONFIRMED"} <= found


def test_an_event_of_another_kind_is_no_hearing(harbour_case: Path) -> None:
    assert main(["export", str(harbour_case), "--to", "ical", "--output", str(harbour_case / "a.ics")]) == 0
    rows = csv.DictReader((harbour_case / "data/events.csv").open())
    kinds = {row["event_id"]: row["kind"] for row in rows}
    assert {kinds[uid.split("@")[0]] for uid in read(harbour_case / "a.ics")} <= {"hearing"}


def test_a_time_that_is_none_is_said(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hearing = {"event_id": "ev-a", "date": "2026-01-23", "time": "25:00", "timezone": "Asia/Almaty"}
    small = with_hearings(harbour_case, hearing)
    assert main(["export", str(small), "--to", "ical", "--output", str(harbour_case / "a.ics")]) == 1
    assert "the date or time of the event 'ev-a' cannot be read" in capsys.readouterr().err
    assert not (harbour_case / "a.ics").exists()


@pytest.mark.parametrize("form", ["ical", "ftm"])
def test_only_a_case_has_them(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n", encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(
        '{"name": "p", "resources": [{"name": "t", "path": "t.csv"}]}', encoding="utf-8"
    )
    assert main(["export", str(tmp_path), "--to", form, "--output", str(tmp_path / "out")]) == 2
    assert "declares no `caseProfile`" in capsys.readouterr().err
