"""What each type reads, how it writes it back, and what it refuses with which reason and hint."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from casetrail.standard.schema import FieldDescriptor
from casetrail.types.field_type import BOUNDS, FieldType
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.registry import field_type
from casetrail.types.table_schema.duration import Duration
from casetrail.types.table_schema.yearmonth import YearMonth


def parser(declared: str | dict[str, Any]) -> FieldType[Any]:
    """`"date"`, `"date:%d/%m/%Y"` or a whole field descriptor."""
    if isinstance(declared, str):
        type_name, _, format_name = declared.partition(":")
        declared = {"type": type_name} | ({"format": format_name} if format_name else {})
    return field_type(FieldDescriptor.of({"name": "field"} | declared))


GROUPED = {"type": "integer", "groupChar": ","}
EUROPEAN = {"type": "number", "decimalChar": ",", "groupChar": "."}
BARE_NUMBER = {"type": "number", "bareNumber": False}
BARE_INTEGER = {"type": "integer", "bareNumber": False, "groupChar": ","}
JA_NEIN = {"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}


@pytest.mark.parametrize(
    ("declared", "text", "value", "written"),
    [
        ("string", " as it is\n", " as it is\n", " as it is\n"),
        ("string", "", "", ""),
        ("any", "001", "001", "001"),
        ("integer", "0", 0, "0"),
        ("integer", "-12", -12, "-12"),
        ("integer", "+1", 1, "1"),
        ("integer", "007", 7, "7"),
        ("integer", "123456789012345678901234567890", 123456789012345678901234567890, None),
        (GROUPED, "1,000,000", 1000000, "1000000"),
        (GROUPED, "10,00,000", 1000000, "1000000"),
        ({"type": "integer", "groupChar": ""}, "1000", 1000, "1000"),
        ({"type": "number", "groupChar": ""}, "1000.5", Decimal("1000.5"), "1000.5"),
        (BARE_INTEGER, "EUR 1,000", 1000, "1000"),
        (BARE_INTEGER, "95%", 95, "95"),
        (BARE_INTEGER, "US$-5", -5, "-5"),
        ("number", "-1.23", Decimal("-1.23"), "-1.23"),
        ("number", "+100000.00", Decimal("100000.00"), "100000.00"),
        ("number", ".5", Decimal("0.5"), "0.5"),
        ("number", "5.", Decimal(5), "5"),
        ("number", "00012", Decimal(12), "12"),
        ("number", "1E-5", Decimal("0.00001"), "0.00001"),
        ("number", "1.5e+3", Decimal(1500), "1500"),
        ("number", "0.1234567890123456789012345", Decimal("0.1234567890123456789012345"), None),
        ("number", "INF", Decimal("Infinity"), "INF"),
        ("number", "-inf", Decimal("-Infinity"), "-INF"),
        (EUROPEAN, "1.234.567,89", Decimal("1234567.89"), "1234567,89"),
        (EUROPEAN, "1,5", Decimal("1.5"), "1,5"),
        (BARE_NUMBER, "€95.50", Decimal("95.50"), "95.50"),
        (BARE_NUMBER, "No. 5", Decimal(5), "5"),
        (BARE_NUMBER, "$.5", Decimal("0.5"), "0.5"),
        ("boolean", "TRUE", True, "true"),
        ("boolean", "0", False, "false"),
        (JA_NEIN, "nein", False, "nein"),
        ("date", "2024-02-29", dt.date(2024, 2, 29), None),
        ("date:%d/%m/%Y", "26/1/2024", dt.date(2024, 1, 26), "26/01/2024"),
        ("date:fmt:%d %B %Y", "26 january 2024", dt.date(2024, 1, 26), "26 January 2024"),
        ("date:%y%j", "24060", dt.date(2024, 2, 29), "24060"),
        ("date:%Y", "2024", dt.date(2024, 1, 1), "2024"),
        ("date:%Y-%m", "2024-03", dt.date(2024, 3, 1), "2024-03"),
        ("date:%d/%m", "28/02", dt.date(1900, 2, 28), "28/02"),
        ("date:%Y-%m-%d %H:%M", "2024-01-26 15:00", dt.date(2024, 1, 26), "2024-01-26 00:00"),
        ("datetime:%Y-%m", "2024-03", dt.datetime(2024, 3, 1), "2024-03"),
        ("time:%Y %H", "2024 15", dt.time(15), "2000 15"),
        ("geojson:topojson", '{"type":"Point","coordinates":[1,2]}',
         {"type": "Point", "coordinates": [1, 2]}, None),
        ("date:any", "26 Jan 2024", dt.date(2024, 1, 26), "2024-01-26"),
        ("date:any", "26.01.2024", dt.date(2024, 1, 26), "2024-01-26"),
        ("time", "15:00:00", dt.time(15), None),
        ("time:%I:%M %p", "3:05 pm", dt.time(15, 5), "03:05 PM"),
        ("time:any", "3:05 PM", dt.time(15, 5), "15:05:00"),
        ("datetime", "2024-01-26T15:00:00", dt.datetime(2024, 1, 26, 15), None),
        ("datetime", "2024-01-26T24:00:00", dt.datetime(2024, 1, 27), "2024-01-27T00:00:00"),
        ("datetime", "2024-01-26T15:00:00.3Z",
         dt.datetime(2024, 1, 26, 15, 0, 0, 300000, dt.UTC), "2024-01-26T15:00:00.300000Z"),
        ("datetime:%d/%m/%Y %H:%M:%S", "12/11/2018 09:15:32", dt.datetime(2018, 11, 12, 9, 15, 32), None),
        ("datetime:any", "2024-01-26 15:00", dt.datetime(2024, 1, 26, 15), "2024-01-26T15:00:00"),
        ("year", "2024", 2024, None),
        ("year", "-0044", -44, None),
        ("year", "12024", 12024, None),
        ("year", "2024Z", 2024, "2024Z"),
        ("yearmonth", "2024-01", YearMonth(2024, 1), None),
        ("yearmonth", "2024-01+05:00", YearMonth(2024, 1, "+05:00"), None),
        ("duration", "P1Y2M3DT10H30M1.50S", Duration(14, Decimal("297001.5")), "P1Y2M3DT10H30M1.5S"),
        ("duration", "-P12M", Duration(-12, Decimal(0)), "-P1Y"),
        ("duration", "PT0S", Duration(0, Decimal(0)), "PT0S"),
        ("geopoint", "90.50, 45.50", (Decimal("90.50"), Decimal("45.50")), None),
        ("geopoint", "90.50,45.50", (Decimal("90.50"), Decimal("45.50")), "90.50, 45.50"),
        ("geopoint:array", "[90.5, -45]", (Decimal("90.5"), Decimal(-45)), "[90.5,-45]"),
        ("geopoint:object", '{"lat": 45.5, "lon": 9}', (Decimal(9), Decimal("45.5")), '{"lon":9,"lat":45.5}'),
        ("object", '{"a": [1, null]}', {"a": [1, None]}, '{"a":[1,null]}'),
        ("array", '["é", 1.0]', ["é", 1.0], '["é",1.0]'),
        ("list", "a,b", ["a", "b"], None),
        ({"type": "list", "delimiter": "; ", "itemType": "date"}, "2024-01-26; 2024-01-27",
         [dt.date(2024, 1, 26), dt.date(2024, 1, 27)], None),
        ({"type": "list", "itemType": "datetme"}, "2024-01-26T15:00:00",
         [dt.datetime(2024, 1, 26, 15)], None),
        ("geojson", '{"type":"Point","coordinates":[1,2]}', {"type": "Point", "coordinates": [1, 2]}, None),
        ("string:uuid", "123E4567-e89b-12d3-a456-426614174000", "123E4567-e89b-12d3-a456-426614174000", None),
        ("string:binary", "aGVsbG8=", "aGVsbG8=", None),
        ("string:uri", "https://example.org:8080/a%20b?c=d#e", "https://example.org:8080/a%20b?c=d#e", None),
        ("string:uri", "urn:isbn:0451450523", "urn:isbn:0451450523", None),
        ("string:uri", "http://[2001:db8::1]/", "http://[2001:db8::1]/", None),
        ("string:email", "first.last+tag@example.org", "first.last+tag@example.org", None),
    ],
)  # fmt: skip
def test_written_back(declared: str | dict[str, Any], text: str, value: Any, written: str | None) -> None:
    reader = parser(declared)
    read = reader.parse(text)
    assert read == value
    assert reader.write(read) == (text if written is None else written)
    assert reader.key(reader.parse(reader.write(read))) == reader.key(read)


@pytest.mark.parametrize(
    ("declared", "text", "reason", "hint"),
    [
        ("integer", " 5", "only digits", "spaces"),
        ("integer", "1_000", "only digits", "1000"),
        ("integer", "٣", "only digits", "0 to 9"),
        ("integer", "", "empty", None),
        ("integer", "5.0", "only digits", "write 5;"),
        ("integer", "1,000", "only digits", "groupChar"),
        ("integer", "1.000", "only digits", "1000 if the point groups digits"),
        ("integer", "1.23E+11", "only digits", "shortened a long number"),
        ("integer", "3-Apr", "only digits", "turned it into a date"),
        ("integer", "Apr-25", "only digits", "turned it into a date"),
        ("integer", "95%", "only digits", "bareNumber"),
        ("integer", "–5", "only digits", "long dash"),
        ("integer", "0x1F", "only digits", None),
        ("integer", "9" * 5000, "4,300 digits", None),
        (GROUPED, "1,00", "only digits", None),
        (GROUPED, ",100", "only digits", None),
        (BARE_INTEGER, "-€95", "between the sign and", "directly before"),
        (BARE_INTEGER, "95-", "between the sign and", "directly before"),
        (BARE_INTEGER, "1-2", "only digits", None),
        ("number", "1,5", "before the decimals", "write 1.5"),
        ("number", "1,234", "before the decimals", "1234 if the comma groups"),
        ("number", "1 234.5", "before the decimals", "write 1234.5"),
        ("number", "1_0.5", "before the decimals", None),
        ("number", "+INF", "before the decimals", "INF or -INF"),
        ("number", "Infinity", "before the decimals", "INF or -INF"),
        ("number", ".", "before the decimals", None),
        ("number", "1E", "before the decimals", None),
        ("number", "1E99999999999", "too large", None),
        ("number", "2025-11-13", "before the decimals", "turned it into a date"),
        (EUROPEAN, "1.5", "','", None),
        ("boolean", "yes", "none of 'true'", "write true"),
        ("boolean", "tRUE", "none of 'true'", "write true"),
        ("boolean", "Нет", "none of 'true'", "write false"),
        (JA_NEIN, "true", "none of 'ja'", None),
        ("date", "2020-1-5", "YYYY-MM-DD", "2020-01-05"),
        ("date", "2024-01-26T00:00:00", "YYYY-MM-DD", None),
        ("date", "2024", "YYYY-MM-DD", None),
        ("date", "2023-02-29", "no day 29 in February 2023", "28 days"),
        ("date", "0000-01-01", "year 0000", None),
        ("date:%d/%m/%Y", "31/04/2024", "no day 31 in April", None),
        ("date:%d/%m/%Y", "2024-04-01", "form %d/%m/%Y", None),
        ("date:%a %d %b %Y", "Mon 26 Jan 2024", "was a Friday, not a Monday", None),
        ("date:any", "05/06/2025", "cannot be told apart", "YYYY-MM-DD"),
        ("date:any", "2024", "without guessing", None),
        ("date:any", "January 2024", "without guessing", None),
        ("time", "15:00", "hh:mm:ss", "15:00:00"),
        ("time", "24:00:00", "no hour 24", "00:00:00"),
        ("time", "23:59:60", "no second 60", None),
        ("time", "3:00 PM", "hh:mm:ss", "24 hours"),
        ("time", "0.625", "hh:mm:ss", "part of a day"),
        ("datetime", "2024-01-26 15:00:00", "2024-01-26T15:00:00", "put a T"),
        ("datetime", "2024-01-26T15:00", "2024-01-26T15:00:00", "write the seconds"),
        ("datetime", "2024-01-26T15:00:00+0500", "2024-01-26T15:00:00", "+05:00"),
        ("datetime", "2024-01-26", "2024-01-26T15:00:00", "add the time"),
        ("datetime", "2024-01-26T15:00:00+14:30", "no time zone", "14:00"),
        ("datetime", "2024-01-26T24:00:01", "no hour 24", None),
        ("datetime", "2024-01-26T15:00:00.1234567", "finer than a microsecond", None),
        ("datetime", "12024-01-26T15:00:00", "not between 0001 and 9999", None),
        ("year", "24", "four digits", "1924 or 2024"),
        ("year", "0000", "no year 0000", None),
        ("year", "2024.0", "four digits", "write 2024"),
        ("year", "02024", "four digits", None),
        ("yearmonth", "2024-13", "no month 13", None),
        ("yearmonth", "1/2024", "YYYY-MM", "2024-01"),
        ("duration", "P", "P1Y2M3DT4H5M6S", None),
        ("duration", "P1DT", "P1Y2M3DT4H5M6S", None),
        ("duration", "P1M1Y", "in this order", None),
        ("duration", "P2W", "in this order", "P14D"),
        ("duration", "1:30", "in this order", "PT1H30M"),
        ("duration", "PT1.5H", "in this order", None),
        ("geopoint", "45.5, 100.5", "latitude 100.5", "probably swapped"),
        ("geopoint", "181, 0", "longitude 181", None),
        ("geopoint", "1 2", "lon, lat", "comma"),
        ("geopoint:array", "[1, 2, 3]", "[lon, lat]", None),
        ("geopoint:array", '["1", 2]', "numbers, without quotes", None),
        ("geopoint:object", '{"lon": 1, "lat": 2, "alt": 3}', '{"lon"', None),
        ("object", "[1]", "an array, not an object", None),
        ("object", "{'a': 1}", "cannot be read as JSON", "double quotes"),
        ("object", '{"a": 1, "b": {"c": 1, "c": 2}}', "'c' is twice", "once"),
        ("array", '[{"a": 1, "a": 1}]', "'a' is twice", "once"),
        ("object", '{"n": "1e999", "a": -1e999}', "hold, at character 21", None),
        ("object", '{"n": "NaN", "a": NaN}', "NaN is not JSON, at character 19", "null"),
        ("object", '{"a": "\\\\ud800 \\ud83d\\ude00 \\ud800"}', "half a character, at character 29", None),
        ("array", "[" * 101 + "]" * 101, "nested too deep", None),
        ("object", '{"a": NaN}', "NaN is not JSON", "null"),
        ("array", "[" * 100_000, "nested too deep", None),
        ({"type": "list", "itemType": "integer"}, "1,x", "item 2, 'x', is not a whole number", None),
        ("geojson", '{"type":"Circle"}', "not one of GeoJSON", None),
        ("geojson", '{"type":"Point","coordinates":["1",2]}', "two or more numbers", None),
        ("geojson", '{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0]]]}',
         "last equal to the first", None),
        ("geojson", '{"type":"Feature","geometry":null}', "has properties", None),
        ("geojson:topojson", '{"type":"Topology","objects":{}}', "arcs", None),
        ("geojson:topojson", '{"type":"LineString"}', "a LineString of a topology has arcs", None),
        ("geojson:topojson", '{"arcs":[]}', "has a type", None),
        ("string:uuid", "123e4567", "32 hexadecimal digits", None),
        ("string:binary", "aGVsbG8", "base64", None),
        ("string:uri", "www.example.org", "scheme", "https://www.example.org"),
        ("string:uri", "https://example.org/a b", "cannot hold ' '", "%20"),
        ("string:uri", "https://example.org/%zz", "percent", "%25"),
        ("string:uri", "https:///path", "no host", None),
        ("string:email", "nobody", "@", None),
        ("string:email", "a..b@example.org", "before the @", None),
        ("string:email", "a@b..org", "after the @", None),
    ],
)  # fmt: skip
def test_refused_with_a_reason(
    declared: str | dict[str, Any], text: str, reason: str, hint: str | None
) -> None:
    with pytest.raises(ValueProblem) as caught:
        parser(declared).parse(text)
    assert reason in caught.value.reason
    assert (hint or "") in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("integre", "no type 'integre'"),
        ("string:e-mail", "no string format"),
        ("date:dd/mm/yyyy", "no format 'dd/mm/yyyy'"),
        ("date:%H:%M", "no part of a date"),
        ("datetime:%H:%M", "no part of a date"),
        ("date:%Y-%W", "counts weeks"),
        ("date:%G", "counts weeks"),
        ("date:%Y-%Y", "twice"),
        ("date:%Q", "%Q"),
        ("time:%Y", "no part of a time"),
        ("geopoint:wkt", "no geopoint format"),
        ("geojson:kml", "no geojson format"),
        ({"type": "number", "groupChar": "."}, "cannot group digits and separate decimals"),
        ({"type": "number", "decimalChar": "5"}, "could be taken for"),
        ({"type": "boolean", "trueValues": ["x"], "falseValues": ["x"]}, "means both true and false"),
        ({"type": "list", "itemType": "object"}, "cannot hold 'object'"),
    ],
)
def test_a_field_that_cannot_have_values(declared: str | dict[str, Any], reason: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        parser(declared)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("declared", "smaller", "greater"),
    [
        ("integer", "9", "10"),
        ("number", "-INF", "1E-400"),
        ("date", "2024-01-26", "2024-01-27"),
        ("time", "09:59:59", "10:00:00"),
        ("datetime", "2024-01-26T15:00:00+05:00", "2024-01-26T10:00:01Z"),
        ("datetime", "2024-01-26T15:00:00", "2024-01-28T15:00:00Z"),
        ("year", "-0044", "0001"),
        ("yearmonth", "2023-12", "2024-01"),
        ("duration", "P27D", "P1M"),
        ("duration", "P1Y", "P367D"),
        ("duration", "-P1D", "PT1S"),
    ],
)
def test_keys_are_ordered(declared: str, smaller: str, greater: str) -> None:
    reader = parser(declared)
    assert reader.constraints >= BOUNDS
    low, high = (reader.key(reader.parse(text)) for text in (smaller, greater))
    assert low < high and low <= high and high > low and high >= low and low != high  # type: ignore[operator]


@pytest.mark.parametrize(
    ("declared", "one", "other"),
    [
        ("number", "NaN", "1"),
        ("datetime", "2024-01-26T15:00:00", "2024-01-26T15:00:00Z"),
        ("duration", "P1M", "P30D"),
        ("duration", "P1Y", "P365D"),
    ],
)
def test_keys_without_order_keep_no_bound(declared: str, one: str, other: str) -> None:
    reader = parser(declared)
    first, second = (reader.key(reader.parse(text)) for text in (one, other))
    assert not (first < second or first > second or first <= second or first >= second)  # type: ignore[operator]
    assert first == reader.key(reader.parse(one))


@pytest.mark.parametrize(
    ("declared", "one", "other"),
    [
        ("number", "1.50", "1.5"),
        ("number", "NaN", "nan"),
        ("datetime", "2024-01-26T15:00:00+05:00", "2024-01-26T10:00:00Z"),
        ("duration", "P1D", "PT24H"),
        ("object", '{"a":1,"b":1.0}', '{"b":1,"a":1}'),
        ("string:uuid", "123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_equal_values_have_equal_keys(declared: str, one: str, other: str) -> None:
    reader = parser(declared)
    assert reader.key(reader.parse(one)) == reader.key(reader.parse(other))
    assert hash(reader.key(reader.parse(one))) == hash(reader.key(reader.parse(other)))


@pytest.mark.parametrize(
    ("declared", "raw", "value"),
    [
        ("integer", 5, 5),
        ("integer", 5.0, 5),
        ("integer", "5", 5),
        ("number", 0.1, Decimal("0.1")),
        ("boolean", True, True),
        ("date", "2024-01-26", dt.date(2024, 1, 26)),
        ("year", 2024, 2024),
        ("array", [1], [1]),
        ("array", "[1]", [1]),
        ({"type": "list", "itemType": "integer"}, [1, "2"], [1, 2]),
        ("any", 5, 5),
        ("geopoint", [1, 2], (Decimal(1), Decimal(2))),
    ],
)
def test_json_literals(declared: str | dict[str, Any], raw: Any, value: Any) -> None:
    assert parser(declared).from_json(raw) == value


@pytest.mark.parametrize(
    ("declared", "raw"),
    [("integer", True), ("integer", 5.5), ("string", 5), ("date", 20240126), ("boolean", 1)],
)
def test_json_literals_of_another_kind(declared: str, raw: Any) -> None:
    with pytest.raises(ValueProblem):
        parser(declared).from_json(raw)
