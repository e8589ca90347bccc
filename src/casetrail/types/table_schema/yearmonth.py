"""`yearmonth` (Table Schema, "yearmonth"): the `gYearMonth` of XML Schema, with years as of `year`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa

from casetrail.types import hints
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import MONTH, KernelResult, matches
from casetrail.types.problem import ValueProblem
from casetrail.types.table_schema.year import SIGNED_YEAR, ZONE, read_year, write_year

_MONTH = re.compile(rf"{SIGNED_YEAR}-(?P<month>[0-9]{{2}}){ZONE}")


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """One month; years before 0001 are negative. `zone` is as written, or empty."""

    year: int
    month: int
    zone: str = ""

    def __str__(self) -> str:
        return f"{write_year(self.year)}-{self.month:02d}{self.zone}"


class YearmonthType(FieldType[YearMonth]):
    """A month of a year."""

    name = "yearmonth"
    noun = "a month of a year"
    proved_is_key = True
    constraints = BOUNDS
    aliases = ("gyearmonth",)
    xsd = "gYearMonth"

    def parse(self, text: str) -> YearMonth:
        """The month."""
        match = _MONTH.fullmatch(text)
        if match is None:
            raise ValueProblem("a month is written YYYY-MM", _hint(text))
        month = int(match["month"])
        if not 1 <= month <= 12:
            raise ValueProblem(f"there is no month {match['month']}")
        return YearMonth(read_year(match["year"]), month, match["zone"] or "")

    def write(self, value: YearMonth) -> str:
        """The month as `YYYY-MM`, and the zone where there is one."""
        return str(value)

    def key(self, value: YearMonth) -> tuple[int, int]:
        """Year and month."""
        return value.year, value.month

    def key_text(self, value: YearMonth) -> str:
        """Year and month alone."""
        return str(YearMonth(value.year, value.month))

    @property
    def form(self) -> str:
        """The digits and marks of every value."""
        return _MONTH.pattern

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Months of years of four digits."""
        return KernelResult.where(matches(texts, MONTH))


def _hint(text: str) -> str | None:
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})", text):
        return f"write {match[1]}-{match[2]:0>2}"
    if match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{4})", text):
        return f"write {match[2]}-{match[1]:0>2}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f"write {text[:7]}, or use the type date"
    return hints.date(text) if re.search("[A-Za-z]|[0-9]{5}", text) else hints.characters(text)
