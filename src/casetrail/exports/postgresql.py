"""PostgreSQL: all tables of a package loaded into a database by COPY, in one transaction.

Where anything fails, nothing has changed. Tables and codebook are in the first schema of the search
path, and a table that is there already is never touched: the load is refused. Types are those of PostgreSQL:
`bigint`, `numeric` for exact decimals, `double precision`, `boolean`, `date`, `time`, `timestamptz` where
the zone is known and `timestamp` where it is not, `json` for lists and JSON, `text` for the rest;
vocabularies are checks, and descriptions comments of tables and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from casetrail.exports.case_answers import DerivedTable, derived_of
from casetrail.exports.export import DatabaseExport, ExportSource
from casetrail.exports.json_records import json_texts
from casetrail.exports.sql_codebook import Described, codebook_tables
from casetrail.exports.sql_tables import (
    SqlColumn,
    SqlTable,
    check_table_names,
    create_table,
    foreign_key,
    sql_name,
    sql_names,
    sql_table,
    sql_text,
)
from casetrail.findings.error import CasetrailError
from casetrail.findings.sentences import counted
from casetrail.tables.typed import TypedTable
from casetrail.types.arrow_column import external_names

if TYPE_CHECKING:
    import psycopg

_LONGEST = 63
"""Bytes of a name; PostgreSQL cuts longer ones, and then cannot tell some apart."""


def load_postgresql(tables: Sequence[TypedTable], url: str, derived: Sequence[DerivedTable] = ()) -> int:
    """Load the tables into the database at the URL and return the number of rows.

    `derived` are tables made from these, whose rows are not counted.

    Raises:
        CasetrailError: Psycopg is missing, the database cannot be reached, a table is there already, or a
            constraint does not hold; the database is then as it was.
    """
    try:
        import psycopg
    except ModuleNotFoundError:
        raise CasetrailError(
            "psycopg is not installed here; install it, for example with `pip install 'psycopg[binary]'`"
        ) from None
    check_table_names([table.name for table in tables])
    try:
        with psycopg.connect(url) as connection:
            return _Loader(connection, tables).load(derived)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise CasetrailError(f"PostgreSQL refused, and nothing was loaded: {reason}") from None


class _Loader:
    def __init__(self, connection: psycopg.Connection[Any], tables: Sequence[TypedTable]) -> None:
        self._cursor = connection.cursor()
        self._tables = tables
        self._schemas = {table.name: table.table_schema for table in tables}
        self._rows = 0

    def load(self, derived: Sequence[DerivedTable]) -> int:
        schemas = [self._write_rows(table) for table in self._tables]
        described: list[tuple[Described, SqlTable, list[str]]] = [
            (table, sql, [_type(column) for column in sql.columns])
            for table, schema in zip(self._tables, schemas, strict=True)
            for sql in (self._sql(table, schema),)
        ]
        for answer in derived:
            self._run(create_table(answer.sql, _type))
            for batch in answer.rows.to_batches():
                self._copy(answer.sql, zip(*map(_values, batch.columns, batch.schema), strict=True))
            described.append((answer, answer.sql, [_type(column) for column in answer.sql.columns]))
            schemas.append(answer.rows.schema)
        for (table, sql, _), schema in zip(described, schemas, strict=True):
            self._keys(sql)
            self._comments(table, schema)
        for book in codebook_tables(described, schemas):
            self._run(create_table(book.table, _type))
            self._copy(book.table, book.rows)
        return self._rows

    def _sql(self, table: TypedTable, schema: pa.Schema) -> SqlTable:
        sql = sql_table(table, schema, self._schemas)
        for name in (table.name, *schema.names):
            if len(name.encode()) > _LONGEST:
                raise CasetrailError(
                    f"the name '{name}' in the table '{table.name}' has more than {_LONGEST} bytes, "
                    "which PostgreSQL would cut; shorten it"
                )
        return sql

    def _write_rows(self, table: TypedTable) -> pa.Schema:
        # Types are settled first: a COPY that is broken off for a wider one would end the transaction.
        table.settle()
        return table.stream(lambda schema, batches: self._fill(table, schema, batches))

    def _fill(self, table: TypedTable, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> pa.Schema:
        sql = self._sql(table, schema)
        self._run(create_table(sql, _type, keys=False))
        rows = (row for batch in batches for row in zip(*map(_values, batch.columns, schema), strict=True))
        self._rows += self._copy(sql, rows)
        return schema

    def _copy(self, table: SqlTable, rows: Any) -> int:
        count = 0
        with self._cursor.copy(f"COPY {sql_name(table.name)} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count

    def _keys(self, table: SqlTable) -> None:
        name = sql_name(table.name)
        for key in table.foreign_keys:
            self._run(f"ALTER TABLE {name} ADD {foreign_key(key)}")
            if key.columns != table.primary_key:
                self._run(f"CREATE INDEX ON {name} ({sql_names(key.columns)})")

    def _comments(self, table: Described, schema: pa.Schema) -> None:
        words = table.metadata
        about = words.get("table_description") or words.get("table_title")
        if about:
            self._run(f"COMMENT ON TABLE {sql_name(table.name)} IS {sql_text(about)}")
        for field in schema:
            meaning = (field.metadata or {}).get(b"description", b"").decode()
            if meaning:
                place = f"{sql_name(table.name)}.{sql_name(field.name)}"
                self._run(f"COMMENT ON COLUMN {place} IS {sql_text(meaning)}")

    def _run(self, statement: str) -> None:
        # As bytes: the names in it are quoted here, and no parameter is meant by a percent sign.
        self._cursor.execute(statement.encode())


def _type(column: SqlColumn) -> str:
    return "json" if column.json else external_names(column.type).postgresql


def _values(column: pa.Array, field: pa.Field) -> list[Any]:
    if pa.types.is_list(column.type):
        column = json_texts(column, field)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.to_pylist()  # type: ignore[no-any-return]


def _load(source: ExportSource, url: str) -> str:
    rows = load_postgresql(source.tables, url, derived_of(source))
    return f"{counted(len(source.tables), 'table')} with {counted(rows, 'row')}, in one transaction"


EXPORT = DatabaseExport(
    "postgresql", "All tables in a PostgreSQL database, or none where anything fails", _load
)
