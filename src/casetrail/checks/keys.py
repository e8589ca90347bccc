"""Keys that tell records apart: `primaryKey`, `uniqueKeys` and the constraint `unique` (Table Schema)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import ClassVar

from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.key_index import KeyIndex, readable
from casetrail.checks.missing import Missing
from casetrail.checks.table import Table, WrongCells
from casetrail.findings.error import CasetrailError
from casetrail.findings.place import Place
from casetrail.package.resource import Resource
from casetrail.tables.batch import TextBatch
from casetrail.types.problem import quoted


class PrimaryKeys(PackageCheck):
    """No part of a primary key is missing and no key is there twice ("primaryKey")."""

    name = "primary-key"
    codes: ClassVar = {
        "primary-key-missing": "A part of a record's primary key is missing.",
        "primary-key-duplicate": "Two records have the same primary key.",
    }

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """The key of the table, where it has one."""
        if table.schema.primary_key:
            yield _PrimaryKey(table)


class _PrimaryKey(TableCheck):
    def __init__(self, table: Table) -> None:
        self._table = table
        self._fields = table.schema.primary_key
        self._index = table.keys.index(self._fields)
        columns = [table.position(name) for name in self._fields]
        self._missing = [(column, Missing(table.schema, table.schema.fields[column])) for column in columns]

    def look(self, batch: TextBatch, table: Table) -> None:
        """Report where a part of the key is missing."""
        masks = [
            (column, missing.mask(batch.cells.column(column)))
            for column, missing in self._missing
            if not table.lacks(batch, column)
        ]
        alone = len(self._fields) == 1
        what = "the key of the row" if alone else "a part of the row's key"
        hint = "give the row a key that no other row has" if alone else "fill the cell"

        def describe(column: int, index: int, text: str) -> tuple[str, str]:
            return f"there is no '{table.schema.fields[column].name}', {what}", hint

        table.report_cells(
            batch,
            [
                WrongCells("primary-key-missing", column, mask, partial(describe, column))
                for column, mask in masks
                if mask is not None
            ],
        )

    def finish(self) -> None:
        hint = "give each row a key of its own, or remove the row that is there twice"
        _report_duplicates(self._table, self._index, "primary-key-duplicate", "the key ", hint)


class UniqueKeys(PackageCheck):
    """Unique keys and unique fields; a record in which a part is missing is left out ("uniqueKeys")."""

    name = "unique-keys"
    codes: ClassVar = {
        "unique-key": "Two records have the same values in the fields of a unique key.",
        "constraint-unique": "A value is twice in a field whose values must be unique.",
    }

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """One part for each key and each unique field."""
        for names in table.schema.unique_keys:
            yield _UniqueKey(table, names, "unique-key")
        for field in table.schema.fields:
            # A unique primary key is a matter of the check of that key.
            if field.constraints.unique and (field.name,) != table.schema.primary_key:
                yield _UniqueKey(table, (field.name,), "constraint-unique")


class _UniqueKey(TableCheck):
    def __init__(self, table: Table, names: tuple[str, ...], code: str) -> None:
        self._table, self._code = table, code
        self._index = table.keys.index(names)

    def finish(self) -> None:
        words = " and ".join(f"'{name}'" for name in self._index.texts.names)
        sentence = f"{words} must be unique, but "
        hint = "mend the value that is wrong, or remove the row that is there twice"
        _report_duplicates(self._table, self._index, self._code, sentence, hint)


def _report_duplicates(table: Table, index: KeyIndex, code: str, sentence: str, hint: str) -> None:
    """Report each key that was there before, with its first place."""
    if index.absent:
        return
    if not index.complete:
        raise CasetrailError("the keys of the table could not be read")
    number, duplicates = index.duplicates(table.builder.remaining(code), table.report_progress)
    positions = {at for duplicate in duplicates for at in (duplicate.position, duplicate.first)}
    places: dict[int, Place] = {}
    for some, batch in table.keys.records.at(positions):
        column = batch.positions[index.texts.names[0]]
        places.update(zip(some, table.places(batch, range(len(some)), column), strict=True))
    for duplicate in duplicates:
        here, there = places[duplicate.position], places[duplicate.first]
        message = f"{sentence}{quoted(readable(duplicate.key))} is already in row {there.row}"
        table.report(code, message, here, hint=hint, related=replace(there, value=None))
    table.builder.count(code, number - len(duplicates))
