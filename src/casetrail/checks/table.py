"""What a check knows of its table, and how it reports what it finds there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pyarrow as pa

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
        """The same table with a builder of its own, for checks that run side by side."""
        return replace(self, builder=self.builder.part())

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
            for index in true_indices(wrong)[:room]:
                describe(index)
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
