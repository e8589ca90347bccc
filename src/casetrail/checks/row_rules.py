"""Row rules: conditions on one row, each stated once and evaluated twice.

A rule is data: a name (its finding code), a sentence and a statement. From the statement come the Arrow
kernel that proves whole batches (`mask`) and the exact test of one row (`holds`); both read the same text
cells, in which `""` is the one missing value. A kernel proves no more than the exact test accepts.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
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


class RowRule(Condition):
    """A named rule: its finding code, a sentence that says what must hold, a hint how to mend it."""

    name: str
    sentence: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class WhenThen(RowRule):
    """Where `when` holds, `then` must hold too."""

    name: str
    sentence: str
    when: Condition
    then: Condition
    hint: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of both halves, what must be mended first."""
        return tuple(dict.fromkeys(self.then.columns + self.when.columns))

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where `when` is false or `then` is proved."""
        return pc.or_(pc.invert(self.when.mask(batch)), self.then.mask(batch))

    def holds(self, row: Row) -> bool:
        """True where `when` is false or `then` holds."""
        return not self.when.holds(row) or self.then.holds(row)

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"when {self.when.words}, then {self.then.words}"


@dataclass(frozen=True, slots=True)
class _Counted(RowRule):
    name: str
    sentence: str
    among: tuple[str, ...]
    hint: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns counted."""
        return self.among

    def _filled(self, batch: Columns) -> pa.Array:
        return reduce(pc.add, [pc.cast(pc.not_equal(batch[name], ""), pa.int8()) for name in self.among])

    def _count(self, row: Row) -> int:
        return sum(row[name] != "" for name in self.among)

    @property
    def _names(self) -> str:
        return ", ".join(f"`{name}`" for name in self.among)


@dataclass(frozen=True, slots=True)
class Together(_Counted):
    """All of the columns are filled, or none is."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the filled cells number none or all."""
        filled = self._filled(batch)
        return pc.or_(pc.equal(filled, 0), pc.equal(filled, len(self.among)))

    def holds(self, row: Row) -> bool:
        """True where the filled cells number none or all."""
        return self._count(row) in (0, len(self.among))

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"{self._names} are filled together or not at all"


@dataclass(frozen=True, slots=True)
class ExactlyOne(_Counted):
    """Exactly one of the columns is filled."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where one cell is filled."""
        return pc.equal(self._filled(batch), 1)

    def holds(self, row: Row) -> bool:
        """True where one cell is filled."""
        return self._count(row) == 1

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"exactly one of {self._names} is filled"


@dataclass(frozen=True, slots=True)
class AtMostOne(_Counted):
    """At most one of the columns is filled."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where no or one cell is filled."""
        return pc.less_equal(self._filled(batch), 1)

    def holds(self, row: Row) -> bool:
        """True where no or one cell is filled."""
        return self._count(row) <= 1

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"at most one of {self._names} is filled"


@dataclass(frozen=True, slots=True)
class Ordered(RowRule):
    """Where both are whole numbers, the first is not greater; what is no number the type check finds."""

    name: str
    sentence: str
    low: str
    high: str
    hint: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The two columns."""
        return (self.high, self.low)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where either is empty, or both are short digit strings in order."""
        low, high = batch[self.low], batch[self.high]
        plain = r"\A[0-9]{1,18}\z"
        comparable = pc.and_(
            pc.match_substring_regex(low, pattern=plain), pc.match_substring_regex(high, pattern=plain)
        )
        in_order = pc.less_equal(_numbers(low, comparable), _numbers(high, comparable))
        either_empty = pc.or_(pc.equal(low, ""), pc.equal(high, ""))
        return pc.or_(either_empty, pc.fill_null(in_order, False))

    def holds(self, row: Row) -> bool:
        """True unless both are whole numbers and the first is greater."""
        low, high = row[self.low], row[self.high]
        whole = re.compile(r"-?[0-9]+", re.ASCII)
        if not (whole.fullmatch(low) and whole.fullmatch(high)):
            return True
        return int(low) <= int(high)

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"`{self.low}` is not greater than `{self.high}`"


def _numbers(text: pa.Array, where: pa.BooleanArray) -> pa.Array:
    return pc.cast(pc.if_else(where, text, pa.nulls(1, text.type)[0]), pa.int64())


@dataclass(frozen=True, slots=True)
class Differ(RowRule):
    """The two cells are not the same, unless both are empty."""

    name: str
    sentence: str
    first: str
    second: str
    hint: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The two columns."""
        return (self.second, self.first)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cells differ or the first is empty."""
        return pc.or_(pc.not_equal(batch[self.first], batch[self.second]), pc.equal(batch[self.first], ""))

    def holds(self, row: Row) -> bool:
        """True where the cells differ or the first is empty."""
        return row[self.first] != row[self.second] or row[self.first] == ""

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"`{self.first}` and `{self.second}` differ"


@dataclass(frozen=True, slots=True)
class FewWords(RowRule):
    """At most `words_at_most` words, counted at white space, stand in the cell."""

    name: str
    sentence: str
    column: str
    words_at_most: int
    hint: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The one column."""
        return (self.column,)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cell has so few characters or blanks that it cannot hold more words."""
        return pc.less(pc.count_substring_regex(batch[self.column], pattern=r"\s+"), self.words_at_most)

    def holds(self, row: Row) -> bool:
        """True where the words are few enough."""
        return len(re.findall(r"\S+", row[self.column], re.ASCII)) <= self.words_at_most

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return f"`{self.column}` has at most {self.words_at_most} words"


def unknown_columns(rules: Iterable[RowRule], columns: Iterable[str]) -> list[tuple[RowRule, str]]:
    """The pairs (rule, column) where a rule names a column that the table does not have: broken rules."""
    known = set(columns)
    return [(rule, name) for rule in rules for name in rule.columns if name not in known]
