"""What holds for every type: what is written reads back, and keys, their texts and JSON agree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.types.arrow_arrays import text_array
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import type_named, type_names
from field_samples import SAMPLES, TEXTS, Sample


def test_every_type_has_samples() -> None:
    assert {sample.field.type for sample in SAMPLES} == set(type_names())
    assert {sample.type.name for sample in SAMPLES} == {*type_names(), "edtf"}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_samples_are_read_or_refused_as_they_say(sample: Sample) -> None:
    for text in (*sample.proved, *sample.parsed):
        value = sample.type.parse(text)
        assert sample.type.key(sample.type.parse(sample.type.write(value))) == sample.type.key(value)
    for text in sample.wrong:
        with pytest.raises(ValueProblem):
            sample.type.parse(text)


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.values is not None], ids=str)
def test_what_is_written_reads_back(sample: Sample) -> None:
    kind = sample.type

    @settings(max_examples=60, deadline=None)
    @given(sample.values)  # type: ignore[arg-type]
    def check(value: Any) -> None:
        again = kind.parse(kind.write(value))
        assert kind.key(again) == kind.key(value)
        assert kind.write(again) == kind.write(value)

    check()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_any_text_is_read_or_refused_with_a_reason(sample: Sample) -> None:
    kind = sample.type

    @settings(max_examples=40, deadline=None)
    @given(sample.texts | TEXTS)
    def check(text: str) -> None:
        try:
            value = kind.parse(text)
        except ValueProblem as problem:
            assert problem.reason and not problem.reason.endswith(".")
        else:
            assert kind.key(value) == kind.key(kind.parse(text))

    check()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_the_text_of_a_key_tells_what_the_key_tells(sample: Sample) -> None:
    """Two values have one key text where they have one key, and a canonical text is its own."""
    kind = sample.type

    @settings(max_examples=40, deadline=None)
    @given(st.lists(sample.texts, min_size=2, max_size=6))
    def check(texts: list[str]) -> None:
        read = []
        for text in texts:
            try:
                read.append((text, kind.parse(text)))
            except ValueProblem:
                continue
        for _, first in read:
            for _, second in read:
                same = kind.key(first) == kind.key(second)
                assert same == (kind.key_text(first) == kind.key_text(second))
        canonical = kind.canonical(text_array(text for text, _ in read))
        for index, (text, value) in enumerate(read):
            if canonical is None or canonical[index].as_py():
                assert kind.key_text(value) == text

    check()


@settings(max_examples=100, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_numbers_are_exact(value: Decimal) -> None:
    assert type_named("number").parse(str(value)) == value
