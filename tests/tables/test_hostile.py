"""Packages that mean harm: whatever is in them, the answer comes within bounded time and memory."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import open_package

SECONDS = 20


def findings(folder: Path, descriptor: Any, files: dict[str, bytes]) -> set[str]:
    """Open the package, read every table, and see that each finding can be shown."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    text = descriptor if isinstance(descriptor, str) else json.dumps(descriptor)
    (folder / "datapackage.json").write_text(text)
    started = time.monotonic()
    package = open_package(folder)
    builder = ReportBuilder()
    for finding in package.findings:
        builder.add(finding)
    for table in package.tables:
        for batch in table.batches(builder):
            assert batch.cells.num_rows
    assert time.monotonic() - started < SECONDS
    for finding in builder.findings:
        assert len(finding.message) <= 1000
        assert len(finding.value or "") <= 200
    return set(builder.counts)


def table(schema: Any = None, **properties: Any) -> dict[str, Any]:
    return {"resources": [{"name": "t", "path": "t.csv", "schema": schema, **properties}]}


def many(number: int, prefix: str = "field") -> list[dict[str, Any]]:
    return [{"name": f"{prefix}{index}"} for index in range(number)]


def test_twenty_thousand_misnamed_columns(tmp_path: Path) -> None:
    header = ",".join(f"feild{index}" for index in range(20_000)).encode() + b"\n"
    assert "header-mismatch" in findings(tmp_path, table({"fields": many(20_000)}), {"t.csv": header})


def test_twenty_thousand_unknown_fields_in_keys(tmp_path: Path) -> None:
    names = [f"feild{index}" for index in range(20_000)]
    keys = [{"fields": [name], "reference": {"fields": [name]}} for name in names]
    schema = {"fields": many(20_000), "primaryKey": names, "uniqueKeys": [names], "foreignKeys": keys}
    assert "schema-reference-unknown" in findings(tmp_path, table(schema), {"t.csv": b"a\n"})


def test_a_descriptor_of_many_unknown_properties(tmp_path: Path) -> None:
    own = {f"primaryke{index}": index for index in range(200_000)}
    assert findings(tmp_path, {**table({"fields": many(1)}), **own}, {"t.csv": b"field0\n1\n"}) <= {
        "descriptor-near-miss"
    }


def test_an_object_with_one_name_a_hundred_thousand_times(tmp_path: Path) -> None:
    inner = ",".join('"a": 1' for _ in range(100_000))
    assert "descriptor-duplicate-name" in findings(tmp_path, '{"resources": [], "x": {' + inner + "}}", {})


def test_a_million_broken_properties(tmp_path: Path) -> None:
    fields = [
        {"name": f"f{index}", "title": index, "constraints": {"required": 1}} for index in range(20_000)
    ]
    assert "schema-property" in findings(tmp_path, table({"fields": fields}), {"t.csv": b"f0\n"})


def test_a_header_of_sixteen_megabytes(tmp_path: Path) -> None:
    data = b"x" * (16 << 20) + b"\n1\n"
    assert "header-mismatch" in findings(tmp_path, table({"fields": many(1)}), {"t.csv": data})


@pytest.mark.parametrize(
    "line",
    [b'"\n', b'"x"y,1\n', b"\n", b",,,,,\n", b"\xff,1\n", b"\0\n", b'a"b,1\n', b"a\rb,1\n"],
)
def test_many_thousand_broken_records(tmp_path: Path, line: bytes) -> None:
    schema = {"fields": many(2)}
    assert findings(tmp_path, table(schema), {"t.csv": b"field0,field1\n" + line * 50_000})


def test_a_gz_that_swells(tmp_path: Path) -> None:
    packed = gzip.compress(b"field0\n" + b"0" * 300_000_000, compresslevel=1)
    codes = findings(tmp_path, table({"fields": many(1)}, path="t.csv.gz"), {"t.csv.gz": packed})
    assert codes == {"cell-too-long"}


def test_a_descriptor_above_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "datapackage.json").open("wb") as file:
        file.truncate(100 << 20)
    with pytest.raises(CasetrailError, match="64 MiB"):
        open_package(tmp_path)
