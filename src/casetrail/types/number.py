"""`number` (Table Schema, "number"): decimals of XML Schema, exact, with INF, -INF, NaN and an exponent.

"A non-empty finite-length sequence of decimal digits separated by a period … An optional leading sign is
allowed … Leading and trailing zeroes are optional." So `+1`, `01`, `.5` and `5.` are numbers; `1_000`, ` 5`
and digits of other scripts are not. The three special values are read in any case ("case need not be
respected"), as is the E of the exponent. `+INF` and `Infinity` are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from casetrail.types import hints
from casetrail.types.bare import Stripper
from casetrail.types.parser import Unordered, ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem

_NAN = Unordered("NaN")
_SPECIAL = {"nan": Decimal("NaN"), "inf": Decimal("Infinity"), "-inf": Decimal("-Infinity")}
_LARGEST_EXPONENT = 10_000_000
"""Beyond it a number is refused: no tool that reads it back would keep it."""


class NumberParser(ValueParser[Decimal]):
    """Numbers of any kind, without rounding."""

    type_name = "number"
    python_type = Decimal
    noun = "a number"
    ordered = True

    def __init__(
        self, decimal_char: str | None = None, group_char: str | None = None, bare: bool | None = None
    ) -> None:
        self.decimal_char = "." if decimal_char is None else decimal_char
        self.group_char = group_char
        check_marks(self.decimal_char, group_char)
        point = re.escape(self.decimal_char)
        digits = grouped_digits(group_char)
        decimals = rf"[0-9]+(?:{re.escape(group_char)}[0-9]+)*" if group_char else "[0-9]+"
        self._number = re.compile(
            rf"(?P<sign>[+-]?)(?:(?P<whole>{digits})(?:{point}(?P<part>(?:{decimals})?))?"
            rf"|{point}(?P<only>{decimals}))"
            r"(?:[Ee](?P<exponent>[+-]?[0-9]+))?"
        )
        self._stripper = Stripper(self._number) if bare is False else None

    def parse(self, text: str) -> Decimal:
        """The number, exactly as written."""
        match = self._stripper.find(text) if self._stripper else self._number.fullmatch(text)
        if match is None:
            special = _SPECIAL.get(text.lower()) if len(text) <= 4 else None
            if special is not None:
                return special
            raise _problem(text, self)
        whole, part = match["whole"] or "", match["part"] or match["only"] or ""
        if self.group_char:
            whole, part = whole.replace(self.group_char, ""), part.replace(self.group_char, "")
        exponent = match["exponent"] or "0"
        if len(exponent) > 9 or abs(int(exponent)) > _LARGEST_EXPONENT:
            raise ValueProblem(f"the exponent {exponent[:12]} is too large to be read")
        return (
            Decimal(f"{match['sign']}{whole or '0'}.{part or '0'}E{exponent}")
            if part
            else Decimal(f"{match['sign']}{whole}E{exponent}")
        )

    def write(self, value: Decimal) -> str:
        """The number in plain digits, or with an exponent where those would be long; never grouped."""
        if value.is_nan():
            return "NaN"
        if value.is_infinite():
            return "INF" if value > 0 else "-INF"
        adjusted = value.adjusted() if value else 0
        plain = format(value, "f") if -20 <= adjusted <= 40 else str(value)
        return plain.replace(".", self.decimal_char)

    def key(self, value: Decimal) -> Hashable:
        """The number; NaN equals itself and is neither above nor below anything."""
        return _NAN if value.is_nan() else value

    def from_json(self, raw: Any) -> Decimal:
        """A JSON number (0.1 is a tenth, as written), or a text."""
        if isinstance(raw, bool):
            return super().from_json(raw)
        if isinstance(raw, int | Decimal):
            return Decimal(raw)
        if isinstance(raw, float):
            return Decimal(repr(raw))
        return super().from_json(raw)


def check_marks(decimal_char: str, group_char: str | None) -> None:
    """Refuse marks between digits that could be taken for something else."""
    for name, mark in (("decimalChar", decimal_char), ("groupChar", group_char)):
        if mark is not None and (mark == "" or re.search(r"[0-9+\-Ee]", mark)):
            raise FieldProblem(f"{name} '{mark}' could be taken for a part of the number")
    if decimal_char == group_char:
        raise FieldProblem(f"'{decimal_char}' cannot group digits and separate decimals at once")


def grouped_digits(group_char: str | None) -> str:
    """A regular expression for whole digits, grouped or not.

    The standard does not say how long groups are (1,000,000 or 10,00,000 or 100,0000). Two digits at least,
    and three in the last group, keep `1.5` from being read as 15 where `.` groups digits.
    """
    if not group_char:
        return "[0-9]+"
    mark = re.escape(group_char)
    return rf"[0-9]+(?:(?:{mark}[0-9]{{2,}})*{mark}[0-9]{{3,}})?"


def _problem(text: str, parser: NumberParser) -> ValueProblem:
    if text == "":
        return ValueProblem("it is empty")
    hint = hints.number(text, decimal_char=parser.decimal_char, group_char=parser.group_char)
    reason = "a number is written with digits, a sign before them"
    reason += f" and '{parser.decimal_char}' before the decimals"
    return ValueProblem(reason, hint)
