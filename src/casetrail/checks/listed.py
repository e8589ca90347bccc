"""Values from a list: `enum` and `categories` (Table Schema, "enum", "categories")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import Fault, given_value
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrays import all_true, text_array
from casetrail.types.parser import ValueParser, quoted
from casetrail.types.problem import ValueProblem

CODES = {
    "constraint-enum": "A value is not one of those that the field allows.",
    "constraint-categories": "A value is not one of the field's categories.",
}

_FEW = 12
"""Of how many values a hint may list all."""
_LONGEST_WORD = 100
_MOST_WORDS = 3000


class Listed:
    """The value is one of a list."""

    def __init__(
        self, name: str, field: FieldDescriptor, values: Sequence[object], parser: ValueParser[Any]
    ) -> None:
        self.code = f"constraint-{name}"
        self._field = field.name
        self._what = "categories" if name == "categories" else "values"
        self._parser = parser
        keys = [parser.key(given_value(value, parser, name)) for value in values]
        # Python holds true and 1 for equal; no type of the standard does.
        self._keys = {(type(key), key) for key in keys}
        self.decides = field.type == "string" and field.format != "uuid"
        self._shown = [value if isinstance(value, str) else json.dumps(value) for value in values]
        self._texts = frozenset(_texts(self._shown, keys, parser))
        self._array = text_array(sorted(self._texts))

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """True where the text is one of those listed."""
        listed = pc.is_in(text, value_set=self._array)
        if int(listed.true_count) + text.null_count == len(text) or all_true(listed):
            return None
        return pc.or_(listed, pc.is_null(text))

    def breaks(self, text: str, value: Any) -> bool:
        """Compare the values themselves: 01 is 1 where both are integers."""
        key = self._parser.key(value)
        return text not in self._texts and (type(key), key) not in self._keys

    def fault(self, text: str, value: Any) -> Fault:
        """The nearest of the values, or all where they are few."""
        near = len(text) <= _LONGEST_WORD and len(self._shown) <= _MOST_WORDS
        hint = did_you_mean(text, self._shown) if near else None
        if hint is None and len(self._shown) <= _FEW:
            hint = "write " + " or ".join(f"'{one}'" for one in self._shown)
        return Fault(
            f"{quoted(text)} is not one of the {len(self._shown)} {self._what} of '{self._field}'", hint
        )


def _texts(shown: Sequence[str], keys: Sequence[Any], parser: ValueParser[Any]) -> Iterator[str]:
    for text, key in zip(shown, keys, strict=True):
        try:
            read = parser.key(parser.parse(text))
        except ValueProblem:
            continue
        if type(read) is type(key) and read == key:
            yield text
