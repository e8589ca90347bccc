"""A column in words: what it means, and what may be in a cell of it."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.dataset import custom
from casetrail.describe.markdown_text import code
from casetrail.languages.words import message, say
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.registry import class_of
from casetrail.types.table_schema.list import item_type


def describe_field(field: FieldDescriptor) -> str | None:
    """The description of a field on one line, with its unit where it has one."""
    unit = custom(field, "unit")
    words = " ".join((field.description or "").split())
    if isinstance(unit, str) and unit:
        words = " ".join(filter(None, (words, say("Unit: %(unit)s.", unit=unit))))
    return words or None


def describe_type(field: FieldDescriptor) -> str:
    """The type with its constraints, as `whole number, at least 0`."""
    return ", ".join(_parts(field))


def _parts(field: FieldDescriptor) -> Iterator[str]:
    limits = field.constraints
    if field.categories or limits.enum:
        yield say("term, in an order") if field.categories_ordered else say("term")
        return
    yield say(class_of(field).description(field))
    if field.format != "default" and field.type != "string":
        yield say("written %(format)s", format=code(field.format))
    if field.type == "list":
        items = FieldDescriptor(name=field.name, type=item_type(field))
        yield say(
            "its items %(type)s, parted by %(delimiter)s",
            type=say(class_of(items).description(items)),
            delimiter=code(field.delimiter or ","),
        )
    if limits.unique:
        yield say("unique")
    for value, words in (
        (limits.minimum, message("at least %(value)s")),
        (limits.exclusive_minimum, message("more than %(value)s")),
        (limits.maximum, message("at most %(value)s")),
        (limits.exclusive_maximum, message("less than %(value)s")),
        (limits.min_length, message("length at least %(value)s")),
        (limits.max_length, message("length at most %(value)s")),
    ):
        if value is not None:
            yield say(words, value=value)
    if limits.pattern is not None:
        yield say("like %(pattern)s", pattern=code(limits.pattern))
