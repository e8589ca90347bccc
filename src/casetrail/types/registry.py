"""The types there are, and the type of a field.

A type is the class `IntegerType` in the module `integer` of `table_schema`, and likewise for every other: a
module more in that folder is a type more. It is imported when a field has the type: most packages use few.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import table_schema
from casetrail.types.field_type import FieldType
from casetrail.types.problem import FieldProblem

ANY = FieldDescriptor(name="any", type="any")
"""A field that can hold anything."""


@cache
def type_names() -> tuple[str, ...]:
    """The names of all types, in the order of the alphabet."""
    modules = (module for folder in table_schema.__path__ for module in Path(folder).glob("[a-z]*.py"))
    return tuple(sorted(module.stem for module in modules))


@cache
def type_class(name: str) -> type[FieldType[Any]]:
    """The type of this name; raises `FieldProblem` where there is none."""
    if name not in type_names():
        raise FieldProblem(f"there is no type '{name}'", f"use one of {', '.join(type_names())}")
    module = import_module(f"casetrail.types.table_schema.{name}")
    known: type[FieldType[Any]] = getattr(module, f"{name.capitalize()}Type")
    return known


def class_of(field: FieldDescriptor) -> type[FieldType[Any]]:
    """The type of a field, not yet made for it; a string whose `rdfType` says so is an EDTF date.

    Raises:
        FieldProblem: There is no such type.
    """
    if field.is_edtf:
        from casetrail.types.edtf_type import EdtfType

        return EdtfType
    return type_class(field.type)


def field_type(field: FieldDescriptor) -> FieldType[Any]:
    """The type of a field, made for its format and properties.

    Raises:
        FieldProblem: The descriptor asks for what does not exist or cannot be: an unknown type or format, a
            date pattern without a year, the same character for groups and decimals.
    """
    return class_of(field)(field)


def readable_type(field: FieldDescriptor) -> FieldType[Any]:
    """The type of a field; where no value of it can be read, which is another finding, that of any value."""
    try:
        return field_type(field)
    except FieldProblem:
        return field_type(ANY)


def type_named(name: str) -> FieldType[Any]:
    """A type in its default form."""
    return field_type(FieldDescriptor(name=name, type=name))
