"""Date patterns: they agree with Python's strptime, and read back what they write, whatever they hold."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.types.problem import ValueProblem
from casetrail.types.strptime import StrptimePattern

DATES = [
    "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%Y%m%d", "%j %Y", "%A %d %B %Y", "%a, %d %b %Y",
    "%G-W%V-%u", "%Y week %W day %w", "%Y %U %a", "%D", "%Y", "%Y-%m", "%y", "%B", "%d", "%b %Y",
]  # fmt: skip
TIMES = ["", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", " %I:%M:%S %p", " %X", " %H%M%S%z"]
PYTHON = {"%D": "%m/%d/%y"}
MOMENTS = st.datetimes(dt.datetime(1969, 1, 1), dt.datetime(2068, 12, 31))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(DATES), st.sampled_from(TIMES), MOMENTS)
def test_patterns_read_what_python_reads(date: str, time: str, moment: dt.datetime) -> None:
    """Python's own strptime is the oracle; the tests run in the C locale or with English names."""
    pattern = StrptimePattern(date + time)
    zoned = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=5)) if "%z" in time else None)
    text = pattern.write(zoned.date(), zoned.time(), zoned.tzinfo)
    assert pattern.parse(text).moment == dt.datetime.strptime(text, PYTHON.get(date, date) + time)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%H:%M:%S", "%d %b %Y"]),
    st.text(alphabet="0123456789/-: JanFeb", max_size=12),
)
def test_patterns_refuse_what_python_refuses(pattern: str, text: str) -> None:
    try:
        dt.datetime.strptime(text, pattern)
    except ValueError:
        with pytest.raises(ValueProblem):
            StrptimePattern(pattern).parse(text)
    else:
        StrptimePattern(pattern).parse(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from("YymdejHIMSfpzZAaBbGVUWuw"), min_size=1, max_size=7, unique=True), MOMENTS)
def test_a_pattern_reads_back_what_it_writes(directives: list[str], moment: dt.datetime) -> None:
    pattern = StrptimePattern("/".join(f"%{name}" for name in directives))
    parsed = pattern.parse(pattern.write(moment.date(), moment.time(), dt.UTC))
    assert (parsed.date is None) is not pattern.has_date
    if pattern.has_whole_date:
        assert parsed.date == moment.date()
    if pattern.directives >= set("HMSf"):
        assert parsed.time == moment.time()


@pytest.mark.parametrize(
    ("pattern", "text", "reason"),
    [
        ("%Y %j", "2023 366", "the calendar does not have this day"),
        ("%y %j", "23 366", "the calendar does not have this day"),
        ("%G-W%V-%u", "2024-W53-1", "the calendar does not have this day"),
        ("%Y %W %w", "2024 0 0", "the calendar does not have this day"),
        ("%Y %U %w", "2024 0 0", "the calendar does not have this day"),
        ("%d/%m/%Y", "31/04/2024", "there is no day 31 in April"),
        ("%d/%m/%Y %z", "30/04/2024 +2400", "there is no time zone +2400"),
    ],
)
def test_what_the_calendar_does_not_have(pattern: str, text: str, reason: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        StrptimePattern(pattern).parse(text)
    assert reason in caught.value.reason


def test_a_long_text_is_read_in_linear_time() -> None:
    with pytest.raises(ValueProblem):
        StrptimePattern("%Y%m%d %n %t %H").parse("2024 " * 200_000)
    with pytest.raises(ValueProblem):
        StrptimePattern(" %t" * 40 + "%Y").parse(" " * 100_000)
