"""EDTF dates: what is known of a day, no more and no less (Extended Date/Time Format, ISO 8601-2:2019).

Read are dates of level 0 (`2025`, `2025-11`, `2025-11-13`), the qualifiers of level 1 at their end (`?`
uncertain, `~` approximate, `%` both), intervals (`2025-11-13/2025-11-14`, open `2025-11-22/..`) for what
*lasted* from one day to another, and the sets of level 2 for *one* day among several: between bounds
(`[2025-11-13..2025-11-14]`, `[..2026-01-23]`, `[2025-11-22..]`) or of a list (`[2025-11-13,2025-11-15]`).
A partial date stays partial: its bounds are the first and last day it can mean, and no day is ever chosen.
Other forms of EDTF (seasons, `201X`, times of day, negative and long years) are refused with a reason that
names them. No clock is consulted.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from casetrail.types import calendar, hints
from casetrail.types.problem import ValueProblem

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)")
_INTERVAL = re.compile(r"/|\.\.|[0-9]{4}(?:-[0-9]{2}){0,2}[?~%]?/(?![0-9]{1,2}(?:/|$))")
_OTHER_FORMS = (
    (re.compile(r"[0-9X]{4}(-[0-9X]{2}){0,2}"), "X", "unspecified digits (X)"),
    (re.compile(r"[0-9]{4}-(2[1-9]|3[0-9]|4[01])[?~%]?"), "-", "seasons and quarters"),
    (re.compile(r"-[0-9]{4}.*|Y-?[0-9]+.*"), "", "negative and long years"),
    (re.compile(r"\{.*\}"), "{", "sets of several days at once ({...})"),
)


class EdtfKind(StrEnum):
    """What an EDTF text says of its days."""

    DATE = "date"
    """One day, month or year."""
    INTERVAL = "interval"
    """Something that lasted from the first to the last day."""
    ONE_OF = "one_of"
    """One day among those that the set allows."""


class Precision(StrEnum):
    """How fine a date is; of an interval or a set, that of its coarsest date."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Order(StrEnum):
    """Whether one date is not later than another, as far as both are known."""

    KEPT = "kept"
    POSSIBLY_VIOLATED = "possibly_violated"
    VIOLATED = "violated"


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date as far as it is known.

    `earliest` and `latest` are the outer bounds, `None` where open. `begins_by` is the last day on which it
    can have begun (`None` where open): of an interval the last day of its first date, else `latest`.
    `uncertain` is true with `?` or `%`, `approximate` with `~` or `%`, at either end.
    """

    text: str
    earliest: dt.date | None
    latest: dt.date | None
    begins_by: dt.date | None
    precision: Precision
    uncertain: bool
    approximate: bool
    kind: EdtfKind

    @property
    def is_day(self) -> bool:
        """True where one day is stated, without qualifier."""
        return self.kind is EdtfKind.DATE and self.precision is Precision.DAY and not self.qualified

    @property
    def qualified(self) -> bool:
        """True where the date is uncertain or approximate."""
        return self.uncertain or self.approximate


# Several rules read the same dates, and a table has few days in many rows.
@lru_cache(4096)
def parse_edtf(text: str) -> EdtfDate:
    """Read an EDTF text; a `ValueProblem` says why it is none, or which part the calendar does not have."""
    if text.startswith("["):
        return _one_of(text)
    if _INTERVAL.match(text):
        return _interval(text)
    return _date(text)


def compare(first: EdtfDate, second: EdtfDate) -> Order:
    """Whether `first` is not later than `second`.

    What lasted is placed by the day on which it began. KEPT: whatever the days were, the order holds.
    VIOLATED: whatever they were, it does not. POSSIBLY_VIOLATED: it depends on what is not known. A qualified
    date that would break the order only possibly does, since `?` and `~` say that it may lie elsewhere.
    """
    if _at_most(first.begins_by, second.earliest):
        return Order.KEPT
    broken = first.earliest is not None and second.begins_by is not None and first.earliest > second.begins_by
    if broken and not (first.qualified or second.qualified):
        return Order.VIOLATED
    return Order.POSSIBLY_VIOLATED


def _at_most(first: dt.date | None, second: dt.date | None) -> bool:
    return first is not None and second is not None and first <= second


def _date(text: str) -> EdtfDate:
    match = _DATE.fullmatch(text)
    if match is None:
        raise _not_edtf(text)
    year_text, month_text, day_text, qualifier = match.groups()
    year = int(year_text)
    if month_text is None:
        calendar.check_year(year)
        first, last, precision = dt.date(year, 1, 1), dt.date(year, 12, 31), Precision.YEAR
    elif day_text is None:
        _refuse_other_form(text)
        calendar.check_month(year, int(month_text))
        month = int(month_text)
        first, last, precision = dt.date(year, month, 1), calendar.last_day(year, month), Precision.MONTH
    else:
        first = last = calendar.day(year, int(month_text), int(day_text))
        precision = Precision.DAY
    return EdtfDate(
        text=text,
        earliest=first,
        latest=last,
        begins_by=last,
        precision=precision,
        uncertain=qualifier in ("?", "%"),
        approximate=qualifier in ("~", "%"),
        kind=EdtfKind.DATE,
    )


def _interval(text: str) -> EdtfDate:
    ends = text.split("/")
    if len(ends) != 2:
        raise ValueProblem("an interval has one slash between two dates")
    if "" in ends:
        raise ValueProblem(
            "one end of the interval is empty",
            f"write .. for an open end: {'/'.join(end or '..' for end in ends)}",
        )
    start, end = (None if part == ".." else _date(part) for part in ends)
    if start is None and end is None:
        raise ValueProblem("both ends of the interval are open, so it says nothing", "leave the cell empty")
    earliest = start.earliest if start else None
    latest = end.latest if end else None
    if earliest is not None and latest is not None and earliest > latest:
        raise ValueProblem(
            "the interval ends before it begins", f"if the two dates were swapped, write {ends[1]}/{ends[0]}"
        )
    begins_by = start.latest if start else latest
    if begins_by is not None and latest is not None:
        begins_by = min(begins_by, latest)
    return _joined(
        text, EdtfKind.INTERVAL, [part for part in (start, end) if part], earliest, latest, begins_by
    )


def _one_of(text: str) -> EdtfDate:
    if not text.endswith("]"):
        raise ValueProblem("the set opens with [ and does not close with ]")
    if " " in text:
        raise ValueProblem("a set has no spaces", f"write {text.replace(' ', '')}")
    inside = text[1:-1]
    if inside in ("", ".."):
        raise ValueProblem("the set has no date, so it says nothing", "leave the cell empty")
    if "/" in inside:
        raise ValueProblem("an interval cannot be a part of a set", "write bounds as [first..last]")
    members = inside.split(",")
    if len(members) == 1 and ".." not in inside:
        raise ValueProblem("the set has only one date", f"write {inside} without brackets")
    parts: list[EdtfDate] = []
    earliest: list[dt.date | None] = []
    latest: list[dt.date | None] = []
    for position, member in enumerate(members):
        low, high = _member(member, text, first=position == 0, last=position == len(members) - 1)
        parts += [part for part in (low, high) if part]
        earliest.append(low.earliest if low else None)
        latest.append(high.latest if high else None)
    low_bound = None if None in earliest else min(bound for bound in earliest if bound)
    high_bound = None if None in latest else max(bound for bound in latest if bound)
    return _joined(text, EdtfKind.ONE_OF, parts, low_bound, high_bound, high_bound)


def _member(member: str, text: str, *, first: bool, last: bool) -> tuple[EdtfDate | None, EdtfDate | None]:
    """The two dates of `a..b` (`None` where open), or the same date twice; `text` is the whole set."""
    bounds = member.split("..")
    if len(bounds) > 2 or not any(bounds):
        raise ValueProblem("a set is written [first..last], with one pair of dots between two dates")
    low, high = (_unqualified(bound) if bound else None for bound in (bounds[0], bounds[-1]))
    if (low is None and not first) or (high is None and not last):
        raise ValueProblem("only the first and the last bound of a set can be open")
    if low and high and low.earliest and high.latest and low.earliest > high.latest:
        raise ValueProblem(
            "the bounds of the set are reversed",
            f"if they were swapped, write {text.replace(member, f'{bounds[-1]}..{bounds[0]}')}",
        )
    return low, high


def _unqualified(text: str) -> EdtfDate:
    date = _date(text)
    if date.qualified:
        raise ValueProblem("a date in a set has no qualifier", "widen the bounds of the set instead")
    return date


def _joined(
    text: str,
    kind: EdtfKind,
    parts: list[EdtfDate],
    earliest: dt.date | None,
    latest: dt.date | None,
    begins_by: dt.date | None,
) -> EdtfDate:
    coarseness = list(Precision)
    return EdtfDate(
        text=text,
        earliest=earliest,
        latest=latest,
        begins_by=begins_by,
        precision=max((part.precision for part in parts), key=coarseness.index),
        uncertain=any(part.uncertain for part in parts),
        approximate=any(part.approximate for part in parts),
        kind=kind,
    )


def _refuse_other_form(text: str) -> None:
    for pattern, mark, name in _OTHER_FORMS:
        if mark in text and pattern.fullmatch(text):
            raise ValueProblem(
                f"this is EDTF, but {name} are not read here", "write year, month or day, or a set of bounds"
            )


def _not_edtf(text: str) -> ValueProblem:
    try:
        _refuse_other_form(text)
    except ValueProblem as problem:
        return problem
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]", text):
        return ValueProblem(
            "it holds a time of day", "keep the day here and put the time in a column of its own"
        )
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{1,2}(-[0-9]{1,2})?", text):
        return ValueProblem("the second date of the interval is not whole", "write both dates in full")
    if re.match(r"[?~%]|.*[?~%]-|.*-[?~%]", text):
        return ValueProblem("a qualifier (? ~ %) can only be at the end of a date")
    return ValueProblem(
        "it is not written as year, month or day (2025, 2025-11, 2025-11-13), interval (a/b) or set ([a..b])",
        hints.date(text),
    )
