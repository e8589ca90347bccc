"""Patterns: regular expressions that hold for the whole of a value (Table Schema, "pattern").

The standard means those of XML Schema. RE2 runs them in time that grows with the text alone. What other tools
write beyond (look-around, back-references, more than 1,000 repetitions) is run by Python, in a process of its
own and within a time limit. What neither can run is not checked, and is said not to be.
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.constraint import BrokenConstraint, Constraint, Fault
from casetrail.checks.xml_schema_regex import BeyondXmlSchema, PatternNotRun, PatternProblem, to_re2
from casetrail.findings.finding import Severity
from casetrail.standard.limits import MAX_PATTERN_SECONDS, MAX_PATTERNS_SECONDS
from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.arrow_arrays import all_true, distinct, text_array
from casetrail.types.problem import quoted

if TYPE_CHECKING:
    from casetrail.checks.pattern_shapes import Proof

_OF_XML_SCHEMA_ALONE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[pPiIcC]|\[(?:\\.|[^\]\\])*-\[)")
"""Classes and subtraction, which Python refuses or takes for something else."""
_LIMITS_OF_RE2 = ("invalid repetition size", "pattern too large", "bad repetition operator")

_FEW = 500
"""For so many texts the start of the other engine does not pay."""
_MANY = 10_000
"""From so many texts on it pays to look for the shape of a pattern."""

_SET_OPERATION = re.compile(r"&&|--|~~")
"""What the engine for single texts takes for an operation on classes, and RE2 for characters."""

_WORKER = """
import json, re, sys
job = json.load(sys.stdin)
pattern = re.compile(job["pattern"])
json.dump([pattern.fullmatch(text) is not None for text in job["texts"]], sys.stdout)
"""


class CompiledPattern:
    """A pattern that RE2 runs. It never backtracks."""

    quick = True
    """Whether a single text may be tried for a hint."""

    def __init__(self, pattern: str) -> None:
        self.source = pattern
        self._one: Callable[[str], bool] | None = None
        self._asked = 0
        try:
            self.expression = rf"\A(?:{to_re2(pattern)})\z"
            pc.match_substring_regex(text_array([""]), self.expression)
        except pa.ArrowInvalid as error:
            reason = str(error).partition("Invalid regular expression: ")[2] or str(error)
            if any(limit in reason for limit in _LIMITS_OF_RE2):
                raise BeyondXmlSchema(f"RE2 cannot run it: {reason}") from None
            raise PatternProblem(f"it is not a regular expression: {reason}") from None
        except RecursionError:
            raise PatternProblem("it is nested too deep") from None
        except UnicodeEncodeError:
            raise PatternProblem("it has half a character") from None

    def mask(self, texts: pa.StringArray) -> pa.BooleanArray:
        """For each text: does the whole of it match? Null stays null."""
        return pc.match_substring_regex(texts, self.expression)

    def are_proved(self, texts: pa.StringArray) -> bool:
        """Whether all texts surely match; of a few, or where it is not known at once, the mask says so."""
        return len(texts) >= _MANY and self._proof is not None and self._proof(texts)

    @cached_property
    def _proof(self) -> Proof | None:
        from casetrail.checks.pattern_shapes import proof_of

        return proof_of(self.source)

    def matches(self, text: str) -> bool:
        """Does the whole text match? Of many, each is asked of another engine, which needs no array."""
        if self._one is None:
            self._asked += 1
            if self._asked <= _FEW:
                return self._mask_of(text)
            self._one = self._matcher()
        return self._one(text)

    def _mask_of(self, text: str) -> bool:
        return bool(self.mask(text_array([text]))[0].as_py())

    def _matcher(self) -> Callable[[str], bool]:
        if not _SET_OPERATION.search(self.expression):
            from pydantic_core import SchemaError, SchemaValidator, core_schema

            try:
                return SchemaValidator(core_schema.str_schema(pattern=self.expression)).isinstance_python
            except SchemaError:
                # The other engine has limits of its own.
                pass
        return self._mask_of


class PatternClock:
    """How long the patterns of a package that may hang still have, all together."""

    def __init__(self) -> None:
        self._left: float = MAX_PATTERNS_SECONDS

    def seconds_for(self, values: int) -> float:
        """How long a pattern may take for so many values: each adds a little to what is left."""
        self._left += values / 1000
        return max(min(self._left, MAX_PATTERN_SECONDS), 0)

    def spend(self, seconds: float) -> None:
        """Note how long one has taken."""
        self._left -= seconds


class PythonPattern(CompiledPattern):
    """A pattern that only an engine that backtracks can run. Made for one that it cannot: `re.error`."""

    quick = False

    def __init__(self, pattern: str, clock: PatternClock) -> None:
        self.source = pattern
        self._clock = clock
        self._one = self._mask_of
        self._python = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern)
        try:
            re.compile(self._python)
        except (RecursionError, OverflowError) as error:
            raise re.error(str(error)) from None

    def mask(self, texts: pa.StringArray) -> pa.BooleanArray:
        """For each text: does the whole of it match? Null stays null.

        Raises:
            PatternNotRun: it took longer than the clock allows, or no process could be started.
        """
        import subprocess

        values = distinct(texts.drop_null())
        job = json.dumps({"pattern": self._python, "texts": values})
        allowed, started = self._clock.seconds_for(len(values)), time.monotonic()
        if not allowed:
            raise PatternNotRun("the patterns of the package have taken too long already")
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _WORKER],
                input=job,
                capture_output=True,
                text=True,
                timeout=allowed,
                check=True,
            )
            verdicts = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            raise PatternNotRun(f"it takes longer than {math.ceil(allowed)} seconds") from None
        except (OSError, ValueError, subprocess.CalledProcessError):
            raise PatternNotRun("Python could not be started to run it") from None
        finally:
            self._clock.spend(time.monotonic() - started)
        matching = [text for text, verdict in zip(values, verdicts, strict=True) if verdict]
        return pc.if_else(pc.is_null(texts), None, pc.is_in(texts, value_set=text_array(matching)))


def pattern_of(source: str, clock: PatternClock | None = None) -> CompiledPattern:
    """A pattern, ready to run, by the clock of its package.

    Raises:
        PatternProblem: it is no regular expression.
        PatternNotRun: it is one of XML Schema that cannot be run.
    """
    try:
        return CompiledPattern(source)
    except BeyondXmlSchema as problem:
        if _OF_XML_SCHEMA_ALONE.search(source):
            raise PatternNotRun("it mixes what only XML Schema has with what it does not have") from None
        try:
            return PythonPattern(source, clock or PatternClock())
        except re.error:
            raise problem from None


class PatternConstraint(Constraint):
    """The constraint `pattern`: the whole text has the form."""

    codes: ClassVar = {
        "constraint-pattern": "A value does not have the form that the field's pattern asks for. "
        "Write the value in the form that the message describes.",
        "schema-pattern-unsupported": "A pattern is no regular expression. "
        "Mend it at the place that the message names.",
        "pattern-not-run": "A pattern cannot be run, so the values of its field were not compared with it. "
        "Write the pattern without the part that the message names.",
    }
    code = "constraint-pattern"
    decides = True

    def __init__(self, field: FieldDescriptor, given: str, clock: PatternClock | None = None) -> None:
        self._field = field.name
        try:
            self._pattern = pattern_of(given, clock)
        except PatternNotRun as problem:
            raise self._not_run(given, problem) from None
        except PatternProblem as problem:
            message = f"the pattern '{given}' cannot be used: {problem}"
            raise BrokenConstraint("schema-pattern-unsupported", "pattern", message) from None

    def proved(self, text: pa.StringArray, typed: pa.Array | None) -> pa.BooleanArray | None:
        """The engine decides; there is nothing left to explain but the refusal."""
        if self._pattern.are_proved(text):
            return None
        try:
            mask = self._pattern.mask(text)
        except PatternNotRun as problem:
            raise self._not_run(self._pattern.source, problem) from None
        return None if all_true(mask) else mask

    def _not_run(self, pattern: str, problem: PatternNotRun) -> BrokenConstraint:
        message = f"the pattern '{pattern}' was not checked: {problem}"
        return BrokenConstraint("pattern-not-run", "pattern", message, Severity.NOTE)

    def breaks(self, text: str, value: Any) -> bool:
        """Whether the whole text has another form."""
        return not self._pattern.matches(text)

    def fault(self, text: str, value: Any) -> Fault:
        """The form that is asked for."""
        hint: str | None = None
        if self._pattern.quick:
            hint = next(
                (
                    said
                    for said, mended in _MENDED
                    if (m := mended(text)) != text and self._pattern.matches(m)
                ),
                None,
            ) or hints.lost_zeros(text, self._pattern.matches)
        hint = hint or hints.spreadsheet(text)
        return Fault(f"{quoted(text)} does not have the form {self._pattern.source} of '{self._field}'", hint)


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_MENDED: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("remove the spaces before or after the value", str.strip),
    ("write it in lower-case letters", str.lower),
    ("write it in capital letters", str.upper),
    ("replace the long dash with a plain hyphen (-)", lambda text: text.translate(_DASHES)),
)
