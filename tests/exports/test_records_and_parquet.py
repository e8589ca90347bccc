"""Parquet and JSON of one table that breaks loaders, read back by pyarrow, pandas, polars and DuckDB."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from casetrail.exports.json_records import write_json
from casetrail.exports.parquet import ROWS_PER_GROUP, parquet_file, write_parquet
from casetrail.exports.sqlite import write_sqlite
from casetrail.package.package import open_package
from casetrail.tables.typed import TypedTable

UTC = dt.UTC
LONG = "ж" * 32_768
TORTURE: dict[str, tuple[dict[str, Any], list[str], list[Any]]] = {
    "country": ({"type": "string"}, ["NA", "NULL", "", "nan"], ["NA", "NULL", None, "nan"]),
    "code": ({"type": "string"}, ["007", "1E5", "TRUE", "2025-11-13"], ["007", "1E5", "TRUE", "2025-11-13"]),
    "text": (
        {"type": "string"},
        ['a "quoted", cell\nwith lines\ttab', " edge spaces ", "é é \U0001f642 ׎‮ 哈薩克", LONG],
        ['a "quoted", cell\nwith lines\ttab', " edge spaces ", "é é \U0001f642 ׎‮ 哈薩克", LONG],
    ),
    "count": ({"type": "integer"}, ["1", "", "-3", "9007199254740993"], [1, None, -3, 9007199254740993]),
    "amount": ({"type": "number"}, ["0.1", "", "-1.50", "1E21"], [0.1, None, -1.5, 1e21]),
    "exact": (
        {"type": "number"},
        ["0.1234567890123456789", "", "1.5", "-2"],
        [Decimal("0.1234567890123456789"), None, Decimal("1.5"), Decimal(-2)],
    ),
    "huge": (
        {"type": "integer"},
        [str(2**64), "", "1", "-1"],
        [Decimal(2**64), None, Decimal(1), Decimal(-1)],
    ),
    "open": ({"type": "boolean"}, ["true", "", "false", "1"], [True, None, False, True]),
    "day": (
        {"type": "date"},
        ["1812-06-24", "", "2024-02-29", "1969-12-31"],
        [dt.date(1812, 6, 24), None, dt.date(2024, 2, 29), dt.date(1969, 12, 31)],
    ),
    "clock": ({"type": "time"}, ["00:00:00", "", "23:59:59", "15:00:00"],
              [dt.time(0), None, dt.time(23, 59, 59), dt.time(15)]),
    "moment": (
        {"type": "datetime"},
        ["1903-01-26T15:00:00.250000+05:00", "", "2026-01-23T10:00:00Z", "1969-12-31T23:59:59Z"],
        [dt.datetime(1903, 1, 26, 10, 0, 0, 250000, UTC), None, dt.datetime(2026, 1, 23, 10, tzinfo=UTC),
         dt.datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)],
    ),
    "grade": (
        {"type": "string", "categories": ["none", "low", "high"], "categoriesOrdered": True},
        ["low", "", "high", "low"],
        ["low", None, "high", "low"],
    ),
    "when": (
        {"type": "string", "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF"},
        ["2025-11", "", "[..2026-01-23]", "2025-11-13"],
        ["2025-11", None, "[..2026-01-23]", "2025-11-13"],
    ),
    "year": ({"type": "year"}, ["2024", "", "-0044", "1600"], [2024, None, -44, 1600]),
}  # fmt: skip
ROWS = [
    dict(zip(TORTURE, row, strict=True))
    for row in zip(*(values for _, _, values in TORTURE.values()), strict=True)
]
DERIVED = ["when_earliest", "when_latest"]


@pytest.fixture
def torture(tmp_path: Path) -> TypedTable:
    fields = [
        {"name": name, "description": f"The {name}."} | field for name, (field, _, _) in TORTURE.items()
    ]
    return package_table(
        tmp_path, fields, list(zip(*(texts for _, texts, _ in TORTURE.values()), strict=True))
    )


def package_table(folder: Path, fields: list[dict[str, Any]], rows: list[tuple[str, ...]]) -> TypedTable:
    with (folder / "things.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([tuple(field["name"] for field in fields), *rows])
    resource = {"name": "things", "path": "things.csv", "schema": {"fields": fields}}
    descriptor = {"name": "torture", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    things = open_package(folder).resource("things")
    assert things.schema is not None
    return TypedTable(things, things.schema, metadata={"title": "Þings", "version": "1.0.0"})


def test_parquet_read_by_pyarrow(torture: TypedTable, tmp_path: Path) -> None:
    assert write_parquet(torture, tmp_path / "things.parquet") == 4
    table = pq.read_table(tmp_path / "things.parquet")
    assert table.drop_columns(DERIVED).to_pylist() == ROWS
    grade = table.column("grade")
    assert grade.chunk(0).dictionary.to_pylist() == ["none", "low", "high"] and grade.type.ordered
    assert table.column("when_earliest").to_pylist()[0] == dt.date(2025, 11, 1)


def test_parquet_says_itself_what_it_is(torture: TypedTable, tmp_path: Path) -> None:
    write_parquet(torture, tmp_path / "things.parquet")
    told = pq.read_metadata(tmp_path / "things.parquet").metadata
    assert told[b"title"].decode() == "Þings" and told[b"version"] == b"1.0.0"
    assert json.loads(told[b"table_schema"])["fields"][0]["description"] == "The country."
    assert pq.read_schema(tmp_path / "things.parquet").field("day").metadata[b"description"] == b"The day."


def test_parquet_read_by_pandas(torture: TypedTable, tmp_path: Path) -> None:
    import pandas as pd

    write_parquet(torture, tmp_path / "things.parquet")
    # Without a nullable backend a gap makes pandas read integers as floats, and 2^53 + 1 as 2^53.
    frame = pd.read_parquet(tmp_path / "things.parquet", dtype_backend="numpy_nullable")
    assert frame["grade"].cat.categories.tolist() == ["none", "low", "high"] and frame["grade"].cat.ordered
    for name, (_, _, values) in TORTURE.items():
        got = [None if pd.isna(value) else value for value in frame[name]]
        assert [
            value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in got
        ] == values, name


def test_parquet_read_by_polars(torture: TypedTable, tmp_path: Path) -> None:
    import polars as pl

    write_parquet(torture, tmp_path / "things.parquet")
    frame = pl.read_parquet(tmp_path / "things.parquet")
    for name, (_, _, values) in TORTURE.items():
        assert frame[name].to_list() == values, name


def test_parquet_read_by_duckdb(torture: TypedTable, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "things.parquet"
    write_parquet(torture, path)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        columns = ", ".join(
            f'CAST("{name}" AS VARCHAR)' if name == "moment" else f'"{name}"' for name in TORTURE
        )
        found = connection.execute(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
    for name, got in zip(TORTURE, zip(*found, strict=True), strict=True):
        if name == "moment":
            read = [None if text is None else dt.datetime.fromisoformat(text) for text in got]
            assert read == TORTURE[name][2]
        else:
            assert list(got) == TORTURE[name][2], name


def as_json(value: Any) -> Any:
    """A value as JSON states it: exact decimals, dates and times are strings."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z").replace(".250000", ".25")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def test_json_read_by_json(torture: TypedTable, tmp_path: Path) -> None:
    assert write_json(torture, tmp_path / "things.json") == 4
    text = (tmp_path / "things.json").read_text(encoding="utf-8")
    records = json.loads(text, parse_float=Decimal)
    assert [list(record) for record in records] == [torture.schema.names] * 4
    for record, row in zip(records, ROWS, strict=True):
        for name, value in row.items():
            wanted = Decimal(repr(value)) if isinstance(value, float) else as_json(value)
            assert record[name] == wanted, name
    assert records[0]["when_latest"] == "2025-11-30" and records[1]["when_latest"] is None
    assert "哈薩克" in text and text.count("\n") == 4 + 2 and text.endswith("}\n]\n")


def test_json_read_by_pandas_polars_and_duckdb(torture: TypedTable, tmp_path: Path) -> None:
    """Each with the options that keep text as text; numbers beyond what a reader holds are its own limit."""
    import duckdb
    import pandas as pd
    import polars as pl

    path = tmp_path / "things.json"
    write_json(torture, path)
    frame = pd.read_json(path, dtype=False, precise_float=True)
    polars = pl.read_json(path, infer_schema_length=None)
    with duckdb.connect() as connection:
        kinds = dict.fromkeys(torture.schema.names, "VARCHAR") | {
            "count": "BIGINT",
            "amount": "DOUBLE",
            "open": "BOOLEAN",
        }
        listed = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
        query = f"SELECT * FROM read_json('{path}', columns = {{{listed}}}, maximum_object_size = 100000000)"
        duck = connection.sql(query).to_arrow_table()
    for name in [name for name in TORTURE if name not in ("count", "year")]:
        values = [as_json(value) for value in TORTURE[name][2]]
        assert [None if pd.isna(value) else value for value in frame[name]] == values, name
        assert polars[name].to_list() == values, name
        assert duck.column(name).to_pylist() == values, name
    assert polars["count"].to_list() == duck.column("count").to_pylist() == TORTURE["count"][2]


def test_the_same_bytes_whatever_the_batches(torture: TypedTable, tmp_path: Path) -> None:
    class OneByOne:
        name, path = torture.name, "things.csv"

        def batches(self) -> Any:
            for batch in torture.source.batches():
                for index in range(batch.cells.num_rows):
                    yield replace(batch, cells=batch.cells.slice(index, 1))

    again = TypedTable(OneByOne(), torture.table_schema, metadata=torture.metadata)
    for write, name in ((write_parquet, "a.parquet"), (write_json, "a.json")):
        write(torture, tmp_path / name)
        write(again, tmp_path / f"again-{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()


def test_row_groups_have_one_size(tmp_path: Path) -> None:
    rows = ROWS_PER_GROUP + 10
    table = package_table(tmp_path, [{"name": "n", "type": "integer"}], [(str(n),) for n in range(rows)])
    assert write_parquet(table, tmp_path / "n.parquet") == rows
    file = pq.ParquetFile(tmp_path / "n.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [ROWS_PER_GROUP, 10]
    assert file.read().column("n").to_pylist() == list(range(rows))
    assert write_json(table, tmp_path / "n.json") == rows
    assert [one["n"] for one in json.loads((tmp_path / "n.json").read_bytes())] == list(range(rows))


def test_a_table_without_rows(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string", "categories": ["x"]}]
    table = package_table(tmp_path, fields, [])
    assert write_parquet(table, tmp_path / "a.parquet") == write_json(table, tmp_path / "a.json") == 0
    assert json.loads((tmp_path / "a.json").read_bytes()) == []
    read = pq.read_table(tmp_path / "a.parquet")
    assert read.num_rows == 0
    assert read.schema.types == [pa.int64(), pa.dictionary(pa.int8(), pa.string())]


def test_what_json_has_no_number_for(tmp_path: Path) -> None:
    fields = [
        {"name": "n", "type": "number"},
        {"name": "l", "type": "list", "itemType": "date"},
        {"name": "o", "type": "object"},
        {"name": "s", "type": "string"},
    ]
    rows = [
        ("NaN", "2024-01-26,2024-01-27", '{"a":\n"b"}', '\x01\x1f\\"\u2028'),
        ("-INF", "", "", ""),
        ("1E-7", "2024-01-26", "{}", "/"),
    ]
    table = package_table(tmp_path, fields, rows)
    write_json(table, tmp_path / "n.json")
    assert json.loads((tmp_path / "n.json").read_bytes()) == [
        {"n": "NaN", "l": ["2024-01-26", "2024-01-27"], "o": {"a": "b"}, "s": '\x01\x1f\\"\u2028'},
        {"n": "-INF", "l": None, "o": None, "s": None},
        {"n": 1e-7, "l": ["2024-01-26"], "o": {}, "s": "/"},
    ]
    write_parquet(table, tmp_path / "n.parquet")
    read = pq.read_table(tmp_path / "n.parquet")
    assert math.isnan(read.column("n")[0].as_py()) and read.column("n")[1].as_py() == -math.inf
    assert read.column("l").to_pylist() == [
        [dt.date(2024, 1, 26), dt.date(2024, 1, 27)],
        None,
        [dt.date(2024, 1, 26)],
    ]


def test_no_bytes_of_python_are_left_to_threads_of_arrow(tmp_path: Path) -> None:
    """A thread that lets go of them while Python ends brings down a script that has done its work."""
    pq.write_table(pa.table({"a": ["x", "y"]}), tmp_path / "t.parquet")
    data = (tmp_path / "t.parquet").read_bytes()
    before = sys.getrefcount(data)
    file = parquet_file(data)
    assert sys.getrefcount(data) == before
    assert file.read()["a"].to_pylist() == ["x", "y"]


def test_the_records_of_many_blocks_stay_in_their_order(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "text", "type": "string"}]
    texts = [f'"{number}\n{"x" * 40}' if number % 2 else "" for number in range(150_000)]
    table = package_table(tmp_path, fields, [(str(number), text) for number, text in enumerate(texts)])
    assert write_json(table, tmp_path / "things.json") == len(texts)
    records = json.loads((tmp_path / "things.json").read_text("utf-8"))
    assert records == [{"n": number, "text": text or None} for number, text in enumerate(texts)]
    assert write_parquet(table, tmp_path / "things.parquet") == len(texts)
    assert pq.read_table(tmp_path / "things.parquet").to_pylist() == records
    write_sqlite([table], tmp_path / "things.sqlite")
    with closing(sqlite3.connect(tmp_path / "things.sqlite")) as database:
        assert database.execute("SELECT n, text FROM things").fetchall() == [
            tuple(r.values()) for r in records
        ]
