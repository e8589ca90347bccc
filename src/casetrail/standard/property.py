"""Properties of a descriptor: what JSON may have there, and how it is read.

A reader takes a value, the way to it and the notes. It gives what was read, or notes a problem and gives
`UNREADABLE`. Readers that follow one another make one: `property_of(listed, array_of(string))`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from casetrail.standard.json_reader import Steps, json_kind
from casetrail.standard.near_miss import did_you_mean

UNREADABLE: Any = type("Unreadable", (), {"__slots__": ()})()
"""In place of a value that cannot be read."""

REQUIRED: Any = type("Required", (), {"__slots__": ()})()
"""In place of the default of a property that must be given."""


class PropertyProblem(NamedTuple):
    """What is wrong at the end of a way; `absent` is the property that the object there ought to have."""

    steps: Steps
    message: str
    value: object = None
    hint: str | None = None
    absent: str | None = None


class Notes:
    """What turns up while a descriptor is read: the problems, and each object with properties not known."""

    def __init__(self) -> None:
        self.problems: list[PropertyProblem] = []
        self.extended: list[tuple[Steps, Any]] = []


Reader = Callable[[Any, Steps, Notes], Any]


class Property:
    """A property: its name in JSON, its reader, and the value where it is not given.

    One whose default is `None` may be `null`, which is the same as not to give it.
    """

    __slots__ = ("default", "json", "read")

    def __init__(self, read: Reader, default: Any, json: str) -> None:
        self.read, self.default, self.json = read, default, json

    def __set_name__(self, owner: type, name: str) -> None:
        first, *others = name.split("_")
        self.json = self.json or first + "".join(map(str.capitalize, others))


def property_of(*readers: Reader, default: Any = REQUIRED, json: str = "") -> Any:
    """A property that the readers read in turn, with its name in JSON where that is another one."""
    return Property(in_turn(readers), default, json)


def anything(value: Any, steps: Steps, notes: Notes) -> Any:
    """Any value, as it is."""
    return value


def string(value: Any, steps: Steps, notes: Notes) -> Any:
    """A string."""
    return value if isinstance(value, str) else unreadable(value, "a string", steps, notes)


def filled_string(value: Any, steps: Steps, notes: Notes) -> Any:
    """A string with something in it."""
    if value == "":
        notes.problems.append(
            PropertyProblem(steps, "this is empty, but at least one character is needed", value)
        )
        return UNREADABLE
    return string(value, steps, notes)


def listed(value: Any, steps: Steps, notes: Notes) -> Any:
    """Any value; a string as the array of one that it is short for."""
    return [value] if isinstance(value, str) else value


def true_or_false(value: Any, steps: Steps, notes: Notes) -> Any:
    """A boolean."""
    return value if isinstance(value, bool) else unreadable(value, "true or false", steps, notes)


def whole_number(value: Any, steps: Steps, notes: Notes) -> Any:
    """A whole number. JSON knows one kind of number: 5.0 is a whole one, as JSON Schema counts it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return unreadable(value, "a whole number", steps, notes)


def json_object(value: Any, steps: Steps, notes: Notes) -> Any:
    """An object of any content."""
    return value if isinstance(value, dict) else unreadable(value, "an object", steps, notes)


def converter(convert: Callable[[Any], Any]) -> Reader:
    """A reader that gives what the function makes of the value; its `ValueError` says what is wrong."""

    def read(value: Any, steps: Steps, notes: Notes) -> Any:
        try:
            return convert(value)
        except ValueError as error:
            notes.problems.append(PropertyProblem(steps, str(error), value))
            return UNREADABLE

    return read


def choice_of(*words: str) -> Reader:
    """One of these words."""

    def read(value: Any, steps: Steps, notes: Notes) -> Any:
        if isinstance(value, str) and value in words:
            return value
        listed = f"{', '.join(map(repr, words[:-1]))} or {words[-1]!r}"
        message = f"'{value}' is not one of the values it may have: {listed}"
        notes.problems.append(PropertyProblem(steps, message, value, did_you_mean(str(value), words)))
        return UNREADABLE

    return read


def array_of(*readers: Reader, least: int = 0, most: int | None = None, divisible: bool = True) -> Reader:
    """An array, as a tuple.

    An object in it that cannot be read is left out. Of plain values none can go without moving the others, so
    then, and where the array is not divisible, it cannot be read either.
    """
    read_entry = in_turn(readers)

    def read(value: Any, steps: Steps, notes: Notes) -> Any:
        if not isinstance(value, list):
            return unreadable(value, "an array", steps, notes)
        entries = [read_entry(entry, (*steps, index), notes) for index, entry in enumerate(value)]
        for entry, given in zip(entries, value, strict=True):
            if entry is UNREADABLE and not (divisible and isinstance(given, dict)):
                return UNREADABLE
        if not least <= len(value) <= (len(value) if most is None else most):
            message = f"here are {len(value)} entries, but {least} are needed"
            if not value:
                message = f"this is empty, but {'at least one entry is' if least == 1 else least} needed"
            notes.problems.append(PropertyProblem(steps, message, value))
            return UNREADABLE
        sound = tuple(entry for entry in entries if entry is not UNREADABLE)
        return sound if len(sound) >= least else UNREADABLE

    return read


def mapping_of(read_entry: Reader) -> Reader:
    """An object with names that anyone may choose; an entry that cannot be read is left out."""

    def read(value: Any, steps: Steps, notes: Notes) -> Any:
        if not isinstance(value, dict):
            return unreadable(value, "an object", steps, notes)
        entries = {name: read_entry(entry, (*steps, name), notes) for name, entry in value.items()}
        return {name: entry for name, entry in entries.items() if entry is not UNREADABLE}

    return read


def unreadable(value: Any, wanted: str, steps: Steps, notes: Notes) -> Any:
    """Note that the value is of another kind."""
    notes.problems.append(
        PropertyProblem(steps, f"this is {json_kind(value)}, but {wanted} is needed", value)
    )
    return UNREADABLE


def in_turn(readers: Sequence[Reader]) -> Reader:
    """The reader that hands what it reads on to the next."""
    if len(readers) == 1:
        return readers[0]

    def read(value: Any, steps: Steps, notes: Notes) -> Any:
        for reader in readers:
            value = reader(value, steps, notes)
            if value is UNREADABLE:
                break
        return value

    return read
