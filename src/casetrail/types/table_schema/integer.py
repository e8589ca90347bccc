"""`integer` (Table Schema, "integer"): whole numbers of any size.

"Indicated in the standard way for any valid integer": digits with an optional sign before them, as in XML
Schema, so `+1` and `007` are integers (1 and 7); `1_000`, ` 5`, `1.0`, `1e5` and digits of other scripts
are not.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_arrays import all_true
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType
from casetrail.types.field_type import BOUNDS, CATEGORIES, FieldType
from casetrail.types.kernel import KernelResult, cast_where, match_others, matches
from casetrail.types.problem import ValueProblem
from casetrail.types.table_schema.number import (
    DecimalColumn,
    NumberForm,
    canonical_digits,
    check_marks,
    grouped_digits,
    is_plain_number,
)

MOST_DIGITS = 4300
"""Longer integers are refused: reading them takes time that grows with the square of their length."""
_MOST_JSON_DIGITS = 1000
_INT64 = range(-(2**63), 2**63)


class IntegerType(FieldType[int]):
    """Whole numbers, beyond 64 bits too."""

    name = "integer"
    noun = "a whole number"
    constraints = BOUNDS
    properties = CATEGORIES | {"group_char", "bare_number"}
    aliases = ("int", "bigint")
    xsd = "integer"
    schema_org = "Integer"
    json_kinds = frozenset({"a number"})
    native_kinds = frozenset({"integer", "number"})

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        check_marks("\0", field.group_char)
        self._form = NumberForm(field, rf"(?P<number>[+-]?{grouped_digits(field.group_char)})")

    def parse(self, text: str) -> int:
        """The whole number."""
        match = self._form.match(text)
        if match is None:
            raise _problem(text)
        digits = match["number"]
        if self.field.group_char:
            digits = digits.replace(self.field.group_char, "")
        if len(digits) > MOST_DIGITS:
            raise ValueProblem(f"a whole number of more than {MOST_DIGITS:,} digits is not read")
        return int(digits)

    def write(self, value: int) -> str:
        """The digits, without groups and leading zeros."""
        return str(value)

    @property
    def form(self) -> str:
        """What the parser reads."""
        return self._form.pattern

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Digits in the plain form that surely fit 64 bits."""
        # The cast alone would also take hexadecimal numbers.
        plain = pc.ascii_is_decimal(texts)
        longest = pc.max(pc.binary_length(texts)).as_py() or 0
        if longest > 18:
            plain = matches(texts, "-?[0-9]{1,18}")
        elif not all_true(plain):
            plain = match_others(plain, texts, "-[0-9]{1,18}")
        return KernelResult.where(plain, cast_where(texts, plain, pa.int64()))

    def canonical(self, texts: pa.StringArray) -> pa.BooleanArray | None:
        """Digits without needless zeros."""
        return canonical_digits(self.field, texts)

    def column(self) -> ArrowColumn:
        """int64, decimal128 or text."""
        return IntegerColumn(self, pa.int64())

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """Without groups, and with nothing around the digits."""
        return is_plain_number(field)

    def from_json(self, raw: Any) -> int:
        """A JSON number without decimals (5.0 is one, as in JSON Schema), or a text."""
        if isinstance(raw, bool):
            return super().from_json(raw)
        if isinstance(raw, int):
            return raw
        if isinstance(raw, float | Decimal):
            if raw != raw or raw in (float("inf"), float("-inf")) or int(raw) != raw:
                raise ValueProblem(f"{raw} is not a whole number")
            return int(raw)
        return super().from_json(raw)

    def json_text(self, raw: Any) -> str:
        """The digits; JSON has one kind of number, so that 2.0 and 2e3 are whole."""
        text = super().json_text(raw)
        if isinstance(raw, float):
            exact = Decimal(text)
            if abs(exact.adjusted()) < _MOST_JSON_DIGITS and exact == exact.to_integral_value():
                return str(int(exact))
        return text


class IntegerColumn(ArrowColumn):
    """Whole numbers of 64 bits; else exact decimals; else text."""

    def build(self, values: list[int]) -> pa.Array:
        """Numbers; a column of decimals where one is too large."""
        if not all(value in _INT64 for value in values):
            raise NeedsWiderType(DecimalColumn(self.reader))
        return pa.array(values, pa.int64())


def _problem(text: str) -> ValueProblem:
    if text == "":
        return ValueProblem("it is empty")
    return ValueProblem("a whole number has only digits, with a sign before them", hints.integer(text))
