"""Descriptor models: what every model of a descriptor has in common, and how one is read from JSON.

A descriptor is a stranger's words. A property of the wrong form is a finding and is then read as if it were
absent, so that one mistake hides no other; a property that the standard does not know is kept and passed on
(standard: glossary, "Custom Properties"), and a finding only when it is a near miss of a known one.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.standard.json_reader import Steps, json_kind
from casetrail.standard.limits import MAX_EXTRAS, MAX_MISTAKES
from casetrail.standard.near_miss import did_you_mean, is_misspelt, near_miss


def _whole_number(value: Any) -> Any:
    # JSON knows one kind of number: 5.0 is a whole one, as JSON Schema counts it.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool):
        raise ValueError("this is true or false, but a whole number is needed")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole_number), Field(strict=True)]


class DescriptorModel(BaseModel):
    """The base of every descriptor: frozen, camelCase in JSON, unknown properties kept."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        # Built when first used: of most models only the one that contains them is.
        defer_build=True,
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=True,
    )
    indivisible: ClassVar[frozenset[str]] = frozenset()
    """Lists of which no element can be left out: one broken element makes the object unreadable."""
    binding: ClassVar[bool] = True
    """Whether validation depends on the properties: a misspelt one is then an error, else a warning."""

    def to_json(self) -> dict[str, Any]:
        """The descriptor as JSON has it: the properties that were given, in the order of the model."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


@dataclass(frozen=True, slots=True)
class DescriptorLocation:
    """A place in a descriptor: its file, the table it speaks of, and where in the JSON."""

    path: str
    pointer: str = ""
    table: str | None = None
    field: str | None = None

    def into(self, *steps: str | int, field: str | None = None) -> DescriptorLocation:
        """The place some steps further in, as `fields[2].constraints`."""
        pointer = self.pointer
        for step in steps:
            pointer += f"[{step}]" if isinstance(step, int) else f".{step}" if pointer else step
        return DescriptorLocation(self.path, pointer, self.table, field or self.field)

    def finding(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        value: object = None,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """A finding at this place; the place in the JSON is put in front of the message."""
        message = f"{self.pointer[:200]}: {message}" if self.pointer else message
        return Finding(
            code,
            message,
            Place(
                table=self.table,
                path=self.path,
                field=self.field,
                value=None if value is None else value if isinstance(value, str) else repr(value),
            ),
            severity=severity,
            hint=hint,
        )


M = TypeVar("M", bound=DescriptorModel)

_MAX_PASSES = 20

CUSTOM_PROPERTIES = frozenset({"scheme"})
"""What other tools write of their own accord and what looks like a misspelt property of the standard."""


def read_model(
    model: type[M], raw: object, location: DescriptorLocation, *, kind: str
) -> tuple[M | None, list[Finding]]:
    """The object as a model, or `None` where it cannot be read at all, and what is wrong with it.

    `kind` starts the codes: `schema` gives `schema-property` and `schema-near-miss`.
    """
    if not isinstance(raw, dict):
        message = f"this is {json_kind(raw)}, but a JSON object is needed"
        return None, [location.finding(f"{kind}-property", message, value=raw)]
    findings: list[Finding] = []
    sound = raw
    # The first pass meets every mistake. Later ones meet only what follows from taking those out: a required
    # property that is gone takes the object around it along.
    for _ in range(_MAX_PASSES):
        try:
            read = model.model_validate(sound, by_alias=True, by_name=False)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
            if sound is raw:
                findings += [_mistake(detail, raw, location, kind) for detail in details[:MAX_MISTAKES]]
                sound = copy.deepcopy(raw)
            unreadable = {_unreadable(detail, sound, model.indivisible) for detail in details}
            if () in unreadable:
                break
            _take_out(unreadable, sound)
        else:
            return read, [*findings, *islice(near_misses(read, location, kind=kind), MAX_MISTAKES)]
    return None, findings


def near_misses(
    model: DescriptorModel, location: DescriptorLocation, *, kind: str, budget: Iterator[int] | None = None
) -> Iterator[Finding]:
    """Unknown properties, here and in all objects within, that look like misspelt known ones.

    Only some thousand are looked at: a descriptor with more of its own has no use for spelling advice.
    """
    if budget is None:
        budget = iter(range(MAX_EXTRAS))
        if not _any_near(model, iter(range(MAX_EXTRAS))):
            return
    # A property that is called as Python calls a known one is an unknown one all the same.
    stated = model.model_fields_set - set(model.model_extra or ())
    fields = model.__class__.model_fields
    for name, _ in zip(model.model_extra or (), budget, strict=False):
        meant = None
        if _is_near(name, model.__class__):
            free = [info.alias or known for known, info in fields.items() if known not in stated]
            meant = near_miss(name, free)
        if meant is not None:
            message = f"the property '{name}' is not one of the standard and has no effect"
            certain = model.binding and is_misspelt(name, meant)
            yield location.finding(
                f"{kind}-near-miss",
                message,
                hint=f"did you mean '{meant}'?",
                value=name,
                severity=Severity.ERROR if certain else Severity.WARNING,
            )
    for name, info in fields.items():
        inner = getattr(model, name) if name in stated else None
        parts = inner if isinstance(inner, tuple) else (inner,)
        for index, part in enumerate(parts):
            if isinstance(part, DescriptorModel):
                at = location.into(info.alias or name)
                if parts is inner:
                    at = at.into(index, field=getattr(part, "name", None) if name == "fields" else None)
                yield from near_misses(part, at, kind=kind, budget=budget)


@lru_cache(1024)
def _is_near(name: str, model: type[DescriptorModel]) -> bool:
    """Whether an unknown property is near any known one: the objects of a package have the same ones."""
    known = [info.alias or field for field, info in model.model_fields.items()]
    return name not in CUSTOM_PROPERTIES and near_miss(name, known) is not None


_PLAIN = frozenset({str, bool, int, type(None)})
"""What most properties are; whether something is a model takes far longer to tell."""


def _any_near(model: DescriptorModel, budget: Iterator[int]) -> bool:
    """Whether there is a near miss here or within: in most descriptors there is none."""
    kind = model.__class__
    if any(_is_near(name, kind) for name, _ in zip(model.model_extra or (), budget, strict=False)):
        return True
    for value in model.__dict__.values():
        if value.__class__ in _PLAIN:
            continue
        for part in value if value.__class__ is tuple else (value,):
            if isinstance(part, DescriptorModel) and _any_near(part, budget):
                return True
    return False


def _mistake(detail: ErrorDetails, raw: dict[str, Any], location: DescriptorLocation, kind: str) -> Finding:
    steps = detail["loc"]
    at = location.into(*steps, field=_field_name(raw, steps))
    if detail["type"] == "missing":
        around = location.into(*steps[:-1], field=at.field)
        written = near_miss(str(steps[-1]), _at(raw, steps[:-1]) or ())
        hint = None if written is None else f"'{written}' is written there; did you mean '{steps[-1]}'?"
        message = f"the property '{steps[-1]}' is required and is not there"
        return around.finding(f"{kind}-property", message, hint=hint)
    message = detail["msg"][0].lower() + detail["msg"][1:]
    hint = None
    if detail["type"] == "value_error":
        message = message.removeprefix("value error, ")
    elif detail["type"] == "too_short":
        message = "this is empty, but at least one entry is needed"
    elif detail["type"] == "literal_error":
        message = f"'{detail['input']}' is not one of the values it may have: {message.partition('be ')[2]}"
        hint = did_you_mean(str(detail["input"]), re.findall(r"'([^']*)'", message.partition(":")[2]))
    elif "type" in detail["type"] or detail["type"].endswith("_parsing"):
        message = f"this is {json_kind(detail['input'])}, but {_wanted(detail['type'])} is needed"
    return at.finding(f"{kind}-property", message, value=detail["input"], hint=hint)


def _unreadable(detail: ErrorDetails, raw: dict[str, Any], indivisible: frozenset[str]) -> Steps:
    """The way to what a mistake makes unreadable; none leads to the whole object.

    A broken property goes alone; a required one that is not there takes the object around it along; of a
    list of plain values none can go without moving the others, so the list goes.
    """
    steps: Steps = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
    while steps and not (isinstance(_at(raw, steps[:-1]), dict) or isinstance(_at(raw, steps), dict)):
        steps = steps[:-1]
    return () if len(steps) == 2 and steps[0] in indivisible else steps


def _take_out(unreadable: set[Steps], raw: dict[str, Any]) -> None:
    """Take out what is at the ends of these ways, from the back of each list to its front."""
    for steps in sorted(unreadable, reverse=True):
        if not any(steps[:length] in unreadable for length in range(1, len(steps))):
            holder = _at(raw, steps[:-1])
            if not isinstance(holder, dict) or steps[-1] in holder:
                del holder[steps[-1]]


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _field_name(raw: Any, steps: Steps) -> str | None:
    """The name of the field that the steps lead into, where they do."""
    for here, index in itertools.pairwise(steps):
        if not isinstance(raw, dict) or here not in raw:
            return None
        raw = raw[here]
        if here == "fields" and isinstance(index, int) and isinstance(raw, list) and index < len(raw):
            entry = raw[index]
            name = entry.get("name") if isinstance(entry, dict) else None
            return name if isinstance(name, str) else None
    return None


def _wanted(code: str) -> str:
    wanted = {
        "string_type": "a string",
        "int_type": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "dict_type": "an object",
        "model_type": "an object",
        "model_attributes_type": "an object",
    }
    return wanted.get(code, "an array")
