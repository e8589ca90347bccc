"""Records are found again in the files of a package by the line on which they start."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import pytest

from casetrail.findings.excerpt import span_of
from casetrail.findings.report import ReportBuilder
from casetrail.package.excerpt_lookup import MAX_RECORD, Excerpts
from casetrail.package.package import open_package


def package_at(folder: Path, data: bytes, **resource: object) -> Path:
    described = {"name": "table", "path": "table.csv", "schema": {"fields": [{"name": "a"}, {"name": "b"}]}}
    descriptor = {"name": "example", "resources": [described | resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "table.csv").write_bytes(data)
    return folder


def texts(folder: Path, *lines: int) -> list[str | None]:
    look_up = Excerpts(open_package(folder))
    return [found.text if (found := look_up("table.csv", line)) else None for line in lines]


def test_a_record_is_found_by_its_first_line_and_comes_whole(tmp_path: Path) -> None:
    folder = package_at(tmp_path, 'a,b\n1,"x\ny, ""z"""\n2,键\n'.encode())
    assert texts(folder, 1, 2, 4) == ["a,b", '1,"x\ny, ""z"""', "2,键"]
    assert Excerpts(open_package(folder))("table.csv", 2).spans == ((0, 1), (2, 14))  # type: ignore[union-attr]


@pytest.mark.parametrize("line", [-1, 0, 5, 6, 10**9])
def test_a_line_that_is_not_there_is_none(tmp_path: Path, line: int) -> None:
    assert texts(package_at(tmp_path, b"a,b\n1,2\n3,4\n5,6\n"), line) == [None]


def test_the_last_line_needs_no_line_end(tmp_path: Path) -> None:
    assert texts(package_at(tmp_path, b"a,b\r\n1,2"), 1, 2) == ["a,b", "1,2"]


def test_an_unclosed_quote_shows_its_own_line(tmp_path: Path) -> None:
    assert texts(package_at(tmp_path, b'a,b\n1,"x\n2,y\n'), 2) == ['1,"x']


def test_any_order_of_lines_in_a_large_file(tmp_path: Path) -> None:
    rows = ["a,b"] + [f"{number},{'x' * (number % 97)}" for number in range(60_000)]
    data = ("\n".join(rows) + "\n").encode()
    assert len(data) > 3 * 1024 * 1024
    lines = random.Random(1).sample(range(1, len(rows) + 1), 500)
    assert texts(package_at(tmp_path, data), *lines) == [rows[line - 1] for line in lines]


def test_lines_at_the_border_of_a_block(tmp_path: Path) -> None:
    for length in (2**20 - 1, 2**20, 2**20 + 1):
        first = b"x" * (length - 1) + b"\n"
        assert texts(package_at(tmp_path, first + b"1,2\n3,4\n"), 3, 2) == ["3,4", "1,2"]


def test_of_an_endless_record_only_the_start_is_read(tmp_path: Path) -> None:
    folder = package_at(tmp_path, b"a,b\n" + b"x" * 5_000_000 + b",2\n")
    found = Excerpts(open_package(folder))("table.csv", 2)
    assert found is not None and len(found.text) == MAX_RECORD and not found.whole
    assert found.cell(1) == (0, MAX_RECORD)
    assert found.cell(2) is None, "where the second cell stands is not known"


def test_bytes_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    assert texts(package_at(tmp_path, b"a,b\n\xff\xfe,2\n"), 2) == ["��,2"]


def test_dialect_and_encoding_are_minded(tmp_path: Path) -> None:
    folder = package_at(
        tmp_path,
        "a;b\n1; 'x;é'\n".encode("latin-1"),
        encoding="latin-1",
        dialect={"delimiter": ";", "quoteChar": "'", "skipInitialSpace": True},
    )
    found = Excerpts(open_package(folder))("table.csv", 2)
    assert found is not None and found.text == "1; 'x;é'" and found.spans == ((0, 1), (3, 8))


@pytest.mark.parametrize(
    "resource",
    [{"encoding": "utf-16"}, {"encoding": "no-such-encoding"}, {"dialect": {"lineTerminator": "|"}}],
)
def test_what_cannot_be_split_surely_is_not_shown(tmp_path: Path, resource: dict[str, object]) -> None:
    assert texts(package_at(tmp_path, b"a,b\n1,2\n", **resource), 2) == [None]


def test_an_excerpt_is_split_as_the_table_is_read(tmp_path: Path) -> None:
    folder = package_at(
        tmp_path, b'a,b\n"1\n,\\",2",x,3\n1,2\n', dialect={"escapeChar": "\\", "quoteChar": '"'}
    )
    found = Excerpts(open_package(folder))("table.csv", 2)
    assert found is not None and found.text == '"1\n,\\",2",x,3'
    assert [found.text[start:end] for start, end in found.spans] == ['"1\n,\\",2"', "x", "3"]


def test_an_unclosed_quote_after_others_shows_the_record_from_its_start(tmp_path: Path) -> None:
    assert texts(package_at(tmp_path, b'a,b\n"1\n2","x\n2,y\n'), 2) == ['"1\n2","x']


def test_a_line_of_json_is_shown_without_cells(tmp_path: Path) -> None:
    folder = package_at(tmp_path, b'[{"a": 1, "b": [1, 2]},\n{"a": 2}]', format="json")
    found = Excerpts(open_package(folder))("table.csv", 1)
    assert found is not None and found.text == '[{"a": 1, "b": [1, 2]},'
    assert found.cell(2) is None


@pytest.mark.parametrize("path", ["other.csv", "datapackage.json", "../table.csv", "/etc/hostname"])
def test_only_tables_of_the_package_are_read(tmp_path: Path, path: str) -> None:
    folder = package_at(tmp_path, b"a,b\n1,2\n")
    (folder / "other.csv").write_bytes(b"a\n")
    assert Excerpts(open_package(folder))(path, 1) is None


def test_a_path_that_leaves_the_package_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_bytes(b"secret\n")
    inside = tmp_path / "package"
    inside.mkdir()
    folder = package_at(inside, b"a,b\n", path="../outside.csv")
    assert Excerpts(open_package(folder))("../outside.csv", 1) is None


def test_a_zip_is_read_where_it_is(tmp_path: Path) -> None:
    folder = package_at(tmp_path, b"a,b\n1,2\n3,4\n")
    packed = tmp_path / "example.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("datapackage.json", "table.csv"):
            archive.write(folder / name, name)
    look_up = Excerpts(open_package(packed))
    assert [look_up("table.csv", line).text for line in (3, 2)] == ["3,4", "1,2"]  # type: ignore[union-attr]


def test_what_is_wrong_in_a_record_of_several_lines_is_marked_in_it(tmp_path: Path) -> None:
    fields = [{"name": name} for name in "abc"]
    folder = package_at(tmp_path, b'a,b,c\n1,"x\ny",z"q\n', schema={"fields": fields})
    package, builder = open_package(folder), ReportBuilder()
    list(package.resource("table").batches(builder))
    (finding,) = [found for found in builder.findings if found.code == "quote-in-cell"]
    excerpt = Excerpts(package)("table.csv", finding.line or 0)
    assert excerpt is not None and excerpt.text == '1,"x\ny",z"q'
    start, end = excerpt.cell(finding.column) or (0, 0)
    assert excerpt.text[start:end] == finding.value == 'z"q'
    span = span_of(finding, Excerpts(package))
    assert span is not None and (span.line, span.column, span.end_column) == (3, 4, 7)
