"""Which parser reads which type: the list of types of Table Schema ("Field Types")."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem

Maker = Callable[[FieldDescriptor], ValueParser[Any]]


def make_parser(field: FieldDescriptor) -> ValueParser[Any]:
    """The parser for a field; see `casetrail.types.parser_for`.

    The module of a type is imported when a field has it: most packages use few.
    """
    maker = _MAKERS.get(field.type)
    if maker is None:
        raise FieldProblem(f"there is no type '{field.type}'", f"use one of {', '.join(_MAKERS)}")
    return maker(field)


def _list(field: FieldDescriptor) -> ValueParser[Any]:
    # The standard itself once writes "datetme" for the item type.
    item_type = {None: "string", "datetme": "datetime"}.get(field.item_type, field.item_type)
    item = make_parser(FieldDescriptor(name=field.name, type=item_type))
    return _class("list", "ListParser")(item, field.delimiter)


def _with(module: str, name: str, *properties: str) -> Maker:
    """A maker of a parser that takes these properties of the field.

    Where the standard has "no format options", a format that is given has no meaning to break.
    """

    def make(field: FieldDescriptor) -> ValueParser[Any]:
        return _class(module, name)(*(getattr(field, one) for one in properties))

    return make


def _class(module: str, name: str) -> Callable[..., ValueParser[Any]]:
    found: Callable[..., ValueParser[Any]] = getattr(import_module(f"casetrail.types.{module}"), name)
    return found


_MAKERS: dict[str, Maker] = {
    "string": _with("string", "StringParser", "format"),
    "number": _with("number", "NumberParser", "decimal_char", "group_char", "bare_number"),
    "integer": _with("integer", "IntegerParser", "group_char", "bare_number"),
    "boolean": _with("boolean", "BooleanParser", "true_values", "false_values"),
    "object": _with("json_values", "ObjectParser", "format"),
    "array": _with("json_values", "ArrayParser", "format"),
    "list": _list,
    "datetime": _with("temporal", "DatetimeParser", "format"),
    "date": _with("temporal", "DateParser", "format"),
    "time": _with("temporal", "TimeParser", "format"),
    "year": _with("year", "YearParser"),
    "yearmonth": _with("year", "YearMonthParser"),
    "duration": _with("duration", "DurationParser"),
    "geopoint": _with("geo", "GeopointParser", "format"),
    "geojson": _with("geo", "GeojsonParser", "format"),
    "any": _with("string", "AnyParser"),
}
