"""Tables in Parquet: judged as the same table in CSV is, with the row group and the row of what is wrong."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import casetrail
from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.findings.finding import Finding
from casetrail.package.package import open_package


def package(folder: Path, table: pa.Table, fields: list[dict[str, Any]], **schema: Any) -> Path:
    """A package of one table in Parquet, in row groups of two records."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / "t.parquet", row_group_size=2)
    return described(folder, "t.parquet", fields, **schema)


def described(folder: Path, path: Any, fields: list[dict[str, Any]], **schema: Any) -> Path:
    resource = {"name": "t", "type": "table", "path": path, "schema": {"fields": fields, **schema}}
    text = json.dumps({"name": "p", "resources": [resource]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return folder


def findings(folder: Path) -> list[Finding]:
    return list(casetrail.validate(folder).findings)


FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
    {"name": "name", "type": "string", "constraints": {"maxLength": 5}},
    {"name": "day", "type": "date"},
    {"name": "at", "type": "datetime"},
    {"name": "share", "type": "number", "decimalChar": ","},
    {"name": "open", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    {"name": "tags", "type": "list"},
    {"name": "more", "type": "object"},
]
ROWS = [
    {
        "id": number,
        "name": f"n{number}",
        "day": dt.date(2025, 1, number),
        "at": dt.datetime(2025, 1, number, 10, 30),
        "share": number / 10,
        "open": number % 2 == 0,
        "tags": ["a", "b"],
        "more": {"k": number},
    }
    for number in range(1, 6)
]


def test_a_sound_table_of_every_kind_is_valid_and_typed(tmp_path: Path) -> None:
    folder = package(tmp_path, pa.Table.from_pylist(ROWS), FIELDS, primaryKey=["id"])
    assert findings(folder) == []
    table = casetrail.open(folder)["t"]
    assert table.column("id").to_pylist() == [1, 2, 3, 4, 5]
    assert table.column("day").to_pylist()[0] == dt.date(2025, 1, 1)
    assert table.column("open").to_pylist() == [False, True, False, True, False]
    assert [float(share) for share in table.column("share").to_pylist()] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert table.column("tags").to_pylist()[0] == ["a", "b"]


def test_a_wrong_value_has_its_row_group_and_row(tmp_path: Path) -> None:
    rows = [dict(row) for row in ROWS]
    rows[3]["name"] = "much too long"
    (finding,) = findings(package(tmp_path, pa.Table.from_pylist(rows), FIELDS))
    assert finding.code == "constraint-max-length"
    assert (finding.row, finding.line, finding.place.part) == (5, None, "row group 1")
    assert "t.parquet, row group 1: " in casetrail.validate(tmp_path).render("text")
    assert json.loads(casetrail.validate(tmp_path).to_json())["findings"][0]["part"] == "row group 1"


def test_a_column_of_a_type_that_holds_no_value_is_one_finding(tmp_path: Path) -> None:
    rows = [{**row, "day": row["at"]} for row in ROWS]
    (finding,) = findings(package(tmp_path, pa.Table.from_pylist(rows), FIELDS))
    assert (finding.code, finding.row, finding.column, finding.field) == ("parquet-type", 1, 3, "day")


def test_whole_numbers_may_be_stored_as_floats_and_others_not(tmp_path: Path) -> None:
    rows = [{**row, "id": float(row["id"])} for row in ROWS]
    assert findings(package(tmp_path, pa.Table.from_pylist(rows), FIELDS)) == []
    rows[1]["id"] = 2.5
    (finding,) = findings(package(tmp_path, pa.Table.from_pylist(rows), FIELDS))
    assert (finding.code, finding.row, finding.value) == ("type-integer", 3, "2.5")


def test_a_null_is_a_missing_value(tmp_path: Path) -> None:
    rows = [{**row, "id": None if row["id"] == 2 else row["id"]} for row in ROWS]
    (finding,) = findings(package(tmp_path, pa.Table.from_pylist(rows), FIELDS, missingValues=["NA"]))
    assert (finding.code, finding.row) == ("constraint-required", 3)


def test_moments_that_python_has_not_are_judged_like_any(tmp_path: Path) -> None:
    stamps = pa.array([1_700_000_000_123_456_789, 1_700_000_000_000_000_000], pa.timestamp("ns"))
    table = pa.table({"at": stamps, "far": pa.array([2**40, 0], pa.timestamp("s"))})
    fields = [{"name": "at", "type": "datetime"}, {"name": "far", "type": "datetime"}]
    nanosecond, year = findings(package(tmp_path, table, fields))
    assert "'2023-11-14T22:13:20.123456789' is not a date with a time: fractions finer" in nanosecond.message
    assert (nanosecond.row, year.row, year.value) == (2, 2, "value out of range: 1099511627776000")


def test_a_text_of_wrong_bytes_is_one_finding_however_it_is_read(tmp_path: Path) -> None:
    """Damaged pages have any bytes: Parquet says that texts are UTF-8, and nobody looks."""
    raw = pa.array([b"a", b"\xcb!", b"c"], pa.binary())
    texts = pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), texts)
    fields = [
        {"name": "t", "type": "string"},
        {"name": "l", "type": "array"},
        {"name": "b", "type": "number", "decimalChar": ","},
    ]
    table = pa.table({"t": texts, "l": lists, "b": texts})
    found = [
        (finding.code, finding.row, finding.field) for finding in findings(package(tmp_path, table, fields))
    ]
    assert sorted(found) == [
        ("not-utf-8", 3, "b"),
        ("not-utf-8", 3, "t"),
        ("type-array", 3, "l"),
        ("type-number", 2, "b"),
        ("type-number", 4, "b"),
    ]


def test_durations_are_values_and_a_column_of_nulls_has_none(tmp_path: Path) -> None:
    lengths = pa.array([90_061_500_000_000, None], pa.duration("ns"))
    table = pa.table({"length": lengths, "none": pa.nulls(2), "any": lengths})
    fields = [
        {"name": "length", "type": "duration", "constraints": {"minimum": "P1D"}},
        {"name": "none", "type": "integer"},
        {"name": "any", "type": "any"},
    ]
    assert findings(package(tmp_path, table, fields)) == []
    assert casetrail.open(tmp_path)["t"].column("any").to_pylist() == ["P1DT1H1M1.5S", None]
    fields[1]["constraints"] = {"required": True}
    assert [finding.row for finding in findings(package(tmp_path, table, fields))] == [2, 3]


@pytest.mark.parametrize("names", [["id", "nam"], ["id"], ["name", "id"]])
def test_columns_are_held_to_the_schema(tmp_path: Path, names: list[str]) -> None:
    table = pa.table({name: ["1"] for name in names})
    fields = [{"name": "id", "type": "integer"}, {"name": "name"}]
    wanted = findings(as_csv(tmp_path / "csv", table, fields))
    got = findings(package(tmp_path / "parquet", table, fields))
    assert [f.code for f in got] == [f.code for f in wanted] != []


@pytest.mark.parametrize("keep", [0, 3, 100, -1, -9])
def test_a_file_that_is_cut_off_is_one_finding(tmp_path: Path, keep: int) -> None:
    folder = package(tmp_path, pa.Table.from_pylist(ROWS), FIELDS)
    data = (folder / "t.parquet").read_bytes()
    (folder / "t.parquet").write_bytes(data[:keep])
    assert [f.code for f in findings(folder)] == ["parquet-unreadable"]


def test_a_footer_that_lies_is_one_finding(tmp_path: Path) -> None:
    folder = package(tmp_path, pa.Table.from_pylist(ROWS), FIELDS)
    data = bytearray((folder / "t.parquet").read_bytes())
    # The pages of the first column, which the footer says are sound.
    data[4:60] = b"\xff" * 56
    (folder / "t.parquet").write_bytes(data)
    assert [f.code for f in findings(folder)] == ["parquet-unreadable"]


@pytest.mark.parametrize("times", [1, -1], ids=["the file", "all"])
def test_a_footer_that_counts_other_rows_than_there_are_is_one_finding(tmp_path: Path, times: int) -> None:
    folder = package(tmp_path, pa.table({"id": range(30_000)}), [{"name": "id", "type": "integer"}])
    path = folder / "t.parquet"
    pq.write_table(pq.read_table(path), path, row_group_size=10_000)
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    before, footer = data[: -8 - length], data[-8 - length : -8]
    # The numbers of rows are varints of zigzag numbers in Thrift: 30,000 of the file, 10,000 of each group.
    lie = footer.replace(_zigzag(30_000), _zigzag(29_999), 1)
    if times < 0:
        lie = footer.replace(_zigzag(10_000), _zigzag(9_999))
    assert len(lie) == length and lie != footer
    path.write_bytes(before + lie + data[-8:])
    (finding,) = findings(folder)
    assert finding.code == "parquet-unreadable"
    assert "the footer says that the file has" in finding.message


def _zigzag(number: int) -> bytes:
    number, data = number * 2, b""
    while number > 127:
        number, data = number >> 7, data + bytes([number & 127 | 128])
    return data + bytes([number])


def test_a_part_with_other_columns_is_found(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "v": ["a"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"id": [2], "w": ["b"]}), tmp_path / "b.parquet")
    fields = [{"name": "id", "type": "integer"}, {"name": "v"}]
    folder = described(tmp_path, ["a.parquet", "b.parquet"], fields)
    (finding,) = findings(folder)
    assert (finding.code, finding.path) == ("header-mismatch", "b.parquet")


def as_csv(folder: Path, table: pa.Table, fields: list[dict[str, Any]]) -> Path:
    """The same table as CSV, a null as an empty cell."""
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(["" if value is None else value for value in row.values()])
    (folder / "t.csv").write_text(text.getvalue(), encoding="utf-8")
    return described(folder, "t.csv", fields)


CELLS = {
    "integer": (pa.int64(), st.integers(-(2**62), 2**62)),
    "number": (pa.decimal128(12, 3), st.decimals(-999, 999, places=3)),
    "date": (pa.date32(), st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))),
    "string": (
        pa.string(),
        st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=8),
    ),
    "year": (pa.int32(), st.integers(1000, 2999)),
}
KINDS = st.sampled_from(sorted(CELLS))


@given(
    declared=KINDS,
    stored=KINDS,
    data=st.data(),
    rules=st.sampled_from([{}, {"required": True}, {"unique": True}, {"enum": ["1", "2"]}]),
)
def test_what_is_wrong_is_what_would_be_wrong_of_the_same_csv(
    tmp_path_factory: pytest.TempPathFactory,
    declared: str,
    stored: str,
    data: st.DataObject,
    rules: dict[str, Any],
) -> None:
    if declared not in ("string", "integer", "year") or declared != stored:
        rules = {name: rule for name, rule in rules.items() if name != "enum"}
    # A whole number that is stored as 5.000 is the text 5.
    hypothesis.assume(not (declared in ("integer", "string") and stored == "number"))
    kind, values = CELLS[stored]
    cells = data.draw(st.lists(st.none() | values, min_size=1, max_size=6))
    table = pa.table({"id": pa.array(cells, kind), "n": pa.array(range(len(cells)), pa.int64())})
    fields = [{"name": "id", "type": declared, "constraints": rules}, {"name": "n", "type": "integer"}]
    folder = tmp_path_factory.mktemp("parquet")
    got = findings(package(folder / "p", table, fields))
    if any(finding.code == "parquet-type" for finding in got):
        assert stored != declared
        return
    wanted = findings(as_csv(folder / "c", table, fields))
    assert [(f.code, f.row, f.value) for f in got] == [(f.code, f.row, f.value) for f in wanted]


NUMBERS = [0.1, 1e22, 5.0, 1e15, -0.0, 1.5e-7, 2.0**53, 0.000001, None, 1e10 + 0.5, 1 / 3]


@pytest.mark.parametrize("more", [{}, {"decimalChar": ","}], ids=["plain", "with a comma"])
def test_floats_are_the_shortest_text_that_is_the_same_number(tmp_path: Path, more: dict[str, str]) -> None:
    folder = package(tmp_path, pa.table({"v": NUMBERS}), [{"name": "v", "type": "number", **more}])
    assert findings(folder) == []
    texts = [
        text
        for batch in open_package(folder).resource("t").batches()
        for text in batch.cells.column(0).to_pylist()
    ]
    assert texts[:3] == ["0.1".replace(".", more.get("decimalChar", ".")), "10000000000000000000000", "5"]
    assert [float(value) for value in casetrail.open(folder)["t"].column("v").drop_null().to_pylist()] == [
        number for number in NUMBERS if number is not None
    ]


def test_a_float_of_32_bits_is_the_number_that_it_is(tmp_path: Path) -> None:
    table = pa.table({"v": pa.array([0.1, 0.5], pa.float32())})
    folder = package(tmp_path, table, [{"name": "v", "type": "number", "constraints": {"maximum": 0.1}}])
    assert [(found.row, found.value) for found in findings(folder)] == [
        (2, "0.10000000149011612"),
        (3, "0.5"),
    ]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.none() | st.integers(-2, 9),
            st.none() | st.floats(-1, 1e20),
            st.sampled_from(["", "a", "ab", "a\0b", "abc"]),
        ),
        max_size=30,
    ),
    group=st.integers(1, 9),
    block=st.integers(1, 400),
    jobs=st.integers(1, 4),
    limit=st.sampled_from([1, 3, 1000]),
    parts=st.integers(1, 3),
    altered=st.none() | st.integers(0, 5_000),
)
def test_jobs_and_workers_change_no_byte_of_the_report(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[Any, ...]],
    group: int,
    block: int,
    jobs: int,
    limit: int,
    parts: int,
    altered: int | None,
) -> None:
    folder = tmp_path_factory.mktemp("parquet")
    names = [f"{number}.parquet" for number in range(parts)]
    fields: list[dict[str, Any]] = [
        {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "v", "type": "number", "constraints": {"maximum": 7.5, "required": True}},
        {"name": "t", "constraints": {"maxLength": 2}},
    ]
    described(folder, names, fields, primaryKey=["n"], uniqueKeys=[["v", "t"]])
    kinds = pa.schema({"n": pa.int64(), "v": pa.float64(), "t": pa.string()})
    for number, name in enumerate(names):
        own = [dict(zip(kinds.names, row, strict=True)) for row in rows[number::parts]]
        pq.write_table(pa.Table.from_pylist(own, kinds), folder / name, row_group_size=group)
    if altered is not None:
        path = folder / names[-1]
        data = bytearray(path.read_bytes())
        data[altered % len(data)] ^= 0x55
        path.write_bytes(data)
    opened = open_package(folder)
    # Of a row group that is damaged, so many records are read as there are blocks before the damage.
    size = {} if altered is None else {"block": block}
    expected = validate(opened, options=Options(limit=limit, jobs=1, **size)).to_json()
    assert validate(opened, options=Options(limit=limit, jobs=jobs, block=block)).to_json() == expected
    with ThreadPoolExecutor(jobs) as executor:
        options = Options(limit=limit, executor=executor, block=block)
        assert validate(opened, options=options).to_json() == expected


def test_an_empty_value_is_missing_beside_one_that_was_taken_out(tmp_path: Path) -> None:
    table = pa.table({"id": ["a", "b"], "n": ["", "\0"]})
    folder = package(tmp_path, table, [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}])
    assert [(finding.code, finding.row) for finding in findings(folder)] == [("nul-byte", 3)]
