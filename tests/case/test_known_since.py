from __future__ import annotations

import datetime as dt

import pytest

from casetrail.case.case import Case
from casetrail.case.views.known_since import as_of, known_since
from casetrail.package.package import open_package


def rows_of(case: Case, known, number: int) -> dict[str, dict[str, str]]:
    """The rows of a day as it says them."""
    rows = {}
    for _, key, cells in case.every_row():
        if known.rows.get(key, 10**6) <= number:
            then = dict(cells)
            for column in cells:
                for since, value in known.cells.get(key, {}).get(column, ()):
                    if since <= number:
                        then[column] = value
            rows[key] = then
    return rows


@pytest.mark.parametrize("which", ["small", "real"])
def test_on_every_day_it_tells_what_as_of_shows(harbour_case, root, which):
    case = Case.load(open_package(root if which == "real" else harbour_case))
    known = known_since(case)
    assert known.days
    for number, day in enumerate(known.days):
        then = as_of(case, day).case
        assert rows_of(case, known, number) == {key: dict(cells) for _, key, cells in then.every_row()}


def test_between_its_days_nothing_changes(harbour_case):
    case = Case.load(open_package(harbour_case))
    known = known_since(case)
    number = 0
    day = known.days[0]
    while day < known.days[-1] + dt.timedelta(days=3):
        while number + 1 < len(known.days) and known.days[number + 1] <= day:
            number += 1
        then = as_of(case, day).case
        assert rows_of(case, known, number) == {key: dict(cells) for _, key, cells in then.every_row()}
        day += dt.timedelta(days=1)


def test_each_day_is_visited_in_order(harbour_case):
    seen = []
    known = known_since(Case.load(open_package(harbour_case)), lambda then: seen.append(then.day))
    assert tuple(seen) == known.days == tuple(sorted(seen))


def test_a_case_without_dated_sources_has_no_days():
    assert known_since(Case("empty", {})).days == ()
