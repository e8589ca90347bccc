"""Dates: an EDTF date as a person says it, no more precise than it is known, and its place in an order."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from casetrail.case.case import Case, TextRow
from casetrail.languages.words import Language, chosen_language, say, say_as
from casetrail.types.edtf import EdtfDate, parse_edtf
from casetrail.types.problem import ValueProblem

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NEVER = dt.date.max.toordinal() + 1


@lru_cache(maxsize=65536)
def parse_date(text: str) -> EdtfDate | None:
    """The date; `None` for an empty text, and for one that is no EDTF date."""
    try:
        return parse_edtf(text) if text else None
    except ValueProblem:
        return None


def date_order(text: str) -> tuple[int, int]:
    """A key to sort dates by: the first day that is possible, then the last. What is no date comes last."""
    date = parse_date(text)
    if date is None:
        return _NEVER, _NEVER
    days = [day.toordinal() for day in (date.earliest, date.latest) if day is not None]
    return (min(days), max(days)) if days else (_NEVER, _NEVER)


def row_order(case: Case, table: str, cells: TextRow) -> tuple[tuple[int, int], int, str]:
    """A key to sort rows by: their dates, on one day the kinds as the vocabulary has them, then their ids.

    The kinds are listed in the order in which they follow one another in a case: a protest, then an arrest.
    """
    spec = case.specs[table]
    kind = spec.columns.get("kind")
    kinds = [] if kind is None else list(kind.vocabulary)
    place = kinds.index(cells["kind"]) if cells.get("kind") in kinds else len(kinds)
    return date_order(cells.get("date", "")), place, cells[spec.key]


def date_words(text: str, *, short: bool = False) -> str:
    """The date in words: `[..2026-01-23]` is "by 23 January 2026"; with `short`, months have three letters.

    `""` stays empty, and a text that is no EDTF date stays as it is.
    """
    return _date_words(text, short, chosen_language())


@lru_cache(maxsize=65536)
def _date_words(text: str, short: bool, language: Language) -> str:
    """The words in the language that is chosen; it is an argument so that each has its own."""
    if parse_date(text) is None:
        return text
    if text.startswith("["):
        return _one_of(text[1:-1], short)
    if "/" in text:
        first, last = text.split("/")
        if first == "..":
            return say("until %(date)s", date=_date(last, short))
        if last == "..":
            return say("from %(date)s on", date=_date(first, short))
        return _lasting(first, last, short)
    return _date(text, short)


def _one_of(inside: str, short: bool) -> str:
    members = inside.split(",")
    if len(members) > 1:
        return say("one of: %(dates)s", dates="; ".join(_bounds(member, short) for member in members))
    return _bounds(inside, short)


def _bounds(text: str, short: bool) -> str:
    first, dots, last = text.partition("..")
    if not dots:
        return _date(text, short)
    if not first:
        return say("by %(date)s", date=_date(last, short))
    if not last:
        later = say_as("short", "%(date)s or later") if short else say("%(date)s or later")
        return later % {"date": _date(first, short)}
    return _between(first, last, short)


def _lasting(first: str, last: str, short: bool) -> str:
    """Two dates from one to the other, with the year and month said once where they are the same."""
    same = _same_parts(first, last)
    start, end = _parts(first, short), _parts(last, short)
    if same == 2:
        return say("%(day1)s to %(day2)s %(month)s %(year)s", day1=start["day"], day2=end["day"], **end)
    if same == 1:
        ends = {"first": _in_year(start), "last": _in_year(end)}
        return say("%(first)s to %(last)s %(year)s", **ends, year=end["year"])
    return say("%(first)s to %(last)s", first=_date(first, short), last=_date(last, short))


def _between(first: str, last: str, short: bool) -> str:
    """A day between two dates, with the year and month said once where they are the same."""
    same = _same_parts(first, last)
    start, end = _parts(first, short), _parts(last, short)
    if same == 2:
        return say(
            "between %(day1)s and %(day2)s %(month)s %(year)s", day1=start["day"], day2=end["day"], **end
        )
    if same == 1:
        return say(
            "between %(first)s and %(last)s %(year)s",
            first=_in_year(start),
            last=_in_year(end),
            year=end["year"],
        )
    return say("between %(first)s and %(last)s", first=_date(first, short), last=_date(last, short))


def _same_parts(first: str, last: str) -> int:
    """How many parts of two dates that are as precise as each other are the same: the year, the month."""
    if re.search("[?~%]", first + last) or len(first) != len(last) or first == last:
        return 0
    if len(first) == 10 and first[:7] == last[:7]:
        return 2
    return 1 if len(first) > 4 and first[:4] == last[:4] else 0


def _parts(text: str, short: bool) -> dict[str, str]:
    """The year, and where the date has them the month in words and the day."""
    year, *rest = re.sub("[?~%]", "", text).split("-")
    parts = {"year": year}
    if rest:
        parts["month"] = month_names(short=short, of_day=len(rest) > 1)[int(rest[0]) - 1]
    if len(rest) > 1:
        parts["day"] = str(int(rest[1]))
    return parts


def month_names(*, short: bool = False, of_day: bool = False) -> list[str]:
    """The twelve months; in some languages a month is another word beside a day."""
    if short:
        return say("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    if of_day:
        return say_as(
            "beside a day",
            "January February March April May June July August September October November December",
        ).split()
    return say(
        "January February March April May June July August September October November December"
    ).split()


def _in_year(parts: dict[str, str]) -> str:
    return say("%(day)s %(month)s", **parts) if "day" in parts else parts["month"]


def _date(text: str, short: bool) -> str:
    parts = _parts(text, short)
    if short and "day" in parts:
        words = say_as("short", "%(day)s %(month)s %(year)s") % parts
    elif "day" in parts:
        words = say("%(day)s %(month)s %(year)s", **parts)
    elif "month" in parts:
        words = say("%(month)s %(year)s", **parts)
    else:
        words = say("%(year)s", **parts)
    if text[-1] in "~%":
        words = say("about %(date)s", date=words)
    return say("%(date)s (uncertain)", date=words) if text[-1] in "?%" else words
