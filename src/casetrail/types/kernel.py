"""Kernels: Arrow functions that prove a whole column of texts to be values of a type, and give the values.

A kernel accepts only what the exact parser of the type accepts; it need not accept everything. What it leaves
open is parsed one by one. A property test holds each kernel to its parser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.types.arrow_arrays import FALSE, all_true

CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
YEAR = r"(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})"
"""Four digits, not 0000, which the calendar does not have."""
MONTH = rf"{YEAR}-(?:0[1-9]|1[0-2])"
DAY_OF_EVERY_YEAR = (
    rf"{YEAR}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
"""The days that every year has: all but 29 February."""


_SAMPLE = 100


class KernelResult(NamedTuple):
    """What a kernel says of a column of texts, null where there is no value.

    `accepted` is true where the text is surely a value of the type; `None` where all are. `values` are the
    values of the accepted texts as an Arrow array, null elsewhere; `None` where the kernel gives none.
    """

    accepted: pa.BooleanArray | None = None
    values: pa.Array | None = None

    @classmethod
    def where(cls, accepted: pa.BooleanArray, values: pa.Array | None = None) -> KernelResult:
        """Of a mask, which is null where the text is null."""
        return cls(None if all_true(accepted) else pc.fill_null(accepted, FALSE), values)

    @classmethod
    def nothing(cls, texts: pa.StringArray) -> KernelResult:
        """Every text is left to the parser."""
        return cls(pc.is_null(texts))

    @property
    def all_values(self) -> pa.Array | None:
        """The values of the column, where the kernel has given all of them."""
        return self.values if self.accepted is None else None


def matches(texts: pa.StringArray, pattern: str) -> pa.BooleanArray:
    """Where the whole text has the form of the regular expression."""
    return pc.match_substring_regex(texts, rf"\A(?:{pattern})\z")


def match_others(accepted: pa.BooleanArray, texts: pa.StringArray, pattern: str) -> pa.BooleanArray:
    """Where a text is accepted already, or the whole of it has the form: only the others are looked at."""
    others = pc.invert(accepted)
    return pc.replace_with_mask(accepted, others, matches(texts.filter(others), pattern))


def prove_distinct(texts: pa.StringArray, prove: Callable[[pa.StringArray], KernelResult]) -> KernelResult:
    """What a kernel says of each text that is there, asked once: for values of which there are not many."""
    encoded = texts.dictionary_encode()
    accepted, values = prove(encoded.dictionary)
    return KernelResult(
        None if accepted is None else pc.fill_null(accepted.take(encoded.indices), FALSE),
        None if values is None else values.take(encoded.indices),
    )


def cast_all(texts: pa.StringArray, kind: pa.DataType) -> pa.Array | None:
    """The texts as values of the Arrow type; `None` where the cast cannot read one of them."""
    try:
        # A cast that fails takes its time over every text that it cannot read.
        pc.cast(texts[:_SAMPLE], kind)
        return pc.cast(texts, kind)
    except pa.ArrowInvalid:
        return None


def cast_where(texts: pa.StringArray, accepted: pa.BooleanArray, kind: pa.DataType) -> pa.Array:
    """The accepted texts as values of the Arrow type, null elsewhere."""
    if not accepted.true_count:
        return pa.nulls(len(texts), kind)
    if not all_true(accepted):
        texts = pc.if_else(accepted, texts, pa.nulls(1, texts.type)[0])
    return pc.cast(texts, kind)
