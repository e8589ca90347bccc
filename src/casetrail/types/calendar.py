"""Days, months and times of the calendar, checked with a reason: the ground of every date type.

The calendar is the proleptic Gregorian one of ISO 8601, years 0001 to 9999 (what `datetime.date`, Arrow and
SQL agree on).
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange

from casetrail.types.problem import ValueProblem

MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def check_year(year: int) -> int:
    """The year itself, or a problem when it is not between 1 and 9999."""
    if not 1 <= year <= 9999:
        raise ValueProblem(f"the year {year:04d} is not between 0001 and 9999")
    return year


def check_month(year: int, month: int) -> None:
    """Raise a problem when there is no such month."""
    check_year(year)
    if not 1 <= month <= 12:
        raise ValueProblem(f"there is no month {month:02d}", "write the month as a number from 01 to 12")


def day(year: int, month: int, day_of_month: int) -> dt.date:
    """The day, or a problem that says which part the calendar does not have."""
    check_month(year, month)
    last = monthrange(year, month)[1]
    if not 1 <= day_of_month <= last:
        name = MONTHS[month - 1]
        when = f"{name} {year:04d}" if month == 2 else name
        raise ValueProblem(f"there is no day {day_of_month:02d} in {when}", f"{when} has {last} days")
    return dt.date(year, month, day_of_month)


def last_day(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, monthrange(year, month)[1])


def time(hour: int, minute: int, second: int, microsecond: int = 0) -> dt.time:
    """The time of day, or a problem that says which part does not exist (24:00:00 and leap seconds)."""
    if hour > 23:
        hint = "midnight is 00:00:00 of the next day" if (hour, minute, second) == (24, 0, 0) else None
        raise ValueProblem(f"there is no hour {hour:02d}", hint)
    if minute > 59:
        raise ValueProblem(f"there is no minute {minute:02d}")
    if second > 59:
        raise ValueProblem(f"there is no second {second:02d}")
    return dt.time(hour, minute, second, microsecond)
