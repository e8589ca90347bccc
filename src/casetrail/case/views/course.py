"""Course: from which day each row was known, and what stood in its cells then: `as_of` for all days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from casetrail.case.case import Case, Cells
from casetrail.case.terms import Read
from casetrail.case.views.as_of import AsOf, as_of, published_by
from casetrail.types.edtf import parse_edtf
from casetrail.types.problem import ValueProblem

WORK = 3_000_000
"""Days times rows: of a case for which it would be more, some days are passed over, evenly."""


@dataclass(slots=True)
class Course:
    """The case over the days on which sources came out.

    `rows` has for each row the number of the day, in `days`, from which it is shown; a row that no day shows
    is not in it. `cells` has, for each cell that did not always stand as it does now, the numbers of the days
    from which it stood otherwise, with what stood there then.
    """

    days: tuple[dt.date, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    cells: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)


def course(case: Case, visit: Callable[[AsOf], None] = lambda then: None) -> Course:
    """The course of a case; `visit` is called with the case as of each day, in order."""
    found = Course(_thinned(case, _days(case)))
    for number, day in enumerate(found.days):
        then = as_of(case, day)
        for table, rows in then.case.tables.items():
            for key, cells in rows.items():
                found.rows.setdefault(key, number)
                now = case[table][key]
                if cells is not now:
                    _note_changes(found, number, key, cells, now)
        visit(then)
    return found


def _note_changes(found: Course, number: int, key: str, cells: Cells, now: Cells) -> None:
    for column, value in cells.items():
        past = found.cells.get((key, column))
        if value != (past[-1][1] if past else now[column]):
            found.cells.setdefault((key, column), []).append((number, value))


def _days(case: Case) -> list[dt.date]:
    """The days by whose end one more source was out for certain, and between them those of the events.

    On no other day does `as_of` differ from what it was on the day before.
    """
    days: set[dt.date] = set()
    for cells in case["sources"].values():
        last = _bounds(cells["published"])[1]
        if last is not None and cells["read"] != Read.NOT_SEEN and published_by(cells["published"], last):
            days.add(last)
    began = {_bounds(cells["date"])[0] for cells in case["events"].values()}
    if days:
        days |= {day for day in began if day is not None and min(days) <= day <= max(days)}
    return sorted(days)


def _bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    try:
        date = parse_edtf(text)
    except ValueProblem:
        return None, None
    return date.earliest, date.latest


def _thinned(case: Case, days: list[dt.date]) -> tuple[dt.date, ...]:
    rows = sum(len(table) for table in case.tables.values())
    most = max(WORK // max(rows, 1), 12)
    if len(days) <= most:
        return tuple(days)
    return tuple(days[round(number * (len(days) - 1) / (most - 1))] for number in range(most))
