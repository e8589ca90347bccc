"""Key index: the keys of a whole table, and whether one stands twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.key_texts import JOINT, KeyTexts
from casetrail.checks.missing import lacks_column
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import all_true

_AT_ONCE = 4096
_MOST_DIGITS = 18
_SPARSEST = 8
"""For so many possible numbers per key it pays to mark each that is there."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that stood before: its position in the table and that of its first appearance, from 0."""

    position: int
    first: int
    key: str


class KeyIndex:
    """Collects the keys of a table, batch by batch.

    Keys in strictly ascending order, as the canonical form of a table has them, are unique without further
    proof, and of numbered ones it is proved cheaply. All others are hashed, once, when the table has been
    read. Where the file lacks a column of the key, the keys are `absent`.
    """

    def __init__(self, texts: KeyTexts) -> None:
        self.texts = texts
        self.complete = False
        self.absent = False
        self._chunks: list[pa.StringArray] = []
        self._ascending = True
        self._last: pa.StringArray | None = None
        self._numbered: NumberedKeys | None = None

    def add(self, batch: TextBatch) -> pa.StringArray:
        """Take in the keys of a batch; they are returned, null where a part is missing."""
        keys = self.texts.read(batch)
        self._chunks.append(keys)
        if self._ascending and len(keys):
            self._ascending = not keys.null_count and self._goes_on(keys)
            self._last = keys[-1:]
            if not self._ascending and not keys.null_count:
                self._number(self._chunks)
        elif self._numbered is not None:
            self._number([keys])
        return keys

    def _number(self, chunks: list[pa.StringArray]) -> None:
        numbered = self._numbered or NumberedKeys()
        good = all(not keys.null_count and numbered.add(keys) for keys in chunks)
        self._numbered = numbered if good else None

    def _goes_on(self, keys: pa.StringArray) -> bool:
        joined = self._last is None or all_true(pc.less(self._last, keys[:1]))
        return joined and all_true(pc.less(keys[:-1], keys[1:]))

    @property
    def keys(self) -> pa.ChunkedArray:
        """All keys so far, in the order of the table."""
        return pa.chunked_array(self._chunks, type=pa.string())

    def duplicates(self) -> tuple[int, Iterator[Duplicate]]:
        """How many keys stood before, and each of them in the order of the table."""
        if self._ascending or (self._numbered is not None and self._numbered.all_differ()):
            return 0, iter(())
        keys = self.keys
        counted = pc.value_counts(keys)
        values, counts = counted.field(0), counted.field(1)
        number = len(keys) - keys.null_count - (len(values) - values.null_count)
        if not number:
            return 0, iter(())
        return number, self._each(keys, values.filter(pc.and_(pc.greater(counts, 1), pc.is_valid(values))))

    def _each(self, keys: pa.ChunkedArray, repeated: pa.StringArray) -> Iterator[Duplicate]:
        first: dict[str, int] = {}
        # Kernels over chunks may cut them anew, so positions are those in the whole.
        positions = pc.indices_nonzero(pc.is_in(keys, value_set=repeated))
        for start in range(0, len(positions), _AT_ONCE):
            for position in positions[start : start + _AT_ONCE].to_pylist():
                key = keys[position].as_py()
                if key in first:
                    yield Duplicate(position, first[key], key)
                else:
                    first[key] = position


class NumberedKeys:
    """Keys such as `ev-00000001`, of which it costs little to prove that none is there twice.

    All have the same length, begin with the same text and go on with digits to their end.
    """

    def __init__(self) -> None:
        self._prefix: str | None = None
        self._length = 0
        self._numbers: list[pa.Int64Array] = []

    def add(self, keys: pa.StringArray) -> bool:
        """Take in keys, none of them null; false when they are not numbered: then nothing can be proved."""
        if not len(keys):
            return True
        if self._prefix is None:
            first = str(keys[0].as_py())
            self._prefix = re.sub("[0-9]*$", "", first)
            self._length = len(first)
            if not self._prefix.isascii() or not 1 <= self._length - len(self._prefix) <= _MOST_DIGITS:
                return False
        lengths = pc.min_max(pc.binary_length(keys)).as_py()
        if lengths != {"min": self._length, "max": self._length}:
            return False
        if self._prefix and not all_true(pc.starts_with(keys, pattern=self._prefix)):
            return False
        digits = pc.utf8_slice_codeunits(keys, start=len(self._prefix)) if self._prefix else keys
        if not all_true(pc.ascii_is_decimal(digits)):
            return False
        self._numbers.append(pc.cast(digits, pa.int64()))
        return True

    def all_differ(self) -> bool:
        """Whether it is proved that no number stands twice: marked in a row of places, they take as many."""
        numbers = pa.chunked_array(self._numbers, type=pa.int64())
        if not len(numbers):
            return True
        bounds = pc.min_max(numbers).as_py()
        span = bounds["max"] - bounds["min"] + 1
        if span > _SPARSEST * len(numbers):
            return False
        if bounds["min"]:
            numbers = pc.subtract(numbers, pa.scalar(bounds["min"], pa.int64()))
        marked = pc.inverse_permutation(numbers, max_index=span - 1, output_type=pa.int64())
        return len(marked) - int(marked.null_count) == len(numbers)


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
        self._batches: list[TextBatch] = []
        self._starts: list[int] = []
        self._length = 0

    def index(self, names: tuple[str, ...]) -> KeyIndex:
        """The index over these fields; ask before the first batch."""
        if names not in self._indexes:
            self._indexes[names] = KeyIndex(KeyTexts(self._schema, names))
        return self._indexes[names]

    def feed(self, batch: TextBatch) -> None:
        """Take in a batch. When that fails, every check that asks for the keys says so."""
        try:
            for index in self._indexes.values() if self.failure is None else ():
                if any(lacks_column(batch, self._schema, column) for column in index.texts.columns):
                    index.absent = True
                else:
                    index.add(batch)
        except Exception as error:
            self.failure = error
        self._starts.append(self._length)
        self._batches.append(batch.select(self._columns))
        self._length += batch.cells.num_rows

    def complete(self) -> None:
        """The table has been read to its end."""
        for index in self._indexes.values() if self.failure is None else ():
            index.complete = not index.absent

    def record(self, position: int) -> tuple[TextBatch, int]:
        """The record at a position of the table, from 0: its batch, with the fields of keys, and index."""
        number = bisect_right(self._starts, position) - 1
        return self._batches[number], position - self._starts[number]


def readable(key: str) -> str:
    """A key text as people read it, the parts of a composite key joined by a comma."""
    return key.replace(JOINT, ", ")
