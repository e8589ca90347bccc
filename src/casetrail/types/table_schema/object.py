"""`object` (Table Schema, "object"): cells that hold a JSON object."""

from __future__ import annotations

from typing import Any

from casetrail.standard.json_reader import json_kind
from casetrail.types.field_type import LENGTHS
from casetrail.types.json_values import JsonType
from casetrail.types.problem import ValueProblem


class ObjectType(JsonType[dict[str, Any]]):
    """A JSON object."""

    name = "object"
    noun = "a JSON object"
    constraints = LENGTHS | {"json_schema"}
    length_unit = ("property", "properties")
    aliases = ("json",)
    json_kinds = frozenset({"an object"})
    native_kinds = frozenset({"object"})

    def check(self, value: Any) -> dict[str, Any]:
        """The object itself."""
        if not isinstance(value, dict):
            raise ValueProblem(f"it is {json_kind(value)}, not an object", "an object is written {...}")
        return value
