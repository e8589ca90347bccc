"""ColumnForm: how the texts of one field become an Arrow column; the forms there are, see `column_forms`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import parser_for
from casetrail.types.parser import ValueParser, quoted
from casetrail.types.problem import ValueProblem


class Unfit(Exception):
    """The values of a column do not fit its form; `wider` is one that these fit better."""

    def __init__(self, wider: ColumnForm) -> None:
        super().__init__()
        self.wider = wider


class NotAValue(Exception):
    """A text is not a value of its field, though only valid data should come here."""

    def __init__(self, text: str, noun: str, problem: ValueProblem) -> None:
        super().__init__(f"{quoted(text)} is not {noun}: {problem.reason}")
        self.text = text


@dataclass(frozen=True)
class ColumnForm(ABC):
    """How the column of one field is typed; forms are values, equal when they type alike."""

    field: FieldDescriptor

    @property
    @abstractmethod
    def type(self) -> pa.DataType:
        """The Arrow type of the column."""

    @abstractmethod
    def convert(self, text: pa.StringArray) -> pa.Array:
        """The texts as values of the type, null where null; `Unfit` or `NotAValue` where that cannot be."""

    def _exactly(self, text: pa.StringArray, build: Callable[[list[Any]], pa.Array]) -> pa.Array:
        """By the exact parser over distinct texts; `build` makes an array of their values."""
        encoded = text.dictionary_encode()
        parser: ValueParser[Any] = parser_for(self.field)
        values = []
        for one in encoded.dictionary.to_pylist():
            try:
                values.append(parser.parse(one))
            except ValueProblem as problem:
                raise NotAValue(one, parser.noun, problem) from None
        return build(values).take(encoded.indices)


class TextForm(ColumnForm):
    """The text as it stands in the file."""

    @property
    def type(self) -> pa.DataType:
        """String."""
        return pa.string()

    def convert(self, text: pa.StringArray) -> pa.Array:
        """The texts themselves."""
        return text
