"""Kernels prove no more than the exact parser accepts, and read the same values: of every type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.checks.fields import constraints_of
from casetrail.standard.schema import EDTF, FieldDescriptor
from casetrail.types.arrays import text_array
from casetrail.types.edtf import EdtfDate
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import field_type

FIELDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"},
    "uuid": {"type": "string", "format": "uuid"},
    "binary": {"type": "string", "format": "binary"},
    "edtf": {"type": "string", "rdfType": EDTF},
    "integer": {"type": "integer"},
    "grouped integer": {"type": "integer", "groupChar": ","},
    "integer with words": {"type": "integer", "bareNumber": False},
    "number": {"type": "number"},
    "number with a comma": {"type": "number", "decimalChar": ",", "groupChar": "."},
    "number with words": {"type": "number", "bareNumber": False},
    "boolean": {"type": "boolean"},
    "own boolean": {"type": "boolean", "trueValues": ["yes", "01"], "falseValues": ["no", ""]},
    "date": {"type": "date"},
    "date in a pattern": {"type": "date", "format": "%d/%m/%Y"},
    "datetime": {"type": "datetime"},
    "time": {"type": "time"},
    "year": {"type": "year"},
    "yearmonth": {"type": "yearmonth"},
    "duration": {"type": "duration"},
    "geopoint": {"type": "geopoint"},
    "geopoint as array": {"type": "geopoint", "format": "array"},
    "geojson": {"type": "geojson"},
    "object": {"type": "object"},
    "array": {"type": "array"},
    "list": {"type": "list"},
    "list of integers": {"type": "list", "itemType": "integer"},
    "any": {"type": "any"},
}

FORMS = (
    r"[+-]?[0-9]{1,22}(\.[0-9]{0,4})?([eE][+-]?[0-9]{1,12})?",
    r"[+-]?\.[0-9]{1,3}",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    r"(0000|1900|2024|2025|9999)-(00|01|02|04|12|13)-(00|01|28|29|30|31|32)",
    r"(2024|2025)-02-(28|29)T([01][0-9]|2[0-4]):[0-6][0-9]:[0-6][0-9](\.[0-9]{1,3})?(Z|[+-][01][0-9]:[0-5]0)?",
    r"[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?",
    r"-?[0-9]{3,5}(-[0-9]{1,2})?",
    r"P([0-9]{1,2}Y)?([0-9]{1,2}M)?([0-9]{1,2}D)?(T([0-9]{1,2}H)?([0-9]{1,2}M)?)?",
    r"-?[0-9]{1,3}(\.[0-9]{1,3})?, ?-?[0-9]{1,3}(\.[0-9])?",
    r"\[-?[0-9]{1,3}, ?[0-9]{1,2}\]",
    r"(true|false|True|FALSE|yes|no|1|0|01|nan|NaN|inf|-INF|Infinity|0x1F)",
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{12,13}",
    r"https?://[a-z.-]{1,8}(:[0-9]{0,3})?(/[a-z%?#\[ ]{0,6})?",
    r"[a-z.+-]{1,6}@[a-z.-]{1,6}\.[a-z]{1,4}",
    r"\{\"type\": \"(Point|Spot)\", \"coordinates\": \[[0-9]{1,2}, [0-9]{1,2}\]\}",
    r"[0-9]{1,3}(,[0-9]{1,3}){0,3}",
    r"(EUR |€)?-?[0-9]{1,3}([.,][0-9]{1,2})? ?%?",
)
TEXTS = st.one_of(
    *[st.from_regex(form, fullmatch=True) for form in FORMS],
    st.text(alphabet='0123456789+-.,eETZ:/ PYMDHS()[]{}"xnaif٣−\u00a0\n', max_size=12),
    st.text(max_size=6),
).filter(lambda text: "\0" not in text and text.isprintable() | ("\n" in text))
COLUMNS = st.lists(TEXTS, min_size=1, max_size=12)


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
        return value.replace(tzinfo=None) == typed.replace(tzinfo=None)
    return bool(value == typed) or str(value) == str(typed)


@pytest.mark.parametrize("name", FIELDS)
@settings(max_examples=40, deadline=None)
@given(texts=COLUMNS)
def test_what_a_kernel_proves_the_parser_reads_as_the_same_value(name: str, texts: list[str]) -> None:
    field = FieldDescriptor(name="f", **FIELDS[name])
    parser = field_type(field)
    proved = parser.prove(text_array(texts))
    where = [True] * len(texts) if proved.accepted is None else proved.accepted.to_pylist()
    typed = None if proved.values is None else proved.values.to_pylist()
    for index, text in enumerate(texts):
        reads, value = parsed(parser, text)
        assert reads or not where[index], text
        if typed is not None and where[index]:
            assert same(value, typed[index]), text


GOOD = {
    "integer": ["0", "12", "-7", "007", "123456789012345678"],
    "number": ["0", "1.5", "-0.25", "+3", "1e5", "12345.678901"],
    "date": ["2024-02-29", "2025-12-31", "1900-01-01"],
    "datetime": ["2024-02-28T23:59:59"],
    "time": ["00:00:00", "23:59:59"],
    "year": ["2024"],
    "boolean": ["true", "0"],
    "uuid": ["9f2c1b1e-0a3b-4c5d-8e7f-001122334455"],
    "uri": ["https://example.org/a?b=1", "http://a.example/"],
    "email": ["a.b@example.org"],
    "yearmonth": ["2024-12"],
    "geopoint": ["76.95, 43.24", "-1,2"],
    "edtf": ["2024-02-29"],
    "list": ["a,b"],
}


@pytest.mark.parametrize("name", GOOD)
def test_plain_values_are_proved_without_the_parser(name: str) -> None:
    # A proof that proves nothing would keep its word as well, and make everything slow.
    proved = field_type(FieldDescriptor(name="f", **FIELDS[name])).prove(text_array(GOOD[name]))
    assert proved.accepted is None or sum(proved.accepted.to_pylist()) >= 1


BOUNDS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "integer": ({"type": "integer"}, [0, 5, -3, "7", 10**20, -(2**63), 2**63]),
    "number": ({"type": "number"}, [0, 0.1, "0.3", -2.5, 1e300, "1e-9", 10**400]),
    "date": ({"type": "date"}, ["2024-02-29", "2025-01-01", "1900-01-01"]),
    "datetime": (
        {"type": "datetime"},
        ["2024-02-28T12:00:00", "2024-02-28T12:00:00Z", "2024-02-28T12:00:00.5"],
    ),
    "time": ({"type": "time"}, ["12:00:00"]),
    "year": ({"type": "year"}, [2024, "1999"]),
    "yearmonth": ({"type": "yearmonth"}, ["2024-06"]),
    "duration": ({"type": "duration"}, ["P30D", "P1M"]),
}


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("kind", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_bound_that_a_kernel_proves_holds_exactly(name: str, kind: str, data: st.DataObject) -> None:
    shape, bounds = BOUNDS[name]
    bound = data.draw(st.sampled_from(bounds))
    texts = data.draw(st.lists(st.one_of(TEXTS, st.sampled_from([str(one) for one in bounds])), max_size=10))
    field = FieldDescriptor(name="f", **shape, constraints={kind: bound})
    _agree(field, texts)


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
@given(texts=COLUMNS)
def test_a_constraint_that_a_kernel_proves_holds_exactly(number: int, texts: list[str]) -> None:
    _agree(FieldDescriptor(name="f", **LISTS[number]), texts)


def _agree(field: FieldDescriptor, texts: list[str]) -> None:
    parser = field_type(field)
    texts = [text for text in texts if parsed(parser, text)[0]]
    if not texts:
        return
    constraints, broken = constraints_of(field, parser)
    assert constraints and not broken
    column = text_array(texts)
    for constraint in constraints:
        held = constraint.proved(column, parser.prove(column).values)
        where = [True] * len(texts) if held is None else held.to_pylist()
        for text, proved in zip(texts, where, strict=True):
            value = parser.parse(text)
            breaks = constraint.breaks(text, value)
            assert not (breaks and proved), text
            assert breaks or proved or not constraint.decides, text
            if breaks:
                assert constraint.fault(text, value).message
