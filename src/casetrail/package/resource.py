"""Resource: one table of a package, or another file that lies beside the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from casetrail.findings.error import CasetrailError
from casetrail.package.files import PackageFiles, open_path
from casetrail.package.paths import is_url
from casetrail.standard.descriptor import ResourceDescriptor
from casetrail.standard.dialect import DEFAULT_DIALECT, Dialect
from casetrail.standard.schema import TableSchema

if TYPE_CHECKING:
    from casetrail.findings.report import ReportBuilder
    from casetrail.tables.batch import TextBatch

TABLE_FORMATS = frozenset({"csv", "tsv", "tab", "jsonl", "ndjson", "parquet"})
"""Formats (and endings of file names) of resources that are tables though they do not say so. A file of JSON
can be anything."""


@dataclass(frozen=True, repr=False)
class Resource:
    """One resource of a package (standard: `data-resource.mdx`).

    `schema` is the part of its schema that makes sense, `None` where there is none; `schema_path` is its
    file, `None` where it is in the descriptor. `obstacle` is why the data cannot be read at all; the findings
    of the package say so too. `hosts` are those of private networks from which files may be read.
    """

    descriptor: ResourceDescriptor
    files: PackageFiles
    schema: TableSchema | None
    dialect: Dialect = DEFAULT_DIALECT
    schema_path: str | None = None
    obstacle: str | None = None
    case_package: bool = False
    hosts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Resource({self.name!r}, {self.path!r})"

    @property
    def name(self) -> str:
        """The name of the resource."""
        return self.descriptor.name

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its files, in order; empty for inline data."""
        return self.descriptor.paths

    @property
    def path(self) -> str:
        """The (first) path of its data; inline data are in the descriptor."""
        return self.paths[0] if self.paths else self.files.descriptor

    @property
    def is_remote(self) -> bool:
        """Whether its files are at addresses, and not on this machine."""
        return is_url(self.path) or getattr(self.files, "is_remote", False)

    @property
    def is_table(self) -> bool:
        """Whether the resource is a table: it says so, has a schema or a dialect, or the format of one."""
        declared = self.descriptor
        if declared.type is not None or declared.is_tabular:
            return declared.is_tabular
        if declared.table_schema is not None or declared.dialect is not None:
            return True
        if declared.format is not None:
            return declared.format.lower() in TABLE_FORMATS
        plain = [path.removesuffix(".gz").removesuffix(".zst").removesuffix(".zip") for path in self.paths]
        return any(PurePosixPath(path).suffix.lower().lstrip(".") in TABLE_FORMATS for path in plain)

    @property
    def has_unreadable_schema(self) -> bool:
        """Whether there is a schema of which nothing can be read; the findings of the package say why."""
        return self.descriptor.table_schema is not None and self.schema is None

    @property
    def encoding(self) -> str:
        """The encoding that is declared, in lower case; `utf-8` where none is."""
        return (self.descriptor.encoding or "utf-8").lower()

    def open(self, path: str | None = None) -> IO[bytes]:
        """The bytes of (one of) its files.

        Raises:
            CasetrailError: There is an obstacle, or the file changed since it was looked at.
        """
        if self.obstacle is not None:
            raise CasetrailError(f"the resource '{self.name}' cannot be read: {self.obstacle}")
        return open_path(self.files, path or self.path, self.hosts)

    def batches(self, builder: ReportBuilder | None = None) -> Iterator[TextBatch]:
        """Read the table from the start as batches of text cells, every call anew.

        What is wrong with the file goes into the builder, and the records that can be told without guessing
        come all the same. Without a builder the first error is raised as a `CasetrailError`.
        """
        from casetrail.tables.file_formats import read_table

        return read_table(self, builder)
