"""`list` (Table Schema, "list"): values of one type separated by a delimiter."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType, TextColumn
from casetrail.types.field_type import LENGTHS, FieldType
from casetrail.types.kernel import KernelResult
from casetrail.types.problem import FieldProblem, ValueProblem, quoted
from casetrail.types.registry import type_named

ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")


class ListType(FieldType[list[Any]]):
    """A list of values. "On lexical level only default formats are supported" for its items.

    The standard knows no way to write an empty list: a text without delimiter is one item, and so is the
    empty text, where it is not a missing value.
    """

    name = "list"
    noun = "a list"
    constraints = LENGTHS
    properties = frozenset({"delimiter", "item_type"})
    json_kinds = frozenset({"an array"})
    native_kinds = frozenset({"list"})

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        if field.delimiter == "":
            raise FieldProblem("the delimiter of a list is empty")
        self.delimiter = field.delimiter or ","
        self.items = type_named(item_type(field))
        if self.items.name not in ITEM_TYPES:
            raise FieldProblem(
                f"a list cannot hold '{self.items.name}'", f"use one of {', '.join(ITEM_TYPES)}"
            )

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

    def key_text(self, value: list[Any]) -> str:
        """The keys of the items as texts."""
        return self.delimiter.join(self.items.key_text(item) for item in value)

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Lists of which every item is proved; of other columns nothing."""
        items = self.items.prove(pc.split_pattern(texts, self.delimiter).flatten())
        return KernelResult() if items.accepted is None else KernelResult.nothing(texts)

    def column(self) -> ArrowColumn:
        """A list of the items' Arrow type, or text."""
        return ListColumn(self)

    def from_json(self, raw: Any) -> list[Any]:
        """A JSON array, or a text."""
        if isinstance(raw, list):
            return [self.items.from_json(item) for item in raw]
        return super().from_json(raw)

    def json_text(self, raw: Any) -> str:
        """The items of an array, joined."""
        if not isinstance(raw, list):
            return super().json_text(raw)
        texts = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in raw]
        if any(isinstance(item, dict | list) for item in raw) or any(
            self.delimiter in text for text in texts
        ):
            raise ValueProblem("an array with an item that a list cannot have")
        return self.delimiter.join(texts)


class ListColumn(ArrowColumn):
    """Lists of values of one type; what does not fit the first type of the items keeps the column as text."""

    def __init__(self, lists: ListType) -> None:
        self._items = lists.items.column()
        self._delimiter = lists.delimiter
        super().__init__(lists, pa.list_(self._items.type))

    def convert(self, texts: pa.StringArray) -> pa.Array:
        """The items of all lists typed as one column, and cut into lists again."""
        lists = pc.split_pattern(texts, self._delimiter)
        try:
            items = self._items.convert(lists.flatten())
        except NeedsWiderType:
            raise NeedsWiderType(TextColumn(self.reader)) from None
        mask = pc.is_null(lists) if lists.null_count else None
        return pa.ListArray.from_arrays(lists.offsets, items, mask=mask)


def item_type(field: FieldDescriptor) -> str:
    """The type of the items; the standard itself once writes "datetme"."""
    return {None: "string", "datetme": "datetime"}.get(field.item_type, field.item_type) or "string"
