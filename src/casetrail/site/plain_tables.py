"""Plain tables: the rows of a package that is no case, as far as a page can hold them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from casetrail.findings.report import ReportBuilder
from casetrail.site.safe_text import reveal_invisible

if TYPE_CHECKING:
    from casetrail.package.package import Package
    from casetrail.package.resource import Resource

CELLS = 60_000
"""How many cells of all tables together a page shows; each table has its fair part of them."""

LONGEST = 500
"""A longer cell is cut here."""


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table with its first rows; `rows` counts all of them."""

    name: str
    title: str
    path: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: int


def plain_tables(package: Package) -> tuple[PlainTable, ...]:
    """The tables of a package in its order."""
    share = CELLS // max(len(package.tables), 1)
    return tuple(_table(table, share) for table in package.tables)


def _table(resource: Resource, share: int) -> PlainTable:
    columns: tuple[str, ...] = ()
    cells: list[tuple[str, ...]] = []
    rows = 0
    for batch in resource.batches(ReportBuilder(limit=0)):
        columns = tuple(batch.cells.schema.names)
        rows += batch.cells.num_rows
        room = share // max(len(columns), 1) - len(cells)
        if room > 0:
            listed = batch.cells.slice(0, room).to_pylist()
            cells.extend(tuple(_cut(row[name] or "") for name in columns) for row in islice(listed, room))
    if not columns and resource.schema is not None:
        columns = resource.schema.field_names
    title = resource.descriptor.title or (resource.schema.title if resource.schema else None)
    return PlainTable(resource.name, title or resource.name, resource.path, columns, tuple(cells), rows)


def _cut(text: str) -> str:
    return reveal_invisible(text if len(text) <= LONGEST else text[:LONGEST] + "…")
