"""Text tables: a table as batches of text cells, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class TextBatch:
    """A run of records, every cell as the text that stands in the file.

    `cells` has one string column per field of the schema, in the order and under the names of the schema
    (without a schema, under the names of the header). No cell is null: an empty cell is `""`, and what counts
    as missing is judged by the checks. Only a field that the file need not have and has not (`fieldsMatch`
    superset or partial) is a column of nulls. The first record has the spreadsheet row `first_row`. `rows`
    holds the row of each record, or is `None` where no record was left out, so that rows count up from the
    first. `lines` holds the physical line on which each record starts, or is `None` where line and row are
    the same. `path` names the file where the table has several, each with rows and lines of its own.
    """

    cells: pa.RecordBatch
    first_row: int
    lines: pa.Int64Array | None = None
    rows: pa.Int64Array | None = None
    path: str | None = None

    def row(self, index: int) -> int:
        """The spreadsheet row of the record at `index` of this batch (the header is row 1)."""
        return self.first_row + index if self.rows is None else int(self.rows[index].as_py())

    def with_cells(self, cells: pa.RecordBatch) -> TextBatch:
        """The same records at the same places with other columns."""
        return replace(self, cells=cells)

    def line(self, index: int) -> int:
        """The physical line on which the record at `index` starts."""
        return self.row(index) if self.lines is None else int(self.lines[index].as_py())


class TextTable(Protocol):
    """A resource that can be read, once or again, as text batches."""

    @property
    def name(self) -> str:
        """The name of the resource."""

    @property
    def path(self) -> str:
        """The path of the file, as the descriptor gives it."""

    def batches(self) -> Iterator[TextBatch]:
        """Read from the start; every call reads the file anew."""
