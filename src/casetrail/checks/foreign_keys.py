"""Foreign keys: each value stands in the fields that are referred to (Table Schema, "foreignKeys").

As in SQL, on which the standard models them, a key of which a part is missing refers to nothing and is not
checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import KEY_THREAD, PackageCheck, TableCheck
from casetrail.checks.key_texts import KeyTexts
from casetrail.checks.table import Table
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.package.resource import Resource
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import ForeignKey
from casetrail.tables.batch import TextBatch
from casetrail.types.parser import quoted

_AT_ONCE = 1 << 18
"""How many references are gathered before they are looked up; each look-up hashes the keys anew."""
_MOST_HINTS = 20
_KEYS_FOR_HINTS = 3000


class ForeignKeys(PackageCheck):
    """Each reference leads to a record ("foreignKeys")."""

    name = "foreign-keys"
    codes: ClassVar = {"foreign-key": "A value refers to a record that does not exist."}

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """One part for each foreign key of the table."""
        for key in table.schema.foreign_keys:
            target = table.tables.get(key.reference.resource) if key.reference.resource else table
            if target is not None:
                yield _ForeignKey(table, key, target)


class _ForeignKey(TableCheck):
    thread = KEY_THREAD

    def __init__(self, table: Table, key: ForeignKey, target: Table) -> None:
        self._table, self._key, self._target_table = table, key, target
        self._target = target.keys.index(key.reference.fields)
        self._texts = KeyTexts(table.schema, key.fields)
        self._pending: list[pa.StringArray] = []
        self._looked_up = 0
        self._waiting = 0
        self._known: pa.Array | None = None
        self._hints: dict[str, str | None] = {}

    def feed(self, batch: TextBatch) -> None:
        keys = self._texts.read(batch)
        self._pending.append(keys)
        self._waiting += len(keys)
        if self._target.complete and self._waiting >= max(_AT_ONCE, 2 * len(self._known_keys())):
            self._look_up()

    def finish(self) -> None:
        # References to a table that is read later wait for `settle`.
        if self._target.complete:
            self._look_up()

    def settle(self) -> None:
        # Keys of a table that could not be read are not known, so nothing can be looked up.
        if not self._target.complete:
            raise CasetrailError(f"the table '{self._target_table.name}' could not be read")
        self._look_up()

    def _known_keys(self) -> pa.Array:
        if self._known is None:
            self._known = self._target.keys.combine_chunks()
        return self._known

    def _look_up(self) -> None:
        if not self._waiting:
            return
        references = pa.chunked_array(self._pending, type=pa.string())
        found = pc.is_in(references, value_set=self._known_keys())
        lost = pc.indices_nonzero(pc.and_(pc.invert(found), pc.is_valid(references)))
        if len(lost):
            self._tell(references, lost)
        self._looked_up += self._waiting
        self._pending, self._waiting = [], 0

    def _tell(self, references: pa.ChunkedArray, lost: pa.UInt64Array) -> None:
        builder = self._table.builder
        room = builder.remaining("foreign-key")
        for index in lost[:room].to_pylist():
            builder.add(self._finding(references[index].as_py(), self._looked_up + index))
        builder.count("foreign-key", len(lost) - room)

    def _finding(self, key: str, position: int) -> Finding:
        place = self._table.rows.at(position)
        value = key.replace("\0\2", ", ").replace("\0\1", "\0")
        names = ", ".join(self._key.reference.fields)
        same = self._target_table.name == self._table.name
        where = "in this table" if same else f"in '{self._target_table.name}'"
        return Finding(
            "foreign-key",
            f"there is no {names} {quoted(value)} {where}",
            Place(
                table=self._table.name,
                path=place.path or self._table.path,
                row=place.row,
                line=place.line,
                column=self._table.position(self._key.fields[0]) + 1,
                field=self._key.fields[0],
                key=place.key,
                value=value[:200],
            ),
            hint=self._hint(value),
            related=Place(
                path=self._target_table.path,
                table=self._target_table.name,
                field=self._key.reference.fields[0],
            ),
        )

    def _hint(self, value: str) -> str | None:
        if value not in self._hints:
            if len(self._hints) >= _MOST_HINTS:
                return None
            known = self._known_keys()[:_KEYS_FOR_HINTS].to_pylist()
            self._hints[value] = did_you_mean(value, [one for one in known if one is not None])
        return self._hints[value]
