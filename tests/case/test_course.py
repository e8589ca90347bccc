from __future__ import annotations

import datetime as dt

import pytest

from casetrail.case.case import Case
from casetrail.case.views.as_of import as_of
from casetrail.case.views.course import course
from casetrail.package.package import open_package


def told(case: Case, found, number: int) -> dict[str, dict[str, str]]:
    """The rows of a day as the course tells them."""
    rows = {}
    for _, key, cells in case.rows():
        if found.rows.get(key, 10**6) <= number:
            then = dict(cells)
            for column in cells:
                for since, value in found.cells.get((key, column), ()):
                    if since <= number:
                        then[column] = value
            rows[key] = then
    return rows


@pytest.mark.parametrize("which", ["small", "real"])
def test_on_every_day_it_tells_what_as_of_shows(harbour_case, root, which):
    case = Case.load(open_package(root if which == "real" else harbour_case))
    found = course(case)
    assert found.days
    for number, day in enumerate(found.days):
        then = as_of(case, day).case
        assert told(case, found, number) == {key: dict(cells) for _, key, cells in then.rows()}


def test_between_its_days_nothing_changes(harbour_case):
    case = Case.load(open_package(harbour_case))
    found = course(case)
    number = 0
    day = found.days[0]
    while day < found.days[-1] + dt.timedelta(days=3):
        while number + 1 < len(found.days) and found.days[number + 1] <= day:
            number += 1
        then = as_of(case, day).case
        assert told(case, found, number) == {key: dict(cells) for _, key, cells in then.rows()}
        day += dt.timedelta(days=1)


def test_each_day_is_visited_in_order(harbour_case):
    seen = []
    found = course(Case.load(open_package(harbour_case)), lambda then: seen.append(then.day))
    assert tuple(seen) == found.days == tuple(sorted(seen))


def test_a_case_without_dated_sources_has_no_days():
    assert course(Case("empty", {})).days == ()
