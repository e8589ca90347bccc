"""Scanning JSON text: the items of an array one by one, each with the place where it starts."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")


class Fraction(float):
    """A JSON number with a fraction or an exponent, and how it is written."""

    text: str

    def __new__(cls, text: str) -> Fraction:
        """The number as near as a float comes."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class Doubled(dict[str, Any]):
    """A JSON object in which a name stands twice; the last value counts."""


class JsonError(ValueError):
    """A text is not JSON: the reason, and where."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(found)
    return read if len(read) == len(found) else Doubled(read)


def _whole(text: str) -> int:
    if len(text) > 1000:
        raise ValueError(f"a number of {len(text)} digits is too long")
    return int(text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=Fraction, parse_int=_whole, parse_constant=_no_constant
)


def value_at(text: str, offset: int) -> tuple[Any, int]:
    """The value that starts at the offset, and the place behind it and the space that follows."""
    try:
        value, end = _DECODER.raw_decode(text, offset)
    except json.JSONDecodeError as error:
        raise JsonError(error.msg[0].lower() + error.msg[1:], error.pos) from None
    except RecursionError:
        raise JsonError("arrays or objects are nested too deep", offset) from None
    except ValueError as error:
        raise JsonError(str(error), offset) from None
    return value, skip(text, end)


def skip(text: str, offset: int) -> int:
    """The place behind any space."""
    space = _SPACE.match(text, offset)
    return offset if space is None else space.end()


def items(text: str, offset: int) -> Generator[tuple[int, Any], None, int]:
    """The items of the array at the offset, each with its own offset; returned is the place behind it."""
    if not text.startswith("[", offset):
        raise JsonError("an array of records is needed here", offset)
    position = skip(text, offset + 1)
    if text.startswith("]", position):
        return skip(text, position + 1)
    while True:
        value, behind = value_at(text, position)
        yield position, value
        if text.startswith("]", behind):
            return skip(text, behind + 1)
        if not text.startswith(",", behind):
            raise JsonError("a comma or ] is needed here", behind)
        position = skip(text, behind + 1)


def member(text: str, offset: int, name: str) -> tuple[int | None, int]:
    """Where the value of a property of the object at the offset starts, if it has it, and where that ends."""
    if not text.startswith("{", offset):
        raise JsonError("an object is needed here", offset)
    position = skip(text, offset + 1)
    found: int | None = None
    while not text.startswith("}", position):
        key, position = value_at(text, position)
        if not isinstance(key, str) or not text.startswith(":", position):
            raise JsonError("a name and a colon are needed here", position)
        start = skip(text, position + 1)
        if key == name:
            found = start
        _, position = value_at(text, start)
        if text.startswith(",", position):
            position = skip(text, position + 1)
        elif not text.startswith("}", position):
            raise JsonError("a comma or } is needed here", position)
    return found, skip(text, position + 1)


def inline_data(text: str, name: str) -> int:
    """Where the inline data of a resource start in the text of its descriptor."""
    start, _ = member(text, skip(text, 0), "resources")
    for offset, resource in items(text, start) if start is not None else ():
        if isinstance(resource, dict) and resource.get("name") == name:
            found, _ = member(text, offset, "data")
            if found is not None:
                return found
    raise JsonError(f"the descriptor has no data for '{name}'", 0)
