"""The exact parser of a field as the checks use it: EDTF columns, strings to Table Schema, are dates here."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import parser_for
from casetrail.types.edtf import EdtfDate, parse_edtf
from casetrail.types.parser import ValueParser


class _EdtfParser(ValueParser[EdtfDate]):
    """Dates of the Extended Date/Time Format, in a string field whose `rdfType` says so."""

    type_name = "string"
    python_type = EdtfDate
    noun = "an EDTF date"

    def parse(self, text: str) -> EdtfDate:
        """The date; two spellings of it stay two texts."""
        return parse_edtf(text)

    def write(self, value: EdtfDate) -> str:
        """The text as it was written."""
        return value.text

    def key(self, value: EdtfDate) -> Hashable:
        """The text: the logical value of the field is a string."""
        return value.text


def exact_parser(field: FieldDescriptor) -> ValueParser[Any]:
    """The parser for a field; raises `FieldProblem` where the field cannot have values."""
    return _EdtfParser() if field.is_edtf else parser_for(field)
