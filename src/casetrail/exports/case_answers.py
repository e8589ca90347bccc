"""Derived tables: the answers about a case, as the databases and the files of a release hold them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from casetrail.case.views.derived_tables import derived_table, derived_tables
from casetrail.exports.export import ExportSource
from casetrail.exports.parquet import write_arrow
from casetrail.exports.sql_tables import SqlColumn, SqlTable
from casetrail.standard.schema import TableSchema


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A derived table under a name that no table of the package has."""

    name: str
    rows: pa.Table
    table_schema: ClassVar[TableSchema] = TableSchema(fields=())
    """No vocabulary of its own: its terms are those of the tables from which it is made."""

    @property
    def metadata(self) -> dict[str, str]:
        """What the table says of itself."""
        return {name.decode(): text.decode() for name, text in (self.rows.schema.metadata or {}).items()}

    @property
    def sql(self) -> SqlTable:
        """The table in SQL, without keys."""
        columns = tuple(SqlColumn(field.name, field.type) for field in self.rows.schema)
        return SqlTable(self.name, columns, (), (), (), ())


def derived_of(source: ExportSource) -> tuple[DerivedTable, ...]:
    """The derived tables of a case; none elsewhere. A name that is taken gets `casetrail_` before it."""
    if source.package.case_profile is None:
        return ()
    taken = {table.name.casefold() for table in source.tables}
    return tuple(
        DerivedTable(_free(name, taken), table) for name, table in derived_tables(source.case).items()
    )


def write_derived(source: ExportSource, name: str, destination: Path) -> None:
    """Write one derived table as Parquet, with what the package says of itself.

    Raises:
        NotMade: The package is no case.
    """
    table = derived_table(source.case, name)
    about = {key: text for key, text in source.tables[0].metadata.items() if not key.startswith("table")}
    write_arrow(table.replace_schema_metadata({**about, **(table.schema.metadata or {})}), destination)


def _free(name: str, taken: Collection[str]) -> str:
    return f"casetrail_{name}" if name in taken else name
