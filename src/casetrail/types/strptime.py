"""Date patterns: `strptime` implemented exactly, without the machine's locale, clock or time zones.

"`<PATTERN>` MUST follow the syntax of standard Python / C strptime" (Table Schema, "datetime"). Names of
days and months are English, as in the C locale. As there, numbers may lack their leading zero, a blank
means one or more blanks, and `%y` means 1969 to 2068. Parts that a pattern leaves out are as there too:
1900, January, the first, midnight. Typed columns keep such texts as they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Set
from functools import cache
from typing import NamedTuple

from casetrail.types import calendar, hints
from casetrail.types.problem import FieldProblem, ValueProblem

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT_DAYS = tuple(name[:3] for name in DAYS)
_SHORT_MONTHS = tuple(name[:3] for name in calendar.MONTHS)
_EXPANSIONS = {
    "c": "%a %b %e %H:%M:%S %Y",
    "x": "%m/%d/%y",
    "D": "%m/%d/%y",
    "X": "%H:%M:%S",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "F": "%Y-%m-%d",
    "r": "%I:%M:%S %p",
    "h": "%b",
    "n": " ",
    "t": " ",
}


def _names(names: tuple[str, ...]) -> str:
    return "(?i:" + "|".join(names) + ")"


_SHAPES = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    "m": "1[0-2]|0[1-9]|[1-9]",
    "d": "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]",
    "e": "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]",
    "j": "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
    "H": "2[0-3]|[01][0-9]|[0-9]",
    "I": "1[0-2]|0[1-9]|[1-9]| [1-9]",
    "M": "[0-5][0-9]|[0-9]",
    "S": "[0-5][0-9]|[0-9]",
    "f": "[0-9]{1,6}",
    "p": "(?i:AM|PM)",
    "z": r"[+-][0-9]{2}:?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?|Z",
    "Z": "UTC|GMT",
    "A": _names(DAYS),
    "a": _names(_SHORT_DAYS),
    "B": _names(calendar.MONTHS),
    "b": _names(_SHORT_MONTHS),
    "G": "[0-9]{4}",
    "V": "5[0-3]|0[1-9]|[1-4][0-9]|[1-9]",
    "U": "5[0-3]|[0-4][0-9]|[0-9]",
    "W": "5[0-3]|[0-4][0-9]|[0-9]",
    "u": "[1-7]",
    "w": "[0-6]",
}
_BLANKS = r"\s+"
_CLOCK_PARTS = frozenset("HIMSfp")
_DATE_PARTS = frozenset("YymdejAaBbGVUWuw")


class Parsed(NamedTuple):
    """What a pattern reads in a text; `date` is `None` where the pattern has no date parts."""

    date: dt.date | None
    time: dt.time
    zone: dt.tzinfo | None

    @property
    def day(self) -> dt.date:
        """The date of a pattern that reads a whole day."""
        assert self.date is not None
        return self.date

    @property
    def moment(self) -> dt.datetime:
        """The date and time of a pattern that reads a whole day."""
        return dt.datetime.combine(self.day, self.time, self.zone)


class StrptimePattern:
    """One strptime pattern, ready to read and to write."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._tokens = _tokens(pattern)
        used = [token[1] for token in self._tokens if token.startswith("%") and token != "%%"]
        self.directives = frozenset(used)
        if len(used) > len(self.directives):
            raise FieldProblem(f"the pattern '{pattern}' holds a directive twice")
        if not used:
            raise FieldProblem(f"'{pattern}' is no pattern of dates: it holds no directive such as %Y")
        # Blanks side by side are one, as in Python: each alone would be tried in every way.
        forms = "".join(map(_regex_of, self._tokens))
        self._regex = re.compile(re.sub(rf"(?:{re.escape(_BLANKS)})+", lambda run: _BLANKS, forms))

    @property
    def has_clock(self) -> bool:
        """Whether the pattern reads a time of day."""
        return bool(self.directives & _CLOCK_PARTS)

    @property
    def has_date(self) -> bool:
        """Whether the pattern reads any part of a date."""
        return bool(self.directives & _DATE_PARTS)

    @property
    def has_whole_date(self) -> bool:
        """Whether the pattern reads a whole day: by month and day, by day of the year, or by week."""
        year, weekday = _tells_year(self.directives), bool(self.directives & set("Aauw"))
        return (
            _tells_month_and_day(self.directives)
            or (year and "j" in self.directives)
            or (weekday and year and bool(self.directives & set("UW")))
            or (weekday and self.directives >= set("GV"))
        )

    def check_has_date(self) -> None:
        """Raise `FieldProblem` where the pattern reads no part of a date, or counts weeks without a day."""
        if not self.has_date:
            raise FieldProblem(f"the pattern '{self.pattern}' reads no part of a date, such as %Y")
        if self.directives & set("GVUW") and not self.has_whole_date:
            raise FieldProblem(f"the pattern '{self.pattern}' counts weeks and does not tell a day")

    def parse(self, text: str) -> Parsed:
        """Read a text; a `ValueProblem` says that it has not the form, or what the calendar does not have."""
        match = self._regex.fullmatch(text)
        if match is None:
            raise ValueProblem(f"it does not have the form {self.pattern}")
        parts = {name: value.strip() for name, value in match.groupdict().items()}
        date = (_date_of if self.has_whole_date else _first_date_of)(parts) if self.has_date else None
        zone = "Z" if "Z" in parts else parts.get("z")
        return Parsed(date, _time_of(parts), None if zone is None else _zone(zone))

    def write(self, date: dt.date | None, time: dt.time | None, zone: dt.tzinfo | None) -> str:
        """The text of a date and time in this form."""
        moment = dt.datetime.combine(date or dt.date(2000, 1, 1), time or dt.time(), zone)
        return "".join(_text_of(token, moment) for token in self._tokens)


def _tells_year(directives: Set[str]) -> bool:
    return bool(directives & set("Yy"))


def _tells_month_and_day(directives: Set[str]) -> bool:
    return _tells_year(directives) and bool(directives & set("mBb")) and bool(directives & set("de"))


def pattern_for(format_name: str) -> StrptimePattern | None:
    """The pattern that a format of dates or times is; `None` for `default` and `any`."""
    if format_name in ("default", "any"):
        return None
    if "%" not in format_name:
        raise FieldProblem(
            f"there is no format '{format_name}' for dates and times",
            "use default, any, or a pattern such as %d/%m/%Y",
        )
    return StrptimePattern(format_name)


def first_reading(forms: tuple[str, ...], text: str, what: str) -> Parsed:
    """What the first pattern that fits finds; raises `ValueProblem` where none does."""
    problem: ValueProblem | None = None
    for pattern in _patterns(forms):
        try:
            return pattern.parse(text)
        except ValueProblem as error:
            if "does not have the form" not in error.reason:
                problem = error
    raise problem or ValueProblem(f"it cannot be read, without guessing, as {what}", hints.characters(text))


@cache
def _patterns(forms: tuple[str, ...]) -> list[StrptimePattern]:
    return [StrptimePattern(form) for form in forms]


def _tokens(pattern: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while position < len(pattern):
        if pattern[position] != "%":
            tokens.append(pattern[position])
            position += 1
            continue
        directive = pattern[position + 1 : position + 2]
        if directive in _EXPANSIONS:
            tokens += _tokens(_EXPANSIONS[directive])
        elif directive == "%" or directive in _SHAPES:
            tokens.append("%" + directive)
        else:
            raise FieldProblem(f"the pattern '{pattern}' holds %{directive}, which is not read")
        position += 2
    return tokens


def _regex_of(token: str) -> str:
    if token == "%%":
        return "%"
    if token.startswith("%"):
        return f"(?P<{token[1]}>{_SHAPES[token[1]]})"
    return _BLANKS if token.isspace() else re.escape(token)


def _date_of(parts: dict[str, str]) -> dt.date:
    weekday = _weekday_of(parts)
    if not _tells_month_and_day(parts.keys()):
        counted = "YyjUW" if _tells_year(parts.keys()) and parts.keys() & set("jUW") else "GV"
        numbers = {name: parts[name] for name in counted if name in parts}
        return _counted_day(numbers if weekday is None else numbers | {"u": str(weekday + 1)})
    year = int(parts["Y"]) if "Y" in parts else _full_year(int(parts["y"]))
    date = calendar.day(year, _month_of(parts), int(parts.get("d") or parts["e"]))
    if weekday is not None and date.weekday() != weekday:
        raise ValueProblem(f"{date.isoformat()} was a {DAYS[date.weekday()]}, not a {DAYS[weekday]}")
    return date


def _first_date_of(parts: dict[str, str]) -> dt.date:
    """The date of a pattern that leaves parts out."""
    year = int(parts["Y"]) if "Y" in parts else _full_year(int(parts["y"])) if "y" in parts else 1900
    month = _month_of(parts) if parts.keys() & set("mBb") else 1
    return calendar.day(year, month, int(parts.get("d") or parts.get("e") or 1))


def _counted_day(numbers: dict[str, str]) -> dt.date:
    """A day of the year or of a week, as Python reads it: numbers, which no locale changes."""
    text, form = " ".join(numbers.values()), " ".join(f"%{name}" for name in numbers)
    try:
        date = dt.datetime.strptime(text, form).date()
    except ValueError:
        date = None
    # Python goes on into the next year, or back into the last one.
    if date is None or any(int(date.strftime(f"%{name}")) != int(text) for name, text in numbers.items()):
        raise ValueProblem("the calendar does not have this day")
    return date


def _full_year(year: int) -> int:
    return year + (1900 if year >= 69 else 2000)


def _month_of(parts: dict[str, str]) -> int:
    if "m" in parts:
        return int(parts["m"])
    name = (parts.get("B") or parts["b"])[:3].title()
    return _SHORT_MONTHS.index(name) + 1


def _weekday_of(parts: dict[str, str]) -> int | None:
    """Monday is 0."""
    if "A" in parts or "a" in parts:
        return _SHORT_DAYS.index((parts.get("A") or parts["a"])[:3].title())
    if "u" in parts:
        return int(parts["u"]) - 1
    return (int(parts["w"]) - 1) % 7 if "w" in parts else None


def _time_of(parts: dict[str, str]) -> dt.time:
    if "H" in parts:
        hour = int(parts["H"])
    elif "I" in parts:
        hour = int(parts["I"]) % 12 + (12 if parts.get("p", "am").lower() == "pm" else 0)
    else:
        hour = 0
    fraction = int(parts.get("f", "0").ljust(6, "0"))
    return dt.time(hour, int(parts.get("M", 0)), int(parts.get("S", 0)), fraction)


@cache
def _zone(text: str) -> dt.tzinfo | None:
    try:
        return dt.datetime.strptime(text, "%z").tzinfo
    except ValueError:
        raise ValueProblem(f"there is no time zone {text}") from None


def _text_of(token: str, moment: dt.datetime) -> str:
    if not token.startswith("%"):
        return token
    directive = token[1]
    if directive in _PLAIN:
        return _PLAIN[directive](moment)
    if directive == "z":
        return moment.strftime("%z") or "+0000"
    # What is left are numbers, which no locale changes.
    return moment.strftime(token)


_PLAIN: dict[str, Callable[[dt.datetime], str]] = {
    "%": lambda moment: "%",
    "Y": lambda moment: f"{moment.year:04d}",
    "G": lambda moment: f"{moment.isocalendar().year:04d}",
    "e": lambda moment: f"{moment.day:2d}",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "Z": lambda moment: "UTC",
    "A": lambda moment: DAYS[moment.weekday()],
    "a": lambda moment: _SHORT_DAYS[moment.weekday()],
    "B": lambda moment: calendar.MONTHS[moment.month - 1],
    "b": lambda moment: _SHORT_MONTHS[moment.month - 1],
}
