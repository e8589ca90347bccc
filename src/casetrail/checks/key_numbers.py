"""Key numbers: keys such as `ev-00000001` or `7`, of which it is proved cheaply that none is there twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrow_arrays import all_true, whole_numbers

_MOST_DIGITS = 18
_DIGITS_OF_32_BITS = 9
_SPARSEST = 8
"""For so many possible numbers per key it pays to mark each that is there."""


class KeyNumbers(NamedTuple):
    """The numbers of keys such as `ev-00000001` or `7`: digits behind one text, the same in all.

    `length` is that of the keys, if all have the same; `plain` says that none has needless zeros. Either way
    the same number is the same key.
    """

    prefix: str
    length: int | None
    plain: bool
    numbers: pa.Array


def number_keys(keys: pa.StringArray) -> KeyNumbers | None:
    """The numbers of keys, none of them null; `None` where they are not numbered in one way."""
    first = str(keys[0].as_py())
    prefix, length = re.sub("[0-9]*$", "", first), len(first)
    bounds = pc.min_max(pc.binary_length(keys)).as_py()
    if not prefix.isascii() or not len(prefix) < bounds["max"] <= len(prefix) + _MOST_DIGITS:
        return None
    if prefix and not all_true(pc.starts_with(keys, pattern=prefix)):
        return None
    digits = pc.utf8_slice_codeunits(keys, start=len(prefix)) if prefix else keys
    same = bounds == {"min": length, "max": length}
    if not all_true(pc.ascii_is_decimal(digits)):
        return None
    if not same and not all_true(pc.match_substring_regex(digits, r"\A(?:0|[1-9][0-9]*)\z")):
        return None
    numbers = pc.cast(digits, pa.int64())
    width = length - len(prefix)
    plain = not same or width == 1 or pc.min(numbers).as_py() >= 10 ** (width - 1)
    if bounds["max"] - len(prefix) <= _DIGITS_OF_32_BITS:
        numbers = numbers.cast(pa.int32())
    return KeyNumbers(prefix, length if same else None, plain, numbers)


def all_differ(blocks: Sequence[KeyNumbers]) -> bool:
    """Whether it is proved that no number is there twice: marked in a row of places, they take as many."""
    lengths = {block.length for block in blocks}
    if len({block.prefix for block in blocks}) != 1:
        return False
    if (len(lengths) > 1 or None in lengths) and not all(block.plain for block in blocks):
        return False
    types = {block.numbers.type for block in blocks}
    kind = types.pop() if len(types) == 1 else pa.int64()
    numbers = pa.chunked_array([block.numbers.cast(kind) for block in blocks], type=kind)
    bounds = pc.min_max(numbers).as_py()
    span = bounds["max"] - bounds["min"] + 1
    if span > _SPARSEST * len(numbers):
        return False
    if bounds["min"]:
        numbers = pc.subtract(numbers, whole_numbers([bounds["min"]])[0].cast(kind))
    marked = pc.inverse_permutation(numbers, max_index=span - 1, output_type=kind)
    return len(marked) - int(marked.null_count) == len(numbers)
