"""`list` (Table Schema, "list"): values of one type separated by a delimiter."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from casetrail.types.parser import ValueParser, quoted
from casetrail.types.problem import FieldProblem, ValueProblem

ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")


class ListParser(ValueParser[list[Any]]):
    """A list of values. "On lexical level only default formats are supported" for its items.

    The standard knows no way to write an empty list: a text without delimiter is one item, and so is the
    empty text, where it is not a missing value.
    """

    type_name = "list"
    python_type = list
    noun = "a list"

    def __init__(self, items: ValueParser[Any], delimiter: str | None = None) -> None:
        if items.type_name not in ITEM_TYPES:
            raise FieldProblem(
                f"a list cannot hold '{items.type_name}'", f"use one of {', '.join(ITEM_TYPES)}"
            )
        if delimiter == "":
            raise FieldProblem("the delimiter of a list is empty")
        self.items = items
        self.delimiter = delimiter or ","

    def parse(self, text: str) -> list[Any]:
        """The items, each read as a value of its type."""
        values = []
        for number, item in enumerate(text.split(self.delimiter), start=1):
            try:
                values.append(self.items.parse(item))
            except ValueProblem as problem:
                reason = f"item {number}, {quoted(item)}, is not {self.items.noun}: {problem.reason}"
                raise ValueProblem(reason, problem.hint) from None
        return values

    def write(self, value: list[Any]) -> str:
        """The items joined by the delimiter."""
        texts = [self.items.write(item) for item in value]
        if not texts or any(self.delimiter in text for text in texts):
            raise ValueProblem("an empty list, or an item that holds the delimiter, cannot be written")
        return self.delimiter.join(texts)

    def key(self, value: list[Any]) -> Hashable:
        """The keys of the items, in their order."""
        return tuple(self.items.key(item) for item in value)

    def from_json(self, raw: Any) -> list[Any]:
        """A JSON array, or a text."""
        if isinstance(raw, list):
            return [self.items.from_json(item) for item in raw]
        return super().from_json(raw)
