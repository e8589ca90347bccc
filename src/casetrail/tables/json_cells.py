"""Cells of JSON tables: a native JSON value as the text that a field of its type would have.

JSON has numbers, booleans, arrays and objects of its own; a field takes those of its type, and a string where
a file of text would have that string. Anything else is not a value of the field (standard: `glossary.mdx`,
"Data Representation").
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from casetrail.standard.json_reader import JsonFloat
from casetrail.standard.schema import FieldDescriptor

_NUMBERS = frozenset({"number", "integer", "year", "any"})
_ARRAYS = frozenset({"array", "geopoint", "any"})
_OBJECTS = frozenset({"object", "geojson", "geopoint", "any"})
_MOST_DIGITS = 1000


class WrongKind(ValueError):
    """The JSON value is of a kind that the field does not have."""


def cell_text(value: Any, field: FieldDescriptor, missing: tuple[str, ...]) -> str | None:
    """The text of a cell; `None` where it is `null` and no text stands for a missing value."""
    if value is None:
        return missing[0] if missing else None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _boolean(value, field)
    if isinstance(value, int | JsonFloat):
        return _number(value, field)
    if isinstance(value, list):
        return _array(value, field)
    if field.type not in _OBJECTS:
        raise WrongKind("an object")
    return json.dumps(value, ensure_ascii=False)


def _boolean(value: bool, field: FieldDescriptor) -> str:
    if field.type not in ("boolean", "any"):
        raise WrongKind("true or false")
    own = field.true_values if value else field.false_values
    return own[0] if own else str(value).lower()


def _number(value: int | JsonFloat, field: FieldDescriptor) -> str:
    if field.type not in _NUMBERS:
        raise WrongKind("a number")
    text = value.text if isinstance(value, JsonFloat) else str(value)
    if field.type == "integer" and isinstance(value, JsonFloat):
        # JSON has one kind of number: 2.0 and 2e3 are whole.
        exact = Decimal(text)
        if abs(exact.adjusted()) < _MOST_DIGITS and exact == exact.to_integral_value():
            return str(int(exact))
    return text.replace(".", field.decimal_char) if field.decimal_char else text


def _array(value: list[Any], field: FieldDescriptor) -> str:
    if field.type == "list":
        delimiter = field.delimiter or ","
        texts = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in value]
        if any(isinstance(item, dict | list) for item in value) or any(delimiter in text for text in texts):
            raise WrongKind("an array with an item that a list cannot have")
        return delimiter.join(texts)
    if field.type not in _ARRAYS:
        raise WrongKind("an array")
    return json.dumps(value, ensure_ascii=False)
