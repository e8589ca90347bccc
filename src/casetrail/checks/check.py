"""What a check is: it is fed every batch of one table once, and says what it found when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from casetrail.checks.places import Places
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import DEFAULT_LIMIT, ReportBuilder
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrays import places

if TYPE_CHECKING:
    from casetrail.package.package import Package
    from casetrail.package.resource import Resource

LONGEST_VALUE = 200
"""How many characters of a cell a finding carries."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a validation runs.

    `limit` bounds the findings of one code that are kept in full. `hygiene` is on, off, or `None`: on in a
    Case Data Package only. `progress` is called now and then with a table's name and the rows read so far.
    `debug` lets the error of a check pass instead of reporting it.
    """

    limit: int = DEFAULT_LIMIT
    hygiene: bool | None = None
    progress: Callable[[str, int], None] | None = None
    debug: bool = False


@dataclass(frozen=True)
class Table:
    """What a check knows of its table, and how it names a place in it."""

    name: str
    path: str
    schema: TableSchema
    builder: ReportBuilder
    places: Places
    schema_path: str = "datapackage.json"

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


class TableCheck(Protocol):
    """One kind of check on one table. An error raised by it becomes `check-not-run`."""

    name: str
    """The kind of check, as the report lists it."""

    def feed(self, batch: TextBatch) -> None:
        """Look at the next records."""

    def finish(self) -> None:
        """Say what only the whole table tells."""


class PackageCheck(Protocol):
    """A check that spans tables, given to the engine by a room above (`validate(..., extra_checks=...)`)."""

    name: str
    """The kind of check, as the report lists it."""

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Prepare, before any data is read; a broken rule is raised or reported here."""

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """The checks that this one needs fed with the records of a table."""

    def finish(self, builder: ReportBuilder) -> None:
        """Say what all tables together tell; called once, when every table has been read."""
