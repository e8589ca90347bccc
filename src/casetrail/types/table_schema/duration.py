"""`duration` (Table Schema, "duration"): XML Schema durations, `P1Y2M3DT4H5M6.7S`.

"We follow the definition of XML Schema duration datatype directly". `P1Y` and `P12M` are equal, and so are
`P1D` and `PT24H`; `P1M` and `P30D` have no order, since a month has 28 to 31 days (section 3.2.6.2 there).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pyarrow as pa

from casetrail.types import hints
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.kernel import KernelResult, matches
from casetrail.types.problem import ValueProblem

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_PARTS = ("years", "months", "days", "hours", "minutes", "seconds")
_MOST_DIGITS = 1000
_MICROSECOND = timedelta(microseconds=1)
# The four dates of XML Schema between which every month length occurs, as (year, month).
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration as whole months and exact seconds, both of the same sign or zero."""

    months: int
    seconds: Decimal

    @classmethod
    def of(cls, length: timedelta) -> Duration:
        """A length of time in Python."""
        return cls(0, Decimal(length // _MICROSECOND) / 1_000_000)

    def __str__(self) -> str:
        """The canonical text: years and months, days, hours, minutes and seconds, what is zero left out."""
        if not self.months and not self.seconds:
            return "PT0S"
        years, months = divmod(abs(self.months), 12)
        total = abs(self.seconds)
        whole = int(total)
        minutes, second = divmod(whole, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        fraction = format((total - whole).normalize(), "f")[1:] if total != whole else ""
        date = "".join(
            f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number
        )
        time = "".join(f"{number}{unit}" for number, unit in ((hour, "H"), (minute, "M")) if number)
        if second or fraction:
            time += f"{second}{fraction}S"
        sign = "-" if self.months < 0 or self.seconds < 0 else ""
        return f"{sign}P{date}{'T' if time else ''}{time}"

    def _ends(self) -> list[Decimal]:
        return [_days_after(year, month, self.months) * 86400 + self.seconds for year, month in _REFERENCES]

    def __lt__(self, other: Duration) -> bool:
        return all(mine < theirs for mine, theirs in zip(self._ends(), other._ends(), strict=True))

    def __gt__(self, other: Duration) -> bool:
        return other < self

    def __le__(self, other: Duration) -> bool:
        return self == other or self < other

    def __ge__(self, other: Duration) -> bool:
        return self == other or other < self


class DurationType(FieldType[Duration]):
    """A length of time."""

    name = "duration"
    noun = "a duration"
    native_kinds = frozenset({"duration"})
    constraints = BOUNDS
    xsd = "duration"

    def parse(self, text: str) -> Duration:
        """The duration."""
        match = _DURATION.fullmatch(text)
        if match is None:
            raise ValueProblem(
                "a duration is written like P1Y2M3DT4H5M6S, the parts in this order", _hint(text)
            )
        if len(text) > _MOST_DIGITS:
            raise ValueProblem(f"a duration of more than {_MOST_DIGITS:,} characters is not read")
        years, months, days, hours, minutes = (int(match[part] or 0) for part in _PARTS[:-1])
        seconds = Decimal(((days * 24 + hours) * 60 + minutes) * 60) + Decimal(match["seconds"] or 0)
        sign = -1 if match["sign"] else 1
        return Duration(sign * (years * 12 + months), sign * seconds)

    def write(self, value: Duration) -> str:
        """The canonical text."""
        return str(value)

    @property
    def form(self) -> str:
        """The digits and marks of every value."""
        return _DURATION.pattern.replace("(?=[0-9T])", "").replace("(?=[0-9])", "")

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Years, months and days."""
        return KernelResult.where(matches(texts, r"P(?:[0-9]{1,9}Y)?(?:[0-9]{1,9}M)?[0-9]{1,9}D"))


def _days_after(year: int, month: int, months: int) -> int:
    """Days from 0000-03-01 to the first of the month that many months later (proleptic, any year)."""
    index = year * 12 + (month - 3) + months
    march_year, month_index = divmod(index, 12)
    return (
        march_year * 365
        + march_year // 4
        - march_year // 100
        + march_year // 400
        + (153 * month_index + 2) // 5
    )


def _hint(text: str) -> str | None:
    if re.fullmatch(r"[0-9]+:[0-9]{2}(:[0-9]{2})?", text):
        parts = text.split(":")
        return "write PT" + "".join(
            f"{int(number)}{unit}" for number, unit in zip(parts, "HMS", strict=False)
        )
    if re.fullmatch(r"-?P?[0-9]+[HS]", text):
        return f"hours, minutes and seconds follow a T: PT{text.lstrip('-P')}"
    if text.upper() != text and _DURATION.fullmatch(text.upper()):
        return f"write {text.upper()}"
    if re.fullmatch(r"-?P[0-9]+W", text):
        return f"weeks do not exist here: write P{int(text.lstrip('-P')[:-1]) * 7}D"
    return hints.characters(text)
