"""`date` (Table Schema, "date").

- `default`: `yyyy-mm-dd`, nothing else ("The lexical representation MUST be yyyy-mm-dd").
- `any`: forms that have one reading only; `05/06/2025` has two and is refused, and nothing that is left out
  is taken from the clock.
- `<PATTERN>`: see `strptime`.
"""

from __future__ import annotations

import datetime as dt
import re

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import calendar, hints
from casetrail.types.arrow_column import ArrowColumn, TextColumn
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import (
    DAY_OF_EVERY_YEAR,
    YEAR,
    KernelResult,
    cast_all,
    cast_where,
    matches,
    prove_distinct,
)
from casetrail.types.problem import ValueProblem
from casetrail.types.strptime import first_reading, pattern_for

ANY_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_NUMERIC = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_FIRST_DAY = -719162
"""The first of January of the year 1, in days from 1970: the calendar has no day before."""
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class DateType(FieldType[dt.date]):
    """A day without a time."""

    name = "date"
    noun = "a date"
    native_kinds = frozenset({"date"})
    proved_is_key = True
    constraints = BOUNDS
    xsd = "date"
    schema_org = "Date"

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        self._pattern = pattern_for(field.format)
        if self._pattern:
            self._pattern.check_has_date()

    def parse(self, text: str) -> dt.date:
        """The day."""
        if self._pattern:
            return self._pattern.parse(text).day
        if self.field.format == "any":
            return _any_date(text)
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValueProblem("a date is written YYYY-MM-DD", hints.date(text))
        return calendar.day(int(match[1]), int(match[2]), int(match[3]))

    def write(self, value: dt.date) -> str:
        """The date in the field's form."""
        return self._pattern.write(value, None, None) if self._pattern else value.isoformat()

    @property
    def form(self) -> str | None:
        """The digits and marks of every value in the default form."""
        return _DATE.pattern if self.is_plain(self.field) else None

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Days in the default form."""
        return prove_dates(texts)

    def column(self) -> ArrowColumn:
        """date32; text where the pattern reads less than a day, or more."""
        if self._pattern and (self._pattern.has_clock or not self._pattern.has_whole_date):
            return TextColumn(self)
        return ArrowColumn(self, pa.date32())

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """In ISO 8601."""
        return field.format == "default"


def prove_dates(texts: pa.StringArray) -> KernelResult:
    """Days written `yyyy-mm-dd`."""
    days = cast_all(texts, pa.date32())
    if days is None:
        # The cast knows the calendar, but not where the texts are that it cannot read.
        return prove_distinct(texts, _days_of_every_year)
    earliest = pc.min(days.view(pa.int32())).as_py()
    if earliest is not None and earliest < _FIRST_DAY:
        return KernelResult.where(pc.match_substring_regex(texts, rf"\A{YEAR}"))
    return KernelResult(None, days)


def _days_of_every_year(texts: pa.StringArray) -> KernelResult:
    plain = matches(texts, DAY_OF_EVERY_YEAR)
    return KernelResult.where(plain, cast_where(texts, plain, pa.date32()))


def _any_date(text: str) -> dt.date:
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12:
            return calendar.day(year, second, first)
        if second > 12 or first == second:
            return calendar.day(year, first, second)
        raise ValueProblem("day and month cannot be told apart", "write the date as YYYY-MM-DD")
    return first_reading(ANY_DATES, text, "a date such as 2024-01-26 or 26 January 2024").day
