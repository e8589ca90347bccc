"""`boolean` (Table Schema, "boolean"): the texts that mean true and those that mean false."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_arrays import text_array
from casetrail.types.arrow_column import ArrowColumn
from casetrail.types.field_type import FieldType
from casetrail.types.kernel import KernelResult
from casetrail.types.problem import FieldProblem, ValueProblem

TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")
_YES = frozenset("yes y t on wahr vrai verdadero да истина 是 ja oui si sí".split())  # noqa: SIM905
_NO = frozenset("no n f off falsch faux falso нет ложь 否 nein non".split())  # noqa: SIM905


class BooleanType(FieldType[bool]):
    """True and false; the defaults are those of version 2, which version 1 shares."""

    name = "boolean"
    noun = "true or false"
    properties = frozenset({"true_values", "false_values"})
    aliases = ("bool",)
    xsd = "boolean"
    schema_org = "Boolean"
    json_kinds = frozenset({"true or false"})
    native_kinds = frozenset({"boolean"})

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        self.true_values, self.false_values = texts_of(field)
        both = [text for text in self.true_values if text in self.false_values]
        if both:
            raise FieldProblem(f"'{both[0]}' means both true and false")
        self._meaning = dict.fromkeys(self.true_values, True) | dict.fromkeys(self.false_values, False)
        self._known = text_array(self._meaning)

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
            raise ValueProblem(f"no text means {str(value).lower()}")
        return texts[0]

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """The listed texts."""
        # is_in says false of null, which is not judged here.
        return KernelResult.where(pc.or_(pc.is_in(texts, value_set=self._known), pc.is_null(texts)))

    def refused(self, texts: pa.StringArray) -> pa.BooleanArray:
        """All but the listed texts."""
        return pc.and_(pc.invert(pc.is_in(texts, value_set=self._known)), pc.is_valid(texts))

    def column(self) -> ArrowColumn:
        """bool."""
        return ArrowColumn(self, pa.bool_())

    def from_json(self, raw: Any) -> bool:
        """JSON's true and false, or a text."""
        return raw if isinstance(raw, bool) else super().from_json(raw)

    def json_text(self, raw: Any) -> str:
        """The first text of the truth value, where the field has one."""
        own = (self.true_values if raw else self.false_values) if isinstance(raw, bool) else ()
        return own[0] if own else super().json_text(raw)

    def _reason(self) -> str:
        listed = ", ".join(f"'{text}'" for text in (*self.true_values, *self.false_values)[:12])
        return f"it is none of {listed}"

    def _hint(self, text: str) -> str | None:
        plain = text.strip().lower()
        for texts, words in ((self.true_values, _YES), (self.false_values, _NO)):
            if texts and (plain in words or plain in [listed.lower() for listed in texts]):
                return f"write {texts[0]}"
        return hints.characters(text)


def texts_of(field: FieldDescriptor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts that mean true and those that mean false in a field."""
    return (
        TRUE_VALUES if field.true_values is None else field.true_values,
        FALSE_VALUES if field.false_values is None else field.false_values,
    )
