from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.site.jinja import coded, size_words
from casetrail.site.safe_text import (
    direction,
    embedded,
    language_tag,
    language_words,
    reveal_invisible,
    web_address,
)


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_data_in_a_script_says_the_same_and_cannot_end_the_script(value):
    text = embedded(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@given(st.text())
def test_what_is_shown_has_no_character_that_acts_unseen(text):
    told = reveal_invisible(text)
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in told)
    assert not set(told) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\x7f")
    told.encode()


def test_what_joins_letters_stays():
    assert reveal_invisible("می\u200cخواهم") == "می\u200cخواهم"
    assert reveal_invisible("a\u202eb") == "a⟨U+202E⟩b"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https:", ""),
        ("//a.example", ""),
        ("https://a.example/\u202e", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_links_lead_to_the_web_alone(text, address):
    assert web_address(text) == address


@pytest.mark.parametrize(
    ("language", "script", "tag", "way"),
    [
        ("kk", "Cyrl", "kk-Cyrl", "ltr"),
        ("kk", "Arab", "kk-Arab", "rtl"),
        ("zh-Hant", "Hant", "zh-Hant", "ltr"),
        ("ja", "Jpan", "ja", "ltr"),
        ("ar", "", "ar", "rtl"),
        ("ug", "", "ug", "rtl"),
        ("", "Latn", "und-Latn", "ltr"),
        ("und", "", "und", "auto"),
        ("", "", "und", "auto"),
    ],
)
def test_language_and_direction_follow_from_language_and_script(language, script, tag, way):
    assert language_tag(language, script) == tag
    assert direction(language, script) == way


def test_languages_have_names():
    assert language_words("zh-Hant") == "Chinese, traditional"
    assert language_words("ru", "Cyrl") == "Russian"
    assert language_words("ru", "Latn") == "Russian, Latin"
    assert language_words("xx") == "xx"
    assert language_words("") == ""


def test_code_is_marked_and_escaped():
    assert coded("in `<b>` & so") == "in <code>&lt;b&gt;</code> &amp; so"


def test_sizes_are_read_at_a_glance():
    assert [size_words(value) for value in (None, 0, 999, 1000, 15_400, 2_500_000)] == [
        "",
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "15 kB",
        "2.5 MB",
    ]
