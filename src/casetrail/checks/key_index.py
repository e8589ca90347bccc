"""Key index: the keys of a whole table, and whether one is there twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyarrow.compute as pc

from casetrail.checks.handle import Handle, OnCompare, RecordsByPosition, begin, call, wait
from casetrail.checks.key_numbers import number_keys
from casetrail.checks.key_pieces import (
    BlockKeys,
    Duplicates,
    Part,
    Partitions,
    duplicates_in,
    first_keys,
    keep,
    numbered_duplicates,
    partition_bits,
)
from casetrail.checks.key_texts import JOINT, KeyTexts
from casetrail.checks.missing import lacks_column
from casetrail.checks.spill import Spill
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import all_true


class KeyIndex:
    """Collects the keys of a table, block by block.

    Keys in strictly ascending order, as the canonical form of a table has them, are unique without further
    proof, and numbered ones are compared by their numbers. All others are hashed, once, when the table has
    been read. Where the file lacks a column of the key, the keys are `absent`.
    """

    def __init__(self, texts: KeyTexts, spill: Spill | None = None) -> None:
        self.texts = texts
        self.complete = False
        self.absent = False
        self.length = 0
        self._spill = spill or Spill()
        self._blocks: list[BlockKeys] = []
        self._ascending = True
        self._last: str | None = None
        self._partitions: dict[int, Partitions] = {}

    def look(self, batch: TextBatch) -> BlockKeys:
        """The keys of some records; safe in several threads at once."""
        keys = self.texts.read(batch)
        ascending = not keys.null_count and all_true(pc.less(keys[:-1], keys[1:]))
        numbers = None if ascending else number_keys(keys)
        return BlockKeys.of(keys, numbers, ascending=ascending)

    def take(self, block: BlockKeys) -> None:
        """Take in the keys of the next records."""
        if not block.length:
            return
        joined = block.ends is not None and (self._last is None or self._last < block.ends[0])
        self._ascending = self._ascending and joined
        self._last = block.ends and block.ends[1]
        self._blocks.append(block._replace(start=self.length))
        self.length += block.length

    @property
    def bits(self) -> int:
        """Two to the power of how many partitions its keys need."""
        return partition_bits(self._blocks)

    def parts(self, bits: int) -> Iterator[Part]:
        """All keys, in partitions."""
        if bits not in self._partitions:
            self._partitions[bits] = Partitions(self._blocks, bits, self._spill)
        return iter(self._partitions[bits])

    def first(self, number: int) -> list[str]:
        """The keys of the first so many records; null is left out."""
        keys: list[str] = []
        for block in self._blocks:
            if number > 0:
                keys += [key for key in call(first_keys, block.piece, number).get() if key is not None]
            number -= block.length
        return keys

    def duplicates(self, most: int, on_compare: OnCompare = lambda compared, parts: None) -> Duplicates:
        """The keys that were there before; the first so many are described, in the order of the table."""
        if self._ascending:
            return Duplicates(0, [])
        every = Part.of(self._blocks)
        if not self.bits or all(piece.is_here for piece in every.pieces):
            on_compare(0, 1)
            numbered: Duplicates | None = call(numbered_duplicates, *every, most).get()
            if numbered is not None:
                return numbered
        on_compare(0, 1 << self.bits)
        parts = (call(duplicates_in, *part, most) for part in self.parts(self.bits))
        answers: list[Duplicates] = wait(begin(parts, 1 << self.bits, on_compare), on_compare)
        described = sorted(duplicate for answer in answers for duplicate in answer.described)
        return Duplicates(sum(answer.number for answer in answers), described[:most])


class TableKeysOfBlock(NamedTuple):
    """The fields of keys of some records, and their keys for each index, `None` where a column is lacking.

    Where they could not be read, the error is in their place.
    """

    batch: Handle[TextBatch]
    length: int
    keys: list[BlockKeys | None] | Exception


class TableKeys:
    """The keys of one table that any check asks for, each read once per batch, and where the records are."""

    def __init__(self, schema: TableSchema) -> None:
        self._schema = schema
        self._indexes: dict[tuple[str, ...], KeyIndex] = {}
        self.failure: Exception | None = None
        names = dict.fromkeys(
            [
                *schema.primary_key,
                *(name for key in schema.unique_keys for name in key),
                *(field.name for field in schema.fields if field.constraints.unique),
            ]
        )
        self._columns = [schema.field_names.index(name) for name in names]
        self.records = RecordsByPosition()
        self._spill = Spill()

    def index(self, names: tuple[str, ...]) -> KeyIndex:
        """The index over these fields; ask before the first batch."""
        if names not in self._indexes:
            self._indexes[names] = KeyIndex(KeyTexts(self._schema, names), self._spill)
        return self._indexes[names]

    def look(self, batch: TextBatch) -> TableKeysOfBlock:
        """Read the keys of a batch. When that fails, every check that asks for the keys says so."""
        keys: list[BlockKeys | None] | Exception
        try:
            keys = [
                None
                if any(lacks_column(batch, self._schema, column) for column in index.texts.columns)
                else index.look(batch)
                for index in self._indexes.values()
            ]
        except Exception as error:
            keys = error
        return TableKeysOfBlock(Handle(batch.select(self._columns)), batch.cells.num_rows, keys)

    def take(self, block: TableKeysOfBlock, rows: int, lines: int) -> None:
        """Take in the keys of the next records, which are so many rows and lines further down."""
        batch, keys = block.batch, block.keys
        if isinstance(keys, Exception):
            self.failure = self.failure or keys
        else:
            batch, kept = keep(batch, [own for own in keys if own is not None], self._spill)
            kept_keys = iter(kept)
            for index, own in zip(self._indexes.values(), keys, strict=True):
                index.absent = index.absent or own is None
                if own is not None:
                    index.take(next(kept_keys))
        self.records.add(batch, block.length, rows, lines)

    def finish(self) -> None:
        """The table has been read to its end."""
        for index in self._indexes.values() if self.failure is None else ():
            index.complete = not index.absent


def readable(key: str) -> str:
    """A key text as people read it, the parts of a composite key joined by a comma."""
    return key.replace(JOINT, ", ")
