"""One folding for names in every script: what is one name is found as one, what is another is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.case.name_folding import fold_name, latin, name_pattern, searchable


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Бекзат", "bekzat"),
        ("Bekzhan", "bekzhan"),
        ("Talgar", "talgar"),
        ("Талғар", "talghar"),
        ("别克扎提", "bie ke zha ti"),
        ("別克扎提", "bie ke zha ti"),
        ("Ｂekzat\u200b", "bekzat"),
        ("Объект, ÉTÉ", "obekt ete"),
        ("قازاق 2026", "qzq 2026"),
        ("€ — 😀", ""),
    ],
)
def test_any_script_is_folded_to_latin_letters(text: str, letters: str) -> None:
    assert latin(text) == letters


@pytest.mark.parametrize(
    "spellings",
    [
        ("Талғар", "Talgar", "Talghar", "TALĞAR"),
        ("Мақсұтхан", "Maksutkhan", "Maqsuthan", "Maqsūtxan", "MAQSUTKHAN"),
        ("Бекжан", "Bekzhan", "Bekjan"),
        ("别克扎提", "別克扎提", "Bie Ke Zha Ti"),
        ("Iskak", "ısqaq", "Ысқақ"),
    ],
)
def test_spellings_of_one_name_are_one(spellings: tuple[str, ...]) -> None:
    assert len(set(map(fold_name, spellings))) == 1


def test_other_names_stay_apart() -> None:
    names = ("Бекзат", "Bekzhan", "Талғар", "Талап", "别克扎提", "别克")
    assert len(set(map(fold_name, names))) == len(names)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    folded = fold_name(text)
    assert fold_name(folded) == folded
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Bolat Asanov", "бұл Болат Асанов еді"),
        ("Бекзат Мақсұтхан", "said Bekzat Maksutkhan's lawyer"),
        ("Бекзат Мақсұтхан", "ev-bekzat-maqsutkhan"),
        ("文恩", "记者文恩先生"),
        ("Асан", "Mr Asan said"),
        ("علي", "والعلي"),
    ],
)
def test_a_name_is_found_in_another_script(name: str, text: str) -> None:
    assert name_pattern(name, 6).search(searchable(text))


@pytest.mark.parametrize(
    ("name", "text"), [("文恩", "Owen entered"), ("Асан", "a Pakasana"), ("علي", "totally")]
)
def test_and_not_within_another_word(name: str, text: str) -> None:
    assert not name_pattern(name, 6).search(searchable(text))
