"""Cells that hold JSON (RFC 8259): reading, writing, comparing."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Hashable
from typing import Any, ClassVar

from casetrail.standard.json_reader import JsonError, JsonReader
from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_column import ArrowColumn, CheckedTextColumn
from casetrail.types.field_type import FieldType, Value
from casetrail.types.problem import FieldProblem, ValueProblem


class JsonType(FieldType[Value]):
    """A type whose values are JSON; a subclass says in `check` which."""

    xsd = "json"
    holds_json = True
    formats: ClassVar[tuple[str, ...]] = ("default",)

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        if field.format not in self.formats:
            raise FieldProblem(
                f"there is no {self.name} format '{field.format}'",
                f"use {' or '.join(self.formats)}" if len(self.formats) > 1 else "leave the format out",
            )

    @abstractmethod
    def check(self, value: Any) -> Value:
        """The JSON value itself; raises `ValueProblem` where it is none of the type."""

    def parse(self, text: str) -> Value:
        """The JSON value."""
        return self.check(read_json(text))

    def from_json(self, raw: Any) -> Value:
        """The value itself, or its text."""
        return self.parse(raw) if isinstance(raw, str) else self.check(raw)

    def write(self, value: Value) -> str:
        """Compact JSON in the order of the members as they are."""
        return write_json(value)

    def key(self, value: Value) -> Hashable:
        """The same for objects with the same members, in whatever order."""
        return json_key(value)

    def key_text(self, value: Value) -> str:
        """JSON with the members in order."""
        return json.dumps(_comparable(value), ensure_ascii=False, sort_keys=True)

    def column(self) -> ArrowColumn:
        """The text, known to be JSON."""
        return CheckedTextColumn(self)


def read_json(text: str) -> Any:
    """The JSON value of a cell; a `ValueProblem` says why it cannot be read, or which name is twice in it."""
    reader = JsonReader()
    try:
        value = reader.document(text)
    except JsonError as error:
        reason = f"it cannot be read as JSON: {error.reason}, at character {error.offset + 1}"
        raise ValueProblem(reason, error.hint or _hint(text)) from None
    if reader.duplicates:
        reason = f"the name '{reader.duplicates[0]}' is twice in one object"
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


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _comparable(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _hint(text: str) -> str | None:
    if "'" in text and '"' not in text:
        return 'JSON uses double quotes (")'
    if any(word in text for word in ("True", "False", "None")):
        return "write true, false and null in small letters"
    return hints.characters(text)
