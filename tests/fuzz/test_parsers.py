"""Every parser that a cell, a name, a header or an option can reach: a value or its own refusal, and soon."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.types.safe_json_schema import JsonSchema, JsonSchemaProblem
from field_samples import SAMPLES, TEXTS
from fuzz.parsers import PARSERS
from fuzz.rounds import ROUND, Record, in_time, rounds

UNITS = [
    *("a", " ", "T", "@", "`", "\\", "(", "[", "{", '"', "0", "-", "%", "+", "<", "/", "?", "~", "[..", ".."),
    *(",", "a|", "(a*)*", "\\p{L}", "[^", "%Y", "2024-", "8-7", "http", "ж", "汉", "\u0301", "\u202e"),
    *("\ud800", "\0", "\n", "://", "10.1/"),
]
ODD = st.one_of(
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(UNITS), max_size=12).map("".join),
    # Pumped, for what would take more than linear time.
    st.builds(
        lambda head, unit, times, tail: head + unit * times + tail,
        st.text(max_size=3),
        st.lists(st.sampled_from(UNITS), min_size=1, max_size=2).map("".join),
        st.sampled_from([10, 1000, 5000]),
        st.text(max_size=3),
    ),
)


@pytest.mark.parametrize("name", PARSERS)
def test_half_a_character_is_parsed_or_refused(name: str) -> None:
    parse, refusals = PARSERS[name]
    try:
        parse("\ud800")
    except refusals as refusal:
        assert str(refusal)


@pytest.mark.parametrize("name", PARSERS)
def test_any_text_is_parsed_or_refused_soon(name: str, record_property: Record) -> None:
    parse, refusals = PARSERS[name]
    own = [sample.texts for sample in SAMPLES if name == f"{sample.name} (type)"]

    @ROUND
    @given(st.one_of(ODD, TEXTS, *own))
    def test(text: str) -> None:
        with in_time(text):
            try:
                parse(text)
            except refusals as refusal:
                assert str(refusal)

    rounds(test, record_property, 1 / 15)


KEYWORDS = [
    *("allOf", "anyOf", "not", "items", "properties", "$defs", "if", "then", "additionalProperties"),
    *("patternProperties", "propertyNames", "contains", "uniqueItems", "minLength", "multipleOf", "$id"),
]
LEAVES: list[Any] = [True, False, {}, {"type": "integer"}, {"$ref": "#"}, {"$ref": "#/$defs/a"}]
SCHEMAS = st.recursive(
    st.sampled_from([*LEAVES, {"pattern": "(a+)+b"}]),
    lambda inner: st.dictionaries(
        st.sampled_from(KEYWORDS),
        st.one_of(
            inner,
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["a", "(b*)*"]), inner, max_size=2),
            st.sampled_from([0, -1, 2**70, "x", None]),
        ),
        max_size=3,
    ),
    max_leaves=8,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)


def test_any_json_schema_judges_or_is_refused_soon(record_property: Record) -> None:
    @ROUND
    @given(SCHEMAS, VALUES)
    def test(schema: Any, value: Any) -> None:
        with in_time(json.dumps([schema, value])):
            try:
                JsonSchema(schema).violations(value)
            except JsonSchemaProblem as refusal:
                assert str(refusal)

    rounds(test, record_property)
