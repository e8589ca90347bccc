"""A table as rows of text by primary key: what versions and workbooks are compared and merged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.csv_writer import text_table

Key = tuple[str, ...]
CellTexts = tuple[str, ...]


@dataclass(frozen=True)
class KeyedTable:
    """The rows of one table as text. `key` names the columns of the primary key, if there is one.

    `version` says in messages which version of the package it is; it may be empty.
    """

    name: str
    columns: CellTexts
    key: CellTexts
    rows: Sequence[CellTexts] = field(repr=False)
    version: str = ""

    def records(self) -> list[dict[str, str]]:
        """The rows as cells by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def by_key(self, key: CellTexts | None = None) -> dict[Key, dict[str, str]]:
        """The rows as cells by column, by their primary key or these columns.

        Raises:
            CasetrailError: Two rows have the same key.
        """
        rows: dict[Key, dict[str, str]] = {}
        for cells in self.records():
            at = tuple(cells[name] for name in (self.key if key is None else key))
            if at in rows:
                where = f" of {self.version}" if self.version else ""
                raise CasetrailError(
                    f"{', '.join(at)} is twice in the table '{self.name}'{where}, so its rows cannot be told "
                    "apart; run `casetrail validate` and give each row an id of its own"
                )
            rows[at] = cells
        return rows

    def under(self, columns: Sequence[str]) -> list[CellTexts]:
        """The rows under other columns: what is not there is empty, what is not asked for is left out."""
        indices = [self.columns.index(name) if name in self.columns else None for name in columns]
        return [tuple("" if index is None else row[index] for index in indices) for row in self.rows]


def keyed_tables(package: Package, version: str = "") -> dict[str, KeyedTable]:
    """Every table of a package, by its name, in the order of the descriptor.

    Raises:
        CasetrailError: A table cannot be read without guessing.
    """
    return {resource.name: keyed_table(resource, version) for resource in package.tables}


def keyed_table(resource: Resource, version: str = "") -> KeyedTable:
    """One table of a package.

    Raises:
        CasetrailError: The table cannot be read without guessing.
    """
    try:
        texts = read_texts(resource, None)
    except CasetrailError as error:
        raise CasetrailError(f"{version}: {error}" if version else str(error)) from None
    key = () if resource.schema is None else resource.schema.primary_key
    rows = list(zip(*(column.to_pylist() for column in texts.columns), strict=True))
    return KeyedTable(resource.name, tuple(texts.column_names), key, rows, version)


def read_texts(resource: Resource, builder: ReportBuilder | None) -> pa.Table:
    """All records as text, the columns in the order of the schema.

    Columns in another order are put right, and CRLF and a BOM are no errors here: each can be read in one way
    only. Everything else that is wrong goes into the builder.

    Raises:
        CasetrailError: There is no builder, and the table cannot be read without guessing.
    """
    schema, names = resource.schema, resource.schema.field_names if resource.schema is not None else ()
    if schema is not None and schema.fields_match == "exact" and len(set(names)) == len(names):
        schema = schema.but(fields_match="equal")
    plain = replace(resource, schema=schema, case_package=False)
    batches = [batch.cells for batch in plain.batches(builder)]
    return pa.Table.from_batches(batches) if batches else text_table(names, ())
