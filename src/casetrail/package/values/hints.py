"""Hints: what a spreadsheet or an editor probably did to a value that cannot be read.

A hint never decides anything: it is only asked for once a value is known to be wrong. It names one reading
only where no other is possible (13/11/2025 has one, 05/06/2025 has two).
"""

from __future__ import annotations

import datetime as dt
import re

_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_ISO_LOOSE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH_WORD = re.compile(
    r"(?i)[0-9]{1,4}[-\s./]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|"
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-\s./]*[0-9]{1,4}"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_QUOTES = "‘’“”„«»‚"


def characters(text: str) -> str | None:
    """A hint on characters that look right and are not: edge spaces, long dashes, curly quotes, digits."""
    if text != text.strip():
        return "remove the spaces before or after the value"
    if text.translate(_DASHES) != text:
        return "replace the long dash with a plain hyphen (-); an editor probably changed it"
    if any(quote in text for quote in _QUOTES):
        return "replace the curly quotes with plain ones; an editor probably changed them"
    if any(character.isdigit() and not character.isascii() for character in text):
        return "write the digits as 0 to 9"
    return None


def date(text: str) -> str | None:
    """A hint on a text that should have been a date YYYY-MM-DD."""
    plain = text.strip().translate(_DASHES)
    if plain != text and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
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


def _written(year: int, month: int, day: int) -> str | None:
    try:
        return f"write {dt.date(year, month, day).isoformat()}"
    except ValueError:
        return "write the date as YYYY-MM-DD"
