"""A column in words: what it means, and what may be in a cell of it."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.dataset import custom
from casetrail.describe.markdown_text import code
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.registry import class_of
from casetrail.types.table_schema.list import item_type


def describe_field(field: FieldDescriptor) -> str | None:
    """The description of a field on one line, with its unit where it has one."""
    unit = custom(field, "unit")
    words = " ".join((field.description or "").split())
    if isinstance(unit, str) and unit:
        words = f"{words} Unit: {unit}.".strip()
    return words or None


def describe_type(field: FieldDescriptor) -> str:
    """The type with its constraints, as `whole number, at least 0`."""
    return ", ".join(_parts(field))


def _parts(field: FieldDescriptor) -> Iterator[str]:
    limits = field.constraints
    if field.categories or limits.enum:
        yield "term, in an order" if field.categories_ordered else "term"
        return
    yield class_of(field).description(field)
    if field.format != "default" and field.type != "string":
        yield f"written {code(field.format)}"
    if field.type == "list":
        items = FieldDescriptor(name=field.name, type=item_type(field))
        yield f"its items {class_of(items).description(items)}, parted by {code(field.delimiter or ',')}"
    if limits.unique:
        yield "unique"
    for value, words in (
        (limits.minimum, "at least"),
        (limits.exclusive_minimum, "more than"),
        (limits.maximum, "at most"),
        (limits.exclusive_maximum, "less than"),
        (limits.min_length, "length at least"),
        (limits.max_length, "length at most"),
    ):
        if value is not None:
            yield f"{words} {value}"
    if limits.pattern is not None:
        yield f"like {code(limits.pattern)}"
