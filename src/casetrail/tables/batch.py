"""Text tables: a table as batches of text cells, each with its place in the file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.place import Place
from casetrail.types.arrow_arrays import whole_numbers


@dataclass(frozen=True)
class TextBatch:
    """Records that follow one another in one file, every cell as the text that is in the file.

    `cells` has one string column per field of the schema, in the order and under the names of the schema
    (without a schema, under the names of the header). No cell is null: an empty cell is `""`, and what counts
    as missing is judged by the checks. Only a field that the file need not have and has not (`fieldsMatch`
    superset or partial), or a property that a JSON record has not, is null. `path` names the file.

    The first record has the spreadsheet row `first_row`. The rest says where the others are, and is `None`
    where there is nothing to say: `rows` holds the row of each record, unless they count up from the first;
    `lines` the physical line on which each record starts, unless row and line are the same; `columns` the
    column of the file (from 1, or `None` where the file has none) of each column of `cells`, unless all are
    in the order of the file. A file without lines has a `part` in their place: `row group 2` of a Parquet
    file, or `Sheet1!`, to which the name of the cell is added.
    """

    cells: pa.RecordBatch
    path: str
    first_row: int
    lines: pa.Int64Array | None = None
    rows: pa.Int64Array | None = None
    columns: tuple[int | None, ...] | None = None
    part: str | None = None

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where in `cells` each name is; of two columns of one name the first."""
        return {name: index for index, name in reversed(list(enumerate(self.cells.schema.names)))}

    def row(self, index: int) -> int:
        """The spreadsheet row of the record at `index` of this batch (the header is row 1)."""
        return self.first_row + index if self.rows is None else int(self.rows[index].as_py())

    def line(self, index: int) -> int:
        """The physical line on which the record at `index` starts."""
        return self.row(index) if self.lines is None else int(self.lines[index].as_py())

    def column(self, column: int) -> int | None:
        """The column of the file, from 1, that a column of `cells` is; `None` where the file has none."""
        return column + 1 if self.columns is None else self.columns[column]

    def text(self, index: int, column: int) -> str | None:
        """The text of one cell; `None` where the file, or the record, has no such cell."""
        text: str | None = self.cells.column(column)[index].as_py()
        return text

    def texts(self, indices: Sequence[int], column: int) -> list[str | None]:
        """The texts of some cells of a column; `None` where the file, or the record, has no such cell."""
        texts: list[str | None] = self.cells.column(column).take(whole_numbers(indices)).to_pylist()
        return texts

    def place(
        self, index: int, column: int | None = None, *, table: str | None = None, key: Sequence[int] = ()
    ) -> Place:
        """Where the record at `index` is, or its cell in a column of `cells`."""
        return self.places([index], column, table=table, key=key)[0]

    def places(
        self,
        indices: Sequence[int],
        column: int | None = None,
        *,
        table: str | None = None,
        key: Sequence[int] = (),
    ) -> list[Place]:
        """Where some records are, or their cells in a column of `cells`.

        `key` are the columns of the primary key, whose texts, joined by a comma, name the record.
        """
        at = whole_numbers(indices)
        rows = (
            [self.first_row + index for index in indices]
            if self.rows is None
            else self.rows.take(at).to_pylist()
        )
        lines = rows if self.lines is None else self.lines.take(at).to_pylist()
        keys = zip(*(self.texts(indices, part) for part in key), strict=True) if key else [()] * len(rows)
        values = [None] * len(rows) if column is None else self.texts(indices, column)
        number = None if column is None else self.column(column)
        field = None if column is None else self.cells.schema.field(column).name
        return [
            Place(
                self.path,
                row,
                line if self.part is None else None,
                number,
                field,
                ", ".join(part or "" for part in parts) if any(parts) else None,
                value,
                table,
                self._part(row, number),
            )
            for row, line, parts, value in zip(rows, lines, keys, values, strict=True)
        ]

    def _part(self, row: int, column: int | None) -> str | None:
        if self.part is None or self.part[-1] != "!":
            return self.part
        return self.part[:-1] if column is None else self.part + cell_name(row, column)

    def shifted(self, rows: int, lines: int) -> TextBatch:
        """The same records so many rows and lines further down: a block does not know what is before it."""
        if not rows and not lines:
            return self
        if self.lines is not None:
            moved = pc.add(self.lines, whole_numbers([lines])[0])
        elif rows == lines:
            moved = None
        else:
            numbers = range(self.first_row, self.first_row + self.cells.num_rows)
            own = whole_numbers(numbers) if self.rows is None else self.rows
            moved = pc.add(own, whole_numbers([lines])[0])
        numbered = self.rows if self.rows is None else pc.add(self.rows, whole_numbers([rows])[0])
        return replace(self, first_row=self.first_row + rows, lines=moved, rows=numbered)

    def take(self, indices: Sequence[int]) -> TextBatch:
        """Some of the records, in the order of their indices."""
        return replace(
            self,
            cells=self.cells.take(whole_numbers(indices)),
            rows=whole_numbers([self.row(index) for index in indices]),
            lines=None if self.lines is None else whole_numbers([self.line(index) for index in indices]),
        )

    def select(self, columns: Sequence[int]) -> TextBatch:
        """The same records with some of their columns only."""
        return replace(
            self,
            cells=self.cells.select(list(columns)),
            columns=tuple(self.column(column) for column in columns),
        )


def cell_name(row: int, column: int) -> str:
    """The name of a cell of a spreadsheet, `C7`; both count from 1."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def text_column(cells: Sequence[bytes | None]) -> pa.StringArray:
    """Cells in UTF-8 as a column, built from buffers: `pyarrow.array` would import pandas first."""
    texts: Sequence[bytes] = [cell or b"" for cell in cells] if None in cells else cells  # type: ignore[assignment]
    offsets = array("i", accumulate(map(len, texts), initial=0))
    valid = None
    if texts is not cells:
        bits = bytearray((len(cells) + 7) // 8)
        for index, cell in enumerate(cells):
            bits[index >> 3] |= (cell is not None) << (index & 7)
        valid = pa.py_buffer(bits)
    return pa.StringArray.from_buffers(
        len(cells), pa.py_buffer(offsets), pa.py_buffer(b"".join(texts)), valid
    )


def record_lines(first: int, records: int, breaks: Sequence[tuple[int, int]]) -> array[int]:
    """The line on which each record starts, given the line breaks within records: (index, number)."""
    lines = array("q")
    offset, done = first, 0
    for record, number in breaks:
        lines.extend(range(offset + done, offset + record + 1))
        done = record + 1
        offset += number
    lines.extend(range(offset + done, offset + records))
    return lines


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
