"""Which parser reads which type: the list of types of Table Schema ("Field Types")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casetrail.package.schema import FieldDescriptor
from casetrail.package.values.boolean import BooleanParser
from casetrail.package.values.duration import DurationParser
from casetrail.package.values.geo import GeojsonParser, GeopointParser
from casetrail.package.values.integer import IntegerParser
from casetrail.package.values.json_values import ArrayParser, ObjectParser
from casetrail.package.values.listed import ListParser
from casetrail.package.values.number import NumberParser
from casetrail.package.values.parser import ValueParser
from casetrail.package.values.partial import YearMonthParser, YearParser
from casetrail.package.values.problem import FieldProblem
from casetrail.package.values.temporal import DateParser, DatetimeParser, TimeParser
from casetrail.package.values.text import AnyParser, StringParser

Maker = Callable[[FieldDescriptor], ValueParser[Any]]


def make_parser(field: FieldDescriptor) -> ValueParser[Any]:
    """The parser for a field; see `casetrail.package.values.parser_for`."""
    maker = _MAKERS.get(field.type)
    if maker is None:
        raise FieldProblem(f"there is no type '{field.type}'", f"use one of {', '.join(_MAKERS)}")
    return maker(field)


def _list(field: FieldDescriptor) -> ValueParser[Any]:
    # The standard itself once writes "datetme" for the item type.
    item_type = {None: "string", "datetme": "datetime"}.get(field.item_type, field.item_type)
    return ListParser(make_parser(FieldDescriptor(name=field.name, type=item_type)), field.delimiter)


def _without_format(maker: Callable[[], ValueParser[Any]]) -> Maker:
    def make(field: FieldDescriptor) -> ValueParser[Any]:
        # "There are no format options": one that is given has no meaning to break.
        return maker()

    return make


_MAKERS: dict[str, Maker] = {
    "string": lambda field: StringParser(field.format),
    "number": lambda field: NumberParser(field.decimal_char, field.group_char, field.bare_number),
    "integer": lambda field: IntegerParser(field.group_char, field.bare_number),
    "boolean": lambda field: BooleanParser(field.true_values, field.false_values),
    "object": lambda field: ObjectParser(field.format),
    "array": lambda field: ArrayParser(field.format),
    "list": _list,
    "datetime": lambda field: DatetimeParser(field.format),
    "date": lambda field: DateParser(field.format),
    "time": lambda field: TimeParser(field.format),
    "year": _without_format(YearParser),
    "yearmonth": _without_format(YearMonthParser),
    "duration": _without_format(DurationParser),
    "geopoint": lambda field: GeopointParser(field.format),
    "geojson": lambda field: GeojsonParser(field.format),
    "any": _without_format(AnyParser),
}
