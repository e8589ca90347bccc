"""JSON Schemas of strangers, run safely: nothing is fetched, and patterns are run by RE2 in linear time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.visible import cut
from casetrail.standard.json_reader import Steps
from casetrail.standard.limits import JSON_STEPS_PER_CHARACTER, MAX_JSON_STEPS
from casetrail.types.arrow_arrays import text_array

_UNSAFE = frozenset({"patternProperties", "unevaluatedProperties"})
_MAX_REASON = 300


class JsonSchemaProblem(ValueError):
    """Why a JSON Schema cannot be used, as a clause."""


class JsonSchema:
    """A JSON Schema, ready to judge JSON values.

    `known` are the beginnings of addresses that a reference may name: what is there is taken for granted.

    Raises:
        JsonSchemaProblem: it is no JSON Schema, refers to what is not part of it, or cannot be run safely.
    """

    def __init__(self, schema: Any, known: tuple[str, ...] = ()) -> None:
        import jsonschema
        from referencing import Registry, Resource
        from referencing.exceptions import NoSuchResource
        from referencing.jsonschema import DRAFT202012

        def retrieve(uri: str) -> Resource[Any]:
            if uri.startswith(known):
                return Resource.from_contents({}, default_specification=DRAFT202012)
            raise NoSuchResource(ref=uri)  # type: ignore[call-arg]

        self._steps = MAX_JSON_STEPS
        for keyword, pattern in _patterns(schema):
            _check_pattern(keyword, pattern)
        try:
            chosen = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
            chosen.check_schema(schema)
            extend: Callable[..., Any] = jsonschema.validators.extend
            registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
            keywords = {**chosen.VALIDATORS, "pattern": _pattern}
            counted = {name: self._counted(judge) for name, judge in keywords.items()}
            self._validator = extend(chosen, counted)(schema, registry=registry)
            next(self._validator.iter_errors({}), None)
            next(self._validator.iter_errors([]), None)
        except jsonschema.SchemaError as error:
            raise JsonSchemaProblem(cut(error.message, _MAX_REASON)) from None
        except RecursionError:
            raise JsonSchemaProblem("it refers to itself") from None
        except JsonSchemaProblem:
            raise
        except Exception as error:  # whatever the resolution of references raises
            raise JsonSchemaProblem(
                cut(f"it refers to what is not part of it ({error})", _MAX_REASON)
            ) from None

    def _counted(self, judge: Callable[..., Any]) -> Callable[..., Any]:
        """A keyword of JSON Schema that counts how often it is asked: references can double without end."""

        def counted(*arguments: Any) -> Any:
            self._steps -= 1
            if self._steps < 0:
                reason = f"it takes more than {MAX_JSON_STEPS:,} steps to judge by it; state it more plainly"
                raise JsonSchemaProblem(reason)
            return judge(*arguments)

        return counted

    def accepts(self, value: Any, length: int = 0) -> bool:
        """Whether the value satisfies the schema; each of its `length` characters gives more time.

        Raises:
            JsonSchemaProblem: it cannot be judged.
        """
        self._steps += length * JSON_STEPS_PER_CHARACTER
        return next(self._validator.iter_errors(value), None) is None

    def violations(self, value: Any) -> list[tuple[Steps, str]]:
        """What violates the schema: the way to it and the reason, in the order of the ways.

        Raises:
            JsonSchemaProblem: a reference that the value leads to cannot be followed.
        """
        try:
            errors = [
                (tuple(error.absolute_path), cut(error.message, _MAX_REASON))
                for error in self._validator.iter_errors(value)
            ]
        except JsonSchemaProblem:
            raise
        except Exception as error:  # whatever the resolution of references raises
            raise JsonSchemaProblem(
                cut(f"it refers to what is not part of it ({error})", _MAX_REASON)
            ) from None
        return sorted(errors, key=lambda error: ([str(step) for step in error[0]], error[1]))


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
        raise JsonSchemaProblem(f"it uses '{keyword}', which is not supported")
    if isinstance(pattern, str):
        try:
            pc.match_substring_regex(text_array([""]), pattern)
        except UnicodeEncodeError:
            raise JsonSchemaProblem("a pattern has half a character") from None
        except pa.ArrowInvalid:
            raise JsonSchemaProblem(
                f"the pattern '{cut(pattern, _MAX_REASON)}' cannot be run safely"
            ) from None
