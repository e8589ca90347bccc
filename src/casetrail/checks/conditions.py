"""Conditions: what is true or false of one row, evaluated for whole batches and for a row by itself.

A condition is data, read from a schema (see `rule_descriptor`). Its kernel (`mask`) and its exact test
(`holds`) read the same cells: text, or null where there is no value. The kernels here are exact, so that a
condition may follow `when` as well as `then`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.patterns import CompiledPattern
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_arrays import FALSE, distinct, text_array
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem

RowCells: TypeAlias = Mapping[str, str | None]
"""The cells of one row by column; `None` where there is no value."""
Columns: TypeAlias = Mapping[str, pa.StringArray]
"""The cells of a batch by column; null where there is no value."""


class Condition(ABC):
    """Something that is true or false of one row."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns that the condition reads; the first is the one to mend."""

    @property
    def value_columns(self) -> tuple[str, ...]:
        """The columns of which it reads the values, and not only whether there is one."""
        return ()

    @property
    def exact(self) -> bool:
        """Whether the kernel decides: what it does not prove is false."""
        return True

    @abstractmethod
    def mask(self, batch: Columns) -> pa.BooleanArray:
        """For each row of the batch: is the condition proved? Never null."""

    @abstractmethod
    def holds(self, row: RowCells) -> bool:
        """Does the condition hold for this row?"""

    @property
    @abstractmethod
    def words(self) -> str:
        """The condition as a phrase: "`time` is filled"."""


class Filled(Condition):
    """The cell has a value, or (where `expected` is false) it has none."""

    __slots__ = ("column", "expected")

    def __init__(self, column: str, expected: bool) -> None:
        self.column, self.expected = column, expected

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where there is a value, or none, as expected."""
        return pc.is_valid(batch[self.column]) if self.expected else pc.is_null(batch[self.column])

    def holds(self, row: RowCells) -> bool:
        """True where there is a value, or none, as expected."""
        return (row[self.column] is not None) is self.expected

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is {'filled' if self.expected else 'empty'}"


class OneOf(Condition):
    """The cell holds one of some values, given as JSON has them and compared as values of the field."""

    __slots__ = ("_array", "_keys", "_parser", "_plain", "_texts", "column", "terms")

    def __init__(self, field: FieldDescriptor, values: Sequence[Any], parser: FieldType[Any]) -> None:
        self.column = field.name
        self.terms = tuple(values)
        self._parser = parser
        parsed = [parser.from_json(value) for value in values]
        # Python holds true and 1 for equal; no type of the standard does.
        self._keys = {(type(key), key) for key in map(parser.key, parsed)}
        self._texts = frozenset(parser.write(value) for value in parsed)
        # The values of a plain string are its texts; other types may write one value in several ways.
        self._plain = field.type == "string" and field.format != "uuid"
        self._array = text_array(sorted(self._texts))

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    @property
    def value_columns(self) -> tuple[str, ...]:
        """The same."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cell is one of the values, in whatever spelling."""
        texts = batch[self.column]
        known = pc.is_in(texts, value_set=self._array)
        if self._plain:
            return known
        spellings = [text for text in distinct(texts.filter(pc.invert(known))) if self._is_one(text)]
        return pc.or_(known, pc.is_in(texts, value_set=text_array(spellings))) if spellings else known

    def holds(self, row: RowCells) -> bool:
        """True where the cell is one of the values."""
        text = row[self.column]
        return text is not None and (text in self._texts or (not self._plain and self._is_one(text)))

    def _is_one(self, text: str) -> bool:
        try:
            key = self._parser.key(self._parser.parse(text))
        except ValueProblem:
            return False
        return (type(key), key) in self._keys

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is {' or '.join(f'`{value}`' for value in self.terms)}"


class Matches(Condition):
    """The whole cell has the form of a pattern, described by `meaning` ("a full day")."""

    __slots__ = ("column", "meaning", "pattern")

    def __init__(self, column: str, pattern: CompiledPattern, meaning: str) -> None:
        self.column, self.pattern, self.meaning = column, pattern, meaning

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    @property
    def value_columns(self) -> tuple[str, ...]:
        """The same."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the whole cell matches."""
        return pc.fill_null(self.pattern.mask(batch[self.column]), FALSE)

    def holds(self, row: RowCells) -> bool:
        """True where the whole cell matches."""
        text = row[self.column]
        return text is not None and self.pattern.matches(text)

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is {self.meaning}"


class _Joined(Condition):
    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Condition, ...]) -> None:
        self.parts = parts

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the parts, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.columns))

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Those of the parts."""
        return tuple(name for part in self.parts for name in part.value_columns)


class AllOf(_Joined):
    """Every part holds."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where all parts are proved."""
        return reduce(pc.and_, [part.mask(batch) for part in self.parts])

    def holds(self, row: RowCells) -> bool:
        """True where all parts hold."""
        return all(part.holds(row) for part in self.parts)

    @property
    def words(self) -> str:
        """The phrase."""
        return " and ".join(part.words for part in self.parts)


class AnyOf(_Joined):
    """At least one part holds."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where a part is proved."""
        return reduce(pc.or_, [part.mask(batch) for part in self.parts])

    def holds(self, row: RowCells) -> bool:
        """True where a part holds."""
        return any(part.holds(row) for part in self.parts)

    @property
    def words(self) -> str:
        """The phrase."""
        return " or ".join(part.words for part in self.parts)
