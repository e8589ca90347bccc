"""Dates: an EDTF date as a person says it, no more precise than it is known, and its place in an order."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from casetrail.case.case import Case, TextRow
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
_SHORT = 3
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


@lru_cache(maxsize=65536)
def date_words(text: str, *, short: bool = False) -> str:
    """The date in words: `[..2026-01-23]` is "by 23 January 2026"; with `short`, months have three letters.

    `""` stays empty, and a text that is no EDTF date stays as it is.
    """
    if parse_date(text) is None:
        return text
    if text.startswith("["):
        return _one_of(text[1:-1], short)
    if "/" in text:
        first, last = text.split("/")
        if first == "..":
            return f"until {_date(last, short)}"
        return f"from {_date(first, short)} on" if last == ".." else _range(first, last, " to ", short)
    return _date(text, short)


def _one_of(inside: str, short: bool) -> str:
    members = inside.split(",")
    if len(members) > 1:
        return f"one of: {'; '.join(_bounds(member, short) for member in members)}"
    return _bounds(inside, short)


def _bounds(text: str, short: bool) -> str:
    first, dots, last = text.partition("..")
    if not dots:
        return _date(text, short)
    if not first:
        return f"by {_date(last, short)}"
    if not last:
        return f"{_date(first, short)} or later"
    return f"between {_range(first, last, ' and ', short)}"


def _range(first: str, last: str, joint: str, short: bool) -> str:
    """Two dates, with the year and month said once where they are the same."""
    plain = not re.search("[?~%]", first + last)
    if plain and len(first) == len(last) and first != last:
        if len(first) == 10 and first[:7] == last[:7]:
            return f"{int(first[8:])}{joint}{_date(last, short)}"
        if len(first) > 4 and first[:4] == last[:4]:
            return f"{_date(first, short).rsplit(' ', 1)[0]}{joint}{_date(last, short)}"
    return f"{_date(first, short)}{joint}{_date(last, short)}"


def _date(text: str, short: bool) -> str:
    mark = text[-1] if text[-1] in "?~%" else ""
    year, *rest = text.removesuffix(mark).split("-")
    words = year
    if rest:
        month = MONTHS[int(rest[0]) - 1]
        words = f"{month[:_SHORT] if short else month} {words}"
    if len(rest) > 1:
        words = f"{int(rest[1])} {words}"
    about = "about " if mark in ("~", "%") else ""
    return f"{about}{words}{' (uncertain)' if mark in ('?', '%') else ''}"
