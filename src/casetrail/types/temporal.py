"""`date`, `time` and `datetime` (Table Schema, "date", "time", "datetime").

- `date`: `yyyy-mm-dd`, nothing else ("The lexical representation MUST be yyyy-mm-dd").
- `time`: `hh:mm:ss`, without fraction and zone.
- `datetime`: the form of XML Schema `dateTime`: `2024-01-26T15:00:00` with an optional fraction and an
  optional zone (`Z` or `±hh:mm`, at most 14:00). **The zone is not required**: "followed by optional
  milliseconds and timezone parts". `24:00:00` is the first moment of the next day, as XML Schema 1.0 has
  it. Years before 0001 and after 9999, and fractions finer than a microsecond, are refused with a reason.
- `<PATTERN>`: see `pattern.py`.
- `any`: forms that have one reading only (see `_ANY_DATES`); `05/06/2025` has two and is refused, and
  nothing that is left out is taken from the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache

from casetrail.types import calendar, hints
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.strptime import Parsed, Pattern

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})")
_DATETIME = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4,})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_EPOCH = dt.datetime(1970, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)
_FOURTEEN_HOURS = 14 * 3600 * 1_000_000

_ANY_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_ANY_TIMES = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p")
_NUMERIC = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")


class DateParser(ValueParser[dt.date]):
    """A day without a time."""

    type_name = "date"
    python_type = dt.date
    noun = "a date"
    ordered = True

    def __init__(self, format_name: str = "default") -> None:
        self.format = format_name
        self._pattern = _pattern(format_name)
        if self._pattern and not self._pattern.has_whole_date:
            raise FieldProblem(f"the pattern '{format_name}' does not tell a whole day: year, month and day")

    def parse(self, text: str) -> dt.date:
        """The day."""
        if self._pattern:
            parsed = self._pattern.parse(text)
            if parsed.time != dt.time():
                raise ValueProblem("it holds a time of day, which a date has not", "use the type datetime")
            return _whole(parsed.date)
        if self.format == "any":
            return _any_date(text)
        match = _DATE.fullmatch(text)
        if match is None:
            raise ValueProblem("a date is written YYYY-MM-DD", hints.date(text))
        return calendar.day(int(match[1]), int(match[2]), int(match[3]))

    def write(self, value: dt.date) -> str:
        """The date in the field's form."""
        return self._pattern.write(value, None, None) if self._pattern else value.isoformat()


class TimeParser(ValueParser[dt.time]):
    """A time of day."""

    type_name = "time"
    python_type = dt.time
    noun = "a time"
    ordered = True

    def __init__(self, format_name: str = "default") -> None:
        self.format = format_name
        self._pattern = _pattern(format_name)
        if self._pattern and (self._pattern.has_date or not self._pattern.has_clock):
            raise FieldProblem(f"the pattern '{format_name}' does not tell a time, or more than a time")
        if self._pattern and self._pattern.directives & {"z", "Z"}:
            raise FieldProblem(
                f"the pattern '{format_name}' holds a time zone, which a time without a day has not"
            )

    def parse(self, text: str) -> dt.time:
        """The time of day."""
        if self._pattern:
            return self._pattern.parse(text).time
        if self.format == "any":
            return _first_of(_any_patterns("time"), text, "a time such as 15:00 or 3:00 PM").time
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValueProblem("a time is written hh:mm:ss", hints.time(text))
        return calendar.time(int(match[1]), int(match[2]), int(match[3]))

    def write(self, value: dt.time) -> str:
        """The time in the field's form."""
        return self._pattern.write(None, value, None) if self._pattern else value.isoformat()


@dataclass(frozen=True, slots=True)
class MomentKey:
    """When a datetime is, in microseconds; with and without a zone it is ordered only 14 hours apart.

    XML Schema, "3.2.7.4 Order relation on dateTime".
    """

    microseconds: int
    zoned: bool

    def _room(self, other: MomentKey) -> int:
        return 0 if self.zoned == other.zoned else _FOURTEEN_HOURS

    def __lt__(self, other: MomentKey) -> bool:
        return self.microseconds + self._room(other) < other.microseconds

    def __gt__(self, other: MomentKey) -> bool:
        return other < self

    def __le__(self, other: MomentKey) -> bool:
        return self == other or self < other

    def __ge__(self, other: MomentKey) -> bool:
        return self == other or other < self


class DatetimeParser(ValueParser[dt.datetime]):
    """A day with a time, with or without a zone."""

    type_name = "datetime"
    python_type = dt.datetime
    noun = "a date with a time"
    ordered = True

    def __init__(self, format_name: str = "default") -> None:
        self.format = format_name
        self._pattern = _pattern(format_name)
        if self._pattern and not self._pattern.has_whole_date:
            raise FieldProblem(f"the pattern '{format_name}' does not tell a whole day: year, month and day")

    def parse(self, text: str) -> dt.datetime:
        """The moment, with `tzinfo` where the text has a zone."""
        if self._pattern:
            parsed = self._pattern.parse(text)
            return dt.datetime.combine(_whole(parsed.date), parsed.time, parsed.zone)
        if self.format == "any":
            return _any_datetime(text)
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
        local = (value.replace(tzinfo=None) - _EPOCH) // _MICROSECOND
        return MomentKey(local - (offset // _MICROSECOND if offset is not None else 0), offset is not None)


def _pattern(format_name: str) -> Pattern | None:
    if format_name in ("default", "any"):
        return None
    if "%" not in format_name:
        raise FieldProblem(
            f"there is no format '{format_name}' for dates and times",
            "use default, any, or a pattern such as %d/%m/%Y",
        )
    return Pattern(format_name)


def _whole(date: dt.date | None) -> dt.date:
    # Patterns without a whole date are refused when the field is.
    assert date is not None
    return date


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


def _any_date(text: str) -> dt.date:
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12:
            return calendar.day(year, second, first)
        if second > 12 or first == second:
            return calendar.day(year, first, second)
        raise ValueProblem("day and month cannot be told apart", "write the date as YYYY-MM-DD")
    return _whole(_first_of(_any_patterns("date"), text, "a date such as 2024-01-26 or 26 January 2024").date)


def _any_datetime(text: str) -> dt.datetime:
    if _DATETIME.fullmatch(text):
        return _datetime(text)
    parsed = _first_of(_any_patterns("datetime"), text, "a date with a time such as 2024-01-26 15:00")
    return dt.datetime.combine(_whole(parsed.date), parsed.time, parsed.zone)


def _first_of(patterns: list[Pattern], text: str, form: str) -> Parsed:
    problem: ValueProblem | None = None
    for pattern in patterns:
        try:
            return pattern.parse(text)
        except ValueProblem as found:
            if "does not have the form" not in found.reason:
                problem = found
    raise problem or ValueProblem(f"it cannot be read, without guessing, as {form}", hints.characters(text))


@cache
def _any_patterns(kind: str) -> list[Pattern]:
    if kind == "date":
        return [Pattern(form) for form in _ANY_DATES]
    if kind == "time":
        return [Pattern(form) for form in _ANY_TIMES]
    joined = [
        f"{date}{between}{time}{zone}"
        for date in _ANY_DATES
        for between in (" ", "T")
        for time in _ANY_TIMES
        for zone in ("", "%z", " %z")
    ]
    return [Pattern(form) for form in (*joined, "%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %Z")]
