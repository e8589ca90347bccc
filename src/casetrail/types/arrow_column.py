"""ArrowColumn: how the texts of one field become an Arrow column, and a wider type where they do not fit.

A column has one type, into which every value fits without loss: a number fits float64 when the shortest text
of the float is the same number (0.1 does, 0.1000000000000000055 does not). Where a value does not fit, the
column is read anew with a wider type; at last it is the text of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_arrays import text_array
from casetrail.types.kernel import KernelResult
from casetrail.types.problem import ValueProblem, quoted


class NeedsWiderType(Exception):
    """The values of a column do not fit its type; they fit the column `to` better."""

    def __init__(self, to: ArrowColumn) -> None:
        super().__init__()
        self.to = to


class NotAValue(Exception):
    """A text is not a value of its field, though only valid data should come here."""

    def __init__(self, text: str, noun: str, problem: ValueProblem) -> None:
        super().__init__(f"{quoted(text)} is not {noun}: {problem.reason}")
        self.text = text


class Reader(Protocol):
    """What a column needs of the type of its field."""

    field: FieldDescriptor
    noun: str

    def parse(self, text: str) -> Any:
        """The value of a text; raises `ValueProblem`."""

    def prove(self, texts: pa.StringArray) -> KernelResult:
        """What the kernel of the type says of the texts."""


class ArrowColumn:
    """A column of one Arrow type, whose values are those of the kernel, or of the exact parser."""

    def __init__(self, reader: Reader, kind: pa.DataType) -> None:
        self.reader = reader
        self.type = kind

    def convert(self, texts: pa.StringArray) -> pa.Array:
        """The texts as values of the type, null where null.

        Raises:
            NeedsWiderType: A value does not fit.
            NotAValue: A text is none.
        """
        values = self.from_kernel(texts)
        return self.parsed(texts) if values is None else values

    def from_kernel(self, texts: pa.StringArray) -> pa.Array | None:
        """The values by the kernel; `None` where it does not give all of them."""
        values = self.reader.prove(texts).all_values
        return None if values is None else values.cast(self.type)

    def parsed(self, texts: pa.StringArray) -> pa.Array:
        """The values by the exact parser, each distinct text once."""
        encoded = texts.dictionary_encode()
        values = []
        for text in encoded.dictionary.to_pylist():
            try:
                values.append(self.reader.parse(text))
            except ValueProblem as problem:
                raise NotAValue(text, self.reader.noun, problem) from None
        return self.build(values).take(encoded.indices)

    def build(self, values: list[Any]) -> pa.Array:
        """An array of parsed values; raises `NeedsWiderType`."""
        return pa.array(values, self.type)


class TextColumn(ArrowColumn):
    """The text of the file."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, pa.string())

    def convert(self, texts: pa.StringArray) -> pa.Array:
        """The texts themselves."""
        return texts


class CheckedTextColumn(TextColumn):
    """The text of the file, each read once, so that exports may write it as what it is."""

    def convert(self, texts: pa.StringArray) -> pa.Array:
        """The texts themselves."""
        self.parsed(texts)
        return texts

    def build(self, values: list[Any]) -> pa.Array:
        """Nothing, as long as the values."""
        return pa.nulls(len(values), pa.int8())


class TermsColumn(ArrowColumn):
    """Terms of a vocabulary: a dictionary of all of them, used or not, in the order of the schema."""

    def __init__(self, reader: Reader, terms: Sequence[str], *, ordered: bool) -> None:
        index = pa.int8() if len(terms) < 2**7 else pa.int16() if len(terms) < 2**15 else pa.int32()
        super().__init__(reader, pa.dictionary(index, pa.string(), ordered=ordered))
        self._terms = text_array(terms)

    def convert(self, texts: pa.StringArray) -> pa.Array:
        """The position of each text among the terms."""
        positions = pc.index_in(texts, value_set=self._terms)
        if positions.null_count > texts.null_count:
            strangers = texts.filter(pc.and_(pc.is_null(positions), pc.is_valid(texts)))
            problem = ValueProblem("the vocabulary of the field does not have it")
            raise NotAValue(strangers[0].as_py(), "a term", problem)
        return pa.DictionaryArray.from_arrays(
            positions.cast(self.type.index_type), self._terms, ordered=self.type.ordered
        )


class ExternalNames(NamedTuple):
    """How other systems call the type of an Arrow column."""

    sqlite: str
    postgresql: str
    r: str


_NAMES = (
    (pa.types.is_dictionary, ExternalNames("TEXT", "text", "factor")),
    (pa.types.is_integer, ExternalNames("INTEGER", "bigint", "integer")),
    (pa.types.is_floating, ExternalNames("REAL", "double precision", "number")),
    (pa.types.is_boolean, ExternalNames("BOOLEAN", "boolean", "boolean")),
    (pa.types.is_date, ExternalNames("DATE", "date", "date")),
    (pa.types.is_time, ExternalNames("TEXT", "time", "text")),
    (pa.types.is_list, ExternalNames("TEXT", "json", "text")),
)


def external_names(kind: pa.DataType) -> ExternalNames:
    """The names of an Arrow type; what a system has no type for is text there."""
    if pa.types.is_timestamp(kind):
        # R has no moment without a zone.
        zoned, local = ("timestamptz", "datetime"), ("timestamp", "text")
        return ExternalNames("DATETIME", *(zoned if kind.tz else local))
    if pa.types.is_decimal(kind):
        return ExternalNames("TEXT", f"numeric({kind.precision}, {kind.scale})", "text")
    return next((names for is_kind, names in _NAMES if is_kind(kind)), ExternalNames("TEXT", "text", "text"))
