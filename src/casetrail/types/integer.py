"""`integer` (Table Schema, "integer"): whole numbers of any size.

"Indicated in the standard way for any valid integer": digits with an optional sign before them, as in XML
Schema, so `+1` and `007` are integers (1 and 7); `1_000`, ` 5`, `1.0`, `1e5` and digits of other scripts
are not.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from casetrail.types import hints
from casetrail.types.bare import Stripper
from casetrail.types.number import check_marks, grouped_digits
from casetrail.types.parser import ValueParser
from casetrail.types.problem import ValueProblem

MOST_DIGITS = 4300
"""Longer integers are refused: reading them takes time that grows with the square of their length."""


class IntegerParser(ValueParser[int]):
    """Whole numbers, beyond 64 bits too."""

    type_name = "integer"
    python_type = int
    noun = "a whole number"
    ordered = True

    def __init__(self, group_char: str | None = None, bare: bool | None = None) -> None:
        if group_char is not None:
            check_marks("", group_char) if group_char == "" else check_marks("\0", group_char)
        self.group_char = group_char
        self._integer = re.compile(rf"(?P<number>[+-]?{grouped_digits(group_char)})")
        self._stripper = Stripper(self._integer) if bare is False else None

    def parse(self, text: str) -> int:
        """The whole number."""
        match = self._stripper.find(text) if self._stripper else self._integer.fullmatch(text)
        if match is None:
            raise _problem(text, self)
        digits = match["number"]
        if self.group_char:
            digits = digits.replace(self.group_char, "")
        if len(digits) > MOST_DIGITS:
            raise ValueProblem(f"a whole number of more than {MOST_DIGITS:,} digits is not read")
        return int(digits)

    def write(self, value: int) -> str:
        """The digits, without groups and leading zeros."""
        return str(value)

    def from_json(self, raw: Any) -> int:
        """A JSON number without decimals (5.0 is one, as in JSON Schema), or a text."""
        if isinstance(raw, bool):
            return super().from_json(raw)
        if isinstance(raw, int):
            return raw
        if isinstance(raw, float | Decimal):
            if raw != raw or raw in (float("inf"), float("-inf")) or int(raw) != raw:
                raise ValueProblem(f"{raw} is not a whole number")
            return int(raw)
        return super().from_json(raw)


def _problem(text: str, parser: IntegerParser) -> ValueProblem:
    if text == "":
        return ValueProblem("it is empty")
    return ValueProblem("a whole number has only digits, with a sign before them", hints.integer(text))
