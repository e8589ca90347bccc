"""What rules across tables share: the columns that they look at, collected while the tables are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.profile import TableSpec, profile
from casetrail.checks.check import REFERENCE, PackageCheck, TableCheck
from casetrail.checks.table import Table
from casetrail.checks.unchecked import NotChecked
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import are_filled, whole_numbers


class CollectedColumns:
    """Some columns of one table, with the place of each record. Cells are text; an empty one is `""`.

    Of a table that the case does not have the columns are there and empty. Where the file lacks one of them,
    they are `absent`.
    """

    def __init__(self, table: Table | None, names: tuple[str, ...]) -> None:
        self._table = table
        key = () if table is None else table.schema.primary_key
        self.names = tuple(dict.fromkeys((*names, *key)))
        self.absent = False
        self._batches: list[TextBatch] = []
        self._starts: list[int] = []
        self._length = 0
        self._arrays: dict[str, pa.ChunkedArray] = {}

    def explains(self, missing: int) -> bool:
        """Whether so many ids may be missing because of what is wrong with the table."""
        return self._table is not None and self._table.reading.explains(missing)

    @property
    def table(self) -> Table:
        """The table; asked only of one that is there."""
        assert self._table is not None
        return self._table

    def select(self, batch: TextBatch) -> tuple[TextBatch, bool]:
        """The columns of some records, and whether the file lacks one of them."""
        columns = [self.table.position(name) for name in self.names]
        return batch.select(columns), any(self.table.lacks(batch, column) for column in columns)

    def collect(self, batch: TextBatch, absent: bool) -> None:
        """Take the columns of the next records."""
        if batch.cells.num_rows:
            self._starts.append(self._length)
            self.absent = self.absent or absent
            self._batches.append(batch)
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

    def cells(self, indices: Sequence[int], *names: str) -> Iterator[tuple[str, ...]]:
        """The texts of some columns, record by record."""
        chosen = whole_numbers(indices)
        return zip(*(self.column(name).take(chosen).to_pylist() for name in names), strict=True)

    def record_at(self, path: str | None, line: int) -> int | None:
        """The position of the record that starts on this line of a file; `None` where none could be read."""
        for start, batch in zip(self._starts, self._batches, strict=True):
            size = batch.cells.num_rows
            if batch.path == path and batch.line(0) <= line <= batch.line(size - 1):
                index = bisect_left(range(size), line, key=batch.line)
                return start + index if batch.line(index) == line else None
        return None

    def filled(self, *names: str) -> Iterator[int]:
        """The positions of the records whose cells in all these columns are filled, in order."""
        mask = None
        for name in names:
            filled = are_filled(self.column(name))
            mask = filled if mask is None else pc.and_(mask, filled)
        yield from self.where(mask)

    def where(self, mask: pa.ChunkedArray | pa.Array) -> Iterator[int]:
        """The positions at which the mask is true, in order."""
        yield from pc.indices_nonzero(mask).to_pylist()

    def pairs(self, first: str, second: str) -> dict[str, str]:
        """From the cells of one column to those of another; of equal cells the first counts."""
        pairs: dict[str, str] = {}
        for key, value in zip(self.column(first).to_pylist(), self.column(second).to_pylist(), strict=True):
            pairs.setdefault(key, value)
        return pairs

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
        sensitive: bool = False,
    ) -> Finding:
        """A finding about the record at `index`, or about its cell in `field`.

        Of a `sensitive` one no rendering shows the record.
        """
        chunk = bisect_right(self._starts, index) - 1
        batch, offset = self._batches[chunk], index - self._starts[chunk]
        column = self.names.index(field) if field in self.names else None
        place = self.table.place(batch, offset, column)
        if column is None or sensitive:
            place = replace(place, field=field, value=None, sensitive=sensitive or place.sensitive)
        return Finding(code, message, place, severity=severity, hint=hint, related=related)


class _Collector(TableCheck):
    """Gives the columns of one table to a rule."""

    def __init__(self, columns: CollectedColumns) -> None:
        self._columns = columns

    def look(self, batch: TextBatch, table: Table) -> tuple[TextBatch, bool]:
        """Select what is needed of the records."""
        return self._columns.select(batch)

    def take(self, given: tuple[TextBatch, bool], rows: int, lines: int) -> None:
        """Collect the next records."""
        batch, absent = given
        self._columns.collect(batch.shifted(rows, lines), absent)


class CaseRules(PackageCheck, ABC):
    """A kind of rules across tables. They are not run where a table that they need could not be read.

    `specs` are the tables of the case; `needs` names the columns of each that the rules look at.
    """

    rank = REFERENCE

    def __init__(self, specs: Mapping[str, TableSpec]) -> None:
        self.specs = specs
        self._needs = self.needs()
        self._collected: dict[str, CollectedColumns] = {}
        self._package: Package | None = None

    @abstractmethod
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The columns that the rules look at, by table."""

    @property
    def package(self) -> Package:
        """The package that is validated."""
        assert self._package is not None
        return self._package

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Remember the package; what is wrong with its documents the profile check reports."""
        self._package = package

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """Collect the needed columns of the table."""
        names = self._needs.get(resource.name)
        if names is None or not set(names) <= set(table.schema.field_names):
            return ()
        self._collected[resource.name] = CollectedColumns(table, names)
        return (_Collector(self._collected[resource.name]),)

    def table(self, name: str) -> CollectedColumns:
        """The collected columns of a table; empty ones where the case does not have the table.

        Raises:
            NotChecked: The table lacks a column, or could not be read: that has a finding of its own.
        """
        if name not in self._collected:
            if any(resource.name == name for resource in self.package.resources):
                raise NotChecked(name)
            return CollectedColumns(None, self._needs[name])
        collected = self._collected[name]
        if collected.absent or not collected.table.reading.finished:
            raise NotChecked(name)
        return collected

    def finish(self, builder: ReportBuilder) -> None:
        """Look at all tables together.

        Raises:
            NotChecked: A table that every case has is not there.
        """
        present = {resource.name for resource in self.package.resources}
        for name in sorted(profile(self.package.case_profile or "").required - present):
            raise NotChecked(name)
        self.run(builder)

    @contextmanager
    def one_rule(self) -> Iterator[None]:
        """One of several rules, so that a table which cannot be read keeps only the rules that need it."""
        try:
            yield
        except NotChecked as cause:
            self.not_checked(cause.table, cause.what, cause.number)

    def without_schema(self) -> list[str]:
        """The tables whose schemas cannot be read, which is said already."""
        return [table.name for table in self.package.tables if table.name not in self.specs]

    def is_readable(self, name: str) -> bool:
        """Whether the rules can look at a table."""
        try:
            self.table(name)
        except NotChecked:
            return False
        return True

    def not_checked(self, table: str, what: str, number: int) -> None:
        """Count what is not said row by row, since it follows from what is wrong with a table."""
        if number:
            next(iter(self._collected.values())).table.unchecked.add(table, what, number)

    @abstractmethod
    def run(self, builder: ReportBuilder) -> None:
        """Add what is wrong to the builder."""

    def column_of_keys(self, name: str) -> pa.ChunkedArray:
        """The ids of a table, whose key is among what is needed."""
        return self.table(name).column(self.specs[name].key) if name in self.specs else NO_KEYS


NO_KEYS = pa.chunked_array([], type=pa.string())


def not_in(column: pa.ChunkedArray, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where a filled cell of the column is none of the keys."""
    return pc.and_(are_filled(column), pc.invert(pc.is_in(column, value_set=keys)))


def different(column: pa.ChunkedArray, where: pa.ChunkedArray) -> int:
    """How many different cells of a column there are where the mask is true."""
    return len(pc.unique(column.filter(where)))


def keys_of(specs: Mapping[str, TableSpec]) -> dict[str, tuple[str, ...]]:
    """The tables whose rows have ids, each with its key."""
    return {name: (spec.key,) for name, spec in specs.items() if spec.id_prefix and spec.primary_key}


def joined(*needs: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What several rules need, each column once."""
    together: dict[str, dict[str, None]] = {}
    for part in needs:
        for name, columns in part.items():
            together.setdefault(name, {}).update(dict.fromkeys(columns))
    return {name: tuple(columns) for name, columns in together.items()}
