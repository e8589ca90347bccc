"""Arrow arrays without Python objects: texts from buffers, nulls as a view, positions of what is true.

`pyarrow.array([...])` looks for pandas and numpy the first time and imports them where they are installed,
half a second that a validation need not pay; arrays built from buffers do not.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc


def text_array(texts: Iterable[str]) -> pa.StringArray:
    """The texts as a string array, in their order."""
    encoded = [text.encode() for text in texts]
    offsets = array("i", [0])
    end = 0
    for text in encoded:
        end += len(text)
        offsets.append(end)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))


def whole_numbers(numbers: Sequence[int]) -> pa.Int64Array:
    """The numbers as an array of 64-bit integers."""
    return pa.Int64Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(array("q", numbers))])


def true_indices(mask: pa.BooleanArray) -> list[int]:
    """The positions at which the mask is true."""
    return list(pc.indices_nonzero(mask).to_pylist())


def without_missing(texts: pa.StringArray, missing: pa.StringArray) -> pa.StringArray:
    """The texts, null where the text is one of the missing values ("missingValues")."""
    if not len(missing):
        return texts
    return pc.if_else(pc.is_in(texts, value_set=missing), pa.nulls(1, texts.type)[0], texts)


def with_nulls(values: pa.Array, null_where: pa.BooleanArray) -> pa.Array:
    """The values with null where the mask is true; the data is shared, not copied."""
    if values.null_count or values.offset:
        return pc.if_else(null_where, pa.nulls(1, values.type)[0], values)
    valid = pc.invert(null_where).buffers()[1]
    return pa.Array.from_buffers(values.type, len(values), [valid, *values.buffers()[1:]])


def all_true(mask: pa.Array) -> bool:
    """Whether the mask is true wherever it is not null."""
    return int(mask.true_count) + int(mask.null_count) == len(mask)


def distinct(texts: pa.Array) -> list[str]:
    """Each text once, in the order of first appearance; null is left out."""
    return [text for text in pc.unique(texts).to_pylist() if text is not None]


def are_text(texts: pa.Array | pa.ChunkedArray, text: str) -> pa.BooleanArray | pa.ChunkedArray:
    """Where the text is this one; null stays null."""
    return pc.equal(texts, text_array([text])[0])


def are_filled(texts: pa.Array | pa.ChunkedArray) -> pa.BooleanArray | pa.ChunkedArray:
    """Where the text is not empty; null stays null."""
    return pc.not_equal(texts, _NO_TEXT)


_NO_TEXT = text_array([""])[0]
TRUE = pc.is_valid(text_array([""]))[0]
FALSE = pc.is_null(text_array([""]))[0]
"""Truth values as Arrow has them: made from a Python one, they would look for pandas."""
