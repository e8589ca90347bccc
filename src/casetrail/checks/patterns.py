"""Patterns: regular expressions of XML Schema, run by RE2 (Table Schema, "pattern")."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import SchemaError, SchemaValidator, core_schema

from casetrail.checks.constraint import BrokenConstraint, Constraint, Fault
from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrays import all_true, text_array
from casetrail.types.problem import quoted

_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "S": r"^ \t\n\r",
    "w": r"^\p{P}\p{Z}\p{C}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": r"_:\p{L}",
    "I": r"^_:\p{L}",
    "c": r"\-._:\p{L}\p{Nd}\p{Mn}\p{Mc}",
    "C": r"^\-._:\p{L}\p{Nd}\p{Mn}\p{Mc}",
}
_PIECE = re.compile(
    r"(?P<class>\\[dDsSwWiIcC])|(?P<property>\\[pP]\{[^}]*\})|(?P<escape>\\.)|(?P<group>\(\?[^:)]?[^:)]?)"
    r"|(?P<subtract>-\[)|(?P<open>\[\^?)|(?P<close>\])|(?P<other>.)",
    re.DOTALL,
)


# What the other engine takes for an operation on classes, and RE2 for characters.
_SET_OPERATION = re.compile(r"&&|--|~~")


class PatternProblem(ValueError):
    """Why a pattern cannot be used, as a clause."""


class Pattern:
    """A pattern that holds for the whole of a text.

    The syntax is that of XML Schema; `^` and `$` at the ends, which the standard's own example has, change
    nothing. RE2 never backtracks. What cannot be run is a `PatternProblem`: subtraction of classes, block
    names, look-around, back-references.
    """

    def __init__(self, pattern: str) -> None:
        self.source = pattern
        self.expression = rf"\A(?:{_translate(pattern)})\z"
        self._one: Callable[[str], bool] | None = None
        try:
            pc.match_substring_regex(text_array([""]), self.expression)
        except pa.ArrowInvalid as error:
            reason = str(error).partition("Invalid regular expression: ")[2] or str(error)
            raise PatternProblem(f"it is not a regular expression: {reason}") from None

    def mask(self, texts: pa.StringArray) -> pa.BooleanArray:
        """For each text: does the whole of it match? Null stays null."""
        return pc.match_substring_regex(texts, self.expression)

    def matches(self, text: str) -> bool:
        """Does the whole text match? One text is asked of another engine, which needs no array."""
        if self._one is None:
            self._one = self._matcher()
        return self._one(text)

    def _matcher(self) -> Callable[[str], bool]:
        if not _SET_OPERATION.search(self.expression):
            try:
                return SchemaValidator(core_schema.str_schema(pattern=self.expression)).isinstance_python
            except SchemaError:
                # The other engine has limits of its own.
                pass
        return lambda text: bool(self.mask(text_array([text]))[0].as_py())


def _translate(pattern: str) -> str:
    parts: list[str] = []
    depth = 0
    for piece in _PIECE.finditer(pattern):
        text = piece.group()
        match piece.lastgroup:
            case "class":
                parts.append(_class(text[1], inside=depth > 0))
            case "property":
                if text[3:].startswith("Is"):
                    raise PatternProblem(f"it uses the block name {text}, which is not supported")
                parts.append(text)
            case "escape":
                if text[1].isalnum() and text[1] not in "nrt":
                    raise PatternProblem(f"it uses {text}, which XML Schema does not have")
                parts.append(text)
            case "group" if depth == 0:
                if text != "(?" or pattern[piece.end() : piece.end() + 1] != ":":
                    raise PatternProblem(f"it uses '{text}', which XML Schema does not have")
                parts.append(text)
            case "subtract" if depth > 0:
                raise PatternProblem("it subtracts one character class from another, which is not supported")
            case "open" if depth == 0:
                depth = 1
                parts.append(text)
            case "close" if depth > 0:
                depth = 0
                parts.append(text)
            case "other" if text == "." and depth == 0:
                parts.append(r"[^\n\r]")
            case _:
                parts.append(text if depth == 0 or text != "[" else r"\[")
    return "".join(parts)


def _class(letter: str, *, inside: bool) -> str:
    members = _CLASSES[letter]
    if not inside:
        return f"[{members}]"
    if not members.startswith("^"):
        return members
    if letter == "w":
        return r"\p{L}\p{M}\p{N}\p{S}"
    if letter == "S":
        return r"\x{0}-\x{8}\x{B}-\x{C}\x{E}-\x{1F}\x{21}-\x{10FFFF}"
    raise PatternProblem(f"it uses \\{letter} within brackets, which is not supported")


class PatternConstraint(Constraint):
    """The constraint `pattern`: the whole text has the form."""

    codes: ClassVar = {
        "constraint-pattern": "A value does not have the form that the field's pattern asks for.",
        "schema-pattern-unsupported": "A pattern is no regular expression, or uses what cannot be run.",
    }
    code = "constraint-pattern"
    decides = True

    def __init__(self, field: FieldDescriptor, given: str) -> None:
        self._field = field.name
        try:
            self._pattern = Pattern(given)
        except PatternProblem as problem:
            message = f"the pattern '{given}' cannot be used: {problem}"
            raise BrokenConstraint("schema-pattern-unsupported", "pattern", message) from None

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """RE2 decides; there is nothing left to explain but the refusal."""
        mask = self._pattern.mask(text)
        return None if all_true(mask) else mask

    def breaks(self, text: str, value: Any) -> bool:
        """Whether the whole text has another form."""
        return not self._pattern.matches(text)

    def fault(self, text: str, value: Any) -> Fault:
        """The form that is asked for."""
        hint = next(
            (said for said, mended in _MENDED if (m := mended(text)) != text and self._pattern.matches(m)),
            None,
        )
        hint = hint or hints.lost_zeros(text, self._pattern.matches) or hints.spreadsheet(text)
        return Fault(f"{quoted(text)} does not have the form {self._pattern.source} of '{self._field}'", hint)


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_MENDED: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("remove the spaces before or after the value", str.strip),
    ("write it in lower-case letters", str.lower),
    ("write it in capital letters", str.upper),
    ("replace the long dash with a plain hyphen (-)", lambda text: text.translate(_DASHES)),
)
