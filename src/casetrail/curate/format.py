"""Canonical form: one way of writing a table, so that a difference between two files is one of content.

Columns in the order of the schema, rows by primary key, quotation marks only where needed, LF, a final line
feed, UTF-8 without BOM, Normalization Form C. A table that cannot be read without guessing is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa

from casetrail.curate.keyed_table import read_texts
from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.dialect import CsvForm
from casetrail.tables.csv_writer import canonical_csv
from casetrail.tables.file_blocks import compression_of

CODES = {
    "format-not-possible": (
        "A table cannot be put into canonical form without a guess or a loss. "
        "Save it by hand as comma-separated text in UTF-8 with one header row, then run `casetrail "
        "format` again."
    ),
}


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
            old, new = _bytes_of(resource), format_table(resource, builder)
            if new == old:
                unchanged.append(resource.path)
            elif new is not None:
                changed[resource.path] = new
    outcome = Formatted(tuple(changed), tuple(unchanged), tuple(left), builder.findings)
    if root is not None and not outcome.refused:
        write_files(root, changed, package.files)
    return outcome


def is_csv(resource: Resource) -> bool:
    """Whether the data of the table are in files of delimited text."""
    if resource.descriptor.has_data or not resource.paths:
        return False
    ending = PurePosixPath(resource.path).suffix.lower().lstrip(".")
    return (resource.descriptor.format or ending or "csv").lower() in ("csv", "tsv", "tab", "txt")


def format_table(resource: Resource, builder: ReportBuilder) -> bytes | None:
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
    table = read_texts(resource, builder)
    return None if builder.severities[Severity.ERROR] > errors else canonical_bytes(resource, table)


def canonical_bytes(resource: Resource, table: pa.Table) -> bytes:
    """The file of the resource in canonical form, if these were its records."""
    return b"".join(canonical_csv(table, resource.schema, CsvForm.of(resource.dialect)))


def _obstacle(resource: Resource) -> str | None:
    """Why the table is not one whose text this project writes."""
    dialect = resource.dialect
    if len(resource.paths) > 1:
        return "its rows are in several files"
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
        return "its dialect has a sequence that means no value"
    schema = resource.schema
    if schema is not None and schema.fields_match not in ("exact", "equal"):
        return f"its columns may differ from the schema (fieldsMatch is {schema.fields_match})"
    return None


def _bytes_of(resource: Resource) -> bytes:
    with resource.open() as file:
        return b"".join(iter(lambda: file.read(1 << 20), b""))
