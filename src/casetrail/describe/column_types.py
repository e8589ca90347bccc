"""Column types: what every value of a column is, found out block by block, for the draft of a schema.

Nothing is guessed: a type counts where each value surely is one of it, in the form that other programs read
as well. What could as well be a name stays text: `007`, numbers of more than 15 digits, 05/06/2025.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.sentences import counted
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import all_true, are_filled, distinct, text_array
from casetrail.types.field_type import FieldType
from casetrail.types.kernel import matches
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import field_type

_FORMS = {
    "boolean": "true|false|True|False|TRUE|FALSE",
    "integer": "-?(?:0|[1-9][0-9]{0,14})",
    "number": r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+(?:[eE][+-]?[0-9]{1,2})?)?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "time": "[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
    "array": r"\[(?s:.*)\]",
    "object": r"\{(?s:.*)\}",
}
"""The forms that values of a type must have here, the narrower type first."""

_SAMPLE = 200
_SLASHED = r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}"
_LOOKS = {
    "zeros": "[0-9]+",
    "comma": r"-?[0-9]{1,3}(?:[. ]?[0-9]{3})*,[0-9]+|-?(?:0|[1-9][0-9]*)",
    "slashed": _SLASHED,
    "exponent": r"-?[0-9]{1,15}(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?",
    "marked": r"[$€£¥₸]? ?-?[0-9]{1,15}(?:[.,][0-9]+)* ?[%$€£¥₸]?",
    "minutes": "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]",
    "yes": "(?i:yes|no|y|n)",
    "day first": r"(?:0?[1-9]|[12][0-9]|3[01])[./-](?:0?[1-9]|1[0-2])[./-][0-9]{4}",
    "month first": r"(?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12][0-9]|3[01])[./-][0-9]{4}",
}
"""What a column of text looks like, for a note."""
_NOTES = {
    "zeros": "its digits begin with 0 or are more than 15, so it stays a string",
    "slashed": "dates in which day and month cannot be told apart stay strings",
    "comma": "numbers with a comma stay strings; if it is the decimal mark, give decimalChar and groupChar",
    "exponent": "numbers such as 1e5 stay strings, for that may be a name; if they are numbers, say so",
    "marked": "numbers with a mark beside them stay strings; as numbers they need bareNumber false",
    "minutes": "times without seconds stay strings; as times they need the format %H:%M",
    "yes": "yes and no stay strings; as truth values they need trueValues and falseValues",
}
_PLACEHOLDERS = text_array(
    ("NA", "N/A", "n/a", "na", "NULL", "null", "None", "NaN", "nan", "-", "--", "?", ".", "..", "unknown")
)
"""What people write where there is no value."""


@dataclass
class BlockOfColumn:
    """What one block says of a column."""

    filled: int
    placeholders: dict[str, int]
    forms: frozenset[str]
    sample: pa.StringArray
    texts: pa.StringArray | None


@dataclass
class Column:
    """What is known of a column after the blocks so far. `native` is the type that its file states."""

    name: str
    candidates: tuple[str, ...]
    native: str | None = None
    rows: int = 0
    filled: int = 0
    placeholders: Counter[str] = field(default_factory=Counter)
    forms: frozenset[str] = frozenset((*_FORMS, *_LOOKS))
    sample: pa.StringArray = field(default_factory=lambda: text_array(()))
    """A few values of the first block that has any."""
    is_key: bool = True
    """Whether every row has a text, and another one."""
    _texts: list[pa.StringArray] = field(default_factory=list)

    def look(self, texts: pa.StringArray) -> BlockOfColumn:
        """A block of the column; safe in several threads."""
        filled = texts.filter(pc.fill_null(are_filled(texts), pc.is_null(text_array([""]))[0]))
        values, placeholders = filled, {}
        forms: set[str] = set()
        if self.native is None and self.forms:
            marked = pc.is_in(filled, value_set=_PLACEHOLDERS)
            if marked.true_count:
                found = filled.filter(marked)
                placeholders = {
                    text: int(pc.equal(found, text_array([text])[0]).true_count or 0)
                    for text in distinct(found)
                }
                values = filled.filter(pc.invert(marked))
            forms = {name for name in self.forms if _all_are(name, values)}
        is_key = self.is_key and len(filled) == len(texts) and pc.count_distinct(texts).as_py() == len(texts)
        sample = filled[:0] if len(self.sample) else pc.unique(filled[:_SAMPLE])
        return BlockOfColumn(len(filled), placeholders, frozenset(forms), sample, texts if is_key else None)

    def take(self, block: BlockOfColumn, rows: int) -> None:
        """Put the next block, of so many rows, with those before."""
        self.rows += rows
        self.filled += block.filled
        self.placeholders.update(block.placeholders)
        self.forms &= block.forms
        if not len(self.sample):
            self.sample = block.sample
        self.is_key = self.is_key and (block.texts is not None or rows == 0)
        self._texts = [*self._texts, block.texts] if self.is_key and block.texts is not None else []

    def finish(self) -> None:
        """After the last block: whether a text is in two of them."""
        if self.is_key and len(self._texts) > 1:
            self.is_key = pc.count_distinct(self.key_texts).as_py() == self.rows
        if not self.is_key:
            self._texts = []

    @property
    def key_texts(self) -> pa.ChunkedArray:
        """All texts of a column that is a key, in any order; none of another."""
        return pa.chunked_array(self._texts, pa.string())

    @property
    def is_required(self) -> bool:
        """Whether every row has a value, and there are rows."""
        return 0 < self.rows == self.filled

    @property
    def type(self) -> str:
        """The type that every value has; `string` where there is none, or no value."""
        if self.native is not None:
            return self.native
        return "string" if self.placeholders else self._type_but_for_placeholders

    @property
    def _type_but_for_placeholders(self) -> str:
        values = self.filled - self.placeholders.total()
        return next((name for name in self.candidates if name in self.forms and values), "string")

    @property
    def note(self) -> str | None:
        """Why the column is text though a reader may take it for something else."""
        if self.native is not None or self.type != "string" or not self.rows:
            return None
        if not self.filled:
            return "it is empty in every row, so it stays a string"
        other = self._type_but_for_placeholders
        if self.placeholders and other != "string":
            marks = ", ".join(f"'{text}'" for text in self.placeholders)
            keep = "keeps" if len(self.placeholders) == 1 else "keep"
            return (
                f"{marks} in {counted(self.placeholders.total(), 'row')} {keep} it a string; if that means "
                f"no value, list it in missingValues and make the type {other}"
            )
        if self.filled == self.placeholders.total():
            return None
        day, month = "day first" in self.forms, "month first" in self.forms
        if day != month:
            return f"if these are dates, the {'day' if day else 'month'} is first; it stays a string"
        return next((words for look, words in _NOTES.items() if look in self.forms), None)


def batch_of_columns(columns: list[Column], batches: list[TextBatch]) -> list[list[BlockOfColumn]]:
    """What each batch says of each column."""
    return [
        [column.look(batch.cells.column(index)) for index, column in enumerate(columns)] for batch in batches
    ]


def _all_are(form: str, values: pa.StringArray) -> bool:
    """Whether all values have a form, and are values of the type that is called so."""
    pattern = _FORMS.get(form) or _LOOKS[form]
    for part in (values[:50], values):
        if not all_true(matches(part, pattern)):
            return False
    if form in _LOOKS:
        return True
    of = _type(form)
    proved = of.prove(values).accepted
    if proved is None:
        return True
    return all(_is_value(of, text) for text in distinct(values.filter(pc.invert(proved))))


@cache
def _type(name: str) -> FieldType[Any]:
    return field_type(FieldDescriptor(name=name, type=name))


def _is_value(of: FieldType[Any], text: str) -> bool:
    try:
        of.parse(text)
    except ValueProblem:
        return False
    return True
