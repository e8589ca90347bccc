"""Dialects: every property of the standard that says how cells are written (`table-dialect.mdx`)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package, open_package

FIELDS = [{"name": "id"}, {"name": "name"}]


def package(folder: Path, data: bytes, dialect: dict[str, Any], fields: Any = FIELDS) -> Package:
    (folder / "t.csv").write_bytes(data)
    table = {"name": "t", "path": "t.csv", "dialect": dialect, "schema": {"fields": fields}}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    opened = open_package(folder)
    assert opened.findings == ()
    return opened


def read(opened: Package) -> tuple[list[Any], list[tuple[str, int | None, int | None]]]:
    builder = ReportBuilder()
    records = [
        (batch.row(index), batch.line(index), *cells.values())
        for batch in opened.resource("t").batches(builder)
        for index, cells in enumerate(batch.cells.to_pylist())
    ]
    return records, [(found.code, found.row, found.line) for found in builder.findings]


def test_a_null_sequence_is_one_more_missing_value(tmp_path: Path) -> None:
    fields = [{"name": "id"}, {"name": "name", "missingValues": ["-"]}]
    opened = package(tmp_path, b"id,name\n1,NA\n", {"nullSequence": "NA"}, fields)
    schema = opened.resource("t").schema
    assert schema is not None
    assert [schema.missing(field) for field in schema.fields] == [("", "NA"), ("-", "NA")]
    assert read(opened) == ([(2, 2, "1", "NA")], [])


GOOD = [(2, 2, "1", "apple"), (3, 3, "2", "orange")]


@pytest.mark.parametrize(
    ("data", "dialect", "expected"),
    [
        (b"id|name\n1|apple\n2|orange\n", {"delimiter": "|"}, GOOD),
        (b"id::name\n1::apple\n2::orange\n", {"delimiter": "::"}, GOOD),
        ("id→name\n1→apple\n2→orange\n".encode(), {"delimiter": "→"}, GOOD),
        (b"id,name\n1,'apple'\n2,'orange'\n", {"quoteChar": "'"}, GOOD),
        (b"id,name;1,apple;2,orange", {"lineTerminator": ";"}, [(2, 1, "1", "apple"), (3, 1, "2", "orange")]),
        (b"id,name\r1,apple\r2,orange\r", {"lineTerminator": "\r"}, GOOD),
        (b"id, name\n1, apple\n2,  orange\n", {"skipInitialSpace": True}, GOOD),
        (b'id,name\n1, "apple"\n2,orange\n', {"skipInitialSpace": True}, GOOD),
        (
            b"id,name\n1,apple|,fruits\n2,or|||,ange\n",
            {"escapeChar": "|"},
            [(2, 2, "1", "apple,fruits"), (3, 3, "2", "or|,ange")],
        ),
        (
            b'id,name\n1,"a\\"b\nc"\n2,d\\,"\n'.replace(b',"\n', b",e\n"),
            {"escapeChar": "\\", "quoteChar": '"'},
            [(2, 2, "1", 'a"b\nc'), (3, 4, "2", "d,e")],
        ),
        (
            b"id,name\n#fruits\n1,apple\n2,orange\n",
            {"commentChar": "#"},
            [(3, 3, "1", "apple"), (4, 4, "2", "orange")],
        ),
        (b'// a "note\nid,name\n1,apple\n', {"commentChar": "//"}, [(3, 3, "1", "apple")]),
        (b"id,name\nfruits\n1,apple\n", {"commentRows": [2]}, [(3, 3, "1", "apple")]),
        (b"title\n\nid,name\n1,apple\n".replace(b"\n\n", b"\n"), {"headerRows": [2]}, [(3, 3, "1", "apple")]),
        (b"1,apple\n2,orange\n", {"header": False}, [(1, 1, "1", "apple"), (2, 2, "2", "orange")]),
        (b"ID,Name\n1,apple\n", {"caseSensitiveHeader": False}, [(2, 2, "1", "apple")]),
        (b"id,name\n1,apple\n", {"csvddfVersion": 1.2, "lineTerminator": "\n"}, [(2, 2, "1", "apple")]),
    ],
)
def test_each_property_reads_what_the_standard_shows(
    tmp_path: Path, data: bytes, dialect: dict[str, Any], expected: list[Any]
) -> None:
    assert read(package(tmp_path, data, dialect)) == (expected, [])


def test_the_rows_of_a_header_are_joined_as_in_the_standard(tmp_path: Path) -> None:
    data = b"fruit\nid,name\n1,apple\n2,orange\n"
    for join in (" ", "-"):
        fields = [{"name": f"fruit{join}id"}, {"name": f"fruit{join}name"}]
        opened = package(tmp_path, data, {"headerRows": [1, 2], "headerJoin": join}, fields)
        assert read(opened) == ([(3, 3, "1", "apple"), (4, 4, "2", "orange")], [])


@pytest.mark.parametrize(
    ("data", "dialect", "code", "row", "line"),
    [
        (b"id::name\n1::a::b\n", {"delimiter": "::"}, "extra-cell", 2, 2),
        (b"id::name\n1\n", {"delimiter": "::"}, "missing-cell", 2, 2),
        (b"id::name\n1::\xff\n", {"delimiter": "::"}, "not-utf-8", 2, 2),
        (b"id::name\n1::\0\n", {"delimiter": "::"}, "nul-byte", 2, 2),
        (b"id::name\n\n", {"delimiter": "::"}, "blank-line", 2, 2),
        (b"id::name\n1::a\rb\n", {"delimiter": "::"}, "lone-cr", 2, 2),
        (b"id::name\n1::a\r\n", {"delimiter": "::"}, "mixed-line-ends", 2, 2),
        (b'id::name\n1::a"b\n', {"delimiter": "::"}, "quote-in-cell", 2, 2),
        (b'id::name\n1::"a"b\n', {"delimiter": "::"}, "quote-in-cell", 2, 2),
        (b'id::name\n1::"a\n2::b\n', {"delimiter": "::"}, "quote-not-closed", 2, 2),
        (b'id,name\n1,"a""b"\n', {"doubleQuote": False}, "quote-in-cell", 2, 2),
        (b"#a\n#b\n", {"commentChar": "#"}, "file-empty", None, None),
        (b"id,name\n#c\n1\n", {"commentChar": "#"}, "missing-cell", 3, 3),
        (b"", {"header": False}, "no-records", 1, 1),
        (b"1,apple\n2\n", {"header": False}, "missing-cell", 2, 2),
        (b'title\n"i\nd",name\n1,2\n', {"headerRows": [2]}, "header-mismatch", 2, 2),
        (b"id,name;1\n1,apple;2", {"lineTerminator": ";"}, "missing-cell", 3, 2),
        (b"id,name\n#c\n#d\n", {"commentChar": "#", "headerRows": [2]}, "file-empty", None, None),
    ],
)
def test_mistakes_are_told_in_their_place(
    tmp_path: Path, data: bytes, dialect: dict[str, Any], code: str, row: int | None, line: int | None
) -> None:
    assert read(package(tmp_path, data, dialect))[1] == [(code, row, line)]


@pytest.mark.parametrize(
    "dialect",
    [
        {"delimiter": '"'},
        {"delimiter": "a\nb"},
        {"quoteChar": "\n"},
        {"escapeChar": ","},
        {"lineTerminator": ","},
    ],
)
def test_a_dialect_that_contradicts_itself_is_told_and_not_read(
    tmp_path: Path, dialect: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_bytes(b"id,name\n1,2\n")
    table = {"name": "t", "path": "t.csv", "dialect": dialect, "schema": {"fields": FIELDS}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    opened = open_package(tmp_path)
    assert {found.code for found in opened.findings} == {"dialect-contradiction"}
    assert read(opened) == ([], [])


TEXT = st.text(st.sampled_from('ab ,;|"\\\n\r#é→'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT), max_size=8),
    delimiter=st.sampled_from([",", ";", "|"]),
    escape=st.booleans(),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_in_a_dialect_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    delimiter: str,
    escape: bool,
    ends: str,
) -> None:
    text = io.StringIO(newline="")
    more: dict[str, Any] = {"escapechar": "\\", "doublequote": False} if escape else {}
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends, **more)
    writer.writerows([("id", "name"), *rows])
    dialect: dict[str, Any] = {"delimiter": delimiter, "quoteChar": '"', "skipInitialSpace": True}
    if escape:
        dialect |= {"escapeChar": "\\", "doubleQuote": False}
    opened = package(tmp_path_factory.mktemp("dialect"), text.getvalue().encode(), dialect)
    records, found = read(opened)
    assert [record[2:] for record in records] == rows
    assert found in ([], [("no-records", 1, 1)])
