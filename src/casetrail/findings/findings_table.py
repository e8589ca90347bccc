"""The findings of a report as an Arrow table, for those who sort, filter and count them."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.visible import encodable

_COLUMNS = {
    "code": (pa.string(), "what kind of finding it is"),
    "severity": (pa.string(), "error, warning or note; only an error makes a package invalid"),
    "table": (pa.string(), "name of the table; null where the finding is about no table"),
    "path": (pa.string(), "path of the file in the package"),
    "row": (pa.int64(), "row as a spreadsheet counts: the header is 1, the first record 2"),
    "line": (pa.int64(), "physical line of the file on which the record starts, from 1"),
    "part": (pa.string(), "part of a file without lines: row group 2 of a Parquet file"),
    "column": (pa.int64(), "position of the cell in the file, from 1"),
    "field": (pa.string(), "name of the field"),
    "key": (pa.string(), "primary key of the row, its parts joined by a comma"),
    "value": (pa.string(), "text of the cell, at most 200 characters; null where it must not be spread"),
    "message": (pa.string(), "what is wrong, in one sentence"),
    "hint": (pa.string(), "what to do; null where that is not known"),
    "related_table": (pa.string(), "table of the other place that the finding is about"),
    "related_path": (pa.string(), "path of the other place"),
    "related_row": (pa.int64(), "row of the other place"),
    "related_line": (pa.int64(), "line of the other place"),
    "related_field": (pa.string(), "field of the other place"),
    "related_key": (pa.string(), "primary key of the row at the other place"),
    "related_value": (pa.string(), "text of the cell at the other place"),
}

SCHEMA = pa.schema(
    [pa.field(name, kind, metadata={"description": text}) for name, (kind, text) in _COLUMNS.items()]
)
"""The columns of the table, each with a description in its metadata."""


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """One row for each finding, in their order."""
    return pa.Table.from_pylist([_row(finding) for finding in findings], schema=SCHEMA)


def _row(finding: Finding) -> dict[str, object]:
    row: dict[str, object] = {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "part": finding.place.part,
    }
    for prefix, place in (("", finding.place), ("related_", finding.related or Place())):
        for name in ("table", "path", "row", "line", "column", "field", "key", "value"):
            row[prefix + name] = getattr(place, name)
    return {name: encodable(value) if isinstance(value, str) else value for name, value in row.items()}
