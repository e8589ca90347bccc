"""iCalendar: the hearings of a case, for any calendar (RFC 5545).

A hearing of a full day is an event of that day; with a time and a zone it begins at that moment, written in
UTC. One whose day is not known, or not for certain, has no place in a calendar and is left out. Postponed
hearings are CANCELLED, held ones CONFIRMED, those announced or alleged TENTATIVE. The text is the same
whenever it is written: its time stamp is the day of the version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casetrail.case.case import Case, TextRow
from casetrail.case.views.figures import is_kind
from casetrail.case.views.labels import label
from casetrail.exports.export import ExportSource, FileExport
from casetrail.findings.error import CasetrailError
from casetrail.types import zones
from casetrail.types.edtf import parse_edtf
from casetrail.types.problem import ValueProblem

_STATUS = {"postponed": "CANCELLED", "held": "CONFIRMED"}
_EPOCH = "19700101T000000Z"
_WIDTH = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""


def write_ical(case: Case, destination: Path, *, created: str | None) -> tuple[int, int]:
    """Write the hearings to the file; how many are in it, and how many had to be left out.

    `created` is the date and time of the version, as `datapackage.json` has it.
    """
    hearings = [event for event in case["events"].values() if is_kind(case, "events", event, "hearing")]
    placed = [hearing for hearing in hearings if _day(hearing) is not None]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//casetrail//hearings//EN",
        f"X-WR-CALNAME:{_text(f'{case.name}: hearings')}",
    ]
    for hearing in sorted(placed, key=lambda cells: (cells["date"], cells["time"], cells["event_id"])):
        lines += _event(case, hearing, _stamp(created))
    lines.append("END:VCALENDAR")
    destination.write_bytes("".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode())
    return len(placed), len(hearings) - len(placed)


def _event(case: Case, cells: TextRow, stamp: str) -> Iterator[str]:
    day = _day(cells)
    assert day is not None
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(case, cells['event_id'])}"
    yield f"DTSTAMP:{stamp}"
    moment = _moment(cells, day)
    if moment is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    else:
        yield f"DTSTART:{moment:%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{_text(cells['title'])}"
    yield f"STATUS:{_STATUS.get(cells['status'], 'TENTATIVE')}"
    if cells["place_id"]:
        yield f"LOCATION:{_text(label(case, cells['place_id']))}"
    sources = dict.fromkeys(claim["source_id"] for claim in case.evidence_rows(cells["event_id"]))
    lines = [cells["summary"], cells["part_of_day"].capitalize(), cells["note"]]
    lines += [f"Source: {label(case, source)}" for source in sources]
    yield f"DESCRIPTION:{_text(chr(10).join(filter(None, lines)))}"
    urls = [case["sources"][source]["url"] for source in sources if source in case["sources"]]
    yield from (f"URL:{_bare(url)}" for url in list(filter(None, urls))[:1])
    if cells["replaces"]:
        yield f"RELATED-TO;RELTYPE=SIBLING:{_uid(case, cells['replaces'])}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _uid(case: Case, event_id: str) -> str:
    return _bare(f"{event_id}@{case.name}")


def _day(cells: TextRow) -> dt.date | None:
    with _readable(cells):
        date = parse_edtf(cells["date"]) if cells["date"] else None
        return date.earliest if date is not None and date.is_day else None


def _moment(cells: TextRow, day: dt.date) -> dt.datetime | None:
    if not cells["time"] or not cells["timezone"]:
        return None
    with _readable(cells):
        return zones.instant(day, dt.time.fromisoformat(cells["time"]), cells["timezone"])


@contextmanager
def _readable(cells: TextRow) -> Iterator[None]:
    try:
        yield
    except (ValueError, ValueProblem) as error:
        raise CasetrailError(
            f"the date or time of the event '{cells['event_id']}' cannot be read ({error}); "
            "run `casetrail validate` and mend what it finds",
            exit_code=1,
        ) from None


def _bare(text: str) -> str:
    """A text without what would end its line or be cut off."""
    return "".join(letter for letter in text if letter > " ")


def _stamp(created: str | None) -> str:
    try:
        moment = dt.datetime.fromisoformat(created or "")
    except ValueError:
        return _EPOCH
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return f"{aware.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A text with what separates values escaped (RFC 5545, 3.3.11); other control characters are blanks."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return "".join("\\n" if letter == "\n" else letter if letter >= " " else " " for letter in plain)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of 75 octets, none of which cuts a character."""
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _WIDTH:
            yield piece
            piece, size = " ", 1
        piece += letter
        size += width
    yield piece


def _write(source: ExportSource, destination: Path) -> str:
    created = source.package.descriptor.created
    hearings, left_out = write_ical(source.case, destination, created=created)
    return f"{hearings} hearings; {left_out} without a certain day left out"


EXPORT = FileExport("ical", "The hearings, for any calendar", "hearings.ics", "text/calendar", _write)
