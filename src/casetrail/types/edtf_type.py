"""EDTF dates as a type: a string field whose `rdfType` is that of the Extended Date/Time Format."""

from __future__ import annotations

from collections.abc import Hashable

import pyarrow as pa

from casetrail.types.edtf import EdtfDate, parse_edtf
from casetrail.types.field_type import CATEGORIES, LENGTHS, FieldType
from casetrail.types.kernel import KernelResult
from casetrail.types.table_schema.date import prove_dates


class EdtfType(FieldType[EdtfDate]):
    """Dates as far as they are known. The logical value stays a string: two spellings are two values."""

    name = "edtf"
    noun = "an EDTF date"
    text_is_key = True
    constraints = LENGTHS | {"pattern"}
    properties = CATEGORIES
    length_unit = ("character", "characters")

    def parse(self, text: str) -> EdtfDate:
        """The date."""
        return parse_edtf(text)

    def write(self, value: EdtfDate) -> str:
        """The text as it was written."""
        return value.text

    def key(self, value: EdtfDate) -> Hashable:
        """The text."""
        return value.text

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Full dates, which most are."""
        return prove_dates(texts)
