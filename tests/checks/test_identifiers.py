"""Personal identifiers are found in running text, other numbers are left alone. All are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.checks.identifiers import identifiers, is_chinese_number, is_iin

IIN = "010101500003"
CHINESE = "11010519491231002X"
"""The example of the Chinese standard GB 11643, of nobody."""


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"The accused (IIN {IIN}) was present.", ["iin"]),
        (f"ИИН{IIN}", ["iin"]),
        (f"x {IIN}.", ["iin"]),
        ("IIN 010101500004", []),
        ("Account 123456789012 of the court", []),
        (f"citizen, {CHINESE}", ["document-number"]),
        (f"citizen, {CHINESE.lower()}", ["document-number"]),
        ("call +7 (701) 000-00-00 today", ["telephone"]),
        ("call +77010000000", ["telephone"]),
        ("or 8 701 000 00 00", ["telephone"]),
        ("tel. 8(701)0000000", ["telephone"]),
        ("+1 202 555 0100", ["telephone"]),
        ("write to clerk.office@court.example, please", ["email"]),
        ("аты@мысал.қаз", ["email"]),
        ("passport N00000001", ["document-number"]),
        ("паспорт № 000000001", ["document-number"]),
        ("удостоверение личности 000000001 выдано", ["document-number"]),
        ("护照 E00000001", ["document-number"]),
        ("case N 7500-25-00-4/1", []),
        ("see https://example.org/87010000000?mail=a@b.example", []),
        ("held from 2025-11-13 to 2025-11-14, and on 2026-01-23", []),
        ("2025-11-13/2025-11-14", []),
        ("a fine of 78 640 tenge, 20 indices, article 174 part 2", []),
        ("12 345 678 people, 1 000 000 000 tenge", []),
        ("+5 degrees, -3 and +100", []),
        ("note of 13.11.2025, No. 1234-5678", []),
        ("100000000 is a number without a document", []),
    ],
)  # fmt: skip
def test_what_is_found(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in identifiers(text)] == kinds


@given(st.integers(0, 10**4 - 1).map("0101015{:04}".format))
def test_at_most_one_check_digit_makes_an_iin(digits: str) -> None:
    assert sum(is_iin(digits + last) for last in "0123456789") <= 1


@given(st.integers(0, 999).map("11010519491231{:03}".format))
def test_exactly_one_check_character_makes_a_chinese_number(digits: str) -> None:
    assert sum(is_chinese_number(digits + last) for last in "0123456789X") == 1


@pytest.mark.parametrize("digits", ["013101500003", "010101000003", "010101700003"])
def test_a_number_without_a_real_birthday_or_century_is_no_iin(digits: str) -> None:
    assert not any(is_iin(digits[:11] + last) for last in "0123456789")


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    for kind, found in identifiers(text):
        assert kind
        assert found
