"""What a check knows of its table, and how it reports what it finds there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.key_index import TableKeys
from casetrail.checks.missing import lacks_column
from casetrail.checks.unchecked import Reading, Unchecked
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import true_indices

Sensitive = Callable[[str, Callable[[str], str | None]], bool]
"""Says of the cell in a field whether it must not be spread.

It may ask for other cells of the record; `None` is one that is not there, or not at hand.
"""


class WrongCells(NamedTuple):
    """Cells of a column that are wrong in one way: where the mask is true. `report` says it of one record."""

    code: str
    column: int
    mask: pa.BooleanArray
    report: Callable[[int], None]
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class Table:
    """What a check knows of its table, and how it reports what it finds there.

    `keys` are the keys of its records, `tables` all tables of the package by name. `reading` says how far it
    was read, `unchecked` takes what is not checked because of what is wrong with a table. `sensitive` are the
    functions of the checks that know a cell which must not be shown.
    """

    name: str
    path: str
    schema: TableSchema
    builder: ReportBuilder
    keys: TableKeys
    schema_path: str = "datapackage.json"
    tables: Mapping[str, Table] = field(default_factory=dict)
    sensitive: list[Sensitive] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    unchecked: Unchecked = field(default_factory=Unchecked)

    def part(self) -> Table:
        """The same table with a builder of its own, for one of the checks."""
        return replace(self, builder=self.builder.part())

    def of_block(self, builder: ReportBuilder) -> Table:
        """The same table for a check that looks at a block and reports to a builder of its own."""
        return replace(self, builder=builder, reading=Reading())

    def position(self, field: str) -> int:
        """The position of the (first) field of this name, from 0."""
        return self._positions[field]

    @cached_property
    def _positions(self) -> dict[str, int]:
        # Of two fields of one name the first counts.
        return {name: index for index, name in reversed(list(enumerate(self.schema.field_names)))}

    def lacks(self, batch: TextBatch, column: int) -> bool:
        """Whether the file lacks the column of a field that it must have, as its header's finding says."""
        return lacks_column(batch, self.schema, column)

    def place(self, batch: TextBatch, index: int, column: int | None = None) -> Place:
        """Where the record at `index` of a batch is, or its cell in a column of the batch.

        The batch may have some of the columns of the table only.
        """
        positions = batch.positions
        key = [positions[name] for name in self.schema.primary_key if name in positions]
        place = batch.place(index, column, table=self.name, key=key)
        hidden = place.field is not None and self.is_sensitive(batch, index, place.field)
        return replace(place, sensitive=True) if hidden else place

    def is_sensitive(self, batch: TextBatch, index: int, field: str) -> bool:
        """Whether the cell of the record holds what must not be spread."""
        positions = batch.positions if self.sensitive else {}

        def cell(name: str) -> str | None:
            return batch.text(index, positions[name]) if name in positions else None

        return any(knows(field, cell) for knows in self.sensitive)

    def report(
        self,
        code: str,
        message: str,
        place: Place,
        *,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
        related: Place | None = None,
    ) -> None:
        """Add a finding at a place of the table."""
        self.builder.add(Finding(code, message, place, severity=severity, hint=hint, related=related))

    def report_cells(self, batch: TextBatch, wrong: Iterable[WrongCells]) -> None:
        """Describe the first cells of each code, record by record, as there is room; count the others."""
        by_code: dict[tuple[str, Severity], list[WrongCells]] = {}
        for cells in wrong:
            by_code.setdefault((cells.code, cells.severity), []).append(cells)
        for (code, severity), columns in by_code.items():
            columns.sort(key=lambda cells: batch.column(cells.column) or 0)
            total = sum(int(cells.mask.true_count) for cells in columns)
            room = min(self.builder.remaining(code), total)
            if room:
                stop = 1 + _record_of(room, [cells.mask for cells in columns])
                places = sorted(
                    (index, column)
                    for column, cells in enumerate(columns)
                    for index in true_indices(cells.mask[:stop])
                )
                for index, column in places[:room]:
                    columns[column].report(index)
            self.builder.count(code, total - room, severity)

    def report_field(
        self,
        code: str,
        message: str,
        column: int,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a finding about the schema of one field."""
        name = self.schema.fields[column].name
        place = Place(table=self.name, path=self.schema_path, field=name)
        self.builder.add(Finding(code, message, place, severity=severity, hint=hint))


def _record_of(number: int, masks: Sequence[pa.BooleanArray]) -> int:
    """The record in which, counted record by record, the masks are true for the so-manieth time."""
    if len(masks) == 1:
        return int(pc.indices_nonzero(masks[0])[number - 1].as_py())
    return bisect_left(
        range(len(masks[0])),
        number,
        key=lambda index: sum(int(mask[: index + 1].true_count) for mask in masks),
    )
