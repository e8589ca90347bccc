"""Simple shapes of patterns are proved for a whole column: nothing that the engine does not accept."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.checks.pattern_shapes import proof_of
from casetrail.checks.patterns import CompiledPattern
from casetrail.types.arrow_arrays import all_true, text_array, with_nulls

MANY = 10_000
"""Values of a column in one block that are proved together."""
_LITERALS = ["a", "-", "/", ":", " ", r"\.", r"\-", r"\\", r"\$"]
_CLASSES = ["[0-9]", "[a-z0-9]", "[A-Fx.:]", "[_]"]
_fixed = st.lists(
    st.tuples(st.sampled_from(_LITERALS + _CLASSES), st.sampled_from(["", "{2}", "{3}"])).map("".join),
    min_size=1,
).map("".join)
_open = st.builds(
    "{}{}{}".format,
    st.lists(st.tuples(st.sampled_from(_LITERALS), st.sampled_from(["", "?"])).map("".join), max_size=4).map(
        "".join
    ),
    st.sampled_from([".", r"\S", "[^ ]", r"[^\s/]", "[^:,]"]),
    st.sampled_from("+*"),
)
_patterns = st.builds("{}{}{}".format, st.sampled_from(["", "^"]), _fixed | _open, st.sampled_from(["", "$"]))
_texts = st.lists(
    st.none() | st.text("a-/: .\\$09xA_\n\té𝄞", max_size=6) | st.just("https://a.b/c"), max_size=6
)


@given(_patterns, _texts, st.data())
def test_what_is_proved_is_what_the_engine_accepts(
    pattern: str, texts: list[str | None], data: st.DataObject
) -> None:
    proof, compiled = proof_of(pattern), CompiledPattern(pattern)
    matching = data.draw(st.lists(st.from_regex(pattern, fullmatch=True), max_size=4))
    nearly = [text[1:] + "a" for text in matching]
    for column in (texts, matching, nearly, [*matching, *texts]):
        values = _array(column)
        for part in (values, values[1:], values[:-1]):
            if proof is not None and proof(part):
                assert all_true(compiled.mask(part))


def _array(texts: list[str | None]) -> pa.StringArray:
    """The texts, and something under each null."""
    known = text_array("hidden" if text is None else text for text in texts)
    return with_nulls(known, pa.array([text is None for text in texts], pa.bool_()))


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("ev-[0-9]{8}", ["ev-00000001", "ev-99999999"]),
        (r"^[A-Z]{3}\.[a-z0-9]{2}$", ["ABC.z9"]),
        ("https?://[^ ]+", ["https://example.org/é", "http://example.org"]),
        (r"https?://[^\s]+", ["https://example.org"]),
        ("^.*$", ["", "anything"]),
        (r"\S+", ["a", "𝄞"]),
        ("[^/]*", ["a", ""]),
    ],
)
def test_patterns_that_are_written_often_are_proved(pattern: str, texts: list[str]) -> None:
    proof = proof_of(pattern)
    assert proof is not None
    assert proof(text_array(texts))


@pytest.mark.parametrize(
    "pattern",
    [
        "a|b",
        "(a)",
        "[^a]{2}",
        "[a-z]+",
        r"\d{4}",
        r"a\$$+",
        "^^a",
        "a?b?c?.*",
        "a?" * 1000 + ".*",
        "[^/]+/x",
        "/[^/]*",
        "é",
        "a{100}",
        "",
    ],
)
def test_other_shapes_are_left_to_the_engine(pattern: str) -> None:
    assert proof_of(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("ev-[0-9]{5}", "ev-{:05}", ["ev-000001", "ev-0001", "EV-00001", "ev-0O001", "ev-000é"]),
        ("https?://[^ ]+", "https://example.org/{}", ["https://", "ftp://example.org/1", "https://a b", "x"]),
        (".+", "line {}", ["two\nlines"]),
    ],
)
def test_one_wrong_value_among_many_is_found(pattern: str, good: str, bad: list[str], one_table: Any) -> None:
    fields = [
        {"name": "n", "type": "string"},
        {"name": "text", "type": "string", "constraints": {"pattern": pattern}},
    ]

    def findings_with(text: str) -> list[tuple[str, int | None]]:
        values = [good.format(number) for number in range(MANY)]
        values[7000] = text
        report = one_table(fields, "n,text\n" + "".join(f'{n},"{value}"\n' for n, value in enumerate(values)))
        return [(finding.code, finding.place.row) for finding in report.findings]

    expected = [("constraint-pattern", 7002)]
    assert findings_with(good.format(10_001)) == []
    assert {text: findings_with(text) for text in bad} == dict.fromkeys(bad, expected)


@pytest.mark.parametrize("pattern", ["[0-9]{4}", ".*", "https?://[^ ]+"])
def test_a_column_without_values_has_none_that_is_wrong(pattern: str, one_table: Any) -> None:
    fields = [
        {"name": "n", "type": "string"},
        {"name": "text", "type": "string", "constraints": {"pattern": pattern}},
    ]
    assert not one_table(fields, "n,text\n" + "".join(f"{number},\n" for number in range(MANY))).findings
    lacking = one_table(fields, "n\n" + "x\n" * MANY, {"fieldsMatch": ["subset"]})
    assert "constraint-pattern" not in lacking.counts
