"""Places: where the records of a table stand in its file, for what is found only after they were read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import pyarrow as pa

from casetrail.tables.batch import TextBatch


@dataclass(frozen=True, slots=True)
class Place:
    """One record: its row, its line, its primary key, and its file where the table has several."""

    row: int
    line: int
    key: str | None
    path: str | None = None


class Places:
    """The batches of one table so far, of which only the columns of the primary key are kept."""

    def __init__(self, key_columns: tuple[int, ...]) -> None:
        self._key_columns = key_columns
        self._starts: list[int] = []
        self._batches: list[TextBatch] = []
        self.count = 0

    def add(self, batch: TextBatch) -> None:
        """Remember the places of a batch."""
        columns = [batch.cells.column(index) for index in self._key_columns]
        names = [str(index) for index in self._key_columns]
        kept = pa.RecordBatch.from_arrays(columns, names=names)
        self._starts.append(self.count)
        self._batches.append(batch.with_cells(kept))
        self.count += batch.cells.num_rows

    def at(self, position: int) -> Place:
        """The record at a position of the table, counted from 0 over all batches."""
        number = bisect_right(self._starts, position) - 1
        batch, index = self._batches[number], position - self._starts[number]
        parts = [str(column[index].as_py()) for column in batch.cells.columns] if self._key_columns else []
        key = ", ".join(parts) if any(parts) else None
        return Place(batch.row(index), batch.line(index), key, batch.path)
