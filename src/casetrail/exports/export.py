"""What an export says of itself, and what it is made from.

To add an export: one module that ends with its `EXPORT`, and its line in `export_list`. The command `export`
and the list of what a release holds follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from casetrail.findings.error import NotMade
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.typed import TypedTable

if TYPE_CHECKING:
    from casetrail.case.case import Case


class ExportSource:
    """A package that is exported, with its typed tables, which `type_table` makes when they are asked for.

    In a release, `folder` holds the files that were made before.
    """

    def __init__(
        self,
        package: Package,
        type_table: Callable[[Package, Resource], TypedTable],
        folder: Path | None = None,
        tables: Sequence[TypedTable] | None = None,
    ) -> None:
        self.package = package
        self.folder = folder
        self._type_table = type_table
        self._tables = tables

    @property
    def tables(self) -> Sequence[TypedTable]:
        """The tables, typed.

        Raises:
            CasetrailError: A table has no schema, or no name of its own.
        """
        if self._tables is None:
            tables = [self.package.resource(table.name) for table in self.package.tables]
            self._tables = [self._type_table(self.package, table) for table in tables]
        return self._tables

    @cached_property
    def case(self) -> Case:
        """The package as a case.

        Raises:
            NotMade: The package is no case.
        """
        if self.package.case_profile is None:
            raise NotMade("the package declares no `caseProfile`, and this is made of a case only")
        from casetrail.case.case import Case

        return Case.load(self.package)

    def only(self, name: str) -> ExportSource:
        """The same package with one of its tables."""
        tables = [table for table in self.tables if table.name == name]
        return ExportSource(self.package, self._type_table, self.folder, tables)


@dataclass(frozen=True, slots=True)
class FileExport:
    """A format that is a file, or with `{table}` in its path one for each table.

    `path` is that in a release, where `{name}` is the name of the package; `write` writes the file and says
    in a few words what it holds. It raises `NotMade`, or a `CasetrailError` for data that are not valid.
    """

    name: str
    title: str
    path: str
    media_type: str
    write: Callable[[ExportSource, Path], str]

    @property
    def per_table(self) -> bool:
        """Whether each table is a file of its own."""
        return "{table}" in self.path

    @property
    def extension(self) -> str:
        """The ending of its files, with the dot."""
        return Path(self.path).suffix


@dataclass(frozen=True, slots=True)
class DatabaseExport:
    """A database that receives all tables; `load` takes its address and says what was loaded."""

    name: str
    title: str
    load: Callable[[ExportSource, str], str]


def of_size(batches: Iterator[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The rows of the batches in tables of `size` rows, the last one as large as is left.

    What is written then depends on the rows alone, not on how the file was read.
    """
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= size:
            table = pa.Table.from_batches(waiting, schema).combine_chunks()
            complete = count - count % size
            for start in range(0, complete, size):
                yield table.slice(start, size)
            waiting = table.slice(complete).to_batches()
            count -= complete
    if count:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()
