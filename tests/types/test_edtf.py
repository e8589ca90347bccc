"""EDTF dates: what is read, what is refused and why, and the three-valued order."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.types.edtf import EdtfDate, EdtfKind, Order, Precision, compare, parse_edtf
from casetrail.types.problem import ValueProblem


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "begins_by", "kind", "precision"),
    [
        ("2025-11-13", "2025-11-13", "2025-11-13", "2025-11-13", "date", "day"),
        ("2025-11", "2025-11-01", "2025-11-30", "2025-11-30", "date", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02-29", "date", "month"),
        ("2025", "2025-01-01", "2025-12-31", "2025-12-31", "date", "year"),
        ("0001", "0001-01-01", "0001-12-31", "0001-12-31", "date", "year"),
        ("9999-12", "9999-12-01", "9999-12-31", "9999-12-31", "date", "month"),
        ("2025-11-13/2025-11-14", "2025-11-13", "2025-11-14", "2025-11-13", "interval", "day"),
        ("2025-11/2025-11-14", "2025-11-01", "2025-11-14", "2025-11-14", "interval", "month"),
        ("2017/2018", "2017-01-01", "2018-12-31", "2017-12-31", "interval", "year"),
        ("2025-11-22/..", "2025-11-22", None, "2025-11-22", "interval", "day"),
        ("../2026-01-23", None, "2026-01-23", "2026-01-23", "interval", "day"),
        ("[2025-11-13..2025-11-14]", "2025-11-13", "2025-11-14", "2025-11-14", "one_of", "day"),
        ("[..2026-01-23]", None, "2026-01-23", "2026-01-23", "one_of", "day"),
        ("[2025-11-22..]", "2025-11-22", None, None, "one_of", "day"),
        ("[2025-11-13,2025-11-15]", "2025-11-13", "2025-11-15", "2025-11-15", "one_of", "day"),
        ("[2025-11-15,2025-11-13]", "2025-11-13", "2025-11-15", "2025-11-15", "one_of", "day"),
        ("[..2024,2025-11-13,2026-01..]", None, None, None, "one_of", "year"),
    ],
)
def test_bounds(
    text: str, earliest: str | None, latest: str | None, begins_by: str | None, kind: str, precision: str
) -> None:
    date = parse_edtf(text)
    assert (date.earliest, date.latest, date.begins_by) == (day(earliest), day(latest), day(begins_by))
    assert (date.text, date.kind, date.precision) == (text, EdtfKind(kind), Precision(precision))
    assert not date.qualified


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("2025-11-13?", True, False),
        ("2025-11~", False, True),
        ("2025%", True, True),
        ("2025-11-13?/2025-11-14", True, False),
        ("2025-11-13/2025-11-14~", False, True),
    ],
)
def test_qualifiers(text: str, uncertain: bool, approximate: bool) -> None:
    date = parse_edtf(text)
    assert (date.uncertain, date.approximate) == (uncertain, approximate)
    assert not date.is_day


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("2025-02-29", "there is no day 29 in February 2025", "February 2025 has 28 days"),
        ("2025-11-31", "there is no day 31 in November", "November has 30 days"),
        ("2025-13", "there is no month 13", "01 to 12"),
        ("2025-00-01", "there is no month 00", "01 to 12"),
        ("2025-11-00", "there is no day 00 in November", "30 days"),
        ("0000", "the year 0000 is not between", None),
        ("2025-11-14/2025-11-13", "ends before it begins", "2025-11-13/2025-11-14"),
        ("../..", "both ends", "leave the cell empty"),
        ("/2025", "one end of the interval is empty", "../2025"),
        ("2025/", "one end of the interval is empty", "2025/.."),
        ("2025/2026/2027", "one slash", None),
        ("2025-11-13/14", "second date of the interval is not whole", "in full"),
        ("[2025-11-14..2025-11-13]", "reversed", "2025-11-13..2025-11-14"),
        ("[]", "no date", "empty"),
        ("[..]", "no date", "empty"),
        ("[2025]", "only one date", "write 2025"),
        ("[2025,]", "one pair of dots", None),
        ("[2025-11-13, 2025-11-14]", "no spaces", "[2025-11-13,2025-11-14]"),
        ("[2025..,2026]", "only the first and the last bound", None),
        ("[2025?..2026]", "has no qualifier", "widen"),
        ("[2025/2026]", "an interval cannot be a part of a set", "[first..last]"),
        ("[2025..2026..2027]", "one pair of dots", None),
        ("[2025..2026", "does not close", None),
        ("{2025,2026}", "sets of several days at once", None),
        ("201X", "unspecified digits", None),
        ("2025-XX", "unspecified digits", None),
        ("2025-21", "seasons", None),
        ("-0043", "negative", None),
        ("Y170000", "long years", None),
        ("2025-11-13T10:00:00Z", "time of day", "column of its own"),
        ("?2025", "can only be at the end", None),
        ("2025?-11", "can only be at the end", None),
        ("2025-1-5", "not written as", "write 2025-01-05"),
        ("2025/11/13", "not written as", "write 2025-11-13"),
        ("13.11.2025", "not written as", "write 2025-11-13"),
        ("11/13/2025", "not written as", "write 2025-11-13"),
        ("05/06/2025", "not written as", "cannot be told apart"),
        ("05/05/2025", "not written as", "write 2025-05-05"),
        ("45974", "not written as", "2025-11-13"),
        ("13-Nov-25", "not written as", "a spreadsheet probably changed its form"),
        ("2025–11–13", "not written as", "long dash"),
        (" 2025-11-13", "not written as", "spaces"),
        ("2025-11-13\n", "not written as", "spaces"),
        ("２０２５-11-13", "not written as", "0 to 9"),
        ("٢٠٢٥", "not written as", "0 to 9"),
        ("", "not written as", "YYYY-MM-DD"),
        ("unknown", "not written as", "YYYY-MM-DD"),
        ("99/99/2025", "not written as", "YYYY-MM-DD"),
    ],
)
def test_refused_with_a_reason(text: str, reason: str, hint: str | None) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_edtf(text)
    assert reason in caught.value.reason
    assert (hint or "") in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        ("2025-11-13", "2025-11-13", Order.KEPT),
        ("2025-11-13", "2025-11-14", Order.KEPT),
        ("2025-11-14", "2025-11-13", Order.VIOLATED),
        ("2025-11", "2025-11-30", Order.KEPT),
        ("2025-11", "2025-11-14", Order.POSSIBLY_VIOLATED),
        ("2025-11-14", "2025-11", Order.POSSIBLY_VIOLATED),
        ("2025-12", "2025-11", Order.VIOLATED),
        ("2025", "2025", Order.POSSIBLY_VIOLATED),
        ("2025-11-14?", "2025-11-13", Order.POSSIBLY_VIOLATED),
        ("2025-11-13?", "2025-11-14", Order.KEPT),
        ("[2025-11-13..2025-11-15]", "2025-11-14", Order.POSSIBLY_VIOLATED),
        ("2025-11-13/2025-11-15", "2025-11-14", Order.KEPT),
        ("2025-11-14", "2025-11-13/2025-11-15", Order.VIOLATED),
        ("2025-11-14", "[2025-11-13..2025-11-15]", Order.POSSIBLY_VIOLATED),
        ("[..2025-11-13]", "2025-11-13", Order.KEPT),
        ("[2025-11-13..]", "2025-11-13", Order.POSSIBLY_VIOLATED),
        ("[2025-11-14..]", "2025-11-13", Order.VIOLATED),
        ("2025-11-14", "[..2025-11-13]", Order.VIOLATED),
        ("2025-11-13", "[..2025-11-14]", Order.POSSIBLY_VIOLATED),
        ("2025-11-13", "2025-11-13/..", Order.KEPT),
        ("2025-11-14", "../2025-11-13", Order.VIOLATED),
    ],
)
def test_order(first: str, second: str, order: Order) -> None:
    assert compare(parse_edtf(first), parse_edtf(second)) is order


def test_a_problem_keeps_its_hint_between_processes() -> None:
    problem = pickle.loads(pickle.dumps(ValueProblem("why", "what to do")))
    assert (problem.reason, problem.hint) == ("why", "what to do")


partial = st.builds(lambda day, length: day.isoformat()[:length], st.dates(), st.sampled_from([4, 7, 10]))


@st.composite
def edtf_texts(draw: st.DrawFn) -> str:
    one, other = sorted([draw(partial), draw(partial)])
    form = draw(
        st.sampled_from(
            [
                "{a}",
                "{a}?",
                "{a}~",
                "{a}%",
                "{a}/{b}",
                "{a}/..",
                "../{a}",
                "[{a}..{b}]",
                "[{a}..]",
                "[..{a}]",
                "[{a},{b}]",
            ]
        )
    )
    return form.format(a=one, b=other)


@settings(max_examples=200, deadline=None)
@given(edtf_texts(), edtf_texts(), st.data())
def test_the_order_holds_for_every_day_it_can_mean(first: str, second: str, data: st.DataObject) -> None:
    """Whatever days are picked inside the bounds: KEPT is never contradicted, VIOLATED never fulfilled."""
    one, other = parse_edtf(first), parse_edtf(second)
    verdict = compare(one, other)
    pick_one, pick_other = data.draw(_beginning(one)), data.draw(_beginning(other))
    if verdict is Order.KEPT:
        assert pick_one <= pick_other
    if verdict is Order.VIOLATED:
        assert pick_one > pick_other


def _beginning(date: EdtfDate) -> st.SearchStrategy[dt.date]:
    return st.dates(date.earliest or dt.date.min, date.begins_by or dt.date.max)


@settings(max_examples=150, deadline=None)
@given(edtf_texts())
def test_the_bounds_agree_with_the_edtf_library(text: str) -> None:
    """Where the library is right: of open sets it gives infinite floats, of open intervals today."""
    from edtf import parse_edtf as oracle

    date = parse_edtf(text)
    lengths = {len(part) for part in text.strip("[]").replace("..", ",").split(",") if part}
    mixed_set = date.kind is EdtfKind.ONE_OF and len(lengths) > 1
    if mixed_set or date.earliest is None or date.latest is None:
        return
    library = oracle(text)
    if date.earliest is not None:
        low = library.lower_strict()
        assert (low.tm_year, low.tm_mon, low.tm_mday) == tuple(date.earliest.timetuple()[:3])
    if date.latest is not None:
        high = library.upper_strict()
        assert (high.tm_year, high.tm_mon, high.tm_mday) == tuple(date.latest.timetuple()[:3])


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789-./[],?~%TXY ", max_size=24))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        date = parse_edtf(text)
    except ValueProblem as problem:
        assert problem.reason
    else:
        assert date.earliest or date.latest
        assert not (date.earliest and date.latest) or date.earliest <= date.latest


@pytest.mark.parametrize(
    "text",
    [
        *("[2025-11-14..2025-11-13]", "[2025-11-14..2025-11-13,2025-12]", "2025-11-14/2025-11-13"),
        *(
            "[2025-11-13, 2025-11-14]",
            "[2025-11-13]",
            "13.02.2026",
            "2026/02/05",
            "2026.2.5",
            "/2025",
            "2025/",
        ),
    ],
)
def test_what_a_hint_says_to_write_is_a_date(text: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        parse_edtf(text)
    _, found, written = str(problem.value.hint).rpartition("write ")
    assert found
    parse_edtf(written.removesuffix(" without brackets").removeprefix(".. for an open end: "))
