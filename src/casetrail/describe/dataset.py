"""Dataset: what the descriptors of a release speak of, its tables and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casetrail.describe.citation import Citation, citation
from casetrail.describe.column_counts import TableCounts
from casetrail.package.package import Package
from casetrail.standard.descriptor import Descriptor
from casetrail.standard.schema import Category, FieldDescriptor, TableSchema

CSV = "text/csv"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of a release: its path in it, what it is in a sentence, its media type.

    `bytes` and `sha256` are `None` for a file that is written after the descriptor that names it.
    """

    path: str
    about: str
    mediatype: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table: its schema, the file that holds it and, where it was counted, the number of its rows."""

    name: str
    title: str
    description: str | None
    path: str
    schema: TableSchema
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A package as the descriptors see it.

    `files` are those of its release, in the order of their making; `counts` is what its tables hold, where
    that was counted.
    """

    descriptor: Descriptor
    citation: Citation
    tables: tuple[TableFacts, ...]
    files: tuple[FileFacts, ...] = ()
    counts: Mapping[str, TableCounts] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the package."""
        return self.descriptor.name or "dataset"

    def file(self, path: str) -> FileFacts | None:
        """The file at the path; `None` where nothing is known of it."""
        return next((file for file in self.files if file.path == path), None)

    def table(self, name: str) -> TableFacts | None:
        """The table of this name."""
        return next((table for table in self.tables if table.name == name), None)


def dataset_of(
    package: Package, *, files: Iterable[FileFacts] = (), rows: Mapping[str, int] | None = None
) -> Dataset:
    """A package as the descriptors see it; a table without a schema is left out, nothing is known of it."""
    return Dataset(
        package.descriptor, citation(package.descriptor), tables_of(package, rows or {}), tuple(files)
    )


def tables_of(package: Package, rows: Mapping[str, int]) -> tuple[TableFacts, ...]:
    """The tables of a package that have a schema; a citation, which some packages lack, is not needed."""
    return tuple(
        TableFacts(
            name=table.name,
            title=table.descriptor.title or (table.schema.title if table.schema else None) or table.name,
            description=table.descriptor.description or table.schema.description,
            path=table.path,
            schema=table.schema,
            rows=rows.get(table.name),
        )
        for table in package.tables
        if table.schema is not None
    )


def custom(model: FieldDescriptor | TableSchema | Category | Descriptor, name: str) -> Any:
    """A property that the standard does not know, or `None` ("Custom Properties")."""
    return (model.model_extra or {}).get(name)
