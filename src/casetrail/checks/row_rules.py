"""Row rules: conditions on one row, each stated once in a schema and evaluated twice.

From the statement of a rule come the kernel that proves whole batches, the exact test that explains a row,
the validator of a row model, the line of the codebook and the message.
"""

from __future__ import annotations

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.conditions import Columns, Condition, RowCells
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_arrays import FALSE, TRUE, whole_numbers
from casetrail.types.edtf import Order, compare
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem


class RowRule(Condition):
    """A named rule: where `when` holds (always, if there is none), `then` must hold.

    `name` is its finding code, `description` says what must hold, `hint` how to mend a row that breaks it.
    """

    __slots__ = ("description", "hint", "name", "then", "when")

    def __init__(
        self, name: str, description: str, then: Condition, when: Condition | None, hint: str | None
    ) -> None:
        self.name, self.description, self.hint = name, description, hint
        self.then, self.when = then, when

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of both halves, what must be mended first."""
        return tuple(dict.fromkeys(self.then.columns + (self.when.columns if self.when else ())))

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Those of both halves."""
        return self.then.value_columns + (self.when.value_columns if self.when else ())

    @property
    def exact(self) -> bool:
        """Whether the kernel of what must hold decides."""
        return self.then.exact

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where `when` is false or `then` is proved."""
        then = self.then.mask(batch)
        return then if self.when is None else pc.or_(pc.invert(self.when.mask(batch)), then)

    def holds(self, row: RowCells) -> bool:
        """True where `when` is false or `then` holds."""
        return (self.when is not None and not self.when.holds(row)) or self.then.holds(row)

    @property
    def words(self) -> str:
        """The rule as a phrase for the codebook."""
        return self.then.words if self.when is None else f"when {self.when.words}, then {self.then.words}"


class _Counted(Condition):
    __slots__ = ("_columns",)

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns counted."""
        return self._columns

    def _filled(self, batch: Columns) -> pa.Array:
        return reduce(pc.add, [pc.cast(pc.is_valid(batch[name]), pa.int64()) for name in self.columns])

    def _count(self, row: RowCells) -> int:
        return sum(row[name] is not None for name in self.columns)

    @property
    def _names(self) -> str:
        return ", ".join(f"`{name}`" for name in self.columns)


class Together(_Counted):
    """All of the columns are filled, or none is."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the filled cells number none or all."""
        filled = self._filled(batch)
        return pc.or_(pc.equal(filled, _number(0)), pc.equal(filled, _number(len(self.columns))))

    def holds(self, row: RowCells) -> bool:
        """True where the filled cells number none or all."""
        return self._count(row) in (0, len(self.columns))

    @property
    def words(self) -> str:
        """The phrase."""
        return f"{self._names} are filled together or not at all"


class ExactlyOne(_Counted):
    """Exactly one of the columns is filled."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where one cell is filled."""
        return pc.equal(self._filled(batch), _number(1))

    def holds(self, row: RowCells) -> bool:
        """True where one cell is filled."""
        return self._count(row) == 1

    @property
    def words(self) -> str:
        """The phrase."""
        return f"exactly one of {self._names} is filled"


class AtMostOne(_Counted):
    """At most one of the columns is filled."""

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where no or one cell is filled."""
        return pc.less_equal(self._filled(batch), _number(1))

    def holds(self, row: RowCells) -> bool:
        """True where no or one cell is filled."""
        return self._count(row) <= 1

    @property
    def words(self) -> str:
        """The phrase."""
        return f"at most one of {self._names} is filled"


class Differ(Condition):
    """The texts of the two cells are not the same; an empty cell differs from every other."""

    __slots__ = ("first", "second")

    def __init__(self, first: str, second: str) -> None:
        self.first, self.second = first, second

    @property
    def columns(self) -> tuple[str, ...]:
        """The two columns."""
        return (self.second, self.first)

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where the cells differ or one is empty."""
        return pc.fill_null(pc.not_equal(batch[self.first], batch[self.second]), TRUE)

    def holds(self, row: RowCells) -> bool:
        """True where the cells differ or one is empty."""
        return row[self.first] is None or row[self.first] != row[self.second]

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self.first}` and `{self.second}` differ"


class Ordered(Condition):
    """Where both cells are filled, the first is not greater; a value that is none of its type is not judged.

    Of EDTF dates the first is not certainly later: what depends on what is not known is kept.
    """

    def __init__(
        self, low: FieldDescriptor, high: FieldDescriptor, parsers: tuple[FieldType[object], ...]
    ) -> None:
        self._low, self._high = low.name, high.name
        self._parsers = parsers
        self._edtf = low.is_edtf and high.is_edtf
        self._whole = low.type == high.type == "integer"

    @property
    def columns(self) -> tuple[str, ...]:
        """The two columns."""
        return (self._high, self._low)

    @property
    def exact(self) -> bool:
        """The kernel proves whole numbers alone."""
        return False

    def mask(self, batch: Columns) -> pa.BooleanArray:
        """True where either is empty, or both are short digit strings in order."""
        low, high = batch[self._low], batch[self._high]
        either_empty = pc.or_(pc.is_null(low), pc.is_null(high))
        if not self._whole:
            return either_empty
        plain = r"\A[0-9]{1,18}\z"
        comparable = pc.and_(pc.match_substring_regex(low, plain), pc.match_substring_regex(high, plain))
        in_order = pc.less_equal(_numbers(low, comparable), _numbers(high, comparable))
        return pc.or_(either_empty, pc.fill_null(in_order, FALSE))

    def holds(self, row: RowCells) -> bool:
        """True unless both are values of their types and the first is greater."""
        low, high = row[self._low], row[self._high]
        if low is None or high is None:
            return True
        first, second = self._parsers
        try:
            least, most = first.parse(low), second.parse(high)
        except ValueProblem:
            return True
        if self._edtf:
            return compare(least, most) is not Order.VIOLATED  # type: ignore[arg-type]
        return not first.key(least) > second.key(most)  # type: ignore[operator]

    @property
    def words(self) -> str:
        """The phrase."""
        return f"`{self._low}` is not {'later' if self._edtf else 'greater'} than `{self._high}`"


def _numbers(text: pa.StringArray, where: pa.BooleanArray) -> pa.Int64Array:
    return pc.cast(pc.if_else(pc.fill_null(where, FALSE), text, pa.nulls(1, text.type)[0]), pa.int64())


def _number(number: int) -> pa.Int64Scalar:
    return whole_numbers([number])[0]
