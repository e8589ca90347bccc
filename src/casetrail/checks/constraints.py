"""The constraints of a field, each from its own module (Table Schema, "Field Constraints").

`required` and `unique` are not among them: they are not about one value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casetrail.checks.bounds import SIDES, Bound
from casetrail.checks.constraint import BrokenConstraint, Constraint
from casetrail.checks.json_schema import JsonSchema
from casetrail.checks.lengths import MaxLength, MinLength
from casetrail.checks.listed import Listed
from casetrail.checks.patterns import Matching
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.parser import ValueParser

CODES = {
    "schema-constraint-value": "A value within a constraint is not one of the field's type.",
}


def constraints_of(
    field: FieldDescriptor, parser: ValueParser[Any]
) -> tuple[list[Constraint], list[BrokenConstraint]]:
    """The constraints of a field that can be checked, and those that are stated in a way that cannot."""
    good: list[Constraint] = []
    broken: list[BrokenConstraint] = []
    for make in _makers(field, parser):
        try:
            good.append(make())
        except BrokenConstraint as problem:
            broken.append(problem)
    return good, broken


def _makers(field: FieldDescriptor, parser: ValueParser[Any]) -> list[Callable[[], Constraint]]:
    given = field.constraints
    makers: list[Callable[[], Constraint]] = []
    if (enum := given.enum) is not None:
        makers.append(lambda: Listed("enum", field, enum, parser))
    if field.categories is not None and field.type in ("string", "integer"):
        values = tuple(category.value for category in field.categories)
        # Where a vocabulary is written as both, one finding is enough.
        if values != enum:
            makers.append(lambda: Listed("categories", field, values, parser))
    if (pattern := given.pattern) is not None:
        makers.append(lambda: Matching(field, pattern))
    if (shortest := given.min_length) is not None:
        makers.append(lambda: MinLength(field, shortest))
    if (longest := given.max_length) is not None:
        makers.append(lambda: MaxLength(field, longest))
    bounds = {
        "minimum": given.minimum,
        "maximum": given.maximum,
        "exclusiveMinimum": given.exclusive_minimum,
        "exclusiveMaximum": given.exclusive_maximum,
    }
    assert bounds.keys() == SIDES.keys()
    for name, bound in bounds.items():
        if bound is not None:
            makers.append(lambda name=name, bound=bound: Bound(name, field, bound, parser))  # type: ignore[misc]
    if (schema := given.json_schema) is not None:
        makers.append(lambda: JsonSchema(field, schema))
    return makers
