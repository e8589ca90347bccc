"""What a constraint is: stated once, proved by a kernel, explained by an exact test of one value."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.finding import Severity
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem, quoted


class Fault(NamedTuple):
    """Why one value breaks a constraint: a sentence, and what to do where that is known."""

    message: str
    hint: str | None = None


class BrokenConstraint(ValueError):
    """A constraint that is stated in a way that cannot be checked: a finding about the schema."""

    def __init__(self, code: str, constraint: str, message: str, severity: Severity = Severity.ERROR) -> None:
        super().__init__(message)
        self.severity = severity
        self.code = code
        self.constraint = constraint
        self.message = message


class Constraint(ABC):
    """One constraint of one field. To make one that cannot be checked raises `BrokenConstraint`."""

    codes: ClassVar[Mapping[str, str]]
    """The finding codes of its kind, each with one sentence on what it means."""

    code: str
    """Its own finding code."""

    decides: bool = False
    """Whether the kernel has the last word: what it does not prove is broken."""

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Where the constraint surely holds (true or null where the value is missing); `None`: everywhere.

        Without a kernel nothing is proved, and each distinct value is looked at. One that cannot go on raises
        `BrokenConstraint`, and is not asked again.
        """
        return pc.is_null(text)

    def broken(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """Where the constraint is surely broken, never null; `None` where that cannot be told."""
        return None

    @abstractmethod
    def breaks(self, text: str, value: Any) -> bool:
        """Whether this value breaks the constraint, judged exactly."""

    @abstractmethod
    def fault(self, text: str, value: Any) -> Fault:
        """Why this value, which does, breaks the constraint."""


def stated_value(stated: object, parser: FieldType[Any], constraint: str) -> Any:
    """A value within a constraint as a value of the field.

    "The physical representation of constraint values MAY be primitive types as possible in JSON, or
    represented as strings that are castable" (Field Constraints); what is neither is a `BrokenConstraint`.
    """
    try:
        return parser.from_json(stated)
    except ValueProblem as problem:
        shown = quoted(stated) if isinstance(stated, str) else json.dumps(stated, ensure_ascii=False)[:100]
        message = f"{shown} is not {parser.noun}: {problem.reason}"
        raise BrokenConstraint("schema-constraint-value", constraint, message) from None
