"""FieldType: all that a type of Table Schema is; each has its module in `table_schema`, of the same name."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Iterable
from typing import Any, ClassVar, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.json_reader import JsonFloat, json_kind
from casetrail.standard.schema import Constraints, FieldDescriptor
from casetrail.types.arrow_arrays import FALSE
from casetrail.types.arrow_column import ArrowColumn, TextColumn
from casetrail.types.kernel import KernelResult, matches
from casetrail.types.problem import ValueProblem

Value = TypeVar("Value")

LENGTHS = frozenset({"min_length", "max_length"})
BOUNDS = frozenset({"minimum", "maximum", "exclusive_minimum", "exclusive_maximum"})
CATEGORIES = frozenset({"categories", "categories_ordered"})
_SOME_CONSTRAINTS = (
    "min_length",
    "max_length",
    "minimum",
    "maximum",
    "exclusive_minimum",
    "exclusive_maximum",
    "json_schema",
    "pattern",
)
_SOME_PROPERTIES = (
    "categories",
    "categories_ordered",
    "decimal_char",
    "group_char",
    "bare_number",
    "true_values",
    "false_values",
    "delimiter",
    "item_type",
)
"""What exists for some types only, in the order in which it is reported."""


class FieldType(ABC, Generic[Value]):
    """The type of one field: reads, writes, proves and types its values.

    Missing values are set apart before ("missingValues"). Made for a field whose
    format or properties cannot be used, it raises `FieldProblem`.
    """

    name: ClassVar[str]
    """The type as Table Schema names it."""
    noun: str
    """What a value is, for a sentence: "'x' is not *a whole number*"."""
    text_is_key: bool = False
    """Whether every text is what `key_text` gives of its value."""
    proved_is_key: ClassVar[bool] = False
    """Whether every text that `prove` accepts is what `key_text` gives of its value."""

    constraints: ClassVar[frozenset[str]] = frozenset()
    """The constraints that exist for the type, beside `required`, `unique` and `enum`."""
    properties: ClassVar[frozenset[str]] = frozenset()
    """The properties of a field that have an effect on the type, beside those of every field."""
    length_unit: ClassVar[tuple[str, str]] = ("item", "items")
    """What `minLength` and `maxLength` count."""

    aliases: ClassVar[tuple[str, ...]] = ()
    """What other systems call the type, for a hint."""
    xsd: ClassVar[str] = "string"
    """The type in XML Schema, or in CSVW where that goes beyond it."""
    schema_org: ClassVar[str] = "Text"
    """The type in schema.org, as Croissant has it."""
    holds_json: ClassVar[bool] = False
    """Whether the texts of the Arrow column are JSON."""
    json_kinds: ClassVar[frozenset[str]] = frozenset()
    """The kinds of native values (see `json_kind`) that a cell of a JSON table can be, beside strings."""
    native_kinds: ClassVar[frozenset[str]] = frozenset()
    """The kinds of columns of a Parquet file that can hold values of the type, beside text."""

    def __init__(self, field: FieldDescriptor) -> None:
        self.field = field

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value of a text; raises `ValueProblem`, which says why it has none."""

    @abstractmethod
    def write(self, value: Value) -> str:
        """A text that `parse` reads as the same value: the canonical one where there are several."""

    def key(self, value: Value) -> Hashable:
        """What values are compared by: equal keys for equal values; with bounds also smaller and greater.

        Where two values have no order (a time with and one without a zone, `P1M` and `P30D`, NaN and any
        number) every comparison of their keys with `<`, `<=`, `>` and `>=` is false, so that a bound is not
        kept by luck.
        """
        return value

    def key_text(self, value: Value) -> str:
        """The key as text: the same for equal values, and for those alone."""
        return self.write(value)

    def prove(self, texts: pa.StringArray) -> KernelResult:
        """What the kernel of the type says of the texts; where they are not plain nothing is proved."""
        return self.prove_plain(texts) if self.is_plain(self.field) else KernelResult.nothing(texts)

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """The kernel, for texts in the plain form."""
        return KernelResult.nothing(texts)

    @property
    def form(self) -> str | None:
        """A regular expression of RE2 that the whole text of every value matches; `None` where none is known.

        Texts of another form are proved wrong by it without being parsed.
        """
        return None

    def refused(self, texts: pa.StringArray) -> pa.BooleanArray | None:
        """Where the text is surely no value; `None` where that cannot be told."""
        form = self.form
        return None if form is None else pc.fill_null(pc.invert(matches(texts, form)), FALSE)

    def canonical(self, texts: pa.StringArray) -> pa.BooleanArray | None:
        """Where the text surely is what `key_text` gives of its value; `None` for everywhere."""
        if self.text_is_key:
            return None
        return self.prove(texts).accepted if self.proved_is_key else pc.is_null(texts)

    def column(self) -> ArrowColumn:
        """The Arrow column that the field begins with; `NeedsWiderType` goes on from there."""
        return TextColumn(self)

    def from_json(self, raw: Any) -> Value:
        """The value of a JSON literal, as in `enum` or a bound: in the type's own JSON form, or as its text.

        "The physical representation of constraint values MAY be primitive types as possible in JSON, or
        represented as strings that are castable with the type and format rules" (Field Constraints).
        """
        if isinstance(raw, str):
            return self.parse(raw)
        raise ValueProblem(f"{json_kind(raw)} is not {self.noun}")

    def json_text(self, raw: Any) -> str:
        """The text of a native JSON value in a JSON table, as a file of text would have it.

        Raises:
            ValueProblem: For a kind that the type does not have; its reason names the kind.
        """
        if isinstance(raw, str):
            return raw
        kind = json_kind(raw)
        if kind not in self.json_kinds:
            raise ValueProblem(kind)
        return raw.text if isinstance(raw, JsonFloat) else json.dumps(raw, ensure_ascii=False)

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """Whether the texts of the field are in the plain form, which other programs read."""
        return True

    @classmethod
    def description(cls, field: FieldDescriptor) -> str:
        """What a value is, for a list: `whole number`."""
        return cls.noun.removeprefix("a ").removeprefix("an ")

    @classmethod
    def idle_constraints(cls, constraints: Constraints) -> list[str]:
        """The constraints that are given and do not exist for the type, by their names in Python."""
        return _given(constraints, _SOME_CONSTRAINTS, cls.constraints)

    @classmethod
    def idle_properties(cls, field: FieldDescriptor) -> list[str]:
        """The properties that are given and have no effect on the type, by their names in Python."""
        return _given(field, _SOME_PROPERTIES, cls.properties)


def _given(model: Constraints | FieldDescriptor, names: Iterable[str], known: Collection[str]) -> list[str]:
    return [name for name in names if name not in known and getattr(model, name) is not None]


class Unordered:
    """The key of a value that is equal to its like and has no order with any other."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unordered) and other.name == self.name

    def __hash__(self) -> int:
        return hash(("unordered", self.name))

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never
