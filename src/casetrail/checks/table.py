"""What a check knows of its table, and how it reports what it finds there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
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


Describe = Callable[[int, str], tuple[str, str | None]]
"""Message and hint for the record at an index, whose cell holds a text."""


class TableProgress(NamedTuple):
    """How far the validation of a table is: so many rows were read.

    Afterwards its keys and references are compared in so many `parts`, of which some are `compared`; before
    that there are none.
    """

    table: str
    rows: int
    compared: int = 0
    parts: int = 0


OnProgress = Callable[[TableProgress], None]


class WrongCells(NamedTuple):
    """Cells of a column that are wrong in one way: where the mask is true. `describe` says how."""

    code: str
    column: int
    mask: pa.BooleanArray
    describe: Describe
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class Table:
    """What a check knows of its table, and how it reports what it finds there.

    `keys` are the keys of its records, `tables` all tables of the package by name. `reading` says how far it
    was read, `unchecked` takes what is not checked because of what is wrong with a table. `sensitive` are the
    functions of the checks that know a cell which must not be shown. `on_progress` is told how far it is.
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
    on_progress: OnProgress | None = None

    def part(self) -> Table:
        """The same table with a builder of its own, for one of the checks."""
        return self._but(builder=self.builder.part())

    def of_block(self, builder: ReportBuilder) -> Table:
        """The same table for a check that looks at a block and reports to a builder of its own."""
        return self._but(builder=builder, reading=Reading())

    def _but(self, **parts: object) -> Table:
        """The same table with other parts; it is asked for often, and `replace` goes through all of them."""
        table = object.__new__(Table)
        table.__dict__.update(self.__dict__, **parts)
        return table

    def report_progress(self, compared: int = 0, parts: int = 0) -> None:
        """Say how far it is: rows are read, or so many of the parts of its keys or references compared."""
        if self.on_progress is not None:
            self.on_progress(TableProgress(self.name, self.reading.rows, compared, parts))

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
        """Where the record at `index` of a batch is, or its cell in a column of the batch."""
        return self.places(batch, [index], column)[0]

    def places(self, batch: TextBatch, indices: Sequence[int], column: int | None = None) -> list[Place]:
        """Where some records of a batch are, or their cells in a column of the batch.

        The batch may have some of the columns of the table only.
        """
        positions = batch.positions
        key = [positions[name] for name in self.schema.primary_key if name in positions]
        places = batch.places(indices, column, table=self.name, key=key)
        if not self.sensitive or column is None:
            return places
        field = batch.cells.schema.names[column]
        hidden = [self.is_sensitive(batch, index, field) for index in indices]
        return [replace(place, sensitive=hides) for place, hides in zip(places, hidden, strict=True)]

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
                findings = [
                    (index, number, finding)
                    for number, cells in enumerate(columns)
                    for index, finding in self._described(batch, cells, true_indices(cells.mask[:stop]))
                ]
                for _, _, finding in sorted(findings, key=itemgetter(0, 1))[:room]:
                    self.builder.add(finding)
            self.builder.count(code, total - room, severity)

    def _described(
        self, batch: TextBatch, cells: WrongCells, indices: Sequence[int]
    ) -> Iterator[tuple[int, Finding]]:
        """The findings about the cells of some records, each with the index of its record."""
        code, column, _, describe, severity = cells
        places = self.places(batch, indices, column)
        for index, text, place in zip(indices, batch.texts(indices, column), places, strict=True):
            message, hint = describe(index, text or "")
            yield index, Finding(code, message, place, severity, hint)

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
