from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.site.chart import GLYPH, LETTER, NAMED, NARROW, WIDE, Chart, Lane, Mark, charts, days_of, ticks
from casetrail.site.marks import MarkStyle

STYLE = MarkStyle("circle", "t1")


def mark(date: str, name: str = "ev-1", label: str = "Something") -> Mark:
    days = days_of(date)
    assert days is not None
    return Mark(name, label, label, days, STYLE)


def drawn(*dates: str, first: int | None = None) -> list[list[Chart]]:
    marks = [mark(date, f"ev-{number}") for number, date in enumerate(dates)]
    return charts([Lane("Hearing", STYLE, marks)], first)


def marks_of(chart: Chart):
    return sorted(chart.lanes[0].marks, key=lambda one: one.mark.row_id)


def test_no_dates_make_no_chart():
    assert charts([]) == []
    assert charts([Lane("Hearing", STYLE, [])]) == []
    assert days_of("") is None and days_of("soon") is None


def test_it_is_drawn_to_scale():
    one, two, three = marks_of(drawn("2025-01-01", "2025-01-11", "2025-01-31")[0][0])
    assert abs((three.at - two.at) / (two.at - one.at) - 2) < 1e-9


def test_a_partial_date_is_a_span_over_the_days_that_it_can_mean():
    chart = drawn("2025-03", "[2025-02-01..2025-02-10]", "2025-01-01/2025-01-05", "2025-04-30")[0][0]
    month, between, lasted, day = marks_of(chart)
    width = chart.x(1) - chart.x(0)
    assert month.span == (month.left, month.right) and abs((month.right - month.left) / width - 31) < 1e-6
    assert between.span and None not in (between.mark.days.first, between.mark.days.last)
    assert lasted.mark.days.lasted and lasted.at < (lasted.left + lasted.right) / 2
    assert day.span is None and not day.path


def test_what_is_open_on_one_side_is_at_the_day_that_is_known_with_an_arrow():
    chart = drawn("[..2025-01-10]", "[2025-01-20..]")[0][0]
    by, since = marks_of(chart)
    assert by.mark.days.first is None and since.mark.days.last is None
    assert abs(by.at - chart.x(dt.date(2025, 1, 10).toordinal() + 0.5)) < 1e-9
    assert by.left < by.at - 20 and since.right > since.at + 20


def test_what_was_over_before_the_period_is_in_a_picture_of_its_own():
    act = dt.date(2025, 11, 13).toordinal()
    (case, _), (before, _) = drawn("2019-05", "2025-11-13", first=act)
    assert [one.mark.row_id for one in case.lanes[0].marks] == ["ev-1"]
    assert [one.mark.row_id for one in before.lanes[0].marks] == ["ev-0"]
    assert len(drawn("2025-11-13", "2025-12", first=act)) == 1


def test_a_mark_without_a_name_has_room_to_be_pressed():
    marks = [mark("2025-01-01", f"ev-{number}", "") for number in range(3)] + [mark("2025-06-01", "ev-9", "")]
    wide, narrow = charts([Lane("Response", STYLE, marks)])[0]
    for chart in (wide, narrow):
        assert [one.row for one in marks_of(chart)] == [0, 1, 2, 0]
        assert {one.text for one in marks_of(chart)} == {""}


def test_what_replaces_another_has_an_arrow_where_both_are_in_the_picture():
    marks = [mark("2025-01-01", "ev-0"), mark("2025-02-01", "ev-1")]
    (wide, _), *_ = charts([Lane("Hearing", STYLE, marks)], None, [("ev-0", "ev-1"), ("ev-0", "ev-9")])
    assert [one.row_id for one, _ in wide.links] == ["ev-1"]


def test_too_many_marks_are_dots():
    marks = [mark("2025-01-01", f"ev-{number}") for number in range(NAMED + 1)]
    (wide, _), *_ = charts([Lane("Hearing", STYLE, marks)])
    assert wide.dotted and wide.lanes[0].rows == 1
    assert wide.dots(wide.lanes[0].marks).count("M") == 1


days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@given(dates=st.lists(st.tuples(days, st.integers(6, 120)), min_size=1, max_size=60))
def test_every_mark_is_in_the_picture_with_a_name_and_names_do_not_overlap(width, dates):
    marks = [
        mark(day.isoformat(), f"ev-{number}", "n" * length) for number, (day, length) in enumerate(dates)
    ]
    chart = next(one for one in charts([Lane("Hearing", STYLE, marks)])[0] if one.width == width)
    rooms: dict[int, list[tuple[float, float]]] = {}
    for one in chart.lanes[0].marks:
        assert GLYPH <= one.at <= width - GLYPH
        assert len(one.text) >= 6
        length = len(one.text) * LETTER
        room = (one.text_x - length, one.right) if one.flip else (one.left, one.text_x + length)
        assert room[0] >= -1 and room[1] <= width + 1
        rooms.setdefault(one.row, []).append(room)
    for taken in rooms.values():
        taken.sort()
        assert all(after[0] >= before[1] - 1e-6 for before, after in pairwise(taken))


@given(st.integers(1, 3_000_000), st.integers(0, 200_000))
def test_ticks_lie_within_and_are_neither_too_many_nor_none(first, span):
    last = min(first + span, dt.date.max.toordinal())
    found = ticks(first, last, 9)
    assert 0 < len(found) <= 13
    assert all(first <= day <= last for day, _ in found)
    assert [day for day, _ in found] == sorted({day for day, _ in found})
    assert found[0][0] - first <= (last - first + 1) / 9
