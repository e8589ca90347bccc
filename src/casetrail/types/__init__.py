"""Values: the exact reading of one cell, a module per Table Schema type ("Field Types")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casetrail.standard.schema import FieldDescriptor
    from casetrail.types.parser import ValueParser


def parser_for(field: FieldDescriptor) -> ValueParser[Any]:
    """The exact parser for the type, format and properties of a field.

    Raises `FieldProblem` where the descriptor asks for what does not exist or cannot be: an unknown type or
    format, a date pattern without a year, the same character for groups and decimals.
    """
    from casetrail.types.registry import make_parser

    return make_parser(field)


def parser_of_type(name: str) -> ValueParser[Any]:
    """The parser of a type in its default form."""
    from casetrail.standard.schema import FieldDescriptor

    return parser_for(FieldDescriptor(name=name, type=name))
