from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.standard.near_miss import did_you_mean, near_miss

KNOWN = ("primaryKey", "foreignKeys", "constraints", "fields", "name", "type", "id")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("primarykey", "primaryKey"),
        ("primary_key", "primaryKey"),
        ("primaryKeys", "primaryKey"),
        ("foreignKey", "foreignKeys"),
        ("constrains", "constraints"),
        ("constriants", "constraints"),
        ("feilds", "fields"),
        ("ID", "id"),
        ("nmae", "name"),
        ("unit", None),
        ("it", None),
        ("note", None),
        ("x", None),
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    assert near_miss(word, KNOWN) == meant


def test_the_hint_reads_as_a_question() -> None:
    assert did_you_mean("nmae", KNOWN) == "did you mean 'name'?"
    assert did_you_mean("zzz", KNOWN) is None


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=5))
def test_a_known_word_is_always_its_own_nearest(word: str, others: list[str]) -> None:
    assert near_miss(word, [*others, word]) == word


def test_another_day_or_number_is_no_misspelling() -> None:
    known = ["ev-20250403-hearing", "ch-12-1", "person-10"]
    assert near_miss("ev-20250404-hearing", known) is None
    assert near_miss("ev-2025043-hearing", known) is None
    assert near_miss("ch-12-2", known) is None
    assert near_miss("ev-20250403-haering", known) == "ev-20250403-hearing"
    assert near_miss("ch-12-l", known) == "ch-12-1"
    assert near_miss("person-1O", known) == "person-10"
