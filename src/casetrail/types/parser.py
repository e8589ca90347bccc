"""ValueParser: what every type of Table Schema can do with one value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, ClassVar, Generic, TypeVar

from casetrail.standard.json_reader import json_kind
from casetrail.types.problem import ValueProblem

Value = TypeVar("Value")


class ValueParser(ABC, Generic[Value]):
    """Reads and writes the values of one field.

    Missing values are not its matter: they are told apart before ("missingValues").
    """

    type_name: ClassVar[str]
    """The type as Table Schema names it."""
    python_type: ClassVar[type]
    """The type of the values that `parse` gives."""
    noun: ClassVar[str]
    """What a value is, for a sentence: "'x' is not *a whole number*"."""
    ordered: ClassVar[bool] = False
    """Whether `key` can be compared with `<` (bounds apply to these types only)."""

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value that the text stands for; a `ValueProblem` says why it stands for none."""

    @abstractmethod
    def write(self, value: Value) -> str:
        """A text that `parse` reads as the same value: the canonical one where there are several."""

    def key(self, value: Value) -> Hashable:
        """What values are compared by: equal keys for equal values; with `ordered` also smaller and greater.

        Where two values have no order (a time with and one without a zone, `P1M` and `P30D`, NaN and any
        number) every comparison of their keys with `<`, `<=`, `>` and `>=` is false, so that a bound is not
        kept by luck.
        """
        return value

    def from_json(self, raw: Any) -> Value:
        """The value of a JSON literal, as in `enum` or a bound: in the type's own JSON form, or as its text.

        "The physical representation of constraint values MAY be primitive types as possible in JSON, or
        represented as strings that are castable with the type and format rules" (Field Constraints).
        """
        if isinstance(raw, str):
            return self.parse(raw)
        raise ValueProblem(f"{json_kind(raw)} is not {self.noun}")


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


def quoted(text: str, longest: int = 40) -> str:
    """The text in quotes, shortened where it is long."""
    return f"'{text}'" if len(text) <= longest else f"'{text[: longest - 1]}…'"
