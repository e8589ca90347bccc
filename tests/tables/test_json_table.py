"""Tables in JSON: files, lines and inline data (`data-resource.mdx`, `table-dialect.mdx` "Structured")."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import open_package

FIELDS = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]
Found = list[tuple[str, int | None, int | None]]


def read(folder: Path, data: Any, file: str = "t.json", **properties: Any) -> tuple[list[Any], Found]:
    """The records of a table, with row and line; `data` that are no text stand inline."""
    table: dict[str, Any] = {"name": "t", "type": "table", "schema": {"fields": FIELDS}, **properties}
    if isinstance(data, bytes | str):
        (folder / file).write_bytes(data if isinstance(data, bytes) else data.encode())
        table.setdefault("path", file)
    else:
        table["data"] = data
    (folder / "datapackage.json").write_text(json.dumps({"resources": [table]}, indent=1))
    package = open_package(folder)
    assert package.findings == ()
    builder = ReportBuilder()
    records = [
        (batch.row(index), batch.line(index), *cells.values())
        for batch in package.resource("t").batches(builder)
        for index, cells in enumerate(batch.cells.to_pylist())
    ]
    return records, [(found.code, found.row, found.line) for found in builder.findings]


@pytest.mark.parametrize(
    ("data", "path", "properties", "expected"),
    [
        ('[{"id": 1, "name": "apple"},\n {"id": 2}]', "t.json", {}, [(2, 1, "1", "apple"), (3, 2, "2", "")]),
        (
            '[["id", "name"],\n [1, "apple"],\n [2, null]]',
            "t.json",
            {},
            [(2, 2, "1", "apple"), (3, 3, "2", "")],
        ),
        ('{"id": 1, "name": "apple"}\n{"id": 2}\n', "t.jsonl", {}, [(2, 1, "1", "apple"), (3, 2, "2", "")]),
        ('["id", "name"]\n[1, "apple"]', "t.ndjson", {}, [(2, 2, "1", "apple")]),
        (
            '{"x": [1],\n "rows": [{"id": 1}],\n "y": 2}\n',
            "t.json",
            {"dialect": {"property": "rows"}},
            [(2, 2, "1", "")],
        ),
        ('[[1, "apple"]]', "t.json", {"dialect": {"header": False}}, [(1, 1, "1", "apple")]),
        (
            '[{"id": 1, "name": "a", "more": 3}]',
            "t.json",
            {"dialect": {"itemType": "object", "itemKeys": ["id", "name"]}},
            [(2, 1, "1", "a")],
        ),
        ("[]", "t.json", {}, []),
        ('[{"id": 1}]', "t.bin", {"format": "json"}, [(2, 1, "1", "")]),
        ('[{"id": 1}]', "t.bin", {"mediatype": "application/json"}, [(2, 1, "1", "")]),
    ],
)
def test_json_files(tmp_path: Path, data: str, path: str, properties: Any, expected: list[Any]) -> None:
    records, found = read(tmp_path, data, path, **properties)
    assert records == expected
    assert [code for code in found if code[0] != "header-missing-column"] == []


def test_a_long_number_is_no_record(tmp_path: Path) -> None:
    _, found = read(tmp_path, f"[{'9' * 400}]")
    assert [code for code, _, _ in found] == ["json-record"]


def test_inline_data_have_the_lines_of_the_descriptor(tmp_path: Path) -> None:
    records, found = read(tmp_path, [{"id": 1, "name": "a"}, {"id": "2", "name": "b"}])
    assert [record[2:] for record in records] == [("1", "a"), ("2", "b")]
    lines = (tmp_path / "datapackage.json").read_text().splitlines()
    for (_, line, *_), nearby in zip(records, ('"id": 1', '"id": "2"'), strict=True):
        assert nearby in lines[line]
    assert found == []


def test_inline_text_is_read_in_its_format(tmp_path: Path) -> None:
    table = {"name": "t", "format": "csv", "data": "id,name\n1,a\n", "schema": {"fields": FIELDS}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    cells = [b.cells.to_pylist() for b in open_package(tmp_path).resource("t").batches(ReportBuilder())]
    assert cells == [[{"id": "1", "name": "a"}]]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 12345678901234567890, "12345678901234567890"),
        ("integer", 2.0, "2"),
        ("number", 0.1, "0.1"),
        ("year", 2024, "2024"),
        ("boolean", True, "true"),
        ("array", [1, "x", None], '[1, "x", null]'),
        ("object", {"a": 1.5}, '{"a": 1.5}'),
        ("list", ["a", 1], "a,1"),
        ("geopoint", [90.5, 45], "[90.5, 45]"),
        ("any", 1.50, "1.5"),
        ("any", False, "false"),
        ("string", "x", "x"),
    ],
)
def test_a_native_value_is_the_text_of_its_field(tmp_path: Path, kind: str, value: Any, text: str) -> None:
    fields = [{"name": "v", "type": kind}]
    assert read(tmp_path, json.dumps([{"v": value}]), schema={"fields": fields}) == ([(2, 1, text)], [])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", 1),
        ("integer", True),
        ("boolean", 1),
        ("date", 20240101),
        ("object", []),
        ("array", {}),
        ("list", ["a,b"]),
    ],
)
def test_a_value_of_another_kind_is_no_value(tmp_path: Path, kind: str, value: Any) -> None:
    fields = [{"name": "v", "type": kind}]
    got = read(tmp_path, json.dumps([{"v": value}, {"v": None}]), schema={"fields": fields})
    assert got == ([(3, 1, "")], [("json-value", 2, 1)])


def test_null_is_missing_even_where_no_text_is(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "v"}], "missingValues": []}
    assert read(tmp_path, '[{"v": ""}, {"v": null}, {"v": "\\\\N"}]', schema=schema)[0] == [
        (2, 1, ""),
        (3, 1, None),
        (4, 1, "\\N"),
    ]


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        ("", "t.json", ("file-empty", None, None)),
        ("{}", "t.json", ("json-syntax", None, 1)),
        ('[\n{"id": 1}', "t.json", ("json-syntax", None, 2)),
        ("[1]", "t.json", ("json-record", 1, 1)),
        ('[{"id": 1, "name": "x"}] x', "t.json", ("json-syntax", None, 1)),
        ('[{"id": NaN}]', "t.json", ("json-syntax", None, 1)),
        ("[" * 100_000, "t.json", ("json-syntax", None, 1)),
        ('[{"id": 1, "name": "x"},\n[1]]', "t.json", ("json-record", 3, 2)),
        ('[{"id": 1, "id": 2, "name": ""}]', "t.json", ("json-duplicate-name", 2, 1)),
        ('[{"id": 1, "name": "",\n"x": [{"y": 1, "y": 1}]}]', "t.json", ("json-duplicate-name", 2, 1)),
        ('{"id": 1, "name": ""}\n{"id": 1e999}', "t.jsonl", ("json-syntax", None, 2)),
        ('[{"id": 1, "nam": "x", "name": ""}]', "t.json", ("extra-cell", 2, 1)),
        ('[["id", "name"], [1]]', "t.json", ("missing-cell", 2, 1)),
        ('[["id", "name"], [1, "", 2]]', "t.json", ("extra-cell", 2, 1)),
        ('[["id", "nome"]]', "t.json", ("header-mismatch", 1, 1)),
        ('[["id", 3]]', "t.json", ("json-record", 1, 1)),
        ('[{"id": 1}]', "t.json", ("header-missing-column", 1, None)),
        ('[{"id": 1, "name": "\\u0000"}]', "t.json", ("nul-byte", 2, 1)),
        ('[{"id": 1, "name": "\\ud800"}]', "t.json", ("json-syntax", None, 1)),
        (b'[{"id": 1, "name":\n "\xff"}]', "t.json", ("not-utf-8", None, 2)),
        ('{"id": 1, "name": ""}\n\n{"id": 2}', "t.jsonl", ("json-syntax", None, 2)),
        ('{"id": 1, "name": ""} x\n', "t.jsonl", ("json-syntax", None, 1)),
    ],
)
def test_mistakes_are_told_in_their_place(tmp_path: Path, data: Any, path: str, expected: Any) -> None:
    assert read(tmp_path, data, path)[1] == [expected]


def test_several_files(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('[["id", "name"], [2, "y"]]')
    records, found = read(tmp_path, '[["id", "name"], [1, "x"]]', "a.json", path=["a.json", "b.json"])
    assert (records, found) == ([(2, 1, "1", "x"), (2, 1, "2", "y")], [])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.integers(),
                "name": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            }
        ),
        max_size=8,
    ),
    st.sampled_from(["t.json", "t.jsonl", "inline"]),
    st.booleans(),
)
def test_what_json_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], where: str, plain: bool
) -> None:
    folder = tmp_path_factory.mktemp("json")
    if where == "t.jsonl":
        data: Any = "".join(json.dumps(row, ensure_ascii=plain) + "\n" for row in rows)
    else:
        data = json.dumps(rows, ensure_ascii=plain, indent=2) if where == "t.json" else rows
    if where == "t.jsonl" and not rows:
        return
    records, found = read(folder, data, where)
    assert [record[2:] for record in records] == [(str(row["id"]), row["name"]) for row in rows]
    assert found == []


@settings(max_examples=200, deadline=None)
@given(st.text('{}[]":,\\n\n 1aidnme', max_size=50) | st.binary(max_size=30))
def test_any_text_is_records_or_findings(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    for name in ("t.json", "t.jsonl"):
        builder = ReportBuilder()
        folder = tmp_path_factory.mktemp("any")
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        table = {"name": "t", "path": name, "schema": {"fields": FIELDS}}
        (folder / "datapackage.json").write_text(json.dumps({"resources": [table]}))
        records = sum(b.cells.num_rows for b in open_package(folder).resource("t").batches(builder))
        try:
            text = data.decode() if isinstance(data, bytes) else data
            values = (
                json.loads(text) if name == "t.json" else [json.loads(line) for line in text.splitlines()]
            )
            good = isinstance(values, list) and all(isinstance(value, dict | list) for value in values)
        except ValueError:
            good = False
        assert good or builder.severities[Severity.ERROR] or records == 0
        if not good and name == "t.json":
            assert builder.severities[Severity.ERROR]
