"""Arrow texts: string arrays from Python texts, distinct values, and nulls where a value is missing."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc


def text_array(texts: Iterable[str]) -> pa.StringArray:
    """The texts as a string array, built from buffers: `pyarrow.array` would import pandas first."""
    encoded = [text.encode() for text in texts]
    offsets = array("i", [0])
    end = 0
    for one in encoded:
        end += len(one)
        offsets.append(end)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded)))


def without_missing(texts: pa.StringArray, missing: pa.StringArray) -> pa.StringArray:
    """The texts, null where one of the missing values stands ("missingValues")."""
    if not len(missing):
        return texts
    return pc.if_else(pc.is_in(texts, value_set=missing), pa.nulls(1, texts.type)[0], texts)
