"""`time` (Table Schema, "time"): `hh:mm:ss`, without fraction and zone; see `date` for the other formats."""

from __future__ import annotations

import datetime as dt
import re

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import calendar, hints
from casetrail.types.arrow_column import ArrowColumn, TextColumn
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import CLOCK, KernelResult, matches
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.strptime import first_reading, pattern_for

ANY_TIMES = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})")


class TimeType(FieldType[dt.time]):
    """A time of day."""

    name = "time"
    noun = "a time"
    native_kinds = frozenset({"time"})
    proved_is_key = True
    constraints = BOUNDS
    xsd = "time"
    schema_org = "Time"

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        self._pattern = pattern = pattern_for(field.format)
        if pattern and not pattern.has_clock:
            raise FieldProblem(f"the pattern '{field.format}' reads no part of a time, such as %H")
        if pattern and pattern.directives & {"z", "Z"}:
            raise FieldProblem(
                f"the pattern '{field.format}' holds a time zone, which a time without a day has not"
            )

    def parse(self, text: str) -> dt.time:
        """The time of day."""
        if self._pattern:
            return self._pattern.parse(text).time
        if self.field.format == "any":
            return first_reading(ANY_TIMES, text, "a time such as 15:00 or 3:00 PM").time
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValueProblem("a time is written hh:mm:ss", hints.time(text))
        return calendar.time(int(match[1]), int(match[2]), int(match[3]))

    def write(self, value: dt.time) -> str:
        """The time in the field's form."""
        return self._pattern.write(None, value, None) if self._pattern else value.isoformat()

    @property
    def form(self) -> str | None:
        """The digits and marks of every value in the default form."""
        return _TIME.pattern if self.is_plain(self.field) else None

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Times in the default form."""
        return KernelResult.where(matches(texts, CLOCK))

    def column(self) -> ArrowColumn:
        """time64, microseconds; text where the pattern reads a day too."""
        if self._pattern and self._pattern.has_date:
            return TextColumn(self)
        return TimeColumn(self, pa.time64("us"))

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """In ISO 8601."""
        return field.format == "default"


class TimeColumn(ArrowColumn):
    """Times of day."""

    def from_kernel(self, texts: pa.StringArray) -> pa.Array | None:
        """The times of some day: Arrow reads no time alone."""
        if self.reader.prove(texts).accepted is not None:
            return None
        moments = pc.binary_join_element_wise("2000-01-01", texts, "T").cast(pa.timestamp("us"))
        return moments.cast(self.type)
