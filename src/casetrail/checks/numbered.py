"""Numbered keys: `ev-00000001` and its like, of which it costs little to prove that none stands twice."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrays import all_true

_MOST_DIGITS = 18
_SPARSEST = 8
"""For so many possible numbers per key it pays to mark each that is there."""


class NumberedKeys:
    """Keys that all have the same length, begin with the same text and go on with digits to their end."""

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._length = 0
        self._numbers: list[pa.Int64Array] = []

    def add(self, keys: pa.StringArray) -> bool:
        """Take in keys, none of them null; false when they are not numbered: then nothing can be proved."""
        if not len(keys):
            return True
        if self._prefix is None:
            first = str(keys[0].as_py())
            self._prefix = re.sub("[0-9]*$", "", first)
            self._length = len(first)
            if not self._prefix.isascii() or not 1 <= self._length - len(self._prefix) <= _MOST_DIGITS:
                return False
        lengths = pc.min_max(pc.binary_length(keys)).as_py()
        if lengths != {"min": self._length, "max": self._length}:
            return False
        if self._prefix and not all_true(pc.starts_with(keys, pattern=self._prefix)):
            return False
        digits = pc.utf8_slice_codeunits(keys, start=len(self._prefix)) if self._prefix else keys
        if not all_true(pc.ascii_is_decimal(digits)):
            return False
        self._numbers.append(pc.cast(digits, pa.int64()))
        return True

    def all_differ(self) -> bool:
        """Whether it is proved that no number stands twice: marked in a row of places, they take as many."""
        numbers = pa.chunked_array(self._numbers, type=pa.int64())
        if not len(numbers):
            return True
        bounds = pc.min_max(numbers).as_py()
        span = bounds["max"] - bounds["min"] + 1
        if span > _SPARSEST * len(numbers):
            return False
        if bounds["min"]:
            numbers = pc.subtract(numbers, pa.scalar(bounds["min"], pa.int64()))
        marked = pc.inverse_permutation(numbers, max_index=span - 1, output_type=pa.int64())
        return len(marked) - int(marked.null_count) == len(numbers)
