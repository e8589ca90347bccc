"""What else people give: descriptors in YAML, tables in spreadsheets, tables by themselves, odd paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fuzz.rounds import ROUND, Record, damaged, ends_well, judge, package, rounds
from fuzz.test_descriptors import JSON, a_package, mutated
from fuzz.test_files import CSV, JSON_PIECES, PIECES, SCHEMA, TABLES, descriptor
from fuzz.test_workbooks import open_document, rewritten

YAML_PIECES = [
    *(
        b"- ",
        b": ",
        b"? ",
        b"&a ",
        b"*a",
        b"<<: *a",
        b"!!binary ",
        b"!!python/object:os.system ",
        b"|\n",
        b">-\n",
    ),
    *(
        b"%YAML 1.1\n",
        b"---\n",
        b"...\n",
        b"{",
        b"}",
        b"[",
        b"]",
        b"'",
        b'"\\x00"',
        b"\t",
        b"\xef\xbb\xbf",
        b"\xff",
    ),
    *(
        b"0o17",
        b"0x1F",
        b"1_000",
        b"190:20:30",
        b".inf",
        b"~",
        b"yes",
        b"2026-01-01",
        b"# ",
        b"\xc2\x85",
        b"\r",
    ),
]


def test_any_descriptor_in_yaml_ends_in_a_report_or_a_sentence(capsys: Any, record_property: Record) -> None:
    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        described, rows = a_package(draws.draw)
        if draws.draw(st.booleans()):
            described = mutated(draws.draw, described)
        text = yaml.safe_dump(described, default_flow_style=draws.draw(st.sampled_from([None, True, False])))
        data = text.encode("utf-8", "surrogatepass")
        if draws.draw(st.booleans()):
            data = damaged(draws.draw, data, YAML_PIECES)
        with package(data, {"t.csv": rows}, "datapackage.yaml") as folder:
            judge(folder, capsys)

    rounds(test, record_property)


def xlsx() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("things")
        for number, row in enumerate(
            [("a", "b", "c", "d"), ("ab", 1, "2024-02-29", ""), ("abc", 2.5, "", "ab")]
        ):
            sheet.write_row(number, 0, row)
        sheet.write_formula(3, 0, "=1+1", None, 2)
        sheet.write_boolean(3, 1, True)
    return buffer.getvalue()


@pytest.fixture
def spreadsheets(tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "things.csv").write_text("a,b,c,d\nab,1,2024-02-29,\nabc,2,,ab\n")
    return {"t.xlsx": xlsx(), "t.ods": open_document(tmp_path)}


@pytest.mark.parametrize("path", ["t.xlsx", "t.ods"])
def test_any_spreadsheet_is_a_table_or_is_refused(
    path: str, spreadsheets: dict[str, bytes], capsys: Any, record_property: Record
) -> None:
    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        change = draws.draw(st.sampled_from([rewritten, rewritten, damaged]))
        sheet = draws.draw(
            st.sampled_from([{}, {"dialect": {"sheetName": "things"}}, {"dialect": {"sheetNumber": 1}}])
        )
        data = change(draws.draw, spreadsheets[path])
        with package(descriptor(path, **sheet), {path: data}) as folder:
            assert judge(folder, capsys) is not None
            ends_well(["describe", str(folder / path)], capsys)
            ends_well(["export", str(folder), "--to", "json", "--output", str(folder / "o")], capsys)

    rounds(test, record_property)


FORMATS = ["csv", "tsv", "json", "jsonl", "parquet", "xlsx", "ods"]
ENCODINGS = ["utf-8", "cp1252", "windows-1251", "utf-16"]


def a_table(draw: Callable[[Any], Any], spreadsheets: dict[str, bytes]) -> tuple[str, bytes]:
    """A file of some format, whole or damaged."""
    if draw(st.booleans()):
        return "t.csv", draw(CSV)
    path, data = draw(
        st.sampled_from([*spreadsheets.items(), *((path, data) for path, (data, _) in TABLES.items())])
    )
    return path, damaged(draw, data, PIECES) if draw(st.booleans()) else data


def test_any_file_is_a_table_by_itself_or_is_refused(
    spreadsheets: dict[str, bytes], capsys: Any, record_property: Record
) -> None:
    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        path, data = a_table(draws.draw, spreadsheets)
        schema = json.dumps(mutated(draws.draw, SCHEMA)).encode()
        if draws.draw(st.integers(0, 7)) == 0:
            schema = damaged(draws.draw, schema, JSON_PIECES)
        options = []
        for name, values in (
            ("input-format", FORMATS),
            ("encoding", ENCODINGS),
            ("delimiter", [";", "tab"]),
        ):
            if draws.draw(st.integers(0, 3)) == 0:
                options.append(f"--{name}={draws.draw(st.sampled_from(values))}")
        with package(schema, {path: data}, "s.json") as folder:
            judge(folder / path, capsys, "--schema", str(folder / "s.json"), *options)

    rounds(test, record_property)


def test_any_file_is_described_or_is_refused(
    spreadsheets: dict[str, bytes], capsys: Any, record_property: Record
) -> None:
    @ROUND
    @given(st.data())
    def test(draws: st.DataObject) -> None:
        path, data = a_table(draws.draw, spreadsheets)
        encoding = draws.draw(st.sampled_from([None, *ENCODINGS]))
        options = [] if encoding is None else ["--encoding", encoding]
        with package(data, {}, path) as folder:
            code, out = ends_well(["describe", str(folder / path), *options], capsys)
            if code == 0:
                (folder / "datapackage.json").write_text(out, encoding="utf-8")
                report = judge(folder, capsys)
                assert report is not None and report["tables"]

    rounds(test, record_property)


PARTS = [
    *(
        "t.csv",
        "..",
        ".",
        "",
        "~",
        "a",
        "*",
        "?",
        "[",
        "]",
        "%2e%2e",
        "%00",
        "\\",
        "C:",
        "\0",
        "\n",
        "é",
        "\ud800",
    ),
    *(
        ".git",
        "nul",
        "x" * 300,
        "http:",
        "https://[",
        "s3:",
        "file:",
        "data:",
        "t.csv.gz",
        "#",
        "\u202e",
        " ",
    ),
]
PATH = st.lists(st.sampled_from(PARTS), max_size=6).map("/".join) | st.text(max_size=6)


def test_any_path_is_followed_or_is_refused(capsys: Any, record_property: Record) -> None:
    @ROUND
    @given(
        st.one_of(PATH, st.lists(PATH, max_size=3), JSON),
        st.sampled_from(["path", "schema", "dialect", "profile"]),
    )
    def test(path: Any, where: str) -> None:
        table = {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA, where: path}
        described = json.dumps({"name": "x", "resources": [table]}).encode()
        with package(described, {"t.csv": PIECES[0]}) as folder:
            judge(folder, capsys)
            ends_well(["export", str(folder), "--to", "json", "--output", str(folder / "o")], capsys)

    rounds(test, record_property)
