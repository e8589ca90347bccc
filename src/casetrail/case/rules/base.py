"""What rules across tables share: the columns that they look at, kept while the tables are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.table import Table
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder

if TYPE_CHECKING:
    from casetrail.package.package import Package
    from casetrail.package.resource import Resource
    from casetrail.tables.batch import TextBatch


class KeptColumns:
    """Some columns of one table, with the place of each record. Cells are text; an empty one is `""`."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        self.table = table
        self.names = names
        self._batches: list[TextBatch] = []
        self._starts: list[int] = []
        self._length = 0
        self._arrays: dict[str, pa.ChunkedArray] = {}

    def keep(self, batch: TextBatch) -> None:
        """Take the columns of the next records."""
        if batch.cells.num_rows:
            self._starts.append(self._length)
            self._batches.append(_projection(batch, self.names))
            self._length += batch.cells.num_rows

    def __len__(self) -> int:
        return self._length

    def column(self, name: str) -> pa.ChunkedArray:
        """The whole column."""
        if name not in self._arrays:
            parts = [batch.cells.column(name) for batch in self._batches]
            self._arrays[name] = pa.chunked_array(parts, type=pa.string())
        return self._arrays[name]

    def cell(self, index: int, name: str) -> str:
        """The text of one cell."""
        return str(self.column(name)[index].as_py())

    def where(self, mask: pa.ChunkedArray | pa.Array) -> Iterator[int]:
        """The positions at which the mask is true, in order."""
        yield from pc.indices_nonzero(mask).to_pylist()

    def pairs(self, first: str, second: str) -> dict[str, str]:
        """From the cells of one column to those of another; of equal cells the first counts."""
        pairs: dict[str, str] = {}
        for key, value in zip(self.column(first).to_pylist(), self.column(second).to_pylist(), strict=True):
            pairs.setdefault(key, value)
        return pairs

    def place(self, index: int) -> tuple[int, int]:
        """The row and the line of the record at `index`."""
        chunk = bisect_right(self._starts, index) - 1
        batch, offset = self._batches[chunk], index - self._starts[chunk]
        return batch.row(offset), batch.line(offset)

    def finding(
        self,
        code: str,
        message: str,
        index: int,
        *,
        field: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
        related: Place | None = None,
    ) -> Finding:
        """A finding about the record at `index`, or about its cell in `field`."""
        row, line = self.place(index)
        key = self.table.schema.primary_key
        return Finding(
            code,
            message,
            Place(
                table=self.table.name,
                path=self.table.path,
                row=row,
                line=line,
                column=self.table.position(field) + 1 if field is not None else None,
                field=field,
                key=self.cell(index, key[0]) if key and key[0] in self.names else None,
                value=self.cell(index, field) if field is not None and field in self.names else None,
            ),
            severity=severity,
            hint=hint,
            related=related,
        )


def _projection(batch: TextBatch, names: tuple[str, ...]) -> TextBatch:
    return batch.with_cells(batch.cells.select(list(names)))


class _Keeper(TableCheck):
    """Feeds the columns of one table to a rule."""

    def __init__(self, columns: KeptColumns) -> None:
        self._columns = columns

    def feed(self, batch: TextBatch) -> None:
        """Keep what is needed of the next records."""
        self._columns.keep(batch)


class CaseRules(PackageCheck, ABC):
    """A kind of rules across tables. `needs` names the columns of each table that it looks at."""

    needs: ClassVar[Mapping[str, tuple[str, ...]]]

    def __init__(self) -> None:
        self._kept: dict[str, KeptColumns] = {}
        self.package: Package | None = None

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Remember the package; rules are code here and cannot be broken by it."""
        self.package = package

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """Keep the needed columns of the table."""
        names = self.needs.get(resource.name)
        if names is None:
            return ()
        absent = [name for name in names if name not in table.schema.field_names]
        if absent:
            return ()
        self._kept[resource.name] = KeptColumns(table, names)
        return (_Keeper(self._kept[resource.name]),)

    def table(self, name: str) -> KeptColumns:
        """The kept columns of a table; raises where the table is not there, so that the rules do not run."""
        if name not in self._kept:
            raise CasetrailError(f"the table {name} is missing or lacks a column of the profile")
        return self._kept[name]

    def finish(self, builder: ReportBuilder) -> None:
        """Look at all tables together."""
        for name in self.needs:
            self.table(name)
        self.run(builder)

    @abstractmethod
    def run(self, builder: ReportBuilder) -> None:
        """Add what is found to the builder."""


def not_in(column: pa.ChunkedArray, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where a filled cell of the column is none of the keys."""
    return pc.and_(pc.not_equal(column, ""), pc.invert(pc.is_in(column, value_set=keys)))
