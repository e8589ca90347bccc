"""Content hashes: worked out a second time from their definition, and unmoved by how a file is written."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casetrail.release.canonical_text import canonical_text, text_of
from casetrail.release.content_hash import table_hash


def by_the_definition(names: list[str], columns: list[list[str | None]]) -> str:
    """The hash of a table as the module's docstring defines it, from texts in memory."""

    def sha(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    lines = ["casetrail-table-1"]
    for name, values in zip(names, columns, strict=True):
        there = [value.encode() for value in values if value is not None]
        runs = [
            bytes(value is not None for value in values),
            b"".join(len(value).to_bytes(8, "little") for value in there),
            b"".join(there),
        ]
        lines.append(f"{json.dumps(name, ensure_ascii=False)} {sha(chr(10).join(map(sha, runs)).encode())}")
    return "sha256:" + sha("".join(f"{line}\n" for line in lines).encode())


Cells = st.lists(st.tuples(st.none() | st.text(), st.none() | st.integers(-(2**62), 2**62)), max_size=12)


@given(Cells, st.integers(1, 5))
def test_it_is_what_its_definition_says(rows: list[tuple[str | None, int | None]], size: int) -> None:
    table = pa.table(
        {
            'a "b"': pa.array([row[0] for row in rows], pa.string()),
            "n": pa.array([row[1] for row in rows], pa.int64()),
        }
    )
    expected = by_the_definition(
        ['a "b"', "n"],
        [[row[0] for row in rows], [None if row[1] is None else str(row[1]) for row in rows]],
    )
    assert table_hash(table.column_names, table.to_batches(max_chunksize=size)) == expected
    doubled = pa.concat_tables([table, table]).combine_chunks()
    assert table_hash(table.column_names, doubled.slice(len(rows)).to_batches()) == expected


def test_slices_and_dictionaries_are_no_difference() -> None:
    plain = pa.array(["x", None, "é", "x", ""])
    whole = pa.record_batch({"a": plain})
    coded = pa.record_batch({"a": plain.dictionary_encode()})
    parts = [whole.slice(0, 2), whole.slice(2, 0), whole.slice(2)]
    assert len({table_hash(["a"], one) for one in ([whole], [coded], parts)}) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([["a", "b"]], [["ab", ""]]),
        ([["a", None]], [["a", ""]]),
        ([[None, "a"]], [["a", None]]),
        ([["a"], ["b"]], [["b"], ["a"]]),
        ([["a", "b"]], [["b", "a"]]),
        ([[]], [[None]]),
    ],
)
def test_different_tables_have_different_hashes(left: list[Any], right: list[Any]) -> None:
    def of(columns: list[Any]) -> str:
        arrays = [pa.array(column, pa.string()) for column in columns]
        names = [f"c{number}" for number in range(len(columns))]
        return table_hash(names, [pa.record_batch(arrays, names)])

    assert of(left) != of(right)


def test_the_writer_of_the_parquet_is_no_difference(built: Path, tmp_path: Path) -> None:
    said = {
        one["name"]: one for one in json.loads((built / "release.json").read_text(encoding="utf-8"))["tables"]
    }
    for name, one in said.items():
        with (built / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        table = parquet.read_table(built / "parquet" / f"{name}.parquet")
        parquet.write_table(
            table, tmp_path / "t.parquet", compression="gzip", row_group_size=2, use_dictionary=False
        )
        again = parquet.ParquetFile(tmp_path / "t.parquet")
        assert table_hash(header, again.iter_batches(columns=header)) == one["contentHash"], name


def test_a_reader_can_work_it_out_from_the_csv(built: Path) -> None:
    # All columns of the example are written in their simplest form already, times of day apart.
    said = {
        one["name"]: one for one in json.loads((built / "release.json").read_text(encoding="utf-8"))["tables"]
    }
    for name, one in said.items():
        with (built / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        columns = [[row[n] or None for row in rows] for n in range(len(header))]
        if "time" in header:
            number = header.index("time")
            columns[number] = [None if cell is None else f"{cell}:00" for cell in columns[number]]
        assert by_the_definition(header, columns) == one["contentHash"], name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (2.0, "2"),
        (-2.5, "-2.5"),
        (1e22, "1e+22"),
        (float("inf"), "inf"),
        (True, "true"),
        (7, "7"),
        (Decimal("1.500"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (dt.date(2026, 1, 23), "2026-01-23"),
        (dt.time(15, 0), "15:00:00"),
        (dt.datetime(2026, 1, 23, 15, tzinfo=dt.timezone(dt.timedelta(hours=5))), "2026-01-23T10:00:00Z"),
        (dt.datetime(2026, 1, 23, 15, 0, 0, 5), "2026-01-23T15:00:00.000005"),
        ([1, "a"], '[1,"a"]'),
        ({"b": 1, "a": dt.date(2026, 1, 1)}, '{"a":"2026-01-01","b":1}'),
    ],
)
def test_values_have_one_text(value: Any, text: str) -> None:
    assert text_of(value) == text
    if not isinstance(value, dict | list):
        assert canonical_text(pa.array([value, None])).to_pylist() == [text, None]
