"""Patterns hold for whole values, in the syntax of XML Schema, in time that grows with the text alone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.checks import patterns
from casetrail.checks.patterns import CompiledPattern, pattern_of
from casetrail.checks.xml_schema_regex import PatternNotRun, PatternProblem
from casetrail.findings.finding import Severity


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("a|b", ["a", "b"], ["axxx", "xb", "ab", "A"]),
        ("^a.*$", ["a", "apple"], ["grape"]),
        ("", [""], ["a"]),
        (r"\d{4}", ["2024", "٢٠٢٤"], ["12345", "20x4"]),
        (r"\w+", ["abc", "1+1", "Привет"], ["a b", "a_b", "a-b"]),
        (r"[\w_-]+", ["a_b-c"], ["a b"]),
        (r"\S+\s\S+", ["a b", "a\tb"], ["a\u00a0b"]),
        (r"\i\c*", ["x-1.y", "_a"], ["-x", "1x"]),
        (r"a.b", ["axb", "a b"], ["a\nb", "ab"]),
        (r"[^a-c]", ["d", "\n"], ["a", ""]),
        (r"[.]\.[$^]", ["..$", "..^"], ["a.$"]),
        (r"(?:ab)+", ["abab"], ["aba"]),
        (r"\p{Lu}\p{Ll}*", ["Żuraw"], ["żuraw"]),
        (r"[\p{Nd}x]+", ["1x2"], ["a"]),
        (r"[[]", ["["], ["]"]),
        (r"a{2,3}?", ["aa", "aaa"], ["a"]),
        (r"\n|\t|\\", ["\n", "\t", "\\"], ["n"]),
    ],
)
def test_what_matches(pattern: str, good: list[str], bad: list[str]) -> None:
    compiled = CompiledPattern(pattern)
    assert [text for text in good if not compiled.matches(text)] == []
    assert [text for text in bad if compiled.matches(text)] == []


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"[0-9]+-[\d]+", ["1-2"], ["1", "12"]),
        (r"\d{5}(-[\d]{4})?", ["12345", "12345-1234"], ["12345-"]),
        ("[a-z-[aeiou]]+", ["xyz"], ["abc", "-"]),
        (r"[\p{L}-[A-Z]]+", ["aé"], ["A", "1"]),
        ("[^a-z-[0-9]]", ["A", "-"], ["a", "0"]),
        (".{0,2000}", ["", "x" * 2000], ["x" * 2001]),
        ("a{2000}", ["a" * 2000], ["a"]),
        (r"(?=.*\d)[a-z\d]+", ["a1"], ["a"]),
        ("(?!x).", ["y"], ["x"]),
        (r"(a|b)\1", ["aa", "bb"], ["ab"]),
        ("(?i)a", ["A"], ["b"]),
        (r"\bab\b", ["ab"], ["abc"]),
        ("(?P<year>1)(?<month>2)", ["12"], ["1"]),
        ("a*+b", ["aab"], ["a"]),
    ],
)
def test_what_other_tools_write_is_run(pattern: str, good: list[str], bad: list[str]) -> None:
    compiled = pattern_of(pattern)
    assert [text for text in good if not compiled.matches(text)] == []
    assert [text for text in bad if compiled.matches(text)] == []


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\p{IsCyrillic}+", ["Қазақ"], ["Qazaq", "q"]),
        (r"\P{IsCyrillic}+", ["Qazaq"], ["Қ"]),
        (r"[\p{IsBasicLatin}\p{IsHebrew}]+", ["aא"], ["é"]),
        (r"[\P{IsBasicLatin}x]+", ["éx"], ["a"]),
        (r"[^\p{IsGreek}]+", ["a"], ["α"]),
        (r"[\p{IsBasicLatin}-[a-z]]+", ["A1"], ["a", "é"]),
        (
            r"\p{IsHiragana}\p{IsKatakana}\p{IsHangulSyllables}\p{IsCJKUnifiedIdeographs}",
            ["あア한漢"],
            ["漢한アあ"],
        ),
    ],
)
def test_the_blocks_of_unicode_are_known_by_name(pattern: str, good: list[str], bad: list[str]) -> None:
    compiled = pattern_of(pattern)
    assert [text for text in good if not compiled.matches(text)] == []
    assert [text for text in bad if compiled.matches(text)] == []


@pytest.mark.parametrize("pattern", ["(", "*a", r"\Qa", "[z-a]", "[a", "(?=a", "[a-[b]c]", "[a-" * 5000])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternProblem):
        pattern_of(pattern)


@pytest.mark.parametrize(
    "pattern", [
        r"\p{IsOgham}+", "[a-z-[^b]]", "[a-z-[b-y-[m]]]", r"[\w\d-[a]]", r"[\I]", r"(?=\p{L})x",
        "(?=x)[a-z-[aeiou]]",
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_not_called_wrong(pattern: str, one_table: Any) -> None:
    fields = [{"name": "id", "type": "string", "constraints": {"pattern": pattern}}]
    report = one_table(fields, "id\nx\n")
    assert [(one.code, one.severity) for one in report.findings] == [("pattern-not-run", Severity.NOTE)]
    assert report.verdict == "not judged"
    assert [check.name for check in report.checks if not check.ran] == ["types-and-constraints"]


def test_a_pattern_that_takes_too_long_is_not_run(one_table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MAX_PATTERN_SECONDS", 1)
    fields = [{"name": "id", "type": "string", "constraints": {"pattern": "(?=a)(a+)+b"}}]
    report = one_table(fields, f"id\n{'a' * 5000}\n")
    assert [(one.code, one.severity) for one in report.findings] == [("pattern-not-run", Severity.NOTE)]
    assert "longer than 1 second" in report.findings[0].message


def test_many_patterns_that_hang_take_no_longer_than_a_few(
    one_table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MAX_PATTERN_SECONDS", 1)
    monkeypatch.setattr(patterns, "MAX_PATTERNS_SECONDS", 2)
    names = [f"a{number}" for number in range(30)]
    fields = [{"name": name, "type": "string", "constraints": {"pattern": "(?=a)(a+)+b"}} for name in names]
    started = time.monotonic()
    report = one_table(fields, f"{','.join(names)}\n{','.join(['a' * 5000] * 30)}\n")
    assert time.monotonic() - started < 25
    assert report.counts == {"pattern-not-run": 30}
    # The columns are looked at side by side, so it may be any of them that comes too late.
    assert any("have taken too long already" in finding.message for finding in report.findings)


def test_a_pattern_that_makes_others_hang_ends_at_once() -> None:
    started = time.monotonic()
    assert not CompiledPattern("(a+)+").matches("a" * 50_000 + "!")
    assert not CompiledPattern("(a|aa)*b").matches("a" * 50_000)
    assert time.monotonic() - started < 5


@settings(max_examples=200, deadline=None)
@given(pattern=st.text(alphabet="ab01()[]{}|*+?.^$\\-,dswpLu:=<!&", max_size=14), text=st.text(max_size=4))
def test_any_text_is_a_pattern_or_refused(pattern: str, text: str) -> None:
    try:
        compiled = CompiledPattern(pattern)
    except (PatternProblem, PatternNotRun):
        return
    assert compiled.matches(text) in (True, False)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=8).filter(lambda text: "\0" not in text))
def test_a_text_with_its_signs_escaped_matches_itself_alone(text: str) -> None:
    escaped = "".join(f"\\{one}" if one in r"\|.?*+(){}-[]^$" else one for one in text)
    assert CompiledPattern(escaped).matches(text)
    assert not CompiledPattern(escaped).matches(text + "x")


def test_the_hint_says_what_would_match(one_table: Any) -> None:
    fields = [{"name": "id", "type": "string", "constraints": {"pattern": "ev-[a-z]+"}}]
    report = one_table(fields, 'id\nev-a\nEV-A\nev–a\n" ev-a"\n9\n')
    assert [one.hint for one in report.findings] == [
        "write it in lower-case letters",
        "replace the long dash with a plain hyphen (-)",
        "remove the spaces before or after the value",
        None,
    ]


def test_half_a_character_is_no_pattern() -> None:
    with pytest.raises(PatternProblem, match="half a character"):
        pattern_of("a\ud800")
