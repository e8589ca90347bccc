"""Samples of every field type, for all tests of types: texts that are values and texts that are none.

A type more has its samples here: a test compares the list with the types that there are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st

from casetrail.standard.schema import EDTF, FieldDescriptor
from casetrail.types.field_type import FieldType
from casetrail.types.registry import field_type
from casetrail.types.table_schema.duration import Duration
from casetrail.types.table_schema.yearmonth import YearMonth


@dataclass(frozen=True)
class Sample:
    """One way to declare a field, with texts for it.

    `proved` are values that the kernel accepts, `parsed` values that it leaves to the parser, `wrong` none.
    `near` is a regular expression for texts that are values, or nearly so; `values` are what a program may
    write, `bounds` what a constraint may state.
    """

    name: str
    stated: dict[str, Any]
    near: str
    proved: tuple[str, ...] = ()
    parsed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    values: st.SearchStrategy[Any] | None = field(default=None, repr=False)
    bounds: tuple[Any, ...] = ()

    @cached_property
    def field(self) -> FieldDescriptor:
        return FieldDescriptor.of({"name": "f"} | self.stated)

    @cached_property
    def type(self) -> FieldType[Any]:
        return field_type(self.field)

    @cached_property
    def texts(self) -> st.SearchStrategy[str]:
        listed = (*self.proved, *self.parsed, *self.wrong)
        return st.one_of(st.sampled_from(listed), st.from_regex(self.near, fullmatch=True))

    def __str__(self) -> str:
        return self.name


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_WEST = dt.timezone(dt.timedelta(hours=-5, minutes=-30))
_NUMBER = r"[+-]?[0-9]{1,22}(\.[0-9]{0,22})?([eE][+-]?[0-9]{1,3})?"
_DAY = r"(0000|0001|1900|2024|2025|9999)-(00|01|02|04|12|13)-(00|01|28|29|30|31|32)"
_CLOCK = r"([01][0-9]|2[0-4]):[0-6][0-9]:[0-6][0-9]"
_MOMENT = rf"(0001|2024|9999)-(01|02|12)-(01|28|29|30|31)T{_CLOCK}(\.[0-9]{{1,7}})?"
_WORDS = r"[a-z,;x ]{0,6}"
_POLYGON = '{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}'

SAMPLES = (
    Sample("string", {"type": "string"}, _WORDS, proved=("", " as it is\n", "007", "Ж"), values=st.text()),
    Sample(
        "email",
        {"type": "string", "format": "email"},
        r"[a-z.+-]{1,6}@[a-z.-]{1,6}\.[a-z]{1,4}",
        proved=("a.b@example.org",),
        parsed=("first.last+tag@example.org", '"a b"@example.org'),
        wrong=("nobody", "a..b@example.org", "a@b..org", ""),
    ),
    Sample(
        "uri",
        {"type": "string", "format": "uri"},
        r"https?://[a-z.-]{1,8}(:[0-9]{0,3})?(/[a-z%?#\[ ]{0,6})?",
        proved=("https://example.org/a?b=1", "http://a.example/"),
        parsed=("urn:isbn:0451450523", "http://[2001:db8::1]/"),
        wrong=("www.example.org", "https://example.org/a b", "https:///path", ""),
    ),
    Sample(
        "uuid",
        {"type": "string", "format": "uuid"},
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{12,13}",
        proved=("9f2c1b1e-0a3b-4c5d-8e7f-001122334455", "9F2C1B1E-0A3B-4C5D-8E7F-001122334455"),
        wrong=("9f2c1b1e", ""),
        values=st.uuids().map(str),
    ),
    Sample(
        "binary",
        {"type": "string", "format": "binary"},
        "[A-Za-z0-9+/]{1,5}={0,2}",
        parsed=("aGVsbG8=", ""),
        wrong=("aGVsbG8", "é"),
    ),
    Sample(
        "edtf",
        {"type": "string", "rdfType": EDTF},
        rf"{_DAY}[?~%]?(/{_DAY})?",
        proved=("2024-02-29", "0001-01-01"),
        parsed=("2024", "2024-02?", "[..2026-01-23]", "2025-11-22/.."),
        wrong=("2024-02-30", "201X", "29.2.2024", ""),
    ),
    Sample(
        "integer",
        {"type": "integer"},
        "[+-]?[0-9]{1,22}",
        proved=("0", "12", "-7", "007", "123456789012345678"),
        parsed=("+1", str(2**63 - 1), str(2**63), "9" * 38, "9" * 39, "-" + "9" * 38),
        wrong=("", " 5", "1_000", "1.0", "1e3", "0x1F", "٣", "–5"),
        values=st.integers(),
        bounds=(0, 5, -3, "7", 10**20, -(2**63), 2**63),
    ),
    Sample(
        "integer in groups",
        {"type": "integer", "groupChar": ","},
        "[0-9]{1,3}(,[0-9]{1,3}){0,3}",
        parsed=("1,000,000", "10,00,000", "1"),
        wrong=("1,00", ",100"),
        values=st.integers(),
    ),
    Sample(
        "integer with words",
        {"type": "integer", "bareNumber": False},
        r"(EUR |€)?-?[0-9]{1,3} ?%?",
        parsed=("EUR 95", "95%", "US$-5", "7"),
        wrong=("-€95", "95-", "1-2"),
    ),
    Sample(
        "number",
        {"type": "number"},
        _NUMBER,
        proved=("0", "1.5", "-0.25", "+3", ".5", "5.", "1e5", "12345.678901", "1e-400", "1e0000000001"),
        parsed=("NaN", "INF", "-inf", "1e400"),
        wrong=(
            "",
            "1,5",
            "Infinity",
            "+INF",
            ".",
            "1E",
            "1E99999999999",
            "1e-99999999",
            "0e99999999",
            "0x1F",
        ),
        values=st.decimals().filter(lambda d: not d.is_snan() and abs(d.adjusted()) < 9999),
        bounds=(0, 0.1, "0.3", -2.5, 1e300, "1e-9", 10**400),
    ),
    Sample(
        "number of floats",
        {"type": "number"},
        r"-?[0-9]\.[0-9]{15,17}(e-?[0-9]{1,3})?",
        proved=("0.1", "0.30000000000000004", "1.7976931348623157e308", "5e-324", "123456789012345678"),
        values=st.floats(allow_nan=False).map(lambda number: Decimal(repr(number))),
    ),
    Sample(
        "number with a comma",
        {"type": "number", "decimalChar": ",", "groupChar": "."},
        r"[0-9]{1,3}(\.[0-9]{3}){0,2}(,[0-9]{0,3})?",
        parsed=("1.234.567,89", "1,5", "7"),
        wrong=("1.5", "1.5,0"),
        values=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999),
    ),
    Sample(
        "number with words",
        {"type": "number", "bareNumber": False},
        r"(EUR |€)?-?[0-9]{1,3}([.,][0-9]{1,2})? ?%?",
        parsed=("€95.50", "No. 5", "$.5"),
        wrong=("€", "95.50-"),
    ),
    Sample(
        "boolean",
        {"type": "boolean"},
        "[Tt]?[rR]?ue|[01]|false",
        proved=("true", "True", "TRUE", "1", "false", "0"),
        wrong=("", "yes", "tRUE", "01"),
        values=st.booleans(),
    ),
    Sample(
        "boolean in other words",
        {"type": "boolean", "trueValues": ["yes", "01"], "falseValues": ["no", ""]},
        "yes|no|0?1?",
        proved=("yes", "01", "no", ""),
        wrong=("true", "false", "1"),
        values=st.booleans(),
    ),
    Sample(
        "boolean that is never true",
        {"type": "boolean", "trueValues": [], "falseValues": ["no"]},
        "yes|no|true",
        proved=("no",),
        wrong=("true",),
    ),
    Sample(
        "date",
        {"type": "date"},
        _DAY,
        proved=("2024-02-29", "1900-01-01", "0001-01-01", "9999-12-31"),
        wrong=("", "2025-02-29", "0000-01-01", "2024-1-5", "2024-02-29T00:00:00", "20240229"),
        values=st.dates(),
        bounds=("2024-02-29", "2025-01-01", "1900-01-01"),
    ),
    Sample(
        "date in a pattern",
        {"type": "date", "format": "%d/%m/%Y"},
        "[0-3]?[0-9]/[01]?[0-9]/20[0-9]{2}",
        parsed=("29/2/2024", "01/12/2025"),
        wrong=("2024-02-29", "29/02/2025"),
        values=st.dates(),
    ),
    Sample(
        "date in any form",
        {"type": "date", "format": "any"},
        r"[0-3]?[0-9][./-][01]?[0-9][./-]20[0-9]{2}",
        parsed=("26 Jan 2024", "26.01.2024", "2024-01-26"),
        wrong=("05/06/2025", "January 2024"),
    ),
    Sample(
        "datetime",
        {"type": "datetime"},
        _MOMENT,
        proved=("2024-02-28T23:59:59", "2024-02-29T12:00:00.5", "0001-01-01T00:00:00"),
        parsed=("2024-02-28T24:00:00", "2024-02-28T12:00:00.1234560"),
        wrong=("", "2024-02-28 12:00:00", "2024-02-30T12:00:00", "0000-01-01T00:00:00", "2024-02-28"),
        values=st.datetimes() | st.datetimes(timezones=st.just(_WEST)),
        bounds=("2024-02-28T12:00:00", "2024-02-28T12:00:00Z", "2024-02-28T12:00:00.5"),
    ),
    Sample(
        "datetime with a zone",
        {"type": "datetime"},
        rf"{_MOMENT}(Z|[+-](00|05|14):[0-5]0)",
        proved=("2024-02-29T23:59:59Z", "1903-01-26T15:00:00.25+05:30", "2024-02-29T00:00:00-14:00"),
        parsed=("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
        wrong=("2024-02-29T00:00:00+14:30", "2024-02-29T00:00:00+0500", "2024-02-30T00:00:00Z"),
        bounds=("2024-02-28T12:00:00Z", "2024-02-28T12:00:00.5+05:00", "2024-02-28T12:00:00"),
    ),
    Sample(
        "datetime in a pattern",
        {"type": "datetime", "format": "%d %b %Y %I:%M %p %z"},
        "[0-3][0-9] (Jan|feb) 2024 [01][0-9]:[0-5][0-9] [AP]M [+]0500",
        parsed=("29 Feb 2024 03:05 PM +0500",),
        wrong=("30 Feb 2024 03:05 PM +0500",),
    ),
    Sample(
        "time",
        {"type": "time"},
        _CLOCK,
        proved=("00:00:00", "23:59:59"),
        wrong=("", "24:00:00", "23:59:60", "15:00", "3:00 PM"),
        values=st.times().map(lambda t: t.replace(microsecond=0)),
        bounds=("12:00:00",),
    ),
    Sample(
        "time in a pattern",
        {"type": "time", "format": "%H.%M"},
        r"[0-2]?[0-9]\.[0-6][0-9]",
        parsed=("15.05",),
        wrong=("15:05:00",),
    ),
    Sample(
        "year",
        {"type": "year"},
        "-?[0-9]{3,6}",
        proved=("2024", "0001"),
        parsed=("-0044", "12024", "2024Z", "2024+05:00"),
        wrong=("", "24", "0000", "02024"),
        values=st.integers(-99999, 99999).filter(bool),
        bounds=(2024, "1999"),
    ),
    Sample(
        "yearmonth",
        {"type": "yearmonth"},
        "-?[0-9]{4}-[01][0-9]",
        proved=("2024-12", "0001-01"),
        parsed=("-0044-03", "2024-01+05:00"),
        wrong=("", "2024-13", "0000-01", "1/2024"),
        values=st.builds(YearMonth, st.integers(1, 9999), st.integers(1, 12)),
        bounds=("2024-06",),
    ),
    Sample(
        "duration",
        {"type": "duration"},
        r"-?P([0-9]{1,2}Y)?([0-9]{1,2}M)?([0-9]{1,2}D)?(T([0-9]{1,2}H)?([0-9]{1,2}M)?)?",
        proved=("P30D", "P1Y2M3D"),
        parsed=("P1Y", "PT36H", "-P1D", "P1Y2M3DT10H30M1.50S"),
        wrong=("", "P", "P1DT", "P2W", "1:30"),
        values=st.builds(
            lambda sign, months, seconds: Duration(sign * months, sign * seconds),
            st.sampled_from([1, -1]),
            st.integers(0, 10**6),
            st.decimals(0, 10**9, places=3),
        ),
        bounds=("P30D", "P1M"),
    ),
    Sample(
        "geopoint",
        {"type": "geopoint"},
        r"-?[0-9]{1,3}(\.[0-9]{1,3})?, ?-?[0-9]{1,3}(\.[0-9])?",
        proved=("76.95, 43.24", "-1,2"),
        parsed=("180, 90", "+1e1, .5"),
        wrong=("", "181, 0", "0, 91", "1 2"),
        values=st.tuples(st.decimals(-180, 180, places=6), st.decimals(-90, 90, places=6)),
    ),
    Sample(
        "geopoint as an array",
        {"type": "geopoint", "format": "array"},
        r"\[-?[0-9]{1,3}(\.[0-9]{1,2})?, ?[0-9]{1,2}\]",
        parsed=("[90.5, -45]",),
        wrong=("[1, 2, 3]", '["1", 2]', "90, 45"),
    ),
    Sample(
        "geojson",
        {"type": "geojson"},
        r'\{"type": ?"(Point|Spot)", ?"coordinates": ?\[[0-9]{1,2}, [0-9]{1,2}\]\}',
        parsed=('{"type":"Point","coordinates":[1,2]}', _POLYGON),
        wrong=("", '{"type":"Circle"}', "[1, 2]"),
    ),
    Sample(
        "topojson",
        {"type": "geojson", "format": "topojson"},
        r'\{"type": "Topology", "objects": \{\}, "arcs": \[\]\}',
        parsed=('{"type": "Topology", "objects": {}, "arcs": []}',),
        wrong=('{"type": "Topology", "objects": {}}',),
    ),
    Sample(
        "object",
        {"type": "object"},
        r'\{("[ab]": ?[0-9]\.?[0-9]?)?\}',
        parsed=("{}", '{"a": [1, null]}', '{"a": 1, "b": 2}', '{"b": 2.0, "a": 1}'),
        wrong=("", "[1]", "{'a': 1}", '{"a": NaN}', '"{}"'),
        values=st.dictionaries(st.text(), _JSON, max_size=4),
    ),
    Sample(
        "array",
        {"type": "array"},
        r"\[([0-9](, ?[0-9]\.0)?)?\]",
        parsed=("[]", '["é", 1.0]', "[1, true]"),
        wrong=("", "{}", '"[]"', "[1"),
        values=st.lists(_JSON, max_size=4),
    ),
    Sample("list", {"type": "list"}, _WORDS, proved=("a,b", "", ",")),
    Sample(
        "list of integers",
        {"type": "list", "itemType": "integer", "delimiter": ";"},
        "[0-9]{1,2}(;-?[0-9]{0,2}){0,3}",
        proved=("1;2", "3"),
        parsed=("+1;2", f"1;{2**63}"),
        wrong=("", "1;x", "1,2"),
        values=st.lists(st.integers(), min_size=1, max_size=4),
    ),
    Sample("any", {"type": "any"}, _WORDS, proved=("", "001"), values=st.text()),
)

KERNELS = tuple(sample for sample in SAMPLES if sample.proved)

TEXTS = st.one_of(
    *(sample.texts for sample in SAMPLES),
    st.text(alphabet='0123456789+-.,eETZ:/ PYMDHS()[]{}"xnaif٣−\u00a0\n', max_size=12),
    st.text(max_size=6),
).filter(lambda text: "\0" not in text)
"""Any text that a cell may hold, mostly one that some type reads or nearly reads."""


def columns(sample: Sample) -> st.SearchStrategy[list[str]]:
    """Columns of values of one kind, of such with others between them, and of anything."""
    good = st.sampled_from((*sample.proved, *sample.parsed)) | sample.texts
    return st.one_of(
        *(st.lists(texts, min_size=1, max_size=8) for texts in (good, sample.texts | TEXTS, TEXTS))
    )
