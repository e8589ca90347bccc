"""Row rules: conditions on one row, each stated once and evaluated twice.

A rule is a condition (see `conditions`) with a name, which is its finding code, a sentence and a hint.
From its statement come the kernel that proves whole batches, the exact test that explains a row, the line
of the codebook and the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.conditions import Columns, Condition, Row


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
