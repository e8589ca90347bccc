"""Names are compared across scripts and romanizations; who differs stays apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.curate.spelling import alike, script_of, slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orla Venn", "orla  VENN"),
        ("Orla Venn", "Venn, Orla"),
        ("Orla Venn", "Орла Венн"),
        ("Yerlan Zhaksybayuly", "Ерлан Жақсыбайұлы"),
        ("Erlan Jaqsybaiuly", "Yerlan Zhaksybayuly"),
        ("Qairat Tölegen", "Kairat Tolegen"),
        ("Khasan", "Хасан"),
        ("文恩", "文恩先生"),
    ],
)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orla Venn", "Brendan Quill"),
        ("Harbour Watch", "The Herald"),
        ("", "Orla"),
        ("文恩", "李明"),
        ("?", "!"),
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Талдықорған", "Cyrl"),
        ("Orla Venn-Ó", "Latn"),
        ("文恩", "Hani"),
        ("ايگەرىم تىلەۋجان", "Arab"),
        ("სასამართლო", "Geor"),
        ("בית משפט", "Hebr"),
        ("ศาล", "Thai"),
        ("재판소", "Hang"),
        ("アルマトイ", "Jpan"),
        ("アルマトイの裁判所", "Jpan"),
        ("Orla Венн", None),
        ("123", None),
    ],
)
def test_scripts(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_of_chinese_the_language_says_which_script_it_is() -> None:
    assert script_of("文恩", "zh-TW") == "Hant"
    assert script_of("文恩", "zh") == "Hans"


@given(st.text())
def test_a_slug_is_one(text: str) -> None:
    made = slug(text)
    assert made.isascii()
    assert made == made.lower()
    assert slug(made) == made
    assert not made.startswith("-")
    assert "--" not in made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Талдықорған соты", "taldyqorghan-soty"),
        ("文恩", "wenen"),
        ("محكمة", "mhkmh"),
        ("ศาลอาญา", "saloaya"),
        ("アルマトイ", "arumatoi"),
        ("სასამართლო", "sasamartlo"),
        ("🙂", ""),
    ],
)
def test_slugs_of_every_script(text: str, made: str) -> None:
    assert slug(text) == made
