"""Date patterns: `strptime` implemented exactly, without the machine's locale, clock or time zones.

"`<PATTERN>` MUST follow the syntax of standard Python / C strptime" (Table Schema, "datetime"). Names of
days and months are English, as in the C locale. As there, numbers may lack their leading zero, a blank
stands for one or more blanks, and `%y` means 1969 to 2068. Parts that a pattern leaves out are never filled
in: a date pattern that gives no year or no day is refused as such.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

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
_CLOCK_PARTS = frozenset("HIMSfp")
_DATE_PARTS = frozenset("YymdejAaBbGVUWuw")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a pattern found in a text; `date` is `None` where the pattern has no date parts."""

    date: dt.date | None
    time: dt.time
    zone: dt.timezone | None

    @property
    def day(self) -> dt.date:
        """The date of a pattern that tells a whole day."""
        assert self.date is not None
        return self.date

    @property
    def moment(self) -> dt.datetime:
        """The date and time of a pattern that tells a whole day."""
        return dt.datetime.combine(self.day, self.time, self.zone)


class Pattern:
    """One strptime pattern, ready to read and to write."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._tokens = _tokens(pattern)
        self.directives = frozenset(
            token[1] for token in self._tokens if token.startswith("%") and token != "%%"
        )
        used = [token[1] for token in self._tokens if token.startswith("%") and token != "%%"]
        if len(used) > len(set(used)):
            raise FieldProblem(f"the pattern '{pattern}' holds a directive twice")
        if not used:
            raise FieldProblem(f"'{pattern}' is no pattern of dates: it holds no directive such as %Y")
        self._regex = re.compile("".join(_regex_of(token) for token in self._tokens))

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
        """Whether the pattern tells one day: by month and day, by day of the year, or by week."""
        found = self.directives
        year = found & {"Y", "y"}
        weekday = found & {"A", "a", "u", "w"}
        by_month = year and found & {"m", "B", "b"} and found & {"d", "e"}
        by_week = (year and found & {"U", "W"} and weekday) or ("G" in found and "V" in found and weekday)
        return bool(by_month or (year and "j" in found) or by_week)

    def check_whole_day(self) -> None:
        """Raise `FieldProblem` where the pattern leaves a part of the day out."""
        if not self.has_whole_date:
            raise FieldProblem(f"the pattern '{self.pattern}' does not tell a whole day: year, month and day")

    def parse(self, text: str) -> Parsed:
        """Read a text; a `ValueProblem` says that it has not the form, or what the calendar does not have."""
        match = self._regex.fullmatch(text)
        if match is None:
            raise ValueProblem(f"it does not have the form {self.pattern}")
        found = {name: value.strip() for name, value in match.groupdict().items()}
        date = _date_of(found) if self.has_whole_date else None
        return Parsed(date, _time_of(found), _zone_of(found))

    def write(self, date: dt.date | None, time: dt.time | None, zone: dt.tzinfo | None) -> str:
        """The text of a date and time in this form."""
        moment = dt.datetime.combine(date or dt.date(2000, 1, 1), time or dt.time(), zone)
        return "".join(_text_of(token, moment) for token in self._tokens)


def pattern_for(format_name: str) -> Pattern | None:
    """The pattern that a format of dates or times is; `None` for `default` and `any`."""
    if format_name in ("default", "any"):
        return None
    if "%" not in format_name:
        raise FieldProblem(
            f"there is no format '{format_name}' for dates and times",
            "use default, any, or a pattern such as %d/%m/%Y",
        )
    return Pattern(format_name)


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
def _patterns(forms: tuple[str, ...]) -> list[Pattern]:
    return [Pattern(form) for form in forms]


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
    return r"\s+" if token.isspace() else re.escape(token)


def _date_of(found: dict[str, str]) -> dt.date:
    weekday = _weekday_of(found)
    if "G" in found and "V" in found and weekday is not None and "Y" not in found:
        try:
            return dt.date.fromisocalendar(int(found["G"]), int(found["V"]), weekday + 1)
        except ValueError:
            raise ValueProblem(f"there is no week {found['V']} in {found['G']}") from None
    year = int(found["Y"]) if "Y" in found else _full_year(int(found["y"]))
    if "m" in found or "B" in found or "b" in found:
        date = calendar.day(year, _month_of(found), int(found.get("d") or found["e"]))
    elif "j" in found:
        calendar.check_year(year)
        date = dt.date(year, 1, 1) + _days(int(found["j"]) - 1)
        if date.year != year:
            raise ValueProblem(f"there is no day 366 in {year}")
    else:
        date = _by_week(calendar.check_year(year), found, weekday or 0)
    if weekday is not None and date.weekday() != weekday:
        raise ValueProblem(f"{date.isoformat()} was a {DAYS[date.weekday()]}, not a {DAYS[weekday]}")
    return date


def _days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def _full_year(year: int) -> int:
    return year + (1900 if year >= 69 else 2000)


def _month_of(found: dict[str, str]) -> int:
    if "m" in found:
        return int(found["m"])
    name = (found.get("B") or found["b"])[:3].title()
    return _SHORT_MONTHS.index(name) + 1


def _weekday_of(found: dict[str, str]) -> int | None:
    """Monday is 0."""
    if "A" in found or "a" in found:
        return _SHORT_DAYS.index((found.get("A") or found["a"])[:3].title())
    if "u" in found:
        return int(found["u"]) - 1
    return (int(found["w"]) - 1) % 7 if "w" in found else None


def _by_week(year: int, found: dict[str, str], weekday: int) -> dt.date:
    """Weeks counted from the first Monday (`%W`) or Sunday (`%U`); the days before it are in week 0."""
    first = dt.date(year, 1, 1)
    if "W" in found:
        week, offset, start = int(found["W"]), weekday, (7 - first.weekday()) % 7
    else:
        week, offset, start = int(found["U"]), (weekday + 1) % 7, (6 - first.weekday()) % 7
    number = start + 7 * (week - 1) + offset
    date = first + _days(number) if 0 <= number <= 365 else None
    if date is None or date.year != year:
        raise ValueProblem(f"there is no such day in week {week} of {year}")
    return date


def _time_of(found: dict[str, str]) -> dt.time:
    if "H" in found:
        hour = int(found["H"])
    elif "I" in found:
        hour = int(found["I"]) % 12 + (12 if found.get("p", "am").lower() == "pm" else 0)
    else:
        hour = 0
    fraction = int(found.get("f", "0").ljust(6, "0"))
    return calendar.time(hour, int(found.get("M", 0)), int(found.get("S", 0)), fraction)


def _zone_of(found: dict[str, str]) -> dt.timezone | None:
    if "Z" in found or found.get("z") == "Z":
        return dt.UTC
    if "z" not in found:
        return None
    sign, digits = found["z"][0], found["z"][1:].replace(":", "")
    whole, _, fraction = digits.partition(".")
    offset = dt.timedelta(
        hours=int(whole[:2]),
        minutes=int(whole[2:4]),
        seconds=int(whole[4:6] or 0),
        microseconds=int(fraction.ljust(6, "0")),
    )
    if offset >= dt.timedelta(hours=24):
        raise ValueProblem(f"there is no time zone {found['z']}")
    return dt.timezone(-offset if sign == "-" else offset)


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
