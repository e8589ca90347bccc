"""`datetime` (Table Schema, "datetime").

- `default`: the form of XML Schema `dateTime`: `2024-01-26T15:00:00` with an optional fraction and an
  optional zone (`Z` or `±hh:mm`, at most 14:00). **The zone is not required**: "followed by optional
  milliseconds and timezone parts". `24:00:00` is the first moment of the next day, as XML Schema 1.0 has
  it. Years before 0001 and after 9999, and fractions finer than a microsecond, are refused with a reason.
- `any`, `<PATTERN>`: as of a `date`, with the forms of a time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import calendar, hints
from casetrail.types.arrow_arrays import all_true
from casetrail.types.arrow_column import ArrowColumn, NeedsWiderType, Reader, TextColumn
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import (
    CLOCK,
    DAY_OF_EVERY_YEAR,
    YEAR,
    KernelResult,
    cast_where,
    matches,
)
from casetrail.types.problem import ValueProblem
from casetrail.types.strptime import first_reading, pattern_for
from casetrail.types.table_schema.date import ANY_DATES
from casetrail.types.table_schema.time import ANY_TIMES

_DATETIME = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4,})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_LOCAL = rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}T{CLOCK}(?:\.[0-9]{{1,6}})?"
_ZONED = rf"{_LOCAL}(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_EPOCH = dt.datetime(1970, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)
_FIRST, _LAST = ((end - _EPOCH) // _MICROSECOND for end in (dt.datetime.min, dt.datetime.max))
_HAS_ZONE = re.compile("[^T]*T.*[Z+-]")
_FOURTEEN_HOURS = 14 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class MomentKey:
    """When a datetime is, in microseconds; with and without a zone it is ordered only 14 hours apart.

    XML Schema, "3.2.7.4 Order relation on dateTime".
    """

    microseconds: int
    zoned: bool

    def _leeway(self, other: MomentKey) -> int:
        return 0 if self.zoned == other.zoned else _FOURTEEN_HOURS

    def __lt__(self, other: MomentKey) -> bool:
        return self.microseconds + self._leeway(other) < other.microseconds

    def __gt__(self, other: MomentKey) -> bool:
        return other < self

    def __le__(self, other: MomentKey) -> bool:
        return self == other or self < other

    def __ge__(self, other: MomentKey) -> bool:
        return self == other or other < self


class DatetimeType(FieldType[dt.datetime]):
    """A day with a time, with or without a zone."""

    name = "datetime"
    noun = "a date with a time"
    native_kinds = frozenset({"datetime"})
    constraints = BOUNDS
    aliases = ("timestamp",)
    xsd = "datetime"
    schema_org = "DateTime"

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        self._pattern = pattern_for(field.format)
        if self._pattern:
            self._pattern.check_has_date()

    def parse(self, text: str) -> dt.datetime:
        """The moment, with `tzinfo` where the text has a zone."""
        if self._pattern:
            return self._pattern.parse(text).moment
        if self.field.format == "any" and not _DATETIME.fullmatch(text):
            return first_reading(_any_forms(), text, "a date with a time such as 2024-01-26 15:00").moment
        return _datetime(text)

    def write(self, value: dt.datetime) -> str:
        """The moment in the field's form."""
        if self._pattern:
            return self._pattern.write(value.date(), value.time(), value.tzinfo)
        text = value.isoformat()
        return text[:-6] + "Z" if text.endswith("+00:00") else text

    def key(self, value: dt.datetime) -> Hashable:
        """The moment in UTC; without a zone the local one, which has no order with near zoned ones."""
        offset = value.utcoffset()
        return MomentKey(_microseconds(value), offset is not None)

    def key_text(self, value: dt.datetime) -> str:
        """The moment in UTC, or the local one."""
        if value.tzinfo is None:
            return self.write(value)
        try:
            return value.astimezone(dt.UTC).isoformat()
        except OverflowError:
            # A year of the zone that is none in UTC.
            return str(_microseconds(value))

    @property
    def form(self) -> str | None:
        """The digits and marks of every value in the default form."""
        return _DATETIME.pattern if self.is_plain(self.field) else None

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Moments in the default form, all with a zone or all without one; else whole local seconds."""
        zoned = _HAS_ZONE.match(pc.first(texts).as_py() or "") is not None
        if all_true(matches(texts, _ZONED if zoned else _LOCAL)):
            try:
                moments = texts.cast(pa.timestamp("us", "UTC" if zoned else None))
            except pa.ArrowInvalid:
                pass
            else:
                if not zoned or _has_years_of_python(moments):
                    return KernelResult(None, moments)
        plain = matches(texts, f"{DAY_OF_EVERY_YEAR}T{CLOCK}")
        return KernelResult.where(plain, cast_where(texts, plain, pa.timestamp("us")))

    def column(self) -> ArrowColumn:
        """timestamp, microseconds, or text."""
        if self._pattern and not self._pattern.has_whole_date:
            return TextColumn(self)
        return DatetimeColumn(self)

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """In ISO 8601."""
        return field.format == "default"


class DatetimeColumn(ArrowColumn):
    """Moments: in UTC when all have a zone, local times when none has one, else text."""

    def __init__(self, reader: Reader, *, zoned: bool = True) -> None:
        super().__init__(reader, pa.timestamp("us", "UTC" if zoned else None))
        self._zoned = zoned

    def from_kernel(self, texts: pa.StringArray) -> pa.Array | None:
        """The values of the kernel, where they are of the same kind."""
        values = self.reader.prove(texts).all_values
        return values if values is not None and values.type == self.type else None

    def build(self, values: list[dt.datetime]) -> pa.Array:
        """Moments, or local times."""
        zoned = sum(value.utcoffset() is not None for value in values)
        if self._zoned and values and not zoned:
            raise NeedsWiderType(DatetimeColumn(self.reader, zoned=False))
        if zoned != (len(values) if self._zoned else 0):
            raise NeedsWiderType(TextColumn(self.reader))
        return pa.array([_microseconds(value) for value in values], pa.int64()).cast(self.type)


def _microseconds(value: dt.datetime) -> int:
    offset = value.utcoffset()
    local = value.replace(tzinfo=None) - _EPOCH
    return (local - offset if offset is not None else local) // _MICROSECOND


def _has_years_of_python(moments: pa.TimestampArray) -> bool:
    """Whether all moments are in the years 0001 to 9999, in UTC too."""
    ends = pc.min_max(moments.cast(pa.int64())).as_py()
    return ends["min"] is None or (ends["min"] >= _FIRST and ends["max"] <= _LAST)


def _datetime(text: str) -> dt.datetime:
    match = _DATETIME.fullmatch(text)
    if match is None:
        raise ValueProblem(
            "a date with a time is written 2024-01-26T15:00:00, with an optional zone", hints.datetime(text)
        )
    if match["sign"] or len(match["year"]) > 4:
        raise ValueProblem(f"the year {match['sign']}{match['year'][:12]} is not between 0001 and 9999")
    fraction = (match["fraction"] or "").rstrip("0")
    if len(fraction) > 6:
        raise ValueProblem(
            "fractions finer than a microsecond are not read", "round to six digits after the second"
        )
    date = calendar.day(int(match["year"]), int(match["month"]), int(match["day"]))
    zone = _zone(match["zone"])
    clock = (int(match["hour"]), int(match["minute"]), int(match["second"]))
    if clock == (24, 0, 0) and not fraction:
        if date == dt.date.max:
            raise ValueProblem("the day after 9999-12-31 is not read")
        return dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zone)
    return dt.datetime.combine(date, calendar.time(*clock, int(fraction.ljust(6, "0"))), zone)


def _zone(text: str | None) -> dt.timezone | None:
    if text is None:
        return None
    if text == "Z":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueProblem(
            f"there is no time zone {text}", "zones are written ±hh:mm and lie at most 14:00 from UTC"
        )
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)


@cache
def _any_forms() -> tuple[str, ...]:
    joined = [
        f"{date}{between}{time}{zone}"
        for date in ANY_DATES
        for between in (" ", "T")
        for time in ANY_TIMES
        for zone in ("", "%z", " %z")
    ]
    return (*joined, "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %Z")
