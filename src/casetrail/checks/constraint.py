"""What a constraint is: stated once, proved by a kernel, explained by an exact test of one value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from casetrail.types.parser import ValueParser, quoted
from casetrail.types.problem import ValueProblem


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one value breaks a constraint: a sentence, and what to do where that is known."""

    message: str
    hint: str | None = None


class BrokenConstraint(ValueError):
    """A constraint that is stated in a way that cannot be checked: a finding about the schema."""

    def __init__(self, code: str, constraint: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.constraint = constraint
        self.message = message
        self.value = value


class Constraint(Protocol):
    """One constraint of one field."""

    @property
    def code(self) -> str:
        """Its finding code."""

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Where the constraint surely holds (null where the value is missing), or `None` for everywhere."""

    @property
    def decides(self) -> bool:
        """Whether the kernel has the last word: what it does not prove is broken."""

    def breaks(self, text: str, value: Any) -> bool:
        """Whether this value breaks the constraint, judged exactly."""

    def fault(self, text: str, value: Any) -> Fault:
        """Why this value, which does, breaks the constraint."""


def given_value(given: object, parser: ValueParser[Any], constraint: str) -> Any:
    """A value within a constraint as a value of the field.

    "The physical representation of constraint values MAY be primitive types as possible in JSON, or
    represented as strings that are castable" (Field Constraints); what is neither is a `BrokenConstraint`.
    """
    try:
        return parser.from_json(given)
    except ValueProblem as problem:
        shown = quoted(given) if isinstance(given, str) else json.dumps(given, ensure_ascii=False)[:100]
        message = f"{shown} is not {parser.noun}: {problem.reason}"
        raise BrokenConstraint("schema-constraint-value", constraint, message, given) from None
