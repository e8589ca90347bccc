"""What holds for every value: what is written reads back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casetrail.types.problem import ValueProblem
from casetrail.types.registry import type_named, type_names
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


@settings(max_examples=100, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_numbers_are_exact(value: Decimal) -> None:
    assert type_named("number").parse(str(value)) == value
