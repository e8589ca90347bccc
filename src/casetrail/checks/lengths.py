"""Lengths: `minLength` and `maxLength`, in code points of a text or items of a collection (Table Schema)."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import Fault
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrays import whole_numbers

CODES = {
    "constraint-min-length": "A value is shorter than the field allows.",
    "constraint-max-length": "A value is longer than the field allows.",
}


class MinLength:
    """The value has at least so many characters or items."""

    code = "constraint-min-length"

    def __init__(self, field: FieldDescriptor, bound: int) -> None:
        self._field, self._bound = field, bound
        self.decides = _is_text(field)

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Count characters; of a collection nothing is proved."""
        if not _is_text(self._field):
            return _nowhere(text)
        lengths = pc.utf8_length(text)
        shortest = pc.min(lengths).as_py()
        if shortest is None or shortest >= self._bound:
            return None
        return pc.greater_equal(lengths, whole_numbers([self._bound])[0])

    def breaks(self, text: str, value: Any) -> bool:
        """Count what the value has."""
        return _length(self._field, text, value) < self._bound

    def fault(self, text: str, value: Any) -> Fault:
        """What the value has, and what it needs."""
        length = _length(self._field, text, value)
        unit = _unit(self._field)
        return Fault(f"this has {length} {unit}, but '{self._field.name}' needs at least {self._bound}")


class MaxLength:
    """The value has at most so many characters or items."""

    code = "constraint-max-length"

    def __init__(self, field: FieldDescriptor, bound: int) -> None:
        self._field, self._bound = field, bound
        self.decides = _is_text(field)

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """A text has no more characters than bytes; those that are longer are counted."""
        if not _is_text(self._field):
            return _nowhere(text)
        longest = pc.max(pc.binary_length(text)).as_py()
        if longest is None or longest <= self._bound:
            return None
        return pc.less_equal(pc.utf8_length(text), whole_numbers([self._bound])[0])

    def breaks(self, text: str, value: Any) -> bool:
        """Count what the value has."""
        return _length(self._field, text, value) > self._bound

    def fault(self, text: str, value: Any) -> Fault:
        """What the value has, and what it may have."""
        length = _length(self._field, text, value)
        unit = _unit(self._field)
        return Fault(
            f"this has {length} {unit}, but '{self._field.name}' allows at most {self._bound}",
            f"shorten it by {length - self._bound}",
        )


def _is_text(field: FieldDescriptor) -> bool:
    return field.type == "string"


def _nowhere(text: pa.StringArray) -> pa.BooleanArray:
    return pc.is_null(text)


def _length(field: FieldDescriptor, text: str, value: Any) -> int:
    return len(text) if _is_text(field) else len(value)


def _unit(field: FieldDescriptor) -> str:
    return {"string": "characters", "object": "properties"}.get(field.type, "items")
