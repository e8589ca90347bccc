"""JSON (RFC 8259) from strangers: descriptors, tables and cells, all read with one strictness.

Refused are `NaN` and `Infinity`, numbers that a float cannot hold, escapes that are half a character, and
nesting beyond `MAX_NESTING`. A name that is twice in an object is reported beside the value: of two values
readers keep either ("The names within an object SHOULD be unique").
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Generator, Iterator
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from casetrail.standard.conflict_marker import KEEP_ONE, is_conflict_marker
from casetrail.standard.limits import MAX_DOCUMENT, MAX_JSON_VALUES, MAX_NESTING

Steps = tuple[str | int, ...]
"""The way into a JSON value: names of properties and indexes of items."""

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
"""A string, or one that nobody closed, as far as the text goes; its search never goes back."""
_MARKS = re.compile(_STRING + r"|[,\[\]{}]", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_PIECE = re.compile(rf'(?:[^"]++|{_STRING}){{1,50000}}+', re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(\\u[dD][89a-fA-F])|\\.")


class JsonError(ValueError):
    """A text cannot be read as JSON: the reason as a clause, the offset in the text, and what to do."""

    def __init__(self, reason: str, offset: int, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.offset, self.hint = reason, offset, hint


class JsonFloat(float):
    """A number with a fraction or an exponent, and how it is written."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> JsonFloat:
        """The number as near as a float comes."""
        number = float.__new__(cls, text)
        if not isfinite(number):
            raise _NumberError(text, f"the number {text[:40]} is larger than JSON readers can hold")
        number.text = text
        return number


class _NumberError(ValueError):
    def __init__(self, literal: str, reason: str, hint: str | None = None) -> None:
        self.literal, self.reason, self.hint = literal, reason, hint


class JsonDocument(NamedTuple):
    """The value of a whole file, and each name that is there twice, with the way to its object.

    `ambiguous` are words of a file in YAML that readers take for different things: each has its way, the
    line, its text, and what others take it for.
    """

    value: Any
    duplicates: tuple[tuple[Steps, str], ...]
    bom: bool
    ambiguous: tuple[tuple[Steps, int, str, str], ...] = ()


class JsonReader:
    """Reads JSON values anywhere in a text. `duplicates` are the names that are twice in the last one."""

    def __init__(self) -> None:
        self._repeating: list[tuple[dict[str, Any], str]] = []
        self._text, self._values = "", 0
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=JsonFloat, parse_constant=_refuse_constant
        )

    @property
    def duplicates(self) -> tuple[str, ...]:
        """The names that are twice in an object of the last value."""
        return tuple(name for _, name in self._repeating) if self._repeating else ()

    def value(self, text: str, offset: int) -> tuple[Any, int]:
        """The value that starts at the offset, and the offset behind it and the space that follows.

        Raises:
            JsonError: it is not JSON, or not within the limits.
        """
        if self._repeating:
            self._repeating.clear()
        if len(text) - offset > MAX_JSON_VALUES:
            self._refuse_too_many(text, offset)
        try:
            value, end = self._decoder.raw_decode(text, offset)
        except json.JSONDecodeError as error:
            raise JsonError(error.msg[0].lower() + error.msg[1:], error.pos) from None
        except RecursionError:
            raise _too_deep(offset) from None
        except _NumberError as error:
            token = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(' + re.escape(error.literal) + ")")
            place = next(match.start() for match in token.finditer(text, offset) if match[1])
            raise JsonError(error.reason, place, error.hint) from None
        except ValueError:
            raise JsonError("a whole number has too many digits", offset) from None
        if end - offset > 2 * MAX_NESTING and _is_too_deep(value):
            raise _too_deep(offset)
        if text.find("\\", offset, end) >= 0 and _SURROGATE.search(text, offset, end):
            for escape in _ESCAPE.finditer(text, offset, end):
                if escape[1]:
                    reason = f"the escape {text[escape.start() : escape.start() + 6]} is half a character"
                    raise JsonError(reason, escape.start())
        return value, skip_space(text, end)

    def _refuse_too_many(self, text: str, offset: int) -> None:
        """Raise `JsonError` where the value at the offset holds more than `MAX_JSON_VALUES`."""
        if self._count(text) > MAX_JSON_VALUES:
            _value_end(text, offset)

    def _count(self, text: str) -> int:
        """The values in a text, or more than `MAX_JSON_VALUES` where it has more; a text is counted once."""
        if self._text is not text:
            self._text, self._values = text, sum(map(text.count, ",[{"))
            if self._values > MAX_JSON_VALUES and '"' in text:
                self._values = 0
                for piece in _PIECE.finditer(text):
                    self._values += sum(map(_STRINGS.sub("", piece[0]).count, ",[{"))
                    if self._values > MAX_JSON_VALUES:
                        break
        return self._values

    def document(self, text: str) -> Any:
        """The one value of a text.

        Raises:
            JsonError: Also where more follows.
        """
        start = skip_space(text, 0)
        if len(text) > MAX_JSON_VALUES and self._count(text) > MAX_JSON_VALUES:
            raise _too_many(start)
        value, end = self.value(text, start)
        if end < len(text):
            raise JsonError("something follows the end of the value", end)
        return value

    def items(self, text: str, offset: int) -> Generator[tuple[int, Any], None, int]:
        """The items of the array at the offset, each with its own; returned is the offset behind the array.

        Raises:
            JsonError: there is no array, or an item cannot be read.
        """
        if not text.startswith("[", offset):
            raise JsonError("an array of records is needed here", offset)
        position = skip_space(text, offset + 1)
        if text.startswith("]", position):
            return skip_space(text, position + 1)
        while True:
            value, behind = self.value(text, position)
            yield position, value
            if text.startswith("]", behind):
                return skip_space(text, behind + 1)
            if not text.startswith(",", behind):
                raise JsonError("a comma or ] is needed here", behind)
            position = skip_space(text, behind + 1)

    def member(self, text: str, offset: int, name: str) -> tuple[int | None, int]:
        """Where the value of a property of the object at the offset starts, if any, and where that ends.

        Raises:
            JsonError: there is no object, or something in it cannot be read.
        """
        if not text.startswith("{", offset):
            raise JsonError("an object is needed here", offset)
        position = skip_space(text, offset + 1)
        start: int | None = None
        while not text.startswith("}", position):
            key, position = self.value(text, position)
            if not isinstance(key, str) or not text.startswith(":", position):
                raise JsonError("a name and a colon are needed here", position)
            position = skip_space(text, position + 1)
            if key == name:
                start = position
            _, position = self.value(text, position)
            if text.startswith(",", position):
                position = skip_space(text, position + 1)
            elif not text.startswith("}", position):
                raise JsonError("a comma or } is needed here", position)
        return start, skip_space(text, position + 1)

    def located_duplicates(self, value: Any) -> tuple[tuple[Steps, str], ...]:
        """The names that are twice in the last value, each with the way to its object."""
        if not self._repeating:
            return ()
        ways = {id(holder): steps for steps, holder in _objects(value, ())}
        return tuple((ways.get(id(holder), ()), name) for holder, name in self._repeating)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(pairs)
        if len(read) < len(pairs):
            times = Counter(name for name, _ in pairs)
            self._repeating += [(read, name) for name in read if times[name] > 1]
        return read


def read_document(data: bytes) -> JsonDocument:
    """The JSON of a whole file.

    Raises:
        JsonError: it is not UTF-8, not JSON, or not within the limits; the reason says where.
    """
    if len(data) > MAX_DOCUMENT:
        raise JsonError(f"it is larger than {MAX_DOCUMENT >> 20} MiB; a descriptor has to be smaller", 0)
    bom = data.startswith(BOM_UTF8)
    try:
        text = data[3 if bom else 0 :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JsonError(f"line {line}: this is not UTF-8; save the file as UTF-8", error.start) from None
    reader = JsonReader()
    try:
        value = reader.document(text)
    except JsonError as error:
        line = text.count("\n", 0, error.offset) + 1
        start = text.rfind("\n", 0, error.offset) + 1
        if is_conflict_marker(text[start : start + 100].partition("\n")[0].encode()):
            raise JsonError(f"line {line}: this is a mark of git; {KEEP_ONE}", error.offset) from None
        column = error.offset - text.rfind("\n", 0, error.offset)
        reason = f"line {line}, column {column}: this cannot be read as JSON: {error.reason}"
        hint = f"; {error.hint}" if error.hint else ""
        raise JsonError(reason + hint, error.offset) from None
    return JsonDocument(value, reader.located_duplicates(value), bom)


def skip_space(text: str, offset: int) -> int:
    """The offset behind any space."""
    if text[offset : offset + 1] > " ":
        return offset
    space = _SPACE.match(text, offset)
    return offset if space is None else space.end()


def json_kind(value: object) -> str:
    """The kind of a JSON value in words, for a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list | tuple) else "an object"


def _refuse_constant(name: str) -> NoReturn:
    raise _NumberError(name, f"{name} is not JSON", "write null, a number, or leave it out")


def _too_deep(offset: int) -> JsonError:
    return JsonError(
        f"objects and arrays are nested too deep, more than {MAX_NESTING} in one another", offset
    )


def _too_many(offset: int) -> JsonError:
    return JsonError(f"it holds more than {MAX_JSON_VALUES:,} values", offset)


def _value_end(text: str, offset: int) -> int:
    """Where the object or array at the offset ends. Raises `JsonError` where it holds too many values."""
    depth = values = 0
    for token in _MARKS.finditer(text, offset):
        mark = token[0]
        if mark in ",[{":
            values += 1
            if values > MAX_JSON_VALUES:
                raise _too_many(offset)
        depth += (mark in "[{") - (mark in "]}")
        if depth <= 0 and mark != ",":
            return token.end()
    return len(text)


def _is_too_deep(value: Any) -> bool:
    level: list[dict[str, Any] | list[Any]] = [[value]]
    for _ in range(MAX_NESTING + 1):
        level = [inner for holder in level for inner in _inside(holder) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(holder: dict[str, Any] | list[Any]) -> list[Any]:
    return list(holder.values()) if isinstance(holder, dict) else holder


def _objects(value: Any, steps: Steps) -> Iterator[tuple[Steps, dict[str, Any]]]:
    if isinstance(value, dict):
        yield steps, value
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            yield from _objects(inner, (*steps, step))
