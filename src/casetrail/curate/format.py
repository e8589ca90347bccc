"""Canonical form: one way of writing a table, so that a difference between two files is one of content.

Columns in the order of the schema, rows by primary key, quotation marks only where needed, LF, a final line
feed, UTF-8 without BOM, Normalization Form C. A table that cannot be read without guessing is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.dialect import CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.csv_writer import composed, csv_bytes
from casetrail.tables.sources import compression_of

CODES = {
    "format-not-possible": "A table is written in a way that cannot be put into canonical form.",
}

_WHOLE = re.compile(r"-?[0-9]{1,4000}")
SortKey = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Formatted:
    """What formatting a package came to.

    `changed` are the paths of the tables that were not in canonical form, `unchanged` those that were, `left`
    those that are no CSV files. Where `findings` holds an error, nothing was written.
    """

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    left: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether a table could not be read without guessing."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def format_package(package: Package, *, write: bool = True) -> Formatted:
    """Put every CSV table of the package into canonical form; with `write` false, only say which are not."""
    root = folder_of(package.files, "format") if write else None
    builder = ReportBuilder()
    for finding in package.findings:
        builder.add(finding)
    changed: dict[str, bytes] = {}
    unchanged: list[str] = []
    left: list[str] = []
    for resource in package.tables:
        if not is_csv(resource):
            left.append(resource.path)
        elif resource.obstacle is None:
            old, new = _bytes_of(resource), canonical_csv(resource, builder)
            if new == old:
                unchanged.append(resource.path)
            elif new is not None:
                changed[resource.path] = new
    outcome = Formatted(tuple(changed), tuple(unchanged), tuple(left), builder.findings)
    if root is not None and not outcome.refused:
        write_files(root, changed)
    return outcome


def is_csv(resource: Resource) -> bool:
    """Whether the data of the table stand in files of delimited text."""
    if resource.descriptor.has_data or not resource.paths:
        return False
    ending = PurePosixPath(resource.path).suffix.lower().lstrip(".")
    return (resource.descriptor.format or ending or "csv").lower() in ("csv", "tsv", "tab", "txt")


def canonical_csv(resource: Resource, builder: ReportBuilder) -> bytes | None:
    """The table in canonical form; `None`, and an error in the builder, where that would take a guess."""
    reason = _obstacle(resource)
    if reason is not None:
        builder.add(
            Finding(
                "format-not-possible",
                f"this table cannot be put into canonical form: {reason}",
                Place(table=resource.name, path=resource.path),
                hint="write it as plain comma-separated text in UTF-8 by hand",
            )
        )
        return None
    errors = builder.severities[Severity.ERROR]
    names, rows = read_rows(resource, builder)
    if builder.severities[Severity.ERROR] > errors:
        return None
    composed_rows = [tuple(map(composed, row)) for row in rows]
    if resource.schema is not None and resource.schema.primary_key:
        composed_rows.sort(key=row_order(resource.schema, names))
    return csv_bytes(names, composed_rows, CsvForm.of(resource.dialect))


def read_rows(
    resource: Resource, builder: ReportBuilder | None
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The names of the columns, in the order of the schema, and all records as text.

    Columns that stand in another order are put right, and CRLF and a BOM are no errors here: each can be read
    in one way only. Everything else that is wrong goes into the builder.
    """
    schema = resource.schema
    if schema is not None and _by_name(schema):
        schema = schema.model_copy(update={"fields_match": "equal"})
    plain = replace(resource, schema=schema, case_package=False)
    names: tuple[str, ...] = () if resource.schema is None else resource.schema.field_names
    rows: list[tuple[str, ...]] = []
    for batch in plain.batches(builder):
        names = tuple(batch.cells.schema.names)
        rows += zip(*(column.to_pylist() for column in batch.cells.columns), strict=True)
    return names, rows


def row_order(schema: TableSchema, names: Sequence[str]) -> Callable[[Sequence[str]], SortKey]:
    """The order of rows: by the primary key, whole numbers by size, all else by code point."""
    parts = [(names.index(name), _is_integer(schema, name)) for name in schema.primary_key]

    def key(row: Sequence[str]) -> SortKey:
        return tuple(_sort_key(row[index], number) for index, number in parts)

    return key


def _by_name(schema: TableSchema) -> bool:
    return schema.fields_match == "exact" and len(set(schema.field_names)) == len(schema.field_names)


def _is_integer(schema: TableSchema, name: str) -> bool:
    field = schema.field(name)
    return field is not None and field.type == "integer"


def _sort_key(text: str, number: bool) -> tuple[int, int, str]:
    if number and _WHOLE.fullmatch(text):
        return (0, int(text), text)
    return (1, 0, text)


def _obstacle(resource: Resource) -> str | None:
    """Why the table is not one whose text this project writes."""
    dialect = resource.dialect
    if len(resource.paths) > 1:
        return "its rows stand in several files"
    if resource.encoding not in ("utf-8", "utf8", "utf-8-sig"):
        return f"its encoding is {resource.encoding}"
    if not dialect.double_quote or dialect.escape_char is not None or dialect.skip_initial_space:
        return "its dialect escapes or skips in a way of its own"
    if dialect.comment_char is not None or dialect.comment_rows:
        return "its dialect has comments, which would be lost"
    if not CsvForm.of(dialect).plain:
        return "its dialect has a delimiter, quotation mark or line end of its own"
    if compression_of(resource, resource.path) is not None:
        return "its file is packed"
    if not dialect.header or dialect.header_rows != (1,):
        return "its dialect has no header, or one of several rows"
    if dialect.null_sequence is not None:
        return "its dialect has a sequence that stands for nothing"
    schema = resource.schema
    if schema is not None and schema.fields_match not in ("exact", "equal"):
        return f"its columns may differ from the schema (fieldsMatch is {schema.fields_match})"
    return None


def _bytes_of(resource: Resource) -> bytes:
    with resource.open() as file:
        return b"".join(iter(lambda: file.read(1 << 20), b""))
