"""Key numbers: keys such as `ev-00000001` or `7`, of which it is cheap to tell which are there twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrow_arrays import FALSE, all_true, whole_numbers, with_nulls

_MOST_DIGITS = 18
_SPARSEST = 8
"""For so many possible numbers per key it pays to mark each that is there."""
_SAMPLE = 32
_TO_THE_END = 1 << 30
_ONE, _MOST = (whole_numbers([number])[0].cast(pa.int32()) for number in (1, _MOST_DIGITS))


class KeyNumbers(NamedTuple):
    """The numbers of keys such as `ev-00000001` or `7`: digits behind one text, the same in most of them.

    `length` is that of the keys, if all have the same; `plain` says that no number has needless zeros. Either
    way the same number is the same key. Of a key that is missing, or is written in another way than these,
    the number is null.
    """

    prefix: str
    length: int | None
    plain: bool
    numbers: pa.Array


class Repeated(NamedTuple):
    """How many keys were there before, and, if any, where the keys are that are there twice."""

    number: int
    mask: pa.BooleanArray | None = None


def number_keys(keys: pa.StringArray) -> KeyNumbers | None:
    """The numbers of keys; `None` where most are not numbered in one way."""
    sample = (keys.drop_null() if keys.null_count else keys)[:_SAMPLE].to_pylist()
    if not sample:
        return None
    forms = Counter((re.sub("[0-9]*$", "", key), len(key)) for key in sample)
    prefix, length = forms.most_common(1)[0][0]
    least = (len(keys) - keys.null_count) // 2
    begun = pc.starts_with(keys, pattern=prefix)
    if not prefix.isascii() or begun.true_count <= least:
        return None
    # Cut byte by byte: what begins in another way has no number, whatever is left of it.
    digits = pc.binary_slice(keys.view(pa.binary()), len(prefix), _TO_THE_END).view(pa.string())
    numbered = pc.and_(begun, pc.ascii_is_decimal(digits))
    if numbered.true_count <= least:
        return None
    width = length - len(prefix)
    alike = pc.and_(numbered, pc.equal(pc.binary_length(keys), whole_numbers([length])[0].cast(pa.int32())))
    if width <= _MOST_DIGITS and alike.true_count > least:
        numbers = _numbers(digits, alike)
        plain = width == 1 or pc.min(numbers).as_py() >= 10 ** (width - 1)
        if not plain or all_true(alike) or pc.and_(numbered, _plain(digits)).true_count == alike.true_count:
            return KeyNumbers(prefix, length, plain, numbers)
    numbered = pc.and_(numbered, _plain(digits))
    return KeyNumbers(prefix, None, True, _numbers(digits, numbered)) if numbered.true_count > least else None


def repeated_texts(keys: pa.ChunkedArray) -> Repeated:
    """Which keys are there twice, by their texts."""
    counted = pc.value_counts(keys)
    values, counts = counted.field(0), counted.field(1)
    number = len(keys) - keys.null_count - (len(values) - values.null_count)
    if not number:
        return Repeated(0)
    several = values.filter(pc.and_(pc.greater(counts, whole_numbers([1])[0]), pc.is_valid(values)))
    return Repeated(number, pc.is_in(keys, value_set=several).combine_chunks())


def repeated_numbers(texts: Sequence[pa.StringArray], blocks: Sequence[KeyNumbers]) -> Repeated | None:
    """Which keys are there twice, by their numbers; `None` where blocks have other forms, or few numbers.

    Numbers are marked in a row of places: where all differ, they take as many. The keys that are written in
    another way are equal to none of these, and are compared with one another.
    """
    lengths = {block.length for block in blocks}
    if len({block.prefix for block in blocks}) != 1:
        return None
    if (len(lengths) > 1 or None in lengths) and not all(block.plain for block in blocks):
        return None
    kinds = {block.numbers.type for block in blocks}
    kind = kinds.pop() if len(kinds) == 1 else pa.int64()
    numbers = pa.chunked_array([block.numbers.cast(kind) for block in blocks], type=kind)
    filled = numbers.drop_null() if numbers.null_count else numbers
    bounds = pc.min_max(filled).as_py()
    span = bounds["max"] - bounds["min"] + 1
    if span > _SPARSEST * len(filled):
        return None
    places = pc.subtract(filled, whole_numbers([bounds["min"]])[0].cast(kind)) if bounds["min"] else filled
    marked = pc.inverse_permutation(places, max_index=span - 1, output_type=kind)
    number = len(places) - (len(marked) - int(marked.null_count))
    # Where a key has no number, it is missing or written in another way.
    others = [
        pc.and_(pc.is_valid(keys), pc.is_null(block.numbers))
        for keys, block in zip(texts, blocks, strict=True)
    ]
    strange = [keys.filter(mask) for keys, mask in zip(texts, others, strict=True) if mask.true_count]
    among_others = repeated_texts(pa.chunked_array(strange, pa.string()))
    if not number and among_others.mask is None:
        return Repeated(0)
    # Where a number is there twice, one of the two has lost its mark to the other.
    kept = pc.equal(pc.take(marked, places.combine_chunks()), pa.arange(0, len(places)).cast(kind))
    several = filled.filter(pc.invert(kept)).combine_chunks()
    mask = pc.is_in(numbers, value_set=several).combine_chunks()
    if among_others.mask is not None:
        mask = pc.replace_with_mask(mask, pa.concat_arrays(others), among_others.mask)
    return Repeated(number + among_others.number, mask)


def _plain(digits: pa.StringArray) -> pa.BooleanArray:
    """Where digits have no needless zeros, and are not too many."""
    lengths = pc.binary_length(digits)
    zeros = pc.and_(pc.starts_with(digits, pattern="0"), pc.greater(lengths, _ONE))
    return pc.and_not(pc.less_equal(lengths, _MOST), zeros)


def _numbers(digits: pa.StringArray, where: pa.BooleanArray) -> pa.Array:
    if where.true_count < len(where):
        digits = with_nulls(digits, pc.invert(pc.fill_null(where, FALSE)))
    numbers = pc.cast(digits, pa.int64())
    return numbers.cast(pa.int32()) if pc.max(numbers).as_py() < 1 << 31 else numbers
