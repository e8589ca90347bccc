"""`array` (Table Schema, "array"): cells that hold a JSON array."""

from __future__ import annotations

from typing import Any

from casetrail.standard.json_reader import json_kind
from casetrail.types.field_type import LENGTHS
from casetrail.types.json_values import JsonType
from casetrail.types.problem import ValueProblem


class ArrayType(JsonType[list[Any]]):
    """A JSON array."""

    name = "array"
    noun = "a JSON array"
    constraints = LENGTHS | {"json_schema"}
    json_kinds = frozenset({"an array"})
    native_kinds = frozenset({"list"})

    def check(self, value: Any) -> list[Any]:
        """The array itself."""
        if not isinstance(value, list):
            raise ValueProblem(f"it is {json_kind(value)}, not an array", "an array is written [...]")
        return value
