"""Descriptor models: what every model of a descriptor has in common, and how one is read from JSON.

A descriptor is a stranger's words. A property of the wrong form is a finding and is then read as if it were
absent, so that one problem hides no other; a property that the standard does not know is kept and passed on
(standard: glossary, "Custom Properties"), and a finding only when it is a near miss of a known one.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from itertools import islice, pairwise
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, dataclass_transform

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.standard.json_reader import Steps, json_kind
from casetrail.standard.limits import MAX_EXTRAS, MAX_MISTAKES
from casetrail.standard.near_miss import is_misspelt, near_miss
from casetrail.standard.property import (
    REQUIRED,
    UNREADABLE,
    Notes,
    Property,
    PropertyProblem,
    property_of,
    unreadable,
)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(property_of,))
class DescriptorModel:
    """The base of every descriptor: frozen, camelCase in JSON, unknown properties kept.

    An object holds what was given; what was not is the default of its class.
    """

    properties: ClassVar[Mapping[str, Property]] = {}
    """The properties by their names in Python, in their order."""
    names: ClassVar[Mapping[str, str]] = {}
    """The names in Python by those in JSON."""
    needed: ClassVar[tuple[str, ...]] = ()
    """What must be given, by the names in JSON."""
    binding: ClassVar[bool] = True
    """Whether validation depends on the properties: a misspelt one is then an error, else a warning."""
    extra: Mapping[str, Any] = {}
    """The properties that the model does not know."""

    def __init_subclass__(cls) -> None:
        own = {name: part for name, part in vars(cls).items() if isinstance(part, Property)}
        for name, part in own.items():
            setattr(cls, name, part.default)
        cls.properties = {**cls.properties, **own}
        cls.names = {part.json: name for name, part in cls.properties.items()}
        cls.needed = tuple(part.json for part in cls.properties.values() if part.default is REQUIRED)

    def __init__(self, **given: Any) -> None:
        required = {self.names[name] for name in self.needed}
        if not required <= given.keys() <= self.properties.keys():
            odd = (required - given.keys()) | (given.keys() - self.properties.keys())
            raise TypeError(f"{type(self).__name__}: not given or not known: {', '.join(sorted(odd))}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} does not change")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DescriptorModel) or type(self) is not type(other):
            return NotImplemented
        return self.extra == other.extra and all(
            getattr(self, name) == getattr(other, name) for name in self.properties
        )

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.to_json()})"

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Self:
        """The model of an object of ours, in which nothing is wrong.

        Raises:
            ValueError: what is wrong first.
        """
        notes = Notes()
        model = cls.read(raw, (), notes)
        for problem in notes.problems:
            raise ValueError(f"{'.'.join(map(str, problem.steps))}: {problem.message}")
        return model  # type: ignore[no-any-return]

    @classmethod
    def read(cls, value: Any, steps: Steps, notes: Notes) -> Any:
        """The reader of such an object. Without a required property it cannot be read."""
        if not isinstance(value, dict):
            return unreadable(value, "an object", steps, notes)
        problems, extended = len(notes.problems), len(notes.extended)
        given: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, raw in cls.flat(value).items():
            known = cls.names.get(name)
            if known is None:
                extra[name] = raw
                continue
            part = cls.properties[known]
            is_null = raw is None and part.default is None
            read = None if is_null else part.read(raw, (*steps, name), notes)
            if read is not UNREADABLE:
                given[known] = read
        is_readable = True
        for name in cls.needed:
            is_readable = is_readable and cls.names[name] in given
            if name not in value:
                message = f"the property '{name}' is required and is not there"
                written = near_miss(name, value)
                hint = written and f"'{written}' is written there; did you mean '{name}'?"
                notes.problems.append(PropertyProblem(steps, message, None, hint, name))
        model = cls.__new__(cls)
        model.__dict__.update(given)
        if extra:
            model.__dict__["extra"] = extra
            notes.extended.insert(extended, (steps, model))
        fault = model.fault() if is_readable else None
        if fault and len(notes.problems) == problems:
            notes.problems.append(PropertyProblem(steps, fault, value))
        if is_readable and fault is None:
            return model
        del notes.extended[extended:]
        return UNREADABLE

    @classmethod
    def flat(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """The object, with what other tools write elsewhere at its place."""
        return raw

    def fault(self) -> str | None:
        """What is wrong with the object although each of its properties can be read."""
        return None

    @property
    def stated(self) -> Set[str]:
        """The known properties that were given, by their names in Python."""
        return self.__dict__.keys() & self.properties.keys()

    def but(self, **changes: Any) -> Self:
        """The object with other values of these properties."""
        model = self.__class__.__new__(self.__class__)
        kept = {name: self.__dict__[name] for name in (*self.properties, "extra") if name in self.__dict__}
        model.__dict__.update(kept | changes)
        return model

    def to_json(self) -> dict[str, Any]:
        """The descriptor as JSON has it: the properties that were given, in the order of the model."""
        given = self.__dict__
        known = {part.json: _json(given[name]) for name, part in self.properties.items() if name in given}
        return {**known, **self.extra}


def _json(value: Any) -> Any:
    if isinstance(value, DescriptorModel):
        return value.to_json()
    if isinstance(value, tuple | list):
        return [_json(part) for part in value]
    return {name: _json(part) for name, part in value.items()} if isinstance(value, dict) else value


class DescriptorLocation(NamedTuple):
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
    notes = Notes()
    read = model.read(raw, (), notes)
    findings = [
        location.into(*problem.steps, field=_field_name(raw, (*problem.steps, problem.absent or ""))).finding(
            f"{kind}-property", problem.message, value=problem.value, hint=problem.hint
        )
        for problem in notes.problems[:MAX_MISTAKES]
    ]
    # A descriptor with more properties of its own has no use for spelling advice.
    extra = [(steps, part, name) for steps, part in notes.extended for name in part.extra][:MAX_EXTRAS]
    near = (
        _near_miss(part, name, location.into(*steps, field=_field_name(raw, steps)), kind)
        for steps, part, name in extra
        if name not in CUSTOM_PROPERTIES and near_miss(name, tuple(part.names))
    )
    findings += islice(filter(None, near), MAX_MISTAKES)
    return None if read is UNREADABLE else read, findings


def _near_miss(model: DescriptorModel, name: str, location: DescriptorLocation, kind: str) -> Finding | None:
    """A property that is not known and looks like a misspelt one that is known and not given."""
    # A property that is called as Python calls a known one is an unknown one all the same.
    meant = near_miss(name, [known for known, here in model.names.items() if here not in model.stated])
    if meant is None:
        return None
    certain = model.binding and is_misspelt(name, meant)
    return location.finding(
        f"{kind}-near-miss",
        f"the property '{name}' is not one of the standard and has no effect",
        hint=f"did you mean '{meant}'?",
        value=name,
        severity=Severity.ERROR if certain else Severity.WARNING,
    )


def _field_name(raw: Any, steps: Steps) -> str | None:
    """The name of the field that the steps lead into, where they do."""
    for here, index in pairwise(steps):
        if not isinstance(raw, dict) or here not in raw:
            return None
        raw = raw[here]
        if here == "fields" and isinstance(index, int) and isinstance(raw, list) and index < len(raw):
            entry = raw[index]
            name = entry.get("name") if isinstance(entry, dict) else None
            return name if isinstance(name, str) else None
    return None
