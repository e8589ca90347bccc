"""`year` (Table Schema, "year"): the `gYear` of XML Schema.

Four digits or more, with a minus for years before 0001 and no year 0000. XML Schema lets a time zone follow
(`2024Z`, `2024+05:00`); it is read and kept, and does not take part in the order.
"""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from casetrail.types import hints
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType, TextColumn
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import YEAR, KernelResult, cast_where, matches
from casetrail.types.problem import ValueProblem

ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
SIGNED_YEAR = r"(?P<year>-?(?:[0-9]{4}|[1-9][0-9]{4,8}))"
_YEAR = re.compile(SIGNED_YEAR + ZONE)
_INT32 = range(-(2**31), 2**31)


class Year(int):
    """A calendar year: a whole number that remembers its zone, where the text has one."""

    zone: str = ""


class YearType(FieldType[int]):
    """A calendar year."""

    name = "year"
    noun = "a year"
    proved_is_key = True
    constraints = BOUNDS
    aliases = ("gyear",)
    xsd = "gYear"
    schema_org = "Integer"
    json_kinds = frozenset({"a number"})
    native_kinds = frozenset({"integer"})

    def parse(self, text: str) -> int:
        """The year as a whole number; with a time zone a `Year` that keeps it."""
        match = _YEAR.fullmatch(text)
        if match is None:
            raise ValueProblem("a year is written with four digits", _year_hint(text))
        year = read_year(match["year"])
        if not match["zone"]:
            return year
        zoned = Year(year)
        zoned.zone = match["zone"]
        return zoned

    def write(self, value: int) -> str:
        """At least four digits, and the zone where there is one."""
        return write_year(value) + (value.zone if isinstance(value, Year) else "")

    def key(self, value: int) -> int:
        """The year as a plain number."""
        return int(value)

    def key_text(self, value: int) -> str:
        """The year alone."""
        return write_year(value)

    @property
    def form(self) -> str:
        """The digits and marks of every value."""
        return _YEAR.pattern

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Years of four digits."""
        plain = matches(texts, YEAR)
        return KernelResult.where(plain, cast_where(texts, plain, pa.int64()))

    def column(self) -> ArrowColumn:
        """int32, or text."""
        return YearColumn(self, pa.int32())

    def from_json(self, raw: Any) -> int:
        """A JSON whole number, or a text."""
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        return super().from_json(raw)


class YearColumn(ArrowColumn):
    """Calendar years as numbers; as text where one has a time zone."""

    def build(self, values: list[int]) -> pa.Array:
        """Numbers of 32 bits."""
        if any(isinstance(value, Year) or value not in _INT32 for value in values):
            raise NeedsWiderType(TextColumn(self.reader))
        return pa.array(values, self.type)


def read_year(text: str) -> int:
    """The year of digits with a sign before them."""
    year = int(text)
    if year == 0:
        raise ValueProblem("there is no year 0000 in XML Schema")
    return year


def write_year(year: int) -> str:
    """Four digits or more, with the sign."""
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _year_hint(text: str) -> str | None:
    if re.fullmatch(r"[0-9]{2}", text):
        return f"write the century too: 19{text} or 20{text}"
    if re.fullmatch(r"[0-9]{4}\.0+", text):
        return f"write {text[:4]}; a spreadsheet or data frame probably took it for a decimal number"
    if re.match(r"[0-9]{4}-[0-9]{2}", text):
        return f"write {text[:4]}, or use the type date or yearmonth"
    return hints.characters(text)
