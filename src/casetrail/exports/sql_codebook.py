"""The codebook as tables of a database: what every table, column and term means, and what the whole is.

Three tables: `about` (name, value) with title, version, licence and citation; `codebook` with a row for each
table (`column_name` is null) and each column; `codebook_terms` with a row for each term of a vocabulary. A
table of the package that has such a name keeps it, and ours is called `casetrail_…`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from casetrail.exports.sql_tables import SqlColumn, SqlTable
from casetrail.standard.schema import FieldDescriptor, TableSchema

_OF_A_TABLE = ("table", "table_title", "table_description")
_TEXT, _NUMBER = pa.string(), pa.int64()
SqlRow = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """A table of the codebook with its rows."""

    table: SqlTable
    rows: tuple[SqlRow, ...]


class Described(Protocol):
    """A table that says of itself what it is: a typed table, or one that is derived from others."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def metadata(self) -> Mapping[str, str]:
        """What its file says of itself."""

    @property
    def table_schema(self) -> TableSchema:
        """Its schema, for the terms of its columns."""


def codebook_tables(
    described: Sequence[tuple[Described, SqlTable, Sequence[str]]], schemas: Sequence[pa.Schema]
) -> tuple[Codebook, ...]:
    """The three tables; of each table its parts, the names of its SQL types and its schema."""
    taken = {table.name.casefold() for table, _, _ in described}
    about: dict[str, str] = {}
    columns: list[SqlRow] = []
    terms: list[SqlRow] = []
    for (table, sql, types), schema in zip(described, schemas, strict=True):
        metadata = table.metadata
        about |= {name: text for name, text in metadata.items() if name not in _OF_A_TABLE}
        title, description = metadata.get("table_title"), metadata.get("table_description")
        columns.append((table.name, None, 0, None, title, description, *([None] * 6)))
        for place, (field, type_name) in enumerate(zip(schema, types, strict=True), start=1):
            columns.append((table.name, field.name, place, type_name, *_column(field, sql)))
            terms += [
                (table.name, field.name, *term) for term in _terms(table.table_schema.field(field.name))
            ]
    return (
        _book(taken, "about", ("name", "value"), (), [*about.items()]),
        _book(taken, "codebook", _COLUMNS, ("position", "required"), columns),
        _book(
            taken,
            "codebook_terms",
            ("table_name", "column_name", "position", "term", "label", "definition"),
            ("position",),
            terms,
        ),
    )


_COLUMNS = (
    "table_name",
    "column_name",
    "position",
    "type",
    "title",
    "description",
    "unit",
    "example",
    "required",
    "key",
    "refers_to",
    "derived_from",
)


def _column(field: pa.Field, table: SqlTable) -> SqlRow:
    metadata = {name.decode(): text.decode() for name, text in (field.metadata or {}).items()}
    column = next(column for column in table.columns if column.name == field.name)
    key = "primary" if field.name in table.primary_key else None
    if key is None and any(field.name in names for names in table.unique):
        key = "unique"
    refers = [key.words for key in (*table.foreign_keys, *table.loose_keys) if field.name in key.columns]
    return (
        metadata.get("title"),
        metadata.get("description"),
        metadata.get("unit"),
        metadata.get("example"),
        int(column.required),
        key,
        "; ".join(refers) or None,
        metadata.get("derivedFrom"),
    )


def _terms(field: FieldDescriptor | None) -> Iterator[SqlRow]:
    for place, term in enumerate(() if field is None else field.terms, start=1):
        yield place, str(term.value), term.label, term.description


def _book(
    taken: Collection[str],
    name: str,
    columns: Sequence[str],
    numbers: Collection[str],
    rows: Sequence[SqlRow],
) -> Codebook:
    """A table of the codebook, under a name that the package leaves free."""
    while name in taken:
        name = f"casetrail_{name}"
    named = tuple(SqlColumn(column, _NUMBER if column in numbers else _TEXT) for column in columns)
    return Codebook(SqlTable(name, named, (), (), (), ()), tuple(rows))
