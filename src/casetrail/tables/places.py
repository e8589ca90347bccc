"""Places of records: the rows and lines of a batch, made without the conversion that imports pandas."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pyarrow as pa


def whole_numbers(values: Sequence[int] | array[int]) -> pa.Int64Array:
    """An Arrow array of the numbers, made without the conversion that imports pandas."""
    numbers = values if isinstance(values, array) else array("q", values)
    return pa.Int64Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def record_lines(first: int, records: int, breaks: Sequence[tuple[int, int]]) -> array[int]:
    """The line on which each record starts, given the line breaks within records: (index, number)."""
    lines = array("q")
    offset, done = first, 0
    for record, number in breaks:
        lines.extend(range(offset + done, offset + record + 1))
        done = record + 1
        offset += number
    lines.extend(range(offset + done, offset + records))
    return lines
