"""`any` (Table Schema, "any"): values as they are in the file."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pyarrow as pa

from casetrail.types.field_type import FieldType
from casetrail.types.json_values import json_key
from casetrail.types.kernel import KernelResult


class AnyType(FieldType[Any]):
    """Values as they are in the file: "a data consumer MUST NOT perform any processing" on them."""

    name = "any"
    noun = "anything"
    text_is_key = True
    json_kinds = frozenset({"true or false", "a number", "an array", "an object"})
    native_kinds = frozenset(
        {"boolean", "integer", "number", "date", "datetime", "time", "duration", "list", "object"}
    )

    def parse(self, text: str) -> str:
        """The text itself."""
        return text

    def write(self, value: Any) -> str:
        """The text itself."""
        return str(value)

    def key(self, value: Any) -> Hashable:
        """The value itself, or what equal JSON has in common."""
        return json_key(value) if isinstance(value, list | dict) else value

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Every text."""
        return KernelResult()

    def from_json(self, raw: Any) -> Any:
        """The JSON value itself."""
        return raw
