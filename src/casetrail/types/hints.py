"""Hints: what a spreadsheet or an editor probably did to a value that cannot be read.

A hint never decides anything: it is only asked for once a value is known to be wrong. It names one reading
only where no other is possible (13/11/2025 has one, 05/06/2025 has two).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

from casetrail.standard.limits import MAX_HINT

_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_ISO_LOOSE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH_WORD = re.compile(
    r"(?i)[0-9]{1,4}[-\s./]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-\s./]*[0-9]{1,4}"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_QUOTES = frozenset("‘’“”„«»‚")


Hint = TypeVar("Hint", bound=Callable[..., str | None])


def _of_short_texts(hint: Hint) -> Hint:
    """No hint on a text of more than `MAX_HINT` characters: nobody mistyped that."""

    @wraps(hint)
    def bounded(text: str, **more: Any) -> str | None:
        return None if len(text) > MAX_HINT else hint(text, **more)

    return cast(Hint, bounded)


@_of_short_texts
def characters(text: str) -> str | None:
    """A hint on characters that look right and are not: edge spaces, long dashes, curly quotes, digits."""
    if text != text.strip():
        return "remove the spaces before or after the value"
    if text.translate(_DASHES) != text:
        return "replace the long dash with a plain hyphen (-); an editor probably changed it"
    if not _QUOTES.isdisjoint(text):
        return "replace the curly quotes with plain ones; an editor probably changed them"
    if not text.isascii() and any(mark.isdigit() and not mark.isascii() for mark in text):
        return "write the digits as 0 to 9"
    return None


@_of_short_texts
def date(text: str) -> str | None:
    """A hint on a text that should have been a date YYYY-MM-DD."""
    plain = text.strip().translate(_DASHES)
    if plain != text and _fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        return characters(text)
    if match := _ISO_LOOSE.fullmatch(plain):
        return _written(*map(int, match.groups()))
    if match := _DAY_FIRST.fullmatch(plain):
        first, second, year = map(int, match.groups())
        if first == second or second > 12:
            return _written(year, first, second)
        if first > 12:
            return _written(year, second, first)
        return "write the date as YYYY-MM-DD; day and month cannot be told apart here"
    if _SERIAL.fullmatch(plain) and 18264 <= float(plain) < 73051:
        serial = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(plain)))
        return f"if a spreadsheet turned the date into its serial number, it was {serial.isoformat()}"
    if _MONTH_WORD.match(plain):
        return "write the date as YYYY-MM-DD; a spreadsheet probably changed its form"
    return characters(text) or "write the date as YYYY-MM-DD"


def _fullmatch(pattern: str, text: str) -> re.Match[str] | None:
    # In half the time of `re`, and compiled when a text is wrong.
    return _compiled(pattern).fullmatch(text)


_compiled = cache(re.compile)


def _written(year: int, month: int, day: int) -> str | None:
    try:
        return f"write {dt.date(year, month, day).isoformat()}"
    except ValueError:
        return "write the date as YYYY-MM-DD"


@_of_short_texts
def time(text: str) -> str | None:
    """A hint on a text that should have been a time hh:mm:ss."""
    plain = text.strip()
    if match := _fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", plain):
        return f"write {match[1]:0>2}:{match[2]}:{match[3] or '00'}"
    if _fullmatch(r"0?\.[0-9]+", plain):
        return "a spreadsheet probably turned the time into a part of a day; format the cells as text"
    if _fullmatch(r"(?i)[0-9]{1,2}(:[0-9]{2}){0,2} ?[ap]\.?m\.?", plain):
        return "write the time in 24 hours, as in 15:00:00"
    return characters(text)


@_of_short_texts
def datetime(text: str) -> str | None:
    """A hint on a text that should have been a date with a time."""
    plain = text.strip()
    if match := _fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}.*)", plain):
        return f"put a T between date and time: {match[1]}T{match[2].replace(' ', '')}"
    if match := _fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})", plain):
        return f"write the seconds too: {match[1]}T{match[2]}:00"
    if match := _fullmatch(r"(.*T.*[+-][0-9]{2})([0-9]{2})?", plain):
        return f"write the zone as ±hh:mm: {match[1]}:{match[2] or '00'}"
    if _fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        return "add the time, or use the type date"
    if _SERIAL.fullmatch(plain):
        return "a spreadsheet probably turned the moment into its serial number; format the cells as text"
    return characters(text)


@_of_short_texts
def integer(text: str) -> str | None:
    """A hint on a text that should have been a whole number."""
    plain = text.strip()
    if match := _fullmatch(r"([+-]?[0-9]{1,3})\.(000)", plain):
        return f"write {match[1]}{match[2]} if the point groups digits, {match[1]} if it separates decimals"
    if match := _fullmatch(r"([+-]?[0-9]+)(?:\.0+|,00?)", plain):
        return f"write {match[1]}; a spreadsheet or data frame probably took it for a decimal number"
    if _fullmatch(r"[+-]?[0-9]{1,3}([, \u00a0\u202f'’_.][0-9]{3})+", plain):
        return f"write {re.sub('[^0-9+-]', '', plain)}, or declare the mark between the groups as groupChar"
    return _shortened(plain) or _turned_to_date(plain) or _with_unit(plain) or characters(text)


@_of_short_texts
def number(text: str, *, decimal_char: str = ".", group_char: str | None = None) -> str | None:
    """A hint on a text that should have been a number."""
    plain = text.strip()
    if decimal_char == "." and group_char is None:
        if _fullmatch(r"[+-]?[0-9]{1,3},[0-9]{3}", plain):
            joined, decimal = plain.replace(",", ""), plain.replace(",", ".")
            return f"write {joined} if the comma groups digits, {decimal} if it separates decimals"
        if _fullmatch(r"[+-]?[0-9]+,[0-9]+", plain):
            return f"write {plain.replace(',', '.')}, or declare decimalChar ','"
        if _fullmatch(r"[+-]?[0-9]{1,3}([, \u00a0\u202f'’_][0-9]{3})+(\.[0-9]+)?", plain):
            return (
                f"write {re.sub('[^0-9+.-]', '', plain)}, or declare the mark between the groups as groupChar"
            )
    if plain.lower() in ("infinity", "+inf", "-infinity", "+infinity", "∞"):
        return "write INF or -INF"
    return _turned_to_date(plain) or _with_unit(plain) or characters(text)


@_of_short_texts
def spreadsheet(text: str) -> str | None:
    """What a spreadsheet probably did to a code or an id that does not fit its pattern or list."""
    plain = text.strip()
    return _shortened(plain) or _turned_to_date(plain) or characters(text)


def lost_zeros(text: str, fits: Callable[[str], bool]) -> str | None:
    """Where a number with zeros before it would fit: a spreadsheet probably took them away."""
    if len(text) <= MAX_HINT and text.isascii() and text.isdigit():
        for width in range(len(text) + 1, len(text) + 7):
            if fits(text.zfill(width)):
                return f"if a spreadsheet took the leading zeros away, it was {text.zfill(width)}"
    return None


def _shortened(plain: str) -> str | None:
    if _fullmatch(r"[+-]?[0-9](?:[.,][0-9]+)?[Ee]\+?[0-9]+", plain):
        return "a spreadsheet probably shortened a long number; take it again from the original, as text"
    return None


def _turned_to_date(plain: str) -> str | None:
    if _MONTH_WORD.fullmatch(plain) or _ISO_LOOSE.fullmatch(plain) or _DAY_FIRST.fullmatch(plain):
        return "a spreadsheet probably turned it into a date; take it again from the original, as text"
    return None


def _with_unit(plain: str) -> str | None:
    if _fullmatch(
        r"(?:[^0-9+.,‐‑‒–—―−-]{1,4} ?)[+-]?[0-9][0-9.,]*|[+-]?[0-9][0-9.,]* ?[^0-9.,\s]{1,4}", plain
    ):
        return "write the number alone, or declare bareNumber false"
    return None
