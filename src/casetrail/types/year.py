"""`year` and `yearmonth` (Table Schema, "year", "yearmonth"): XML Schema `gYear` and `gYearMonth`.

Four digits or more, with a minus for years before 0001 and no year 0000. XML Schema lets a time zone follow
(`2024Z`, `2024-01+05:00`); it is read and kept, and does not take part in the order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from casetrail.types import hints
from casetrail.types.parser import ValueParser
from casetrail.types.problem import ValueProblem

_ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = re.compile(rf"(?P<year>-?(?:[0-9]{{4}}|[1-9][0-9]{{4,8}})){_ZONE}")
_YEARMONTH = re.compile(rf"(?P<year>-?(?:[0-9]{{4}}|[1-9][0-9]{{4,8}}))-(?P<month>[0-9]{{2}}){_ZONE}")


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """One month; years before 0001 are negative. `zone` is as written, or empty."""

    year: int
    month: int
    zone: str = ""

    def __str__(self) -> str:
        return f"{_year_text(self.year)}-{self.month:02d}{self.zone}"


class Year(int):
    """A calendar year: a whole number that remembers its zone, where the text has one."""

    zone: str = ""


class YearParser(ValueParser[int]):
    """A calendar year."""

    type_name = "year"
    python_type = int
    noun = "a year"
    ordered = True

    def parse(self, text: str) -> int:
        """The year as a whole number; with a time zone a `Year` that keeps it."""
        match = _YEAR.fullmatch(text)
        if match is None:
            raise ValueProblem("a year is written with four digits", _year_hint(text))
        year = _year(match["year"])
        if not match["zone"]:
            return year
        zoned = Year(year)
        zoned.zone = match["zone"]
        return zoned

    def write(self, value: int) -> str:
        """At least four digits, and the zone where there is one."""
        return _year_text(value) + (value.zone if isinstance(value, Year) else "")

    def key(self, value: int) -> int:
        """The year as a plain number."""
        return int(value)

    def from_json(self, raw: Any) -> int:
        """A JSON whole number, or a text."""
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        return super().from_json(raw)


class YearMonthParser(ValueParser[YearMonth]):
    """A month of a year."""

    type_name = "yearmonth"
    python_type = YearMonth
    noun = "a month of a year"
    ordered = True

    def parse(self, text: str) -> YearMonth:
        """The month."""
        match = _YEARMONTH.fullmatch(text)
        if match is None:
            raise ValueProblem("a month is written YYYY-MM", _yearmonth_hint(text))
        month = int(match["month"])
        if not 1 <= month <= 12:
            raise ValueProblem(f"there is no month {match['month']}")
        return YearMonth(_year(match["year"]), month, match["zone"] or "")

    def write(self, value: YearMonth) -> str:
        """The month as `YYYY-MM`, and the zone where there is one."""
        return str(value)

    def key(self, value: YearMonth) -> tuple[int, int]:
        """Year and month."""
        return value.year, value.month


def _year(text: str) -> int:
    year = int(text)
    if year == 0:
        raise ValueProblem("there is no year 0000 in XML Schema")
    return year


def _year_text(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _year_hint(text: str) -> str | None:
    if re.fullmatch(r"[0-9]{2}", text):
        return f"write the century too: 19{text} or 20{text}"
    if re.fullmatch(r"[0-9]{4}\.0+", text):
        return f"write {text[:4]}; a spreadsheet or data frame probably took it for a decimal number"
    if re.match(r"[0-9]{4}-[0-9]{2}", text):
        return f"write {text[:4]}, or use the type date or yearmonth"
    return hints.characters(text)


def _yearmonth_hint(text: str) -> str | None:
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})", text):
        return f"write {match[1]}-{match[2]:0>2}"
    if match := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{4})", text):
        return f"write {match[2]}-{match[1]:0>2}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f"write {text[:7]}, or use the type date"
    return hints.date(text) if re.search("[A-Za-z]|[0-9]{5}", text) else hints.characters(text)
