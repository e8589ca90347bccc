"""Mangled cells: what a spreadsheet program made of a text, and how it is recognized.

A program that takes 007 for a number hands back 7, and nobody can tell from the 7 what was typed. Where the
value is the very one that was there, nothing was lost; where it is not, the cell is named and not read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from casetrail.findings.finding import Severity
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.csv_writer import composed
from casetrail.types import hints

CODES = {
    "workbook-formula": "A cell of the workbook holds a formula. Write its result as text.",
    "workbook-number": (
        "A spreadsheet program made a number of a text, or wrote a number in another way. "
        "Format the cell as text and type what was there."
    ),
    "workbook-date": (
        "A spreadsheet program made a date or time of a text, or wrote a date in another way. "
        "Format the cell as text and type the date as year-month-day, like 2025-03-01."
    ),
    "workbook-quotes": (
        "A spreadsheet program replaced quotation marks, hyphens or dots by others. "
        "Switch off automatic correction and type the cell again, or accept it as it is."
    ),
    "workbook-value": (
        "A cell of the workbook holds a truth value or an error instead of a text. "
        "Format the cell as text and write what is meant."
    ),
    "workbook-lost-character": (
        "A character of a cell cannot be brought through a spreadsheet, so the cell is left as it was. "
        "To change that cell, edit the file of the table itself."
    ),
}

_FORMAT_HINT = "format the cell as text and type it again"
_SMART = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "\u2011": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_ERRORS = re.compile(r"#(REF!|NAME\?|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!)|Err:[0-9]{3}")
_SLASHED = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2}|[A-Za-z]{3,9})[./-]([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is the matter with a cell: a code of `CODES`, the reason, and what to do.

    An error keeps the cell from being taken, unless it is `acceptable` as it is and somebody accepts it.
    """

    code: str
    reason: str
    hint: str
    acceptable: bool = True
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class ReadCell:
    """The text of a cell, and what is the matter with it."""

    text: str
    problem: Problem | None = None


def read_cell(
    value: object,
    base: str | None,
    field: FieldDescriptor | None,
    *,
    formula: bool = False,
    error: bool = False,
) -> ReadCell:
    """The text of a cell of the workbook.

    `value` is what the file holds, `base` the text that was written there, `None` for a new row. Of an error
    (`#REF!`) the value is empty, so that only `error` says that the cell is not.
    """
    text = _plain(value)
    if formula:
        # A program that did not reckon it out has left no result to be taken.
        reason, hint = "the cell holds a formula", "write its result as text"
        return ReadCell(text, Problem("workbook-formula", reason, hint, acceptable=text != ""))
    if error:
        reason, hint = "the cell holds an error, such as #REF!" + _was(base), "write the text that is meant"
        return ReadCell(text, Problem("workbook-value", reason, hint, acceptable=False))
    if base is not None and text == composed(base):
        return ReadCell(base)
    if isinstance(value, str):
        return _read_text(text, base, field)
    kind = "" if field is None else field.type
    if isinstance(value, bool):
        return ReadCell(
            text, Problem("workbook-value", "the cell holds a truth value, no text", _FORMAT_HINT)
        )
    if isinstance(value, int | float):
        exact = isinstance(value, int) or (value.is_integer() and abs(value) < 2**53)
        if exact and kind in ("integer", "number", "year"):
            return ReadCell(text)
        reason = f"the cell holds the number {text}, so that what was typed is not known" + _was(base)
        return ReadCell(text, Problem("workbook-number", reason, _FORMAT_HINT))
    reason = f"the cell holds a date or time ({text}), so that what was typed is not known" + _was(base)
    return ReadCell(text, Problem("workbook-date", reason, _FORMAT_HINT))


def _read_text(text: str, base: str | None, field: FieldDescriptor | None) -> ReadCell:
    if base is None or base == "":
        problem = _error_text(text) or _localized_date(text, base, field)
        return ReadCell(text, problem)
    if _carried(text) == _carried(base):
        hint = "edit this cell in the table itself"
        reason = "the cell holds a character that a spreadsheet cannot keep, and is left as it was"
        return ReadCell(base, Problem("workbook-lost-character", reason, hint, False, Severity.NOTE))
    if text.translate(_SMART) == base.translate(_SMART) or text == f"'{base}":
        reason = "quotation marks, hyphens, dots or blanks were replaced by others" + _was(base)
        return ReadCell(
            text, Problem("workbook-quotes", reason, "switch off automatic correction and mend it")
        )
    if _same_number(text, base):
        reason = f"the same number is written in another way ({text})" + _was(base)
        return ReadCell(text, Problem("workbook-number", reason, _FORMAT_HINT))
    return ReadCell(text, _error_text(text) or _localized_date(text, base, field))


def _plain(value: object) -> str:
    """The text of a value in its plainest form."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, timedelta):
        # A clock time comes as the time since midnight.
        return (datetime.min + value).time().isoformat("minutes") if value.days == 0 else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _was(base: str | None) -> str:
    return f"; it was {base}" if base else ""


def _carried(text: str) -> str:
    """The text as the poorest of the file formats brings it back."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in text if mark == "\n" or unicodedata.category(mark) != "Cc")


def _same_number(text: str, base: str) -> bool:
    try:
        return Decimal(text.replace(",", "")) == Decimal(base)
    except InvalidOperation:
        return False


def _error_text(text: str) -> Problem | None:
    if _ERRORS.fullmatch(text):
        return Problem("workbook-value", f"the cell shows the error {text}", "write the text that is meant")
    return None


def _localized_date(text: str, base: str | None, field: FieldDescriptor | None) -> Problem | None:
    """A date as a program of some country writes it, in a column of dates."""
    if field is None or not (field.is_edtf or field.type == "date"):
        return None
    match = _SLASHED.fullmatch(text)
    if match is None or (len(match[1]) == 4 and "-" in text):
        return None
    # What can be read in one way is said so; neither is a date of the column, so neither can be accepted.
    hint = hints.date(text)
    reason = f"'{text}' is not written as year-month-day" + _was(base)
    return Problem("workbook-date", reason, hint or _FORMAT_HINT, acceptable=False)
