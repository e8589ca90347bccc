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
from itertools import islice
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.standard.json_reader import json_kind
from casetrail.standard.near_miss import did_you_mean


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
    whole: ClassVar[frozenset[str]] = frozenset()
    """Lists of which no element can be left out: one broken element makes the object unreadable."""
    binding: ClassVar[bool] = True
    """Whether validation depends on the properties: a near miss is then an error, else a warning."""

    def to_json(self) -> dict[str, Any]:
        """The descriptor as JSON has it: the properties that were given, in the order of the model."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a descriptor: its file, the table it speaks of, and where in the JSON."""

    path: str
    pointer: str = ""
    table: str | None = None
    field: str | None = None

    def into(self, *steps: str | int, field: str | None = None) -> Spot:
        """The place some steps further in, as `fields[2].constraints`."""
        pointer = self.pointer
        for step in steps:
            pointer += f"[{step}]" if isinstance(step, int) else f".{step}" if pointer else step
        return Spot(self.path, pointer, self.table, field or self.field)

    def finding(
        self, code: str, message: str, *, hint: str | None = None, value: object = None, warning: bool = False
    ) -> Finding:
        """A finding at this place; the place in the JSON is put in front of the message."""
        message = f"{self.pointer[:200]}: {message}" if self.pointer else message
        return Finding(
            code,
            message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…",
            Place(
                table=self.table,
                path=self.path,
                field=self.field,
                value=None if value is None else _shown(value),
            ),
            severity=Severity.WARNING if warning else Severity.ERROR,
            hint=hint,
        )


M = TypeVar("M", bound=DescriptorModel)

_LONGEST = 1000
_MOST_EXTRAS = 10_000

MAX_MISTAKES = 1000
"""How many broken properties of one object are told one by one."""


def read_model(model: type[M], raw: object, spot: Spot, *, kind: str) -> tuple[M | None, list[Finding]]:
    """The object as a model, or `None` where it cannot be read at all, and what is wrong with it.

    `kind` starts the codes: `schema` gives `schema-property` and `schema-near-miss`.
    """
    if not isinstance(raw, dict):
        message = f"this is {json_kind(raw)}, but a JSON object is needed"
        return None, [spot.finding(f"{kind}-property", message, value=raw)]
    findings: list[Finding] = []
    mended = raw
    removed = _Removed()
    while len(findings) <= MAX_MISTAKES:
        try:
            read = model.model_validate(mended, by_alias=True, by_name=False)
        except ValidationError as error:
            if mended is raw:
                mended = copy.deepcopy(raw)
            details = error.errors(include_url=False, include_context=False)
            findings += [
                _mistake(detail, mended, spot, kind)
                for detail in details
                if not removed.has(mended, detail["loc"])
            ]
            # From the back, so that what goes from a list does not move what is still to be found.
            for detail in reversed(details):
                if removed.take_out(mended, detail, model.whole):
                    return None, findings
        else:
            return read, [*findings, *islice(near_misses(read, spot, kind=kind), MAX_MISTAKES)]
    return None, findings


def near_misses(
    model: DescriptorModel, spot: Spot, *, kind: str, budget: Iterator[int] | None = None
) -> Iterator[Finding]:
    """Unknown properties, here and in all objects within, that look like misspelt known ones.

    Only some thousand are looked at: a descriptor with more of its own has no use for spelling advice.
    """
    budget = iter(range(_MOST_EXTRAS)) if budget is None else budget
    # A property that is called as Python calls a known one is an unknown one all the same.
    given = model.model_fields_set - set(model.model_extra or ())
    fields = model.__class__.model_fields
    for name, _ in zip(model.model_extra or (), budget, strict=False):
        free = [info.alias or known for known, info in fields.items() if known not in given]
        hint = did_you_mean(name, free)
        if hint is not None:
            message = f"the property '{name}' is not one of the standard and has no effect"
            yield spot.finding(f"{kind}-near-miss", message, hint=hint, value=name, warning=not model.binding)
    for name, info in fields.items():
        inner = getattr(model, name) if name in given else None
        if not isinstance(inner, DescriptorModel | tuple):
            continue
        at = spot.into(info.alias or name)
        if isinstance(inner, DescriptorModel):
            yield from near_misses(inner, at, kind=kind, budget=budget)
        else:
            for index, part in enumerate(inner):
                if isinstance(part, DescriptorModel):
                    own = getattr(part, "name", None) if name == "fields" else None
                    within = at.into(index, field=own)
                    yield from near_misses(part, within, kind=kind, budget=budget)


def _mistake(detail: ErrorDetails, mended: dict[str, Any], spot: Spot, kind: str) -> Finding:
    steps = detail["loc"]
    at = spot.into(*steps, field=_field_name(mended, steps))
    if detail["type"] == "missing":
        around = spot.into(*steps[:-1], field=at.field)
        return around.finding(f"{kind}-property", f"the property '{steps[-1]}' is required and is not there")
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


class _Removed:
    """What was taken out of the copy, so that its absence is not told as a second mistake."""

    def __init__(self) -> None:
        self._properties: dict[tuple[int, str | int], object] = {}

    def has(self, mended: dict[str, Any], steps: tuple[str | int, ...]) -> bool:
        """Whether the property at the steps was there and has been taken out."""
        holder = _at(mended, steps[:-1])
        return bool(steps) and (id(holder), steps[-1]) in self._properties

    def take_out(self, mended: dict[str, Any], detail: ErrorDetails, whole: frozenset[str]) -> bool:
        """Take out what the mistake makes unreadable; true when that is the whole object.

        A broken property goes alone; a required one that is not there takes the object around it along; of a
        list of plain values none can go without moving the others, so the list goes.
        """
        steps = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
        while steps:
            holder, step = _at(mended, steps[:-1]), steps[-1]
            if isinstance(holder, dict):
                if step in holder:
                    del holder[step]
                    # The holder is kept with its id, which would else be given to another object.
                    self._properties[id(holder), step] = holder
                return False
            if isinstance(holder, list) and isinstance(step, int) and isinstance(_at(holder, (step,)), dict):
                if len(steps) == 2 and steps[0] in whole:
                    return True
                del holder[step]
                return False
            steps = steps[:-1]
        return True


def _at(value: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _field_name(raw: Any, steps: tuple[str | int, ...]) -> str | None:
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


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else text[:199] + "…"
