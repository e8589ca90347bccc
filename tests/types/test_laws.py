"""What holds for every value: what is written reads back, and patterns agree with Python's strptime."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casetrail.types.problem import ValueProblem
from casetrail.types.registry import type_named, type_names
from casetrail.types.strptime import Pattern
from casetrail.types.table_schema.duration import Duration
from casetrail.types.table_schema.yearmonth import YearMonth

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WEST = dt.timezone(dt.timedelta(hours=-5, minutes=-30))
signs = st.sampled_from([1, -1])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(),
    "number": st.decimals().filter(lambda d: not d.is_snan() and abs(d.adjusted()) < 9999),
    "boolean": st.booleans(),
    "date": st.dates(),
    "time": st.times().map(lambda t: t.replace(microsecond=0)),
    "datetime": st.datetimes() | st.datetimes(timezones=st.just(WEST)),
    "year": st.integers(-99999, 99999).filter(bool),
    "yearmonth": st.builds(YearMonth, st.integers(1, 9999), st.integers(1, 12)),
    "duration": st.builds(
        lambda sign, months, seconds: Duration(sign * months, sign * seconds),
        signs, st.integers(0, 10**6), st.decimals(0, 10**9, places=3),
    ),
    "geopoint": st.tuples(st.decimals(-180, 180, places=6), st.decimals(-90, 90, places=6)),
    "object": st.dictionaries(st.text(), json_values, max_size=4),
    "array": st.lists(json_values, max_size=4),
}  # fmt: skip


@pytest.mark.parametrize("type_name", sorted(VALUES))
def test_what_is_written_reads_back(type_name: str) -> None:
    parser = type_named(type_name)

    @settings(max_examples=60, deadline=None)
    @given(VALUES[type_name])
    def check(value: Any) -> None:
        again = parser.parse(parser.write(value))
        assert parser.key(again) == parser.key(value)
        assert parser.write(again) == parser.write(value)

    check()


@pytest.mark.parametrize("type_name", type_names())
def test_any_text_is_read_or_refused_with_a_reason(type_name: str) -> None:
    parser = type_named(type_name)
    alphabet = st.text(alphabet="0123456789+-.,:eEINFaPTYMDHSZ%/ {}[]\"'\n–٣é", max_size=20)

    @settings(max_examples=120, deadline=None)
    @given(alphabet | st.text(max_size=20))
    @example("")
    @example("\ud800".encode("utf-8", "replace").decode())
    def check(text: str) -> None:
        try:
            value = parser.parse(text)
        except ValueProblem as problem:
            assert problem.reason and not problem.reason.endswith(".")
        else:
            assert parser.key(value) == parser.key(parser.parse(text))

    check()


DATES = [
    "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%Y%m%d", "%j %Y", "%A %d %B %Y", "%a, %d %b %Y",
    "%G-W%V-%u", "%Y week %W day %w", "%Y %U %a", "%D",
]  # fmt: skip
TIMES = ["", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", " %I:%M:%S %p", " %X", " %H%M%S%z"]
PYTHON = {"%D": "%m/%d/%y"}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(DATES),
    st.sampled_from(TIMES),
    st.datetimes(dt.datetime(1969, 1, 1), dt.datetime(2068, 12, 31)),
)
def test_patterns_read_what_python_reads(date: str, time: str, moment: dt.datetime) -> None:
    """Python's own strptime is the oracle; the tests run in the C locale or with English names."""
    pattern = Pattern(date + time)
    zoned = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=5)) if "%z" in time else None)
    text = pattern.write(zoned.date(), zoned.time(), zoned.tzinfo)
    parsed = pattern.parse(text)
    expected = dt.datetime.strptime(text, PYTHON.get(date, date) + time)
    assert parsed.date is not None
    assert dt.datetime.combine(parsed.date, parsed.time, parsed.zone) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%H:%M:%S", "%d %b %Y"]),
    st.text(alphabet="0123456789/-: JanFeb", max_size=12),
)
def test_patterns_refuse_what_python_refuses(pattern: str, text: str) -> None:
    try:
        dt.datetime.strptime(text, pattern)
    except ValueError:
        with pytest.raises(ValueProblem):
            Pattern(pattern).parse(text)
    else:
        Pattern(pattern).parse(text)


@settings(max_examples=100, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_numbers_are_exact(value: Decimal) -> None:
    assert type_named("number").parse(str(value)) == value
