from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from casetrail.site.chart import LETTER, MAX_ROWS, PAD, WIDTH, Lane, Mark, chart, days_of, ticks
from casetrail.site.marks import MarkStyle

LOOK = MarkStyle("circle", "t1")


def mark(date: str, name: str = "ev-1", label: str = "Something") -> Mark:
    days = days_of(date)
    assert days is not None
    return Mark(name, label, label, days, LOOK)


def drawn(*dates: str, first: int | None = None):
    marks = [mark(date, f"ev-{number}") for number, date in enumerate(dates)]
    made = chart([Lane("Hearing", LOOK, marks)], first)
    assert made is not None
    return made, marks


def test_no_dates_make_no_chart():
    assert chart([]) is None
    assert chart([Lane("Hearing", LOOK, [])]) is None
    assert days_of("") is None and days_of("soon") is None


def test_it_is_drawn_to_scale():
    _, (one, two, three) = drawn("2025-01-01", "2025-01-11", "2025-01-31")
    assert abs((three.at - two.at) / (two.at - one.at) - 2) < 1e-9


def test_a_partial_date_is_a_span_over_the_days_that_it_can_mean():
    made, (month, between, lasted, day) = drawn(
        "2025-03", "[2025-02-01..2025-02-10]", "2025-01-01/2025-01-05", "2025-04-30"
    )
    width = made.x(1) - made.x(0)
    assert month.path and abs((month.right - month.left) / width - 31) < 1e-6
    assert between.path and not between.is_open
    assert lasted.days.lasted and lasted.at < (lasted.left + lasted.right) / 2
    assert not day.path


def test_what_is_open_on_one_side_stands_at_the_day_that_is_known_with_an_arrow():
    made, (by, since) = drawn("[..2025-01-10]", "[2025-01-20..]")
    assert by.is_open and since.is_open
    assert abs(by.at - made.x(dt.date(2025, 1, 10).toordinal() + 0.5)) < 1e-9
    assert by.left < by.at - 20 and since.right > since.at + 20


def test_what_lies_before_the_period_is_left_out():
    _, (before, after) = drawn("2019-05", "2025-11-13", first=dt.date(2025, 11, 13).toordinal())
    assert not before.inside and after.inside


days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


@given(st.lists(days, min_size=1, max_size=60))
def test_marks_stay_in_the_picture_and_labels_do_not_overlap(dates):
    _, marks = drawn(*(day.isoformat() for day in dates))
    rooms: dict[int, list[tuple[float, float]]] = {}
    for one in marks:
        assert PAD <= one.at <= WIDTH and 0 <= one.row < MAX_ROWS
        length = len(one.text) * LETTER
        room = (one.text_x - length, one.right) if one.flip else (one.left, one.text_x + length)
        if one.text:
            assert room[0] >= 0 and room[1] <= WIDTH + 10
            rooms.setdefault(one.row, []).append(room)
    for taken in rooms.values():
        taken.sort()
        assert all(after[0] >= before[1] - 1e-6 for before, after in pairwise(taken))


@given(st.integers(1, 3_000_000), st.integers(0, 200_000))
def test_ticks_lie_within_and_are_not_too_many(first, span):
    last = min(first + span, dt.date.max.toordinal())
    found = ticks(first, last, 9)
    assert len(found) <= 12
    assert all(first <= day <= last for day, _ in found)
    assert [day for day, _ in found] == sorted({day for day, _ in found})
