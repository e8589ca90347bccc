"""Dialects: every property of the standard that says how cells are written (`table-dialect.mdx`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casetrail.findings.report import Ledger
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
    ledger = Ledger()
    records = [
        (batch.row(index), batch.line(index), *cells.values())
        for batch in opened.resource("t").batches(ledger)
        for index, cells in enumerate(batch.cells.to_pylist())
    ]
    return records, [(found.code, found.row, found.line) for found in ledger.findings]


def test_a_null_sequence_is_one_more_missing_value(tmp_path: Path) -> None:
    fields = [{"name": "id"}, {"name": "name", "missingValues": ["-"]}]
    opened = package(tmp_path, b"id,name\n1,NA\n", {"nullSequence": "NA"}, fields)
    schema = opened.resource("t").schema
    assert schema is not None
    assert [schema.missing(field) for field in schema.fields] == [("", "NA"), ("-", "NA")]
    assert read(opened) == ([(2, 2, "1", "NA")], [])
