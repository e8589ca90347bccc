"""The constraint `jsonSchema` on JSON values (Table Schema, "jsonSchema")."""

from __future__ import annotations

from typing import Any, ClassVar

from casetrail.checks.constraint import BrokenConstraint, Constraint, Fault
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.safe_json_schema import JsonSchema, JsonSchemaProblem


class JsonSchemaConstraint(Constraint):
    """The JSON value satisfies a JSON Schema."""

    codes: ClassVar = {
        "constraint-json-schema": "A JSON value does not satisfy the field's JSON Schema. "
        "Mend the value at the place in it that the message names.",
        "schema-json-schema-invalid": "A jsonSchema constraint is not a JSON Schema that can be used. "
        "Mend it at the place that the message names.",
    }
    code = "constraint-json-schema"

    def __init__(self, field: FieldDescriptor, given: dict[str, Any]) -> None:
        self._field = field.name
        try:
            self._schema = JsonSchema(given)
        except JsonSchemaProblem as problem:
            raise BrokenConstraint("schema-json-schema-invalid", "jsonSchema", str(problem)) from None

    def breaks(self, text: str, value: Any) -> bool:
        """Whether there is a violation."""
        try:
            return not self._schema.accepts(value, len(text))
        except JsonSchemaProblem:
            return True

    def fault(self, text: str, value: Any) -> Fault:
        """The first violation, by its place in the value."""
        try:
            steps, reason = self._schema.violations(value)[0]
        except JsonSchemaProblem as problem:
            return Fault(f"the JSON of '{self._field}' cannot be judged by its schema: {problem}")
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
        place = f"at '{where.lstrip('.')}', " if where else ""
        return Fault(f"the JSON of '{self._field}' breaks its schema: {place}{reason}")
