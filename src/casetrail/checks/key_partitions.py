"""Partitions of keys: equal keys are in one, so that each can be compared by itself."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrow_arrays import text_array, whole_numbers

_NONE = text_array([""]).cast(pa.binary())[0]
_ZEROS = text_array(["\0" * 16]).cast(pa.binary())[0]
_TO_THE_END = 1 << 30
_FIRST, _SECOND, _FOLD, _TOP = (
    whole_numbers([number])[0] for number in (-7046029254386353131, -4417276706812531889, 29, 40)
)


def partition_numbers(keys: pa.StringArray, bits: int) -> pa.Int64Array:
    """For each key one of 2 to the power of `bits` partitions: that of a hash of its last 16 bytes.

    It is the same in every run and on every machine.
    """
    texts = pc.fill_null(keys, text_array([""])[0]).cast(pa.binary())
    ends = pc.binary_slice(pc.binary_join_element_wise(_ZEROS, texts, _NONE), -16, _TO_THE_END)
    words = pa.Int64Array.from_buffers(pa.int64(), 2 * len(keys), [None, ends.buffers()[2]])
    pairs = pa.FixedSizeListArray.from_arrays(words, 2)
    mixed = pc.add(
        pc.multiply(pc.list_element(pairs, 0), _FIRST), pc.multiply(pc.list_element(pairs, 1), _SECOND)
    )
    mixed = pc.multiply(pc.bit_wise_xor(mixed, pc.shift_right(mixed, _FOLD)), _FIRST)
    return pc.bit_wise_and(pc.shift_right(mixed, _TOP), whole_numbers([(1 << bits) - 1])[0])
