"""Foreign keys: each value is in the fields that are referred to (Table Schema, "foreignKeys").

As in SQL, on which the standard models them, a key of which a part is missing refers to nothing and is not
checked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from casetrail.checks.check import REFERENCE, PackageCheck, TableCheck
from casetrail.checks.handle import Handle, RecordsByPosition, begin, call, wait
from casetrail.checks.key_index import readable
from casetrail.checks.key_pieces import (
    BlockKeys,
    Dangling,
    Part,
    Partitions,
    bundles,
    dangling_in,
    keep,
    partition_bits,
)
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

_AT_ONCE = 1 << 19
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


class _LookUp(NamedTuple):
    """References that are looked up: where their records are, and what is answered, in parts."""

    records: RecordsByPosition
    answers: list[Handle[Dangling]]


class _ForeignKey(TableCheck):
    def __init__(self, table: Table, key: ForeignKey, target: Table) -> None:
        self._table, self._key, self._target_table = table, key, target
        self._target = target.keys.index(key.reference.fields)
        self._texts = KeyTexts(table.schema, key.fields)
        self._columns = [table.position(name) for name in (key.fields[0], *table.schema.primary_key)]
        self._records = RecordsByPosition()
        self._pending: list[BlockKeys] = []
        self._waiting = 0
        self._looked_up: deque[_LookUp] = deque()
        self._dangling = 0
        self._described: list[tuple[Place, str]] = []
        self._unknown: set[str] = set()
        self._spill = Spill()
        self._first_keys: list[str] | None = None
        self._hints: dict[str, str] = {}

    def look(self, batch: TextBatch, table: Table) -> tuple[Handle[TextBatch], BlockKeys]:
        """Read the references."""
        return Handle(batch.select(self._columns)), BlockKeys.of(self._texts.read(batch))

    def take(self, given: tuple[Handle[TextBatch], BlockKeys], rows: int, lines: int) -> None:
        """Gather references, and look up many at once."""
        batch, keys = given
        at_once = self._target.complete and not self._target.bits
        if not at_once:
            batch, (keys,) = keep(batch, [keys], self._spill)
        self._records.add(batch, keys.length, rows, lines)
        self._pending.append(keys._replace(start=self._waiting))
        self._waiting += keys.length
        if at_once and self._waiting >= self._many:
            self._look_up()
        while self._looked_up and all(answer.is_ready for answer in self._looked_up[0].answers):
            self._collect(self._looked_up.popleft())

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
            self._table.unchecked.add(target.name, "reference", sum(keys.filled for keys in self._pending))
            return
        self._look_up()
        while self._looked_up:
            self._collect(self._looked_up.popleft())
        if target.reading.explains(len(self._unknown)):
            self._table.unchecked.add(target.name, "reference", self._dangling)
            return
        for place, key in self._described:
            self._report(place, readable(key))
        self._table.builder.count("foreign-key", self._dangling - len(self._described))

    @property
    def _many(self) -> int:
        return max(_AT_ONCE, 2 * self._target.length)

    @property
    def _remaining(self) -> int:
        return self._table.builder.remaining("foreign-key") - len(self._described)

    def _look_up(self) -> None:
        """Look up the references that wait: all keys in bundles of them, or partition by partition."""
        if not self._waiting:
            return
        bits = self._target.bits
        pairs: Iterable[tuple[Part, Part]]
        on_compare = self._table.report_progress
        if bits:
            bits = max(bits, partition_bits(self._pending))
            partitions = Partitions(self._pending, bits, self._spill)
            number, pairs = 1 << bits, zip(self._target.parts(bits), partitions, strict=True)
        else:
            (known,) = self._target.parts(0)
            own = bundles(self._pending, self._many)
            number, pairs = len(own), ((known, Part.of(bundle)) for bundle in own)
        most, enough = max(0, self._remaining), self._target_table.reading.explained + 1
        answers = (call(dangling_in, known.pieces, *part, most, enough) for known, part in pairs)
        self._looked_up.append(_LookUp(self._records, begin(answers, number, on_compare)))
        self._records, self._pending, self._waiting = RecordsByPosition(), [], 0

    def _collect(self, look_up: _LookUp) -> None:
        answers: list[Dangling] = wait(look_up.answers, self._table.report_progress)
        for answer in answers:
            self._dangling += answer.number
            self._unknown.update(answer.unknown)
        described = sorted(found for answer in answers for found in answer.described)
        described = described[: max(0, self._remaining)]
        places: list[Place] = []
        for some, batch in look_up.records.at(position for position, _ in described):
            places += self._table.places(batch, range(len(some)), 0)
        self._described += zip(places, (key for _, key in described), strict=True)

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
            if self._first_keys is None:
                self._first_keys = self._target.first(_KEYS_FOR_HINTS)
            self._hints[value] = reference_hint(value, self._first_keys, table)
        return self._hints[value]


def reference_hint(value: str, keys: Iterable[str], *tables: str) -> str:
    """How to mend a reference to a row that none of the tables has: the same for all who refer to it."""
    add = "add its row" + (f" to {' or '.join(map(repr, tables))}" if tables else "")
    return did_you_mean(value, keys) or f"{add}, or name one that is there"
