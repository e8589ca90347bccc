"""The constraint `jsonSchema` on JSON values (Table Schema, "jsonSchema").

The JSON Schema is a stranger's: references to other documents are not fetched, its patterns are run by RE2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import BrokenConstraint, Constraint, Fault
from casetrail.findings.visible import cut
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrays import text_array

_LONGEST_REASON = 300
_UNSAFE = frozenset({"patternProperties", "unevaluatedProperties"})


class JsonSchemaConstraint(Constraint):
    """The JSON value satisfies a JSON Schema."""

    codes: ClassVar = {
        "constraint-json-schema": "A JSON value does not satisfy the field's JSON Schema.",
        "schema-json-schema-invalid": "A jsonSchema constraint is not a JSON Schema that can be used.",
    }
    code = "constraint-json-schema"

    def __init__(self, field: FieldDescriptor, given: dict[str, Any]) -> None:
        import jsonschema
        from referencing import Registry

        self._field = field.name
        for keyword, pattern in _patterns(given):
            _check_pattern(keyword, pattern)
        try:
            chosen = jsonschema.validators.validator_for(given, default=jsonschema.Draft202012Validator)
            chosen.check_schema(given)
            extend: Callable[..., Any] = jsonschema.validators.extend
            safe = extend(chosen, {"pattern": _pattern})
            self._validator = safe(given, registry=Registry())
            next(self._validator.iter_errors({}), None)
            next(self._validator.iter_errors([]), None)
        except jsonschema.SchemaError as error:
            raise _broken(cut(error.message, _LONGEST_REASON)) from None
        except RecursionError:
            raise _broken("it refers to itself") from None
        except Exception as error:  # whatever the resolution of references raises
            raise _broken(f"it refers to what is not part of it ({error})") from None

    def breaks(self, text: str, value: Any) -> bool:
        """Whether there is a violation."""
        return next(self._validator.iter_errors(value), None) is not None

    def fault(self, text: str, value: Any) -> Fault:
        """The first violation, by its place in the value."""
        errors = sorted(
            self._validator.iter_errors(value), key=lambda error: [str(step) for step in error.path]
        )
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in errors[0].path)
        place = f"at '{where.lstrip('.')}', " if where else ""
        return Fault(
            f"the JSON of '{self._field}' breaks its schema: {place}{cut(errors[0].message, _LONGEST_REASON)}"
        )


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    import jsonschema

    if isinstance(instance, str) and not pc.match_substring_regex(text_array([instance]), pattern)[0].as_py():
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _patterns(schema: Any) -> Iterator[tuple[str, Any]]:
    pending = [schema]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield from ((key, value) for key, value in part.items() if key == "pattern" or key in _UNSAFE)
            pending += part.values()
        elif isinstance(part, list):
            pending += part


def _check_pattern(keyword: str, pattern: Any) -> None:
    if keyword in _UNSAFE and isinstance(pattern, dict | bool):
        raise _broken(f"it uses '{keyword}', which is not supported")
    if isinstance(pattern, str):
        try:
            pc.match_substring_regex(text_array([""]), pattern)
        except pa.ArrowInvalid:
            raise _broken(f"the pattern '{pattern}' cannot be run safely") from None


def _broken(message: str) -> BrokenConstraint:
    return BrokenConstraint("schema-json-schema-invalid", "jsonSchema", message)
