"""YAML descriptors from strangers, read as the JSON that they stand for.

The standard has descriptors in JSON; the `frictionless` library reads them in YAML too. Read is YAML 1.2 (its
"core schema"): `no` is text, and so is 2024-01-01. Readers of YAML 1.1 take these for false and for a date,
so each such word without quotation marks is named. Refused are tags, merge keys, several documents, and names
that are no text; what anchors repeat counts as often as it is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from casetrail.standard.json_reader import JsonDocument, JsonError, Steps
from casetrail.standard.limits import MAX_DOCUMENT, MAX_JSON_VALUES, MAX_NESTING

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FLOAT_OF_ALL = re.compile(r"[-+]?[0-9]*\.?[0-9]*|[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)[eE][-+][0-9]+")
"""Readers of YAML 1.1 take an exponent for one only behind a point, and with a sign."""
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MOST_DIGITS = 300
# What YAML 1.1 reads otherwise: words for truth values, dates, numbers in base 60, with _ and in base 8 or 2.
_TRUTHS = re.compile(r"(?i:y|n|yes|no|on|off)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:.*)?")
_NUMBER = re.compile(
    r"[-+]?(?:0b[01_]+|0[0-7_]+|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
)


def read_yaml(data: bytes) -> JsonDocument:
    """The YAML of a whole file.

    Raises:
        JsonError: It is not UTF-8, not YAML, not what JSON could say, or not within the limits.
    """
    import yaml

    if len(data) > MAX_DOCUMENT:
        raise JsonError(f"it is larger than {MAX_DOCUMENT >> 20} MiB; a descriptor has to be smaller", 0)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise JsonError(f"line {line}: this is not UTF-8; save the file as UTF-8", error.start) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        reason = (error.problem or error.context or "something is wrong here").replace("\n", " ")
        here = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
        if "\t" in here[: len(here) - len(here.lstrip())]:
            reason = "the line begins with a tab; YAML wants blanks"
        raise JsonError(f"line {line}, column {column}: this cannot be read as YAML: {reason}", 0) from None
    except yaml.reader.ReaderError as error:
        # Of its two parsers one counts characters to the place, the other bytes.
        line = text.partition(chr(error.character))[0].count("\n") + 1
        character = f"U+{error.character:04X}"
        raise JsonError(f"line {line}: the character {character} cannot be in YAML; remove it", 0) from None
    if not builder.documents:
        raise JsonError("the file is empty", 0)
    return JsonDocument(
        # YAML may start with a byte order mark.
        builder.root,
        tuple(builder.duplicates),
        False,
        tuple(builder.ambiguous),
    )


@dataclass(slots=True)
class _Open:
    """A mapping or a list that is being read: how many values it holds so far, and the name that waits."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    line: int
    size: int = 1
    name: str | None = None


@dataclass
class _Builder:
    """Puts the value together from the events of the parser."""

    root: Any = None
    documents: int = 0
    duplicates: list[tuple[Steps, str]] = field(default_factory=list)
    ambiguous: list[tuple[Steps, int, str, str]] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Any, int, int]] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """The next event."""
        kind, line = type(event).__name__, event.start_mark.line + 1
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise _refused(line, f"the tag '{str(tag)[:60]}' is not read; a descriptor has none")
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise _refused(line, "a second document begins, and a descriptor is one")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._name_wanted(line)
            if len(self._stack) >= MAX_NESTING:
                raise _refused(line, f"it is nested too deep, more than {MAX_NESTING} in one another")
            self._stack.append(_Open({} if kind[0] == "M" else [], event.anchor, line))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            ended = self._stack.pop()
            depth = 0 if ended.anchor is None else _depth_of(ended.value)
            self._add(ended.value, ended.size, depth, ended.anchor, line)
        elif kind == "AliasEvent":
            self._name_wanted(line)
            if event.anchor not in self._anchors:
                raise _refused(line, f"'*{event.anchor[:60]}' is inside what it names, or names nothing")
            value, size, depth = self._anchors[event.anchor]
            self._add(value, size, depth, None, line)
        elif kind == "ScalarEvent":
            self._scalar(event, line)

    def _scalar(self, event: Any, line: int) -> None:
        text: str = event.value
        plain = event.style is None or event.style == ""
        if self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].name is None:
            if plain and text == "<<":
                raise _refused(line, "the merge key '<<' is not read; write its properties out")
            self._stack[-1].name = text
            return
        value: Any = text
        if plain and event.implicit[0]:
            value, other = _plain(text, line)
            if other is not None:
                self.ambiguous.append((self._way(), line, text, other))
        self._add(value, 1, 0, event.anchor, line)

    def _add(self, value: Any, size: int, depth: int, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = value, size, depth
        if not self._stack:
            self.root = value
            return
        holder = self._stack[-1]
        holder.size += size
        if holder.size > MAX_JSON_VALUES:
            raise _refused(line, f"it holds more than {MAX_JSON_VALUES:,} values")
        if len(self._stack) + depth > MAX_NESTING:
            raise _refused(line, f"it is nested too deep, more than {MAX_NESTING} in one another")
        if isinstance(holder.value, list):
            holder.value.append(value)
            return
        assert holder.name is not None
        if holder.name in holder.value:
            self.duplicates.append((self._way()[:-1], holder.name))
        holder.value[holder.name] = value
        holder.name = None

    def _name_wanted(self, line: int) -> None:
        if self._stack and isinstance(self._stack[-1].value, dict) and self._stack[-1].name is None:
            raise _refused(line, "the name of a property is a text, and this is something else")

    def _way(self) -> Steps:
        return tuple(
            len(part.value) if isinstance(part.value, list) else (part.name or "") for part in self._stack
        )


def _depth_of(value: Any) -> int:
    """How many mappings and lists of a value are in one another."""
    depth, level = 0, [value]
    while level := [inner for holder in level for inner in _inside(holder) if isinstance(inner, dict | list)]:
        depth += 1
        if depth > MAX_NESTING:
            break
    return depth + 1


def _inside(holder: Any) -> Iterator[Any]:
    yield from holder.values() if isinstance(holder, dict) else holder


def _plain(text: str, line: int) -> tuple[Any, str | None]:
    """A word without quotation marks: its value, and what readers of YAML 1.1 take it for, if not that."""
    if text in _NULL:
        return None, None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE, None
    if _NO_NUMBER.fullmatch(text):
        raise _refused(line, f"{text} is no number that a descriptor can have")
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0), "text"
    other = "a number in another form" if _NUMBER.fullmatch(text) else None
    if _INTEGER.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise _refused(line, "a whole number has too many digits")
        return int(text), other
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not isfinite(number):
            raise _refused(line, f"the number {text[:40]} is larger than readers can hold")
        return number, other if _FLOAT_OF_ALL.fullmatch(text) else "text"
    if _TRUTHS.fullmatch(text) and len(text) > 1:
        other = "true" if text.lower() in ("yes", "on") else "false"
    elif _DATE.fullmatch(text):
        other = "a date"
    return text, other


def _refused(line: int, reason: str) -> JsonError:
    return JsonError(f"line {line}: {reason}", 0)
