from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.case.case import Case
from casetrail.case.views.date_words import date_words, row_order


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("2025-11-13", "13 November 2025"),
        ("2023-05", "May 2023"),
        ("2023", "2023"),
        ("2021-07-01?", "1 July 2021 (uncertain)"),
        ("2025~", "about 2025"),
        ("2025-03%", "about March 2025 (uncertain)"),
        ("2019-03/2019-08", "March to August 2019"),
        ("2025-11-13/2026-01-02", "13 November 2025 to 2 January 2026"),
        ("2025/..", "from 2025 on"),
        ("../2025-02", "until February 2025"),
        ("[2025-11-13..2025-11-14]", "between 13 and 14 November 2025"),
        ("[2025-11-14..2025-12-23]", "between 14 November and 23 December 2025"),
        ("[..2026-01-23]", "by 23 January 2026"),
        ("[2025-11-22..]", "22 November 2025 or later"),
        ("[2025-01-01,2025-01-03]", "one of: 1 January 2025; 3 January 2025"),
        ("some day", "some day"),
    ],
)
def test_a_date_is_said_no_more_precisely_than_it_is_known(text, words):
    assert date_words(text) == words


def test_months_are_shortened_where_there_is_little_room():
    assert date_words("[2025-11-14..2025-12-23]", short=True) == "between 14 Nov and 23 Dec 2025"


@given(st.text(max_size=30))
def test_any_text_is_said_somehow(text):
    assert isinstance(date_words(text), str)


def test_on_one_day_rows_have_the_order_of_their_kinds() -> None:
    events = {
        key: {"event_id": key, "kind": kind, "date": date}
        for key, kind, date in (
            ("ev-a-detention", "detention", "2025-03-01"),
            ("ev-b-protest", "protest", "2025-03-01"),
            ("ev-c-protest", "protest", "2025-02-28"),
            ("ev-d-unknown", "walk", "2025-03-01"),
        )
    }
    case = Case("order", {"events": events})
    ordered = sorted(events.values(), key=lambda cells: row_order(case, "events", cells))
    assert [cells["event_id"][3] for cells in ordered] == ["c", "b", "a", "d"]
