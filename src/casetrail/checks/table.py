"""What a check knows of its table, and how it reports what it finds there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pyarrow as pa

from casetrail.checks.key_index import KeyIndexes
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrays import places

LONGEST_VALUE = 200
"""How many characters of a cell a finding carries."""


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """One record: its row, its line, its primary key, and its file where the table has several."""

    row: int
    line: int
    key: str | None
    path: str | None = None


class RowIndex:
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

    def at(self, position: int) -> RecordPlace:
        """The record at a position of the table, counted from 0 over all batches."""
        number = bisect_right(self._starts, position) - 1
        batch, index = self._batches[number], position - self._starts[number]
        parts = [str(column[index].as_py()) for column in batch.cells.columns] if self._key_columns else []
        key = ", ".join(parts) if any(parts) else None
        return RecordPlace(batch.row(index), batch.line(index), key, batch.path)


@dataclass(frozen=True)
class Table:
    """What a check knows of its table, and how it reports what it finds there.

    `rows` finds the place of a record again after it was read, `keys` are the keys of the table, `tables` all
    tables of the package by name.
    """

    name: str
    path: str
    schema: TableSchema
    builder: ReportBuilder
    rows: RowIndex
    keys: KeyIndexes
    schema_path: str = "datapackage.json"
    tables: Mapping[str, Table] = field(default_factory=dict)

    def part(self) -> Table:
        """The same table with a builder of its own, for checks that run side by side."""
        return replace(self, builder=self.builder.part())

    def position(self, field: str) -> int:
        """The position of the (first) field of this name, from 0."""
        return self._positions[field]

    @cached_property
    def _positions(self) -> dict[str, int]:
        # Of two fields of one name the first counts.
        return {name: index for index, name in reversed(list(enumerate(self.schema.field_names)))}

    def report(
        self,
        code: str,
        message: str,
        *,
        batch: TextBatch,
        index: int,
        column: int | None = None,
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
        related: Place | None = None,
    ) -> None:
        """Add a finding about the record at `index` of the batch; `column` is the position of its cell."""
        self.builder.add(
            Finding(
                code,
                message,
                Place(
                    table=self.name,
                    path=batch.path or self.path,
                    row=batch.row(index),
                    line=batch.line(index),
                    column=None if column is None else column + 1,
                    field=None if column is None else self.schema.fields[column].name,
                    key=self.key(batch, index),
                    value=None if value is None else shorten(value),
                ),
                severity=severity,
                hint=hint,
                related=related,
            )
        )

    def report_all(
        self,
        code: str,
        wrong: pa.BooleanArray,
        describe: Callable[[int], None],
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Describe as many of the records where `wrong` is true as there is room for; count the others."""
        total = int(wrong.true_count)
        room = self.builder.remaining(code)
        if room:
            for index in places(wrong)[:room]:
                describe(index)
        self.builder.count(code, total - room, severity)

    def report_field(self, code: str, message: str, column: int, hint: str | None = None) -> None:
        """Add a finding about the schema of one field."""
        name = self.schema.fields[column].name
        place = Place(table=self.name, path=self.schema_path, field=name)
        self.builder.add(Finding(code, message, place, hint=hint))

    def key(self, batch: TextBatch, index: int) -> str | None:
        """The primary key of the record, its parts joined by a comma; `None` where the table has none."""
        parts = [cell(batch, self.position(name), index) for name in self.schema.primary_key]
        return shorten(", ".join(parts)) if any(parts) else None


def cell(batch: TextBatch, column: int, index: int) -> str:
    """The text of one cell."""
    return str(batch.cells.column(column)[index].as_py())


def shorten(text: str) -> str:
    """The text, cut with an ellipsis where it is too long to show."""
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
