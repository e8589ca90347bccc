"""The constraints `enum` and `categories`, bounds, and lengths (Table Schema, "Field Constraints")."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import Constraint, Fault, stated_value
from casetrail.findings.sentences import counted
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_arrays import FALSE, all_true, text_array, whole_numbers
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem, quoted
from casetrail.types.registry import class_of

_MANY_LISTED = "write one of the values that the schema lists for the field, or add this one to them"
_FEW = 12
"""Of how many values a hint may list all."""
_LONGEST_WORD = 100
_MOST_WORDS = 3000
"""A near miss is not looked for with a longer text or among more values."""


class EnumConstraint(Constraint):
    """The value is one of a list: `enum` or `categories`."""

    codes: ClassVar = {
        "constraint-enum": "A value is not one of those that the field allows. "
        "Use one of the values, or add this one to the schema.",
        "constraint-categories": "A value is not one of the field's categories. "
        "Use one of the categories, or add the value to them in the schema.",
    }

    def __init__(
        self, name: str, field: FieldDescriptor, values: Sequence[object], parser: FieldType[Any]
    ) -> None:
        self.code = f"constraint-{name}"
        self._field = field.name
        self._what = "categories" if name == "categories" else "values"
        self._parser = parser
        keys = [parser.key(stated_value(value, parser, name)) for value in values]
        # Python holds true and 1 for equal; no type of the standard does.
        self._keys = {(type(key), key) for key in keys}
        self.decides = parser.text_is_key
        self._listed = [value if isinstance(value, str) else json.dumps(value) for value in values]
        self._texts = frozenset(_readable(self._listed, keys, parser))
        self._array = text_array(sorted(self._texts))

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """True where the text is one of those listed."""
        listed = pc.is_in(text, value_set=self._array)
        if int(listed.true_count) + text.null_count == len(text) or all_true(listed):
            return None
        return pc.or_(listed, pc.is_null(text))

    def breaks(self, text: str, value: Any) -> bool:
        """Compare the values themselves: 01 is 1 where both are integers."""
        key = self._parser.key(value)
        return text not in self._texts and (type(key), key) not in self._keys

    def fault(self, text: str, value: Any) -> Fault:
        """The nearest of the values, or all where they are few."""
        near = len(text) <= _LONGEST_WORD and len(self._listed) <= _MOST_WORDS
        hint = did_you_mean(text, self._listed) if near else None
        if hint is None:
            few = " or ".join(f"'{value}'" for value in self._listed) or "no value"
            hint = f"write {few}" if len(self._listed) <= _FEW else _MANY_LISTED
        message = f"{quoted(text)} is not one of the {len(self._listed)} {self._what} of '{self._field}'"
        return Fault(message, hint)


def _readable(listed: Sequence[str], keys: Sequence[Any], parser: FieldType[Any]) -> Iterator[str]:
    """Of the values listed, those that a cell may hold as they are written."""
    for text, key in zip(listed, keys, strict=True):
        try:
            read = parser.key(parser.parse(text))
        except ValueProblem:
            continue
        if type(read) is type(key) and read == key:
            yield text


class _Side(NamedTuple):
    holds: Callable[[Any, Any], bool]
    strictly: str
    or_equal: bool
    extreme: Callable[[pa.Array], pa.Scalar]
    words: str


_SIDES = {
    "minimum": _Side(operator.ge, "greater", True, pc.min, "is below the minimum"),
    "maximum": _Side(operator.le, "less", True, pc.max, "is above the maximum"),
    "exclusiveMinimum": _Side(operator.gt, "greater", False, pc.min, "is not above the bound"),
    "exclusiveMaximum": _Side(operator.lt, "less", False, pc.max, "is not below the bound"),
}


_OTHER_SIDE = {"greater": "less", "less": "greater"}


class BoundConstraint(Constraint):
    """The value is on the right side of a bound: `minimum`, `maximum`, and their exclusive forms."""

    codes: ClassVar = {
        "constraint-minimum": "A value is below the field's minimum. "
        "Mend the value, or the bound in the schema.",
        "constraint-maximum": "A value is above the field's maximum. "
        "Mend the value, or the bound in the schema.",
        "constraint-exclusive-minimum": "A value is not above the bound that the field sets. "
        "Mend the value, or the bound in the schema.",
        "constraint-exclusive-maximum": "A value is not below the bound that the field sets. "
        "Mend the value, or the bound in the schema.",
    }

    def __init__(self, name: str, field: FieldDescriptor, stated: object, parser: FieldType[Any]) -> None:
        self.code = "constraint-" + name.replace("M", "-m")
        self._side = _SIDES[name]
        self._stated = stated
        self._parser = parser
        self._value = stated_value(stated, parser, name)
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
        return pc.or_(pc.fill_null(compared, FALSE), pc.is_null(text))

    def broken(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Where the value is on the other side: as doubles two numbers may be equal that are not."""
        bound = None if typed is None else self._comparable(typed.type)
        if typed is None or bound is None:
            return None
        or_equal = not self._side.or_equal and not isinstance(bound, float)
        kernel = _OTHER_SIDE[self._side.strictly] + ("_equal" if or_equal else "")
        return pc.fill_null(pc.call_function(kernel, [typed, self._as_scalar(typed.type, bound)]), FALSE)

    def breaks(self, text: str, value: Any) -> bool:
        """Compare exactly; what has no order against the bound is on neither side of it."""
        return not self._side.holds(self._parser.key(value), self._bound)

    def fault(self, text: str, value: Any) -> Fault:
        """The value and its bound."""
        return Fault(f"{quoted(text)} {self._side.words} {self._stated} of '{self._field}'")

    def _comparable(self, kind: pa.DataType) -> Any:
        bound = self._value
        if pa.types.is_floating(kind):
            try:
                return float(bound) if isinstance(bound, Decimal | int) else None
            except OverflowError:
                return None
        if pa.types.is_integer(kind):
            return bound if isinstance(bound, int) and -(2**63) <= bound < 2**63 else None
        if pa.types.is_timestamp(kind) and (bound.tzinfo is None) != (kind.tz is None):
            return None
        return bound

    def _as_scalar(self, kind: pa.DataType, bound: Any) -> pa.Scalar:
        if self._scalar is None or self._scalar[0] != kind:
            self._scalar = (kind, text_array([str(bound)]).cast(kind)[0])
        return self._scalar[1]


_NO_LENGTH = 1 << 62
"""More than any value has."""


class LengthConstraint(Constraint):
    """The value has enough, and not too many, code points or items: `minLength`, `maxLength`."""

    codes: ClassVar = {
        "constraint-min-length": "A value is shorter than the field allows. "
        "Complete the value, or lower the length in the schema.",
        "constraint-max-length": "A value is longer than the field allows. "
        "Shorten the value, or raise the length in the schema.",
    }

    def __init__(self, name: str, field: FieldDescriptor, bound: int) -> None:
        self.code = "constraint-" + name.replace("L", "-l")
        self._field, self._bound = field, bound
        self._is_minimum = name == "minLength"
        self._is_text = self.decides = field.type == "string"

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Count characters; of a collection nothing is proved."""
        if not self._is_text:
            return pc.is_null(text)
        if not self._is_minimum and (pc.max(pc.binary_length(text)).as_py() or 0) <= self._bound:
            # A text has no more characters than bytes.
            return None
        lengths = pc.utf8_length(text)
        extreme = (pc.min if self._is_minimum else pc.max)(lengths).as_py()
        if extreme is None or self._holds(extreme):
            return None
        compare = pc.greater_equal if self._is_minimum else pc.less_equal
        return compare(lengths, whole_numbers([min(self._bound, _NO_LENGTH)])[0])

    def breaks(self, text: str, value: Any) -> bool:
        """Count what the value has."""
        return not self._holds(self._length(text, value))

    def fault(self, text: str, value: Any) -> Fault:
        """What the value has, and what it needs or may have."""
        length = self._length(text, value)
        has = f"this has {counted(length, *class_of(self._field).length_unit)}, but '{self._field.name}'"
        if self._is_minimum:
            return Fault(f"{has} needs at least {self._bound}")
        return Fault(f"{has} allows at most {self._bound}", f"shorten it by {length - self._bound}")

    def _holds(self, length: int) -> bool:
        return length >= self._bound if self._is_minimum else length <= self._bound

    def _length(self, text: str, value: Any) -> int:
        return len(text) if self._is_text else len(value)
