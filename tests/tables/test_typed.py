"""Typed tables: every value as it was read, in the narrowest type that all values allow."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package
from casetrail.standard.schema import EDTF, TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.tables.derived import moment_column
from casetrail.tables.typed import TypedTable
from casetrail.types.arrow_arrays import text_array


class Lines:
    """A table of texts in memory, in batches of two records; `readings` counts how often it was begun."""

    name, path = "things", "data/things.csv"

    def __init__(self, columns: dict[str, Sequence[str]], size: int = 2) -> None:
        self.columns = columns
        self.size = size
        self.readings = 0

    def batches(self) -> Iterator[TextBatch]:
        self.readings += 1
        rows = len(next(iter(self.columns.values())))
        for start in range(0, rows, self.size):
            parts = [text_array(texts[start : start + self.size]) for texts in self.columns.values()]
            yield TextBatch(
                pa.RecordBatch.from_arrays(parts, names=list(self.columns)), self.path, first_row=2 + start
            )


def typed(field: dict[str, Any], *texts: str, size: int = 2) -> TypedTable:
    schema = TableSchema.of({"fields": [{"name": "a"} | field]})
    return TypedTable(Lines({"a": texts}, size), schema)


UTC = dt.UTC


@pytest.mark.parametrize(
    ("field", "texts", "arrow_type", "values"),
    [
        ({"type": "string"}, ["NA", "", " 007 "], pa.string(), ["NA", None, " 007 "]),
        ({"type": "string", "missingValues": ["NA"]}, ["NA", ""], pa.string(), [None, ""]),
        ({}, ["1", "x"], pa.string(), ["1", "x"]),
        ({"type": "integer"}, ["1", "", "+3", "-007"], pa.int64(), [1, None, 3, -7]),
        ({"type": "integer"}, [str(2**63 - 1), str(-(2**63))], pa.int64(), [2**63 - 1, -(2**63)]),
        ({"type": "integer"}, ["1", "2", str(2**63)], pa.decimal128(38, 0),
         [Decimal(1), Decimal(2), Decimal(2**63)]),
        ({"type": "integer"}, ["1", "9" * 39], pa.string(), ["1", "9" * 39]),
        ({"type": "integer", "groupChar": ","}, ["1,000"], pa.int64(), [1000]),
        ({"type": "number"}, ["1.50", "", "5", "1E5"], pa.float64(), [1.5, None, 5.0, 1e5]),
        ({"type": "number"}, ["0.1", "-INF", "1e300"], pa.float64(), [0.1, -math.inf, 1e300]),
        ({"type": "number"}, ["0.30000000000000004"], pa.float64(), [0.30000000000000004]),
        ({"type": "number"}, ["1.5", "0.12345678901234567890", "100"], pa.decimal128(38, 19),
         [Decimal("1.5"), Decimal("0.1234567890123456789"), Decimal(100)]),
        ({"type": "number"}, ["0.1", "123456789012345678"], pa.decimal128(38, 1),
         [Decimal("0.1"), Decimal(123456789012345678)]),
        ({"type": "number"}, ["0." + "1" * 38], pa.decimal128(38, 38), [Decimal("0." + "1" * 38)]),
        ({"type": "number"}, ["1e300", "0.1234567890123456789"], pa.string(),
         ["1e300", "0.1234567890123456789"]),
        ({"type": "number"}, ["1e400"], pa.string(), ["1e400"]),
        ({"type": "number"}, ["1e-400"], pa.string(), ["1e-400"]),
        ({"type": "number"}, ["NaN", "0.1234567890123456789"], pa.string(), ["NaN", "0.1234567890123456789"]),
        ({"type": "number", "decimalChar": ","}, ["1,5"], pa.float64(), [1.5]),
        ({"type": "boolean"}, ["true", "", "0"], pa.bool_(), [True, None, False]),
        ({"type": "date"}, ["1066-10-14", ""], pa.date32(), [dt.date(1066, 10, 14), None]),
        ({"type": "date", "format": "%d/%m/%Y"}, ["26/01/2024"], pa.date32(), [dt.date(2024, 1, 26)]),
        ({"type": "time"}, ["15:00:00", ""], pa.time64("us"), [dt.time(15), None]),
        ({"type": "datetime"}, ["2024-01-26T15:00:00Z", "1903-01-26T15:00:00.25+05:00"],
         pa.timestamp("us", "UTC"),
         [dt.datetime(2024, 1, 26, 15, tzinfo=UTC), dt.datetime(1903, 1, 26, 10, 0, 0, 250000, UTC)]),
        ({"type": "datetime"}, ["2024-01-26T15:00:00", "2024-01-26T24:00:00"], pa.timestamp("us"),
         [dt.datetime(2024, 1, 26, 15), dt.datetime(2024, 1, 27)]),
        ({"type": "datetime"}, ["2024-01-26T15:00:00Z", "", "2024-01-26T15:00:00"], pa.string(),
         ["2024-01-26T15:00:00Z", None, "2024-01-26T15:00:00"]),
        ({"type": "year"}, ["2024", "", "-0044"], pa.int32(), [2024, None, -44]),
        ({"type": "year"}, ["2024", "2024Z"], pa.string(), ["2024", "2024Z"]),
        ({"type": "yearmonth"}, ["2024-01"], pa.string(), ["2024-01"]),
        ({"type": "duration"}, ["P12M"], pa.string(), ["P12M"]),
        ({"type": "geopoint"}, ["90.50, 45.50"], pa.string(), ["90.50, 45.50"]),
        ({"type": "object"}, ['{"a": 1}', ""], pa.string(), ['{"a": 1}', None]),
        ({"type": "list"}, ["a,b", "", "c"], pa.list_(pa.string()), [["a", "b"], None, ["c"]]),
        ({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1;2", "3"], pa.list_(pa.int64()),
         [[1, 2], [3]]),
        ({"type": "list", "itemType": "integer"}, ["1", str(2**63)], pa.string(), ["1", str(2**63)]),
    ],
)  # fmt: skip
def test_types_and_values(
    field: dict[str, Any], texts: list[str], arrow_type: pa.DataType, values: list[Any]
) -> None:
    table = typed(field, *texts).read_all()
    assert table.schema.field("a").type == arrow_type
    assert table.column("a").to_pylist() == values


def test_terms_are_a_dictionary_of_all_terms_in_their_order() -> None:
    field = {"type": "string", "categories": ["low", "middle", "high"], "categoriesOrdered": True}
    column = typed(field, "high", "", "low").read_all().column("a")
    assert column.type == pa.dictionary(pa.int8(), pa.string(), ordered=True)
    assert column.chunk(0).dictionary.to_pylist() == ["low", "middle", "high"]
    assert column.to_pylist() == ["high", None, "low"]


def test_an_enum_is_a_dictionary_too_and_a_stranger_is_refused() -> None:
    field = {"type": "string", "constraints": {"enum": ["b", "a"]}}
    column = typed(field, "a").read_all().column("a")
    assert column.chunk(0).dictionary.to_pylist() == ["b", "a"] and not column.type.ordered
    with pytest.raises(CasetrailError, match=r"data/things\.csv, row 4, field 'a': 'c' is not a term"):
        typed(field, "a", "b", "c").read_all()


@pytest.mark.parametrize(
    ("field", "texts", "message"),
    [
        ({"type": "integer"}, ["1", "2", "0x1F"], "row 4, field 'a': '0x1F' is not a whole number"),
        ({"type": "date"}, ["0000-01-01"], "'0000-01-01' is not a date: the year 0000"),
        ({"type": "object"}, ["{"], "'{' is not a JSON object"),
        ({"type": "number"}, ["Infinity"], "'Infinity' is not a number"),
    ],
)
def test_a_text_that_is_no_value_is_said_with_its_place(
    field: dict[str, Any], texts: list[str], message: str
) -> None:
    with pytest.raises(CasetrailError, match=message.replace("{", r"\{")):
        typed(field, *texts).read_all()


def test_a_refusal_names_the_part_file_and_the_row_in_it(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "d", "type": "string", "rdfType": EDTF}]
    resource = {"name": "t", "path": ["a.csv", "b.csv"], "schema": {"fields": fields}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    (tmp_path / "a.csv").write_text("n,d\n1,2025\n2,2025-01\n")

    def refusal(text: str) -> str:
        (tmp_path / "b.csv").write_text(text)
        table = open_package(tmp_path).resource("t")
        assert table.schema is not None
        with pytest.raises(CasetrailError) as error:
            TypedTable(table, table.schema).read_all()
        return str(error.value)

    assert refusal("n,d\n3,2025\nx,2025\n").startswith("b.csv, row 3, field 'n': 'x' is not a whole number")
    said = refusal("n,d\n3,2025\n4,2025\n5,no\n6,no\n")
    assert said.startswith("b.csv, row 4, field 'd': 'no' cannot be read: ")
    assert refusal('n,d\n3,2025\n"4",\n"5\n"\n').startswith("b.csv, row 4: the record has 1 cell")
    assert refusal('n,d\n3,"[2025..2026,\n2027]"\n4\n').startswith("b.csv, row 3, line 4: the record has 1")


def test_one_reading_when_the_types_fit_and_a_few_when_they_do_not() -> None:
    fits = typed({"type": "integer"}, "1", "2", "3")
    fits.read_all()
    assert fits.source.readings == 1  # type: ignore[attr-defined]
    widens = typed({"type": "number"}, "1", "0.1234567890123456789", "2", "0.12345678901234567890123456789")
    assert widens.read_all().schema.field("a").type == pa.decimal128(38, 29)
    assert widens.source.readings <= 5  # type: ignore[attr-defined]


def test_batches_come_settled() -> None:
    schema = TableSchema.of({"fields": [{"name": "a", "type": "integer"}]})
    batches = list(TypedTable(Lines({"a": ["1", "2", str(2**64)]}), schema).batches())
    assert {batch.schema.field("a").type for batch in batches} == {pa.decimal128(38, 0)}


def test_what_the_schema_says_of_a_field_goes_with_it() -> None:
    stated = {
        "name": "years", "type": "integer", "title": "Years", "description": "Наказание", "unit": "year",
        "rdfType": "http://example.org/Years", "constraints": {"minimum": 0}, "example": 7,
        "categories": [{"value": 1, "label": "one"}],
    }  # fmt: skip
    table = TableSchema.of({"fields": [stated]})
    schema = TypedTable(Lines({"years": []}), table, metadata={"title": "Charges"}).schema
    assert schema.metadata == {b"title": b"Charges"}
    told = {name.decode(): text.decode() for name, text in schema.field("years").metadata.items()}
    assert told == {
        "type": "integer", "title": "Years", "description": "Наказание", "unit": "year",
        "rdfType": "http://example.org/Years", "constraints": '{"minimum":0}', "example": "7",
        "categories": '[{"value":1,"label":"one"}]',
    }  # fmt: skip


def events(**columns: Sequence[str]) -> TypedTable:
    fields = [{"name": "date", "type": "string", "title": "Date", "rdfType": EDTF}]
    fields += [{"name": name, "type": "string"} for name in columns if name != "date"]
    moment = moment_column("date", "time", "timezone", name="starts_at", after="timezone", title="Starts at")
    return TypedTable(Lines(columns), TableSchema.of({"fields": fields}), derived=[moment])


def test_edtf_columns_stay_text_and_get_their_bounds() -> None:
    table = events(date=["2025-11-13", "", "2025-11", "[..2026-01-23]", "2025-11-22/.."]).read_all()
    assert table.schema.names == ["date", "date_earliest", "date_latest"]
    assert table.column("date").to_pylist() == [
        "2025-11-13",
        None,
        "2025-11",
        "[..2026-01-23]",
        "2025-11-22/..",
    ]
    assert table.column("date_earliest").to_pylist() == [
        dt.date(2025, 11, 13), None, dt.date(2025, 11, 1), None, dt.date(2025, 11, 22),
    ]  # fmt: skip
    assert table.column("date_latest").to_pylist() == [
        dt.date(2025, 11, 13), None, dt.date(2025, 11, 30), dt.date(2026, 1, 23), None,
    ]  # fmt: skip
    assert table.schema.field("date_earliest").metadata[b"derivedFrom"] == b"date"


def test_a_field_of_the_name_stands_instead_of_the_derived_column() -> None:
    table = events(date=["2025"], date_latest=["mine"]).read_all()
    assert table.schema.names == ["date", "date_earliest", "date_latest"]
    assert table.column("date_latest").to_pylist() == ["mine"]


@pytest.mark.parametrize(
    ("date", "time", "zone", "moment"),
    [
        ("2026-01-23", "15:00", "Asia/Almaty", dt.datetime(2026, 1, 23, 10, tzinfo=UTC)),
        ("2026-01-23", "15:00:30", "Asia/Almaty", dt.datetime(2026, 1, 23, 10, 0, 30, tzinfo=UTC)),
        ("2024-02-29", "15:00", "Asia/Almaty", dt.datetime(2024, 2, 29, 9, tzinfo=UTC)),
        ("2024-03-01", "15:00", "Asia/Almaty", dt.datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("1965-06-01", "12:00", "Europe/Paris", dt.datetime(1965, 6, 1, 11, tzinfo=UTC)),
        ("2026-01", "15:00", "Asia/Almaty", None),
        ("2026-01-23?", "15:00", "Asia/Almaty", None),
        ("2026-01-23/2026-01-24", "15:00", "Asia/Almaty", None),
        ("2026-01-23", "", "Asia/Almaty", None),
        ("2026-01-23", "15:00", "", None),
        ("2026-03-29", "02:30", "Europe/Paris", None),
        ("2026-10-25", "02:30", "Europe/Paris", None),
    ],
)
def test_the_moment_at_which_something_starts(
    date: str, time: str, zone: str, moment: dt.datetime | None
) -> None:
    table = events(date=[date], time=[time], timezone=[zone]).read_all()
    assert table.schema.field("starts_at").type == pa.timestamp("us", "UTC")
    assert table.column("starts_at").to_pylist() == [moment]


def test_an_unknown_zone_is_said() -> None:
    with pytest.raises(CasetrailError, match="there is no time zone 'Asia/Almati'"):
        events(date=["2026-01-23"], time=["15:00"], timezone=["Asia/Almati"]).read_all()
