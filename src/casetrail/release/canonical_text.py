"""Canonical text: one way of writing each value, so that equal values are equal texts on every machine.

Text is as it is; whole numbers in decimal; other numbers as the shortest decimal that reads back to the same
one, without a final `.0`; `true` and `false`; dates, times and date-times in ISO 8601, date-times in UTC with
`Z` where they have a zone; lists and objects as JSON with sorted keys and no blanks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types


def canonical_text(values: pa.Array) -> pa.Array:
    """The values of an Arrow array as text; a null stays null."""
    kind = values.type
    if types.is_dictionary(kind):
        return canonical_text(values.dictionary_decode())
    if types.is_string(kind):
        return values
    if (
        types.is_large_string(kind)
        or types.is_integer(kind)
        or types.is_boolean(kind)
        or types.is_date32(kind)
    ):
        return pc.cast(values, pa.string())
    return pa.array([None if value is None else text_of(value) for value in values.to_pylist()], pa.string())


def text_of(value: Any) -> str:
    """One value as its canonical text."""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=text_of)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _decimal(value: Decimal) -> str:
    return format(value.normalize(), "f") if value.is_finite() else str(value)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _duration(value: timedelta) -> str:
    return f"{value // timedelta(microseconds=1)}us"


# A truth value is a number to Python, and a date-time a date: the narrower kind comes first.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _number,
    Decimal: _decimal,
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _duration,
    bytes: bytes.hex,
}
