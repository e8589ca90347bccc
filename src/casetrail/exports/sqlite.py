"""SQLite: all tables of a package in one file, with constraints, codebook and the answers about a case.

Values: text is TEXT, whole numbers INTEGER, numbers REAL, `BOOLEAN` is 0 or 1; days (`DATE`), times (TEXT,
for DuckDB takes a TIME for a moment) and moments (`DATETIME`, in UTC with `Z` where the zone is known) are
texts in ISO 8601, which the functions of SQLite understand. Exact decimals are texts of digits, since SQLite
would round them; so are the numbers of a column with a NaN, which SQLite would make null. Lists are JSON.

The tables are not STRICT: those cannot be opened by SQLite before 3.37, and have no DATE or BOOLEAN that
other programs could go by. A CHECK on each number keeps texts out just as well.

The same values are the same bytes, with one version of SQLite's writer: page size and order are fixed, and
the header does not tell which version wrote it.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.exports.case_answers import DerivedTable, derived_of
from casetrail.exports.export import ExportSource, FileExport
from casetrail.exports.json_records import json_texts
from casetrail.exports.sql_codebook import Described, codebook_tables
from casetrail.exports.sql_tables import (
    SqlColumn,
    SqlTable,
    check_table_names,
    create_table,
    sql_name,
    sql_names,
    sql_table,
)
from casetrail.findings.error import NotMade
from casetrail.findings.sentences import counted
from casetrail.tables.typed import TypedTable
from casetrail.types.arrow_column import external_names

_PAGE = 4096
_CACHE = 64 << 10
"""In KiB. Keys in no order go to pages all over the file."""
_ROWS_OF_STATEMENT = 64
_PARAMETERS = 999
"""How many values a statement may have in each version of SQLite."""
_WRITER = 3_040_001
"""The version of SQLite that the header names, whichever wrote the file."""

_MACHINE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
"""The errors that are of the machine, by SQLite's primary result code, as the system numbers them."""


def write_sqlite(
    tables: Sequence[TypedTable], destination: Path, derived: Sequence[DerivedTable] = ()
) -> None:
    """Write the tables, and those derived from them, to the file; an existing file is replaced.

    Raises:
        NotMade: SQLite cannot hold the package.
        CasetrailError: A value is none of its field.
        OSError: The machine cannot write.
    """
    check_table_names([table.name for table in tables])
    destination.unlink(missing_ok=True)
    with closing(sqlite3.connect(destination, isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {_PAGE}")
        database.execute(f"PRAGMA cache_size = -{_CACHE}")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA foreign_keys = OFF")
        try:
            _Writer(database, tables).write(derived)
        except sqlite3.Error as error:
            code = _MACHINE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
            if code is not None:
                raise OSError(code, os.strerror(code), str(destination)) from error
            raise NotMade(
                f"SQLite cannot hold these tables ({error}); run `casetrail validate` on the package",
                exit_code=1,
            ) from None
    _normalize(destination)


class _NanMet(Exception):
    """A column of numbers has a NaN, so it must be stored as text."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column


class _Writer:
    def __init__(self, database: sqlite3.Connection, tables: Sequence[TypedTable]) -> None:
        self._database = database
        self._tables = tables
        self._schemas = {table.name: table.table_schema for table in tables}
        self._with_nan: set[tuple[str, str]] = set()

    def write(self, derived: Sequence[DerivedTable]) -> None:
        run = self._database.execute
        run("BEGIN")
        arrow = [self._write_rows(table) for table in self._tables]
        described: list[tuple[Described, SqlTable, list[str]]] = []
        for table, schema in zip(self._tables, arrow, strict=True):
            sql = sql_table(table, schema, self._schemas)
            for key in sql.foreign_keys:
                if key.columns != sql.primary_key:
                    name = ".".join((table.name, *key.columns))
                    run(f"CREATE INDEX {sql_name(name)} ON {sql_name(table.name)} ({sql_names(key.columns)})")
            described.append((table, sql, [_type(column) for column in sql.columns]))
        for answer in derived:
            run(create_table(answer.sql, _declared))
            for batch in answer.rows.to_batches():
                self._insert(
                    answer.sql, zip(*map(_values, batch.columns, batch.schema, batch.schema), strict=True)
                )
            described.append((answer, answer.sql, [_type(column) for column in answer.sql.columns]))
            arrow.append(answer.rows.schema)
        for book in codebook_tables(described, arrow):
            run(create_table(book.table, _type))
            self._insert(book.table, book.rows)
        broken = run("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise NotMade(
                f"the table '{broken[0]}' refers to a row of '{broken[2]}' that is not there; "
                "run `casetrail validate` and mend what it finds",
                exit_code=1,
            )
        run("COMMIT")
        run("VACUUM")

    def _write_rows(self, table: TypedTable) -> pa.Schema:
        """Write the rows of a table; the schema as the database has it, with its metadata."""
        while True:
            try:
                return table.stream(lambda schema, batches: self._fill(table, schema, batches))
            except _NanMet as met:
                self._with_nan.add((table.name, met.column))

    def _fill(self, table: TypedTable, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> pa.Schema:
        stored = pa.schema(
            [
                field.with_type(pa.string()) if (table.name, field.name) in self._with_nan else field
                for field in schema
            ]
        )
        sql = sql_table(table, stored, self._schemas)
        self._database.execute(f"DROP TABLE IF EXISTS {sql_name(table.name)}")
        self._database.execute(create_table(sql, _declared))
        for batch in batches:
            self._insert(sql, zip(*map(_values, batch.columns, schema, stored), strict=True))
        return stored

    def _insert(self, table: SqlTable, rows: Iterable[Sequence[Any]]) -> None:
        """Put rows into a table, some in each statement: for each, SQLite makes its lists of terms anew."""
        marks = f"({', '.join('?' * len(table.columns))})"
        at_once = min(_ROWS_OF_STATEMENT, max(1, _PARAMETERS // len(table.columns)))
        waiting = iter(rows)
        while some := list(islice(waiting, at_once)):
            statement = f"INSERT INTO {sql_name(table.name)} VALUES {', '.join([marks] * len(some))}"
            self._database.execute(statement, list(chain.from_iterable(some)))


def _type(column: SqlColumn) -> str:
    """The type that a column is declared to have."""
    return external_names(column.type).sqlite


def _declared(column: SqlColumn) -> str:
    """The type with the check that keeps other values out, null aside."""
    name, declared = sql_name(column.name), _type(column)
    check = {
        "INTEGER": f"typeof({name}) IN ('integer', 'null')",
        "REAL": f"typeof({name}) IN ('real', 'null')",
        "BOOLEAN": f"{name} IN (0, 1)",
    }.get(declared)
    return f"{declared} CHECK ({check})" if check else declared


def _values(column: pa.Array, field: pa.Field, stored: pa.Field) -> list[Any]:
    """The values as SQLite takes them: texts, numbers and `None`."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        # Of a dictionary each value is made into a Python object by itself, which takes thirty times as long.
        column = column.dictionary_decode()
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    elif pa.types.is_list(kind):
        column = json_texts(column, field)
    elif pa.types.is_floating(kind):
        if stored.type != kind:
            column = pc.replace_substring(json_texts(column, field), '"', "")
        elif pc.any(pc.is_nan(column)).as_py():
            raise _NanMet(field.name)
    elif pa.types.is_decimal(kind) or pa.types.is_temporal(kind):
        column = pc.utf8_slice_codeunits(json_texts(column, field), 1, -1)
    return column.to_pylist()  # type: ignore[no-any-return]


def _normalize(path: Path) -> None:
    """Put constants where the header counts changes and names the version of the library."""
    with path.open("r+b") as file:
        for offset, number in ((24, 1), (92, 1), (96, _WRITER)):
            file.seek(offset)
            file.write(number.to_bytes(4, "big"))


def _write(source: ExportSource, destination: Path) -> str:
    write_sqlite(source.tables, destination, derived_of(source))
    return counted(len(source.tables), "table")


EXPORT = FileExport(
    "sqlite",
    "All tables as one SQLite database, with keys, checks, codebook and the derived tables",
    "{name}.sqlite",
    "application/vnd.sqlite3",
    _write,
)
