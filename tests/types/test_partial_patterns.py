"""Typed columns never hold a day or a time that was not written, nor lose one that was."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

import casetrail


@pytest.mark.parametrize(
    ("kind", "pattern", "text", "column"),
    [
        ("date", "%Y-%m", "2024-03", pa.string()),
        ("date", "%Y-%m-%d %H:%M", "2024-03-01 15:00", pa.string()),
        ("date", "%d.%m.%Y", "01.03.2024", pa.date32()),
        ("datetime", "%Y", "2024", pa.string()),
        ("time", "%Y-%m-%d %H:%M", "2024-03-01 15:00", pa.string()),
        ("time", "%H:%M", "15:00", pa.time64("us")),
    ],
)
def test_what_a_pattern_leaves_out_is_not_invented(
    tmp_path: Path, kind: str, pattern: str, text: str, column: pa.DataType
) -> None:
    (tmp_path / "t.csv").write_text(f"v\n{text}\n")
    schema = {"fields": [{"name": "v", "type": kind, "format": pattern}]}
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    table = casetrail.open(tmp_path)["t"]
    assert table.schema.field("v").type == column
    assert column != pa.string() or table["v"].to_pylist() == [text]
