"""Kernels prove no more than the exact parser accepts, and read the same values: of every type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.checks.fields import constraints_of
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrow_arrays import text_array
from casetrail.types.edtf import EdtfDate
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import field_type
from field_samples import KERNELS, SAMPLES, TEXTS, Sample, columns


def accepted(sample: Sample, *texts: str) -> list[bool]:
    mask = sample.type.prove(text_array(texts)).accepted
    return [True] * len(texts) if mask is None else mask.to_pylist()


def parsed(parser: Any, text: str) -> tuple[bool, Any]:
    try:
        return True, parser.parse(text)
    except ValueProblem:
        return False, None


def same(value: Any, typed: Any) -> bool:
    if isinstance(value, Decimal):
        return float(value) == typed
    if isinstance(value, EdtfDate):
        return value.text == str(typed)
    if isinstance(value, dt.datetime):
        return value == typed and (value.tzinfo is None) == (typed.tzinfo is None)
    return bool(value == typed)


@pytest.mark.parametrize("sample", KERNELS, ids=str)
def test_what_a_kernel_proves_the_parser_reads_as_the_same_value(sample: Sample) -> None:
    parser = sample.type

    @settings(max_examples=60, deadline=None)
    @given(columns(sample))
    def check(texts: list[str]) -> None:
        proved = parser.prove(text_array(texts))
        where = accepted(sample, *texts)
        values = None if proved.values is None else proved.values.to_pylist()
        for index, text in enumerate(texts):
            reads, value = parsed(parser, text)
            assert reads or not where[index], text
            if values is not None and where[index]:
                assert same(value, values[index]), text

    check()


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_what_a_kernel_proves_wrong_the_parser_refuses(sample: Sample) -> None:
    parser = sample.type

    @settings(max_examples=60, deadline=None)
    @given(columns(sample))
    def check(texts: list[str]) -> None:
        texts += [*sample.proved, *sample.parsed, *sample.wrong]
        refused = parser.refused(text_array(texts))
        for text, wrong in zip(
            texts, [] if refused is None else refused.to_pylist(), strict=refused is not None
        ):
            assert not (wrong and parsed(parser, text)[0]), text

    check()


WRONG_ALL_THROUGH = {
    "date": "13/11/2025",
    "time": "9:00",
    "datetime": "2025-11-13 09:00",
    "year": "25",
    "yearmonth": "2025/11",
    "duration": "3 days",
    "geopoint": "43.2; 76.9",
    "integer": "1,234",
    "number": "1,234.5",
    "boolean": "perhaps",
    "string/email": "name at example.org",
    "string/uri": "example.org",
    "string/uuid": "1234",
    "string/binary": "no base64",
}


@pytest.mark.parametrize("kind", WRONG_ALL_THROUGH)
def test_what_is_wrong_in_the_usual_way_is_not_parsed(kind: str) -> None:
    name, _, form = kind.partition("/")
    parser = field_type(FieldDescriptor(name="f", type=name, format=form or "default"))
    refused = parser.refused(text_array([WRONG_ALL_THROUGH[kind]]))
    assert refused is not None and refused.to_pylist() == [True]
    assert not parsed(parser, WRONG_ALL_THROUGH[kind])[0]


@pytest.mark.parametrize("sample", KERNELS, ids=str)
def test_a_kernel_proves_plain_values_alone_and_together(sample: Sample) -> None:
    # A kernel that proves nothing would keep its word as well, and make everything slow.
    for text in sample.proved:
        assert accepted(sample, text) == [True], text
    assert all(accepted(sample, *sample.proved))


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_kernel_leaves_to_the_parser_what_the_samples_say(sample: Sample) -> None:
    # So that what a kernel learns to prove comes among the samples by which it is tested.
    for text in (*sample.parsed, *sample.wrong):
        assert accepted(sample, text) == [False], text


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.bounds], ids=str)
@pytest.mark.parametrize("kind", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
def test_a_bound_that_a_kernel_proves_holds_exactly(sample: Sample, kind: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        bound = data.draw(st.sampled_from(sample.bounds))
        near = st.sampled_from([str(bound) for bound in sample.bounds])
        texts = data.draw(st.lists(sample.texts | near, max_size=10))
        _agree(
            FieldDescriptor.of({"name": "f", **sample.stated, "constraints": {kind: bound}}),
            texts,
        )

    check()


LISTS: list[dict[str, Any]] = [
    {"type": "integer", "constraints": {"enum": [1, 20, "300"]}},
    {"type": "string", "constraints": {"enum": ["1", "true", "2024"]}},
    {"type": "string", "categories": ["a", "no"]},
    {"type": "integer", "categories": [{"value": 0, "label": "zero"}, {"value": 1}]},
    {"type": "boolean", "constraints": {"enum": [True]}},
    {"type": "number", "constraints": {"enum": [1, 0.1]}},
    {"type": "date", "constraints": {"enum": ["2024-02-29"]}},
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 4}},
    {"type": "array", "constraints": {"minLength": 1, "maxLength": 2}},
    {"type": "object", "constraints": {"minLength": 1}},
    {"type": "string", "constraints": {"pattern": "[0-9]+|[a-z]+"}},
    {"type": "object", "constraints": {"jsonSchema": {"required": ["type"]}}},
]


@pytest.mark.parametrize("number", range(len(LISTS)))
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_a_constraint_that_a_kernel_proves_holds_exactly(number: int, texts: list[str]) -> None:
    _agree(FieldDescriptor.of({"name": "f", **LISTS[number]}), texts)


def _agree(field: FieldDescriptor, texts: list[str]) -> None:
    parser = field_type(field)
    texts = [text for text in texts if parsed(parser, text)[0]]
    if not texts:
        return
    constraints, broken = constraints_of(field, parser)
    assert constraints and not broken
    column = text_array(texts)
    for constraint in constraints:
        typed = parser.prove(column).values
        held, broken_at = constraint.proved(column, typed), constraint.broken(column, typed)
        where = [True] * len(texts) if held is None else held.to_pylist()
        wrong = [False] * len(texts) if broken_at is None else broken_at.to_pylist()
        for text, proved, refuted in zip(texts, where, wrong, strict=True):
            value = parser.parse(text)
            breaks = constraint.breaks(text, value)
            assert not (breaks and proved), text
            assert breaks or not refuted, text
            assert breaks or proved or not constraint.decides, text
            if breaks:
                assert constraint.fault(text, value).message
