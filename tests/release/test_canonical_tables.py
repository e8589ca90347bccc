"""The canonical CSV of a release: what `casetrail format` writes, for any cells and any order."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casetrail.curate.format import format_table
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import open_package
from casetrail.release.staged import write_canonical_csv

# What a strict reader takes for a cell: no NUL, and a lone carriage return only in quotation marks.
CELL = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6
) | st.sampled_from(["", '"', ",", "\n", "é", "e\u0301", "a,b", '"a"', " x ", "007", "NA", "\ufeffx"])


def write(folder: Path, names: list[str], rows: list[list[str]], key: dict[str, Any], **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([names, *rows])
    fields = [key, *({"name": name, "type": "string"} for name in names[1:])]
    resource = {
        "name": "t",
        "type": "table",
        "path": "t.csv",
        "schema": {"fields": fields, "primaryKey": [names[0]]},
    }
    descriptor = {"name": "p", "resources": [resource], **more}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def both(folder: Path) -> tuple[bytes, bytes]:
    (resource,) = open_package(folder).tables
    builder = ReportBuilder()
    write_canonical_csv(resource, folder / "out.csv", builder)
    expected = format_table(resource, builder)
    assert expected is not None and {finding.code for finding in builder.findings} <= {"no-records"}
    return (folder / "out.csv").read_bytes(), expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=8, unique_by=lambda row: row[0]))
def test_any_cells_as_format_has_them(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = write(
            Path(name),
            ["k", "v"],
            [list(row) for row in rows],
            {"name": "k", "type": "string"},
            caseProfile="1.0",
        )
        ours, expected = both(folder)
        assert ours == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(10**20), 10**20) | st.integers(-30, 30), max_size=8, unique=True))
def test_whole_numbers_by_their_size(numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        rows = [[str(number), "x"] for number in numbers]
        ours, expected = both(write(Path(name), ["k", "v"], rows, {"name": "k", "type": "integer"}))
        assert ours == expected
        read = [int(row[0]) for row in csv.reader(ours.decode().splitlines()[1:])]
        assert read == sorted(numbers)


@pytest.mark.parametrize("cells", [["b", "", "a"], ["\ufeffb"], []])
def test_one_column(tmp_path: Path, cells: list[str]) -> None:
    ours, expected = both(
        write(tmp_path / "p", ["k"], [[cell] for cell in cells], {"name": "k", "type": "string"})
    )
    assert ours == expected


def test_more_rows_than_are_written_at_once(tmp_path: Path) -> None:
    rows = [[f"k{number:06}", f"v,{number}"] for number in reversed(range(70_000))]
    ours, expected = both(write(tmp_path / "p", ["k", "v"], rows, {"name": "k", "type": "string"}))
    assert ours == expected
    assert ours.count(b"\n") == 70_001


def test_only_a_case_has_its_texts_composed(tmp_path: Path) -> None:
    rows = [["a", "e\u0301"]]
    key = {"name": "k", "type": "string"}
    (plain,) = open_package(write(tmp_path / "p", ["k", "v"], rows, key)).tables
    (case,) = open_package(write(tmp_path / "c", ["k", "v"], rows, key, caseProfile="1.0")).tables
    for resource, expected in ((plain, "e\u0301"), (case, "é")):
        write_canonical_csv(resource, tmp_path / "out.csv", ReportBuilder())
        assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1] == f"a,{expected}"
