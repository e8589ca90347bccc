"""SQL tables: what a typed table is in a relational database, whichever one it is.

Primary key, unique columns, foreign keys and vocabularies become constraints, so that whoever goes on working
in the database cannot break what the schema promises. A foreign key is declared only where the target is
declared unique, as SQL demands; the codebook names the others too. Names and texts are quoted as SQL writes
them everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from casetrail.findings.error import NotMade
from casetrail.standard.schema import TableSchema
from casetrail.tables.typed import TypedTable
from casetrail.types.registry import class_of
from casetrail.types.table_schema.string import terms_of


@dataclass(frozen=True, slots=True)
class SqlKey:
    """A foreign key: columns of one table whose values are among those of another."""

    columns: tuple[str, ...]
    table: str
    there: tuple[str, ...]

    @property
    def words(self) -> str:
        """`places.place_id`, as the codebook has it."""
        return ", ".join(f"{self.table}.{name}" for name in self.there)


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column; `terms` are those of its vocabulary, and `json` says that its texts are JSON."""

    name: str
    type: pa.DataType
    required: bool = False
    terms: tuple[str, ...] = ()
    json: bool = False


@dataclass(frozen=True, slots=True)
class SqlTable:
    """A table with its constraints; `loose_keys` are foreign keys that SQL cannot enforce."""

    name: str
    columns: tuple[SqlColumn, ...]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[SqlKey, ...]
    loose_keys: tuple[SqlKey, ...]


def sql_table(table: TypedTable, arrow: pa.Schema, schemas: Mapping[str, TableSchema]) -> SqlTable:
    """What the table is in SQL; `arrow` are its settled types, `schemas` those of all tables of the package.

    Raises:
        NotMade: Two columns differ in case only, which SQL cannot tell apart.
    """
    schema = table.table_schema
    _check_names(f"the table '{table.name}' has the columns", arrow.names)
    fields = {field.name: field for field in schema.fields}
    columns = tuple(
        SqlColumn(
            column.name,
            column.type,
            required=column.name in fields and schema.required(fields[column.name]),
            terms=terms_of(fields[column.name]) if column.name in fields else (),
            json=column.name in fields and class_of(fields[column.name]).holds_json,
        )
        for column in arrow
    )
    unique = dict.fromkeys(
        [*schema.unique_keys, *((field.name,) for field in schema.fields if field.constraints.unique)]
    )
    keys = [
        SqlKey(key.fields, key.reference.resource or table.name, key.reference.fields)
        for key in schema.foreign_keys
    ]
    firm = [key for key in keys if _declared_unique(key, schemas)]
    return SqlTable(
        table.name,
        columns,
        schema.primary_key,
        tuple(names for names in unique if names != schema.primary_key),
        tuple(firm),
        tuple(key for key in keys if key not in firm),
    )


def create_table(table: SqlTable, type_name: Callable[[SqlColumn], str], *, keys: bool = True) -> str:
    """The `CREATE TABLE` statement; `type_name` gives the type of a column and any checks of its own."""
    parts = [
        " ".join(
            filter(
                None,
                (
                    sql_name(column.name),
                    type_name(column),
                    "NOT NULL" if column.required else "",
                    f"CHECK ({sql_name(column.name)} IN ({', '.join(map(sql_text, column.terms))}))"
                    if column.terms
                    else "",
                ),
            )
        )
        for column in table.columns
    ]
    if table.primary_key:
        parts.append(f"PRIMARY KEY ({sql_names(table.primary_key)})")
    parts += [f"UNIQUE ({sql_names(names)})" for names in table.unique]
    if keys:
        parts += [foreign_key(key) for key in table.foreign_keys]
    return f"CREATE TABLE {sql_name(table.name)} (\n  " + ",\n  ".join(parts) + "\n)"


def foreign_key(key: SqlKey) -> str:
    """The clause of a foreign key."""
    return f"FOREIGN KEY ({sql_names(key.columns)}) REFERENCES {sql_name(key.table)} ({sql_names(key.there)})"


def check_table_names(names: Sequence[str]) -> None:
    """Raise `NotMade` where two tables differ in case only."""
    _check_names("the package has the tables", names)


def _check_names(what: str, names: Sequence[str]) -> None:
    known: dict[str, str] = {}
    for name in names:
        other = known.setdefault(name.casefold(), name)
        if other is not name:
            raise NotMade(f"{what} '{other}' and '{name}', which SQL cannot tell apart; rename one of them")


def _declared_unique(key: SqlKey, schemas: Mapping[str, TableSchema]) -> bool:
    schema = schemas.get(key.table)
    if schema is None:
        return False
    single = [(field.name,) for field in schema.fields if field.constraints.unique]
    return key.there in [schema.primary_key, *schema.unique_keys, *single]


def sql_name(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def sql_names(names: Iterable[str]) -> str:
    """Names, quoted, with commas."""
    return ", ".join(map(sql_name, names))


def sql_text(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"
