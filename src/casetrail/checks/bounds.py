"""Bounds: `minimum`, `maximum` and their exclusive forms, on numbers and times (Table Schema)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import Fault, given_value
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.parser import ValueParser, quoted

CODES = {
    "constraint-minimum": "A value is below the field's minimum.",
    "constraint-maximum": "A value is above the field's maximum.",
    "constraint-exclusive-minimum": "A value is not above the bound that the field sets.",
    "constraint-exclusive-maximum": "A value is not below the bound that the field sets.",
}


@dataclass(frozen=True, slots=True)
class _Side:
    holds: Callable[[Any, Any], bool]
    strictly: str
    or_equal: bool
    extreme: Callable[[pa.Array], pa.Scalar]
    words: str


SIDES = {
    "minimum": _Side(operator.ge, "greater", True, pc.min, "is below the minimum"),
    "maximum": _Side(operator.le, "less", True, pc.max, "is above the maximum"),
    "exclusiveMinimum": _Side(operator.gt, "greater", False, pc.min, "is not above the bound"),
    "exclusiveMaximum": _Side(operator.lt, "less", False, pc.max, "is not below the bound"),
}


class Bound:
    """The value lies on the right side of a bound."""

    decides = False

    def __init__(self, name: str, field: FieldDescriptor, given: object, parser: ValueParser[Any]) -> None:
        self.code = "constraint-" + name.replace("M", "-m")
        self._side = SIDES[name]
        self._given = given
        self._parser = parser
        self._value = given_value(given, parser, name)
        self._bound = parser.key(self._value)
        self._field = field.name
        self._scalar: tuple[pa.DataType, pa.Scalar] | None = None

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Compare the extreme of the column first, and each value only where that fails.

        A decimal number is compared as its nearest double. That keeps the order but may make two different
        numbers equal, so what equals the bound is not proved.
        """
        if typed is None:
            return pc.is_null(text)
        extreme = self._side.extreme(typed).as_py()
        bound = self._comparable(typed.type)
        if bound is None:
            return pc.is_null(text)
        as_double = isinstance(bound, float)
        if typed.null_count == text.null_count:
            if extreme is None:
                return None
            holds = self._side.holds(extreme, bound)
            if holds and not (as_double and extreme == bound):
                return None
        kernel = self._side.strictly + ("_equal" if self._side.or_equal and not as_double else "")
        compared = pc.call_function(kernel, [typed, self._as_scalar(typed.type, bound)])
        return pc.or_(pc.fill_null(compared, False), pc.is_null(text))

    def breaks(self, text: str, value: Any) -> bool:
        """Compare exactly; what has no order against the bound is on neither side of it."""
        return not self._side.holds(self._parser.key(value), self._bound)

    def fault(self, text: str, value: Any) -> Fault:
        """The value and its bound."""
        return Fault(f"{quoted(text)} {self._side.words} {self._given} of '{self._field}'")

    def _comparable(self, kind: pa.DataType) -> Any:
        bound = self._value
        if pa.types.is_floating(kind):
            try:
                return float(bound) if isinstance(bound, Decimal | int) else None
            except OverflowError:
                return None
        if pa.types.is_integer(kind):
            return bound if isinstance(bound, int) and -(2**63) <= bound < 2**63 else None
        if getattr(bound, "tzinfo", None) is not None or getattr(bound, "microsecond", None):
            return None
        return bound

    def _as_scalar(self, kind: pa.DataType, bound: Any) -> pa.Scalar:
        if self._scalar is None or self._scalar[0] != kind:
            self._scalar = (kind, pa.scalar(bound, kind))
        return self._scalar[1]
