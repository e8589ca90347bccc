"""`boolean` (Table Schema, "boolean"): the texts that mean true and those that mean false."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casetrail.types import hints
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem

TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")
_YES = frozenset("yes y t on wahr vrai verdadero да истина 是 ja oui si sí".split())  # noqa: SIM905
_NO = frozenset("no n f off falsch faux falso нет ложь 否 nein non".split())  # noqa: SIM905


class BooleanParser(ValueParser[bool]):
    """True and false; the defaults are those of version 2, which version 1 shares."""

    type_name = "boolean"
    python_type = bool
    noun = "true or false"

    def __init__(
        self, true_values: Sequence[str] | None = None, false_values: Sequence[str] | None = None
    ) -> None:
        self.true_values = TRUE_VALUES if true_values is None else tuple(true_values)
        self.false_values = FALSE_VALUES if false_values is None else tuple(false_values)
        both = [text for text in self.true_values if text in self.false_values]
        if both:
            raise FieldProblem(f"'{both[0]}' stands for true and for false")
        self._meaning = dict.fromkeys(self.true_values, True) | dict.fromkeys(self.false_values, False)

    def parse(self, text: str) -> bool:
        """The truth value; only the listed texts have one."""
        try:
            return self._meaning[text]
        except KeyError:
            raise ValueProblem(self._reason(), self._hint(text)) from None

    def write(self, value: bool) -> str:
        """The first text listed for the value."""
        texts = self.true_values if value else self.false_values
        if not texts:
            raise ValueProblem(f"no text stands for {str(value).lower()}")
        return texts[0]

    def from_json(self, raw: Any) -> bool:
        """JSON's true and false, or a text."""
        return raw if isinstance(raw, bool) else super().from_json(raw)

    def _reason(self) -> str:
        listed = ", ".join(f"'{text}'" for text in (*self.true_values, *self.false_values)[:12])
        return f"it is none of {listed}"

    def _hint(self, text: str) -> str | None:
        plain = text.strip().lower()
        for texts, words in ((self.true_values, _YES), (self.false_values, _NO)):
            if texts and (plain in words or plain in [one.lower() for one in texts]):
                return f"write {texts[0]}"
        return hints.characters(text)
