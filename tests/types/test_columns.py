"""Whatever Arrow type a column comes out with, its values are those of the exact parser, or its texts."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings

from casetrail.types.arrow_arrays import text_array
from casetrail.types.arrow_column import NeedsWiderType, NotAValue
from casetrail.types.problem import ValueProblem
from field_samples import SAMPLES, Sample, columns


def typed(sample: Sample, texts: list[str]) -> pa.Array:
    """The texts and a missing value in the narrowest column that takes them."""
    column = sample.type.column()
    given_texts = pa.concat_arrays([text_array(texts), pa.nulls(1, pa.string())])
    for _ in range(10):
        try:
            values = column.convert(given_texts)
        except NeedsWiderType as wider:
            column = wider.to
        else:
            assert values.type == column.type
            return values
    raise AssertionError("the column never settles")


def same(value: Any, read: Any) -> bool:
    if isinstance(value, Decimal) and isinstance(read, float):
        return (value.is_nan() and math.isnan(read)) or Decimal(repr(read)) == value
    if isinstance(value, dt.datetime):
        return value == read and (value.tzinfo is None) == (read.tzinfo is None)
    if isinstance(value, list) and isinstance(read, list):
        return all(map(same, value, read)) and len(value) == len(read)
    return bool(value == read)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_no_value_is_changed(sample: Sample) -> None:
    @settings(max_examples=40, deadline=None)
    @given(columns(sample))
    def check(texts: list[str]) -> None:
        try:
            values = [sample.type.parse(text) for text in texts]
        except ValueProblem:
            values = None
        try:
            column = typed(sample, texts)
        except NotAValue:
            assert values is None
            return
        if pa.types.is_string(column.type):
            assert column.to_pylist() == [*texts, None]
            return
        assert values is not None, "a text that is no value came through"
        assert column[-1].as_py() is None
        if pa.types.is_timestamp(column.type):
            # Moments at the ends of the calendar are none of Python's in UTC.
            keys = [sample.type.key(value).microseconds for value in values]
            assert column[:-1].cast(pa.int64()).to_pylist() == keys
            return
        assert all(map(same, values, column[:-1].to_pylist()))

    check()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_column_of_no_value_is_no_trouble(sample: Sample) -> None:
    assert typed(sample, []).to_pylist() == [None]
