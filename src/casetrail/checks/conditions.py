"""Conditions: what is true or false of one row, evaluated for whole batches and for a row by itself.

A condition is data. Its kernel (`mask`) and its exact test (`holds`) read the same text cells, in which
`""` is the one missing value. A kernel proves no more than the exact test accepts.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Row = Mapping[str, str]
Columns: TypeAlias = Mapping[str, pa.Array] | pa.RecordBatch


class Condition(ABC):
    """Something that is true or false of one row."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns that the condition reads, in the order of its statement."""

    @abstractmethod
    def mask(self, batch: Columns) -> pa.BooleanArray:
        """For each row of the batch: is the condition proved? Never null."""

    @abstractmethod
    def holds(self, row: Row) -> bool:
        """Does the condition hold for this row?"""

    @property
    @abstractmethod
    def words(self) -> str:
        """The condition as a phrase: "`time` is filled"."""


@dataclass(frozen=True, slots=True)
class Filled(Condition):
    """The cell is not empty."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cell has text."""
        return pc.not_equal(batch[self.column], "")

    def holds(self, row: Row) -> bool:
        """True where the cell has text."""
        return row[self.column] != ""

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is filled"


@dataclass(frozen=True, slots=True)
class Empty(Condition):
    """The cell is empty."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cell has no text."""
        return pc.equal(batch[self.column], "")

    def holds(self, row: Row) -> bool:
        """True where the cell has no text."""
        return row[self.column] == ""

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is empty"


class OneOf(Condition):
    """The cell is one of the given terms."""

    __slots__ = ("column", "terms")

    def __init__(self, column: str, *terms: str) -> None:
        self.column = column
        self.terms = tuple(str(term) for term in terms)

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cell equals a term."""
        column = batch[self.column]
        return reduce(pc.or_, [pc.equal(column, term) for term in self.terms])

    def holds(self, row: Row) -> bool:
        """True where the cell equals a term."""
        return row[self.column] in self.terms

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is {' or '.join(f'`{term}`' for term in self.terms)}"


@dataclass(frozen=True, slots=True)
class Matches(Condition):
    """The whole cell matches a regular expression, described by `meaning` ("a full day")."""

    column: str
    pattern: str
    meaning: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where RE2 matches the whole cell."""
        return pc.match_substring_regex(batch[self.column], pattern=rf"\A(?:{self.pattern})\z")

    def holds(self, row: Row) -> bool:
        """True where the whole cell matches."""
        return re.fullmatch(self.pattern, row[self.column], re.ASCII) is not None

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.column}` is {self.meaning}"


class _Joined(Condition):
    __slots__ = ("parts",)

    def __init__(self, *parts: Condition) -> None:
        self.parts = parts

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the parts, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.columns))


class AllOf(_Joined):
    """Every part holds."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where all parts are proved."""
        return reduce(pc.and_, [part.mask(batch) for part in self.parts])

    def holds(self, row: Row) -> bool:
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

    def holds(self, row: Row) -> bool:
        """True where a part holds."""
        return any(part.holds(row) for part in self.parts)

    @property
    def words(self) -> str:
        """The phrase."""
        return " or ".join(part.words for part in self.parts)
