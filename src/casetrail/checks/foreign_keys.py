"""Foreign keys: each value is in the fields that are referred to (Table Schema, "foreignKeys").

As in SQL, on which the standard models them, a key of which a part is missing refers to nothing and is not
checked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import REFERENCE, PackageCheck, TableCheck
from casetrail.checks.key_index import readable
from casetrail.checks.key_texts import KeyTexts
from casetrail.checks.spill import Spill
from casetrail.checks.table import Table
from casetrail.findings.error import CasetrailError
from casetrail.findings.place import Place
from casetrail.package.resource import Resource
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import ForeignKey
from casetrail.tables.batch import TextBatch
from casetrail.types.problem import quoted

_AT_ONCE = 1 << 18
"""How many references are gathered before they are looked up; each look-up hashes the keys anew."""
_MOST_HINTS = 20
_KEYS_FOR_HINTS = 3000


class ForeignKeys(PackageCheck):
    """Each reference leads to a record ("foreignKeys")."""

    name = "foreign-keys"
    rank = REFERENCE
    codes: ClassVar = {
        "foreign-key": "A value refers to a record that does not exist. "
        "Mend the value, or add the record that it refers to."
    }

    def on_table(self, resource: Resource, table: Table) -> Iterator[TableCheck]:
        """One part for each foreign key of the table."""
        for key in table.schema.foreign_keys:
            target = table.tables.get(key.reference.resource) if key.reference.resource else table
            if target is not None:
                yield _ForeignKey(table, key, target)


class _ForeignKey(TableCheck):
    def __init__(self, table: Table, key: ForeignKey, target: Table) -> None:
        self._table, self._key, self._target_table = table, key, target
        self._target = target.keys.index(key.reference.fields)
        self._texts = KeyTexts(table.schema, key.fields)
        self._columns = [table.position(name) for name in (key.fields[0], *table.schema.primary_key)]
        self._pending: list[tuple[TextBatch, pa.StringArray]] = []
        self._waiting = 0
        self._known: pa.Array | None = None
        self._dangling = 0
        self._described: list[tuple[Place, str]] = []
        self._unknown: set[str] = set()
        self._spill = Spill()
        self._hints: dict[str, str] = {}

    def look(self, batch: TextBatch, table: Table) -> tuple[TextBatch, pa.StringArray]:
        """Read the references."""
        return batch.select(self._columns), self._texts.read(batch)

    def take(self, batch: TextBatch, keys: pa.StringArray) -> None:
        """Gather references, and look up many at once."""
        if not self._target.complete:
            *cells, keys = self._spill.keep([*batch.cells.columns, keys])
            batch = replace(batch, cells=pa.RecordBatch.from_arrays(cells, names=batch.cells.schema.names))
        self._pending.append((batch, keys))
        self._waiting += len(keys)
        if self._target.complete and self._waiting >= max(_AT_ONCE, 2 * len(self._known_keys())):
            self._look_up()

    def finish(self) -> None:
        # References to a table that is read later, or not to its end as yet, wait for `settle`.
        if self._target.complete and self._target_table.name != self._table.name:
            self._look_up()

    def settle(self) -> None:
        target = self._target_table
        if target.keys.failure is not None:
            raise CasetrailError(f"the keys of '{target.name}' could not be read")
        if not self._target.complete:
            # The keys of a table that could not be read, or that lacks a column, are not known.
            references = sum(len(keys) - keys.null_count for _, keys in self._pending)
            self._table.unchecked.add(target.name, "reference", references)
            return
        self._look_up()
        if target.reading.explains(len(self._unknown)):
            self._table.unchecked.add(target.name, "reference", self._dangling)
            return
        for place, key in self._described:
            self._report(place, readable(key))
        self._table.builder.count("foreign-key", self._dangling - len(self._described))

    def _known_keys(self) -> pa.Array:
        if self._known is None:
            self._known = self._target.keys.combine_chunks()
        return self._known

    def _look_up(self) -> None:
        if not self._waiting:
            return
        references = pa.chunked_array([keys for _, keys in self._pending], type=pa.string())
        known = pc.is_in(references, value_set=self._known_keys())
        dangling = pc.and_(pc.invert(known), pc.is_valid(references))
        enough = self._target_table.reading.explained + 1
        self._unknown.update(pc.unique(references.filter(dangling))[:enough].to_pylist())
        positions = pc.indices_nonzero(dangling)
        self._dangling += len(positions)
        remaining = self._table.builder.remaining("foreign-key") - len(self._described)
        starts = list(accumulate((len(keys) for _, keys in self._pending), initial=0))
        for position in positions[: max(0, remaining)].to_pylist():
            number = bisect_right(starts, position) - 1
            (batch, keys), index = self._pending[number], position - starts[number]
            self._described.append((self._table.place(batch, index, 0), keys[index].as_py()))
        self._pending, self._waiting = [], 0

    def _report(self, place: Place, value: str) -> None:
        target, fields = self._target_table, self._key.reference.fields
        where = "in this table" if target.name == self._table.name else f"in '{target.name}'"
        self._table.report(
            "foreign-key",
            f"there is no {', '.join(fields)} {quoted(value)} {where}",
            place,
            hint=self._hint(value),
            related=Place(path=target.path, table=target.name, field=fields[0]),
        )

    def _hint(self, value: str) -> str:
        table = self._target_table.name
        if value not in self._hints:
            if len(self._hints) >= _MOST_HINTS:
                return reference_hint(value, (), table)
            known = self._known_keys()[:_KEYS_FOR_HINTS].to_pylist()
            self._hints[value] = reference_hint(value, [key for key in known if key is not None], table)
        return self._hints[value]


def reference_hint(value: str, keys: Iterable[str], *tables: str) -> str:
    """How to mend a reference to a row that none of the tables has: the same for all who refer to it."""
    add = "add its row" + (f" to {' or '.join(map(repr, tables))}" if tables else "")
    return did_you_mean(value, keys) or f"{add}, or name one that is there"
