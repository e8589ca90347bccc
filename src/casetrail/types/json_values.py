"""`object` and `array` (Table Schema, "object", "array"): cells that hold JSON (RFC 8259)."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any

from casetrail.standard.json_reader import JsonError, JsonReader, json_kind
from casetrail.types import hints
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem


class ObjectParser(ValueParser[dict[str, Any]]):
    """A JSON object."""

    type_name = "object"
    python_type = dict
    noun = "a JSON object"

    def __init__(self, format_name: str = "default") -> None:
        _default_only(self.type_name, format_name)

    def parse(self, text: str) -> dict[str, Any]:
        """The object."""
        value = read_json(text)
        if not isinstance(value, dict):
            raise ValueProblem(f"it is {json_kind(value)}, not an object", "an object is written {...}")
        return value

    def write(self, value: dict[str, Any]) -> str:
        """Compact JSON in the order of the keys as they are."""
        return write_json(value)

    def key(self, value: dict[str, Any]) -> Hashable:
        """The same for objects with the same members, in whatever order."""
        return json_key(value)

    def from_json(self, raw: Any) -> dict[str, Any]:
        """The object itself, or its text."""
        return raw if isinstance(raw, dict) else super().from_json(raw)


class ArrayParser(ValueParser[list[Any]]):
    """A JSON array."""

    type_name = "array"
    python_type = list
    noun = "a JSON array"

    def __init__(self, format_name: str = "default") -> None:
        _default_only(self.type_name, format_name)

    def parse(self, text: str) -> list[Any]:
        """The array."""
        value = read_json(text)
        if not isinstance(value, list):
            raise ValueProblem(f"it is {json_kind(value)}, not an array", "an array is written [...]")
        return value

    def write(self, value: list[Any]) -> str:
        """Compact JSON."""
        return write_json(value)

    def key(self, value: list[Any]) -> Hashable:
        """The same for arrays with the same items."""
        return json_key(value)

    def from_json(self, raw: Any) -> list[Any]:
        """The array itself, or its text."""
        return raw if isinstance(raw, list) else super().from_json(raw)


def read_json(text: str) -> Any:
    """The JSON value of a cell; a `ValueProblem` says why it cannot be read, or what stands twice in it."""
    reader = JsonReader()
    try:
        value = reader.document(text)
    except JsonError as error:
        reason = f"it cannot be read as JSON: {error.reason}, at character {error.offset + 1}"
        raise ValueProblem(reason, error.hint or _hint(text)) from None
    if reader.duplicates:
        reason = f"the name '{reader.duplicates[0]}' stands twice in one object"
        raise ValueProblem(reason, "give each name once; which of the two counts is up to the reader")
    return value


def write_json(value: Any) -> str:
    """Compact JSON, characters beyond ASCII as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_key(value: Any) -> Hashable:
    """A hashable that is equal for equal JSON: members in any order, 1.0 as 1, true apart from 1."""
    if isinstance(value, dict):
        return ("object", frozenset((name, json_key(member)) for name, member in value.items()))
    if isinstance(value, list | tuple):
        return ("array", tuple(json_key(item) for item in value))
    return (isinstance(value, bool), value)


def _default_only(type_name: str, format_name: str) -> None:
    if format_name != "default":
        raise FieldProblem(f"the type {type_name} has no format '{format_name}'", "leave the format out")


def _hint(text: str) -> str | None:
    if "'" in text and '"' not in text:
        return 'JSON uses double quotes (")'
    if any(word in text for word in ("True", "False", "None")):
        return "write true, false and null in small letters"
    return hints.characters(text)
