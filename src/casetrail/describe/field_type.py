"""The type of a column in words: what may stand in a cell, with its constraints."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.describe.markdown import code
from casetrail.standard.schema import FieldDescriptor

_TYPES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "JSON object",
    "array": "JSON array",
    "list": "list",
    "datetime": "date and time",
    "date": "date",
    "time": "time of day",
    "year": "year",
    "yearmonth": "month of a year",
    "duration": "duration",
    "geopoint": "geographic point",
    "geojson": "GeoJSON",
    "any": "anything",
}
_FORMATS = {
    ("string", "email"): "e-mail address",
    ("string", "uri"): "address (URI)",
    ("string", "binary"): "bytes in Base64",
    ("string", "uuid"): "UUID",
}


def type_words(field: FieldDescriptor) -> str:
    """The type with its constraints, as `whole number, at least 0`."""
    return ", ".join(_parts(field))


def _parts(field: FieldDescriptor) -> Iterator[str]:
    limits = field.constraints
    if field.categories or limits.enum:
        yield "term, in an order" if field.categories_ordered else "term"
        return
    named = _FORMATS.get((field.type, field.format))
    yield "EDTF date" if field.is_edtf else named or _TYPES.get(field.type, field.type)
    if field.format != "default" and named is None:
        yield f"written {code(field.format)}"
    if field.type == "list":
        items = _TYPES.get(field.item_type or "string", "text")
        yield f"its items {items}, parted by {code(field.delimiter or ',')}"
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
