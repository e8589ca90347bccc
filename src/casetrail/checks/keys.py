"""Keys that tell records apart: `primaryKey`, `uniqueKeys` and the constraint `unique` (Table Schema)."""

from __future__ import annotations

import pyarrow as pa

from casetrail.checks.check import Table
from casetrail.checks.key_index import Duplicate, KeyIndex
from casetrail.checks.key_texts import KeyTexts
from casetrail.checks.missing import Missing
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.tables.batch import TextBatch
from casetrail.types.parser import quoted

CODES = {
    "primary-key-missing": "A part of a record's primary key is missing.",
    "primary-key-duplicate": "Two records have the same primary key.",
    "unique-key": "Two records have the same values in the fields of a unique key.",
    "constraint-unique": "A value stands twice in a field whose values must be unique.",
}


class KeyIndexes:
    """The keys of one table that any check asks for, each read once per batch."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._indexes: dict[tuple[str, ...], KeyIndex] = {}
        self._failure: Exception | None = None

    def index(self, names: tuple[str, ...]) -> KeyIndex:
        """The index over these fields; ask before the first batch."""
        if names not in self._indexes:
            self._indexes[names] = KeyIndex(KeyTexts(self._table.schema, names))
        return self._indexes[names]

    def feed(self, batch: TextBatch) -> None:
        """Take in a batch. When that fails, it is told by every check that asks for the keys."""
        try:
            for index in self._indexes.values() if self._failure is None else ():
                index.add(batch)
        except Exception as error:
            self._failure = error

    def complete(self) -> None:
        """The table has been read to its end."""
        for index in self._indexes.values() if self._failure is None else ():
            index.complete = True


class PrimaryKey:
    """No part is missing and no key stands twice ("primaryKey")."""

    name = "primary-key"

    def __init__(self, table: Table, indexes: KeyIndexes) -> None:
        self._table = table
        self._fields = table.schema.primary_key
        self._index = indexes.index(self._fields)
        columns = [table.position(name) for name in self._fields]
        self._missing = [(column, Missing(table.schema, table.schema.fields[column])) for column in columns]

    def feed(self, batch: TextBatch) -> None:
        """Look for parts that are missing."""
        for column, missing in self._missing:
            mask = missing.mask(batch.cells.column(column))
            if mask is not None:
                self._tell_missing(batch, column, mask)

    def _tell_missing(self, batch: TextBatch, column: int, mask: pa.BooleanArray) -> None:
        name = self._table.schema.fields[column].name
        alone = len(self._fields) == 1
        message = f"there is no '{name}', " + ("the key of the row" if alone else "a part of the row's key")

        def describe(index: int) -> None:
            self._table.report(
                "primary-key-missing",
                message,
                batch=batch,
                index=index,
                column=column,
                value=str(batch.cells.column(column)[index].as_py()),
                hint="give the row a key that no other row has" if alone else "fill the cell",
            )

        self._table.report_all("primary-key-missing", mask, describe)

    def finish(self) -> None:
        """Look for keys that stand twice."""
        hint = "give each row a key of its own, or remove the row that is there twice"
        tell_duplicates(
            self._table, self._index, "primary-key-duplicate", "the key {} stands already in row {}", hint
        )


class UniqueKeys:
    """Unique keys and unique fields; a record in which a part is missing is left out ("uniqueKeys")."""

    name = "unique-keys"

    def __init__(self, table: Table, indexes: KeyIndexes) -> None:
        self._table = table
        schema = table.schema
        self._keys = [(names, indexes.index(names)) for names in schema.unique_keys]
        unique = [(field.name,) for field in schema.fields if field.constraints.unique]
        # A unique primary key is told by the check of that key.
        self._fields = [(names, indexes.index(names)) for names in unique if names != schema.primary_key]

    def feed(self, batch: TextBatch) -> None:
        """The indexes are fed for all checks together."""

    def finish(self) -> None:
        """Look for keys that stand twice."""
        hint = "mend the value that is wrong, or remove the row that is there twice"
        for names, index in self._keys:
            words = " and ".join(f"'{name}'" for name in names)
            tell_duplicates(
                self._table,
                index,
                "unique-key",
                f"{words} must be unique, but {{}} stands already in row {{}}",
                hint,
            )
        for names, index in self._fields:
            sentence = f"'{names[0]}' must be unique, but {{}} stands already in row {{}}"
            tell_duplicates(self._table, index, "constraint-unique", sentence, hint)


def tell_duplicates(table: Table, index: KeyIndex, code: str, sentence: str, hint: str) -> None:
    """Report each key that stood before, with the place where it stood first."""
    if not index.complete:
        raise CasetrailError("the keys of the table could not be read")
    number, duplicates = index.duplicates()
    if not number:
        return
    names = index.texts.names
    told = 0
    for duplicate in duplicates:
        if not table.builder.remaining(code):
            break
        table.builder.add(_finding(table, names, duplicate, code, sentence, hint))
        told += 1
    table.builder.count(code, number - told)


def _finding(
    table: Table, names: tuple[str, ...], duplicate: Duplicate, code: str, sentence: str, hint: str
) -> Finding:
    here, there = table.places.at(duplicate.position), table.places.at(duplicate.first)
    value = duplicate.key.replace("\0\2", ", ").replace("\0\1", "\0")
    return Finding(
        code,
        sentence.format(quoted(value), there.row),
        Place(
            table=table.name,
            path=here.path or table.path,
            row=here.row,
            line=here.line,
            column=table.position(names[0]) + 1,
            field=names[0],
            key=here.key,
            value=value[:200],
        ),
        hint=hint,
        related=Place(
            path=there.path or table.path,
            table=table.name,
            row=there.row,
            line=there.line,
            field=names[0],
            key=there.key,
        ),
    )
