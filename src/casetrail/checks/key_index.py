"""Key index: the keys of a whole table, and whether one is there twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.key_texts import JOINT, KeyTexts
from casetrail.checks.missing import lacks_column
from casetrail.checks.spill import Spill
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import all_true, text_array, whole_numbers

_AT_ONCE = 4096
_MOST_DIGITS = 18
_DIGITS_OF_32_BITS = 9
_PARTITION = 512 * 1024 * 1024
"""How many bytes of keys are compared with one another at once."""
_SPARSEST = 8
"""For so many possible numbers per key it pays to mark each that is there."""


class Duplicate(NamedTuple):
    """A key that was there before: its position in the table and that of its first appearance, from 0."""

    position: int
    first: int
    key: str


class BlockKeys(NamedTuple):
    """The keys of some records, null where a part is missing, and what was seen of them at once.

    `ascending` says whether each is greater than the one before; where not, `numbers` are those that the keys
    end with, if all are numbered in one way.
    """

    texts: pa.StringArray
    ascending: bool
    numbers: KeyNumbers | None = None


class KeyIndex:
    """Collects the keys of a table, block by block.

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
        self._numbers: list[KeyNumbers | None] = []

    def look(self, batch: TextBatch) -> BlockKeys:
        """The keys of some records; safe in several threads at once."""
        keys = self.texts.read(batch)
        ascending = not keys.null_count and all_true(pc.less(keys[:-1], keys[1:]))
        return BlockKeys(keys, ascending, None if ascending or keys.null_count else number_keys(keys))

    def take(self, block: BlockKeys) -> None:
        """Take in the keys of the next records."""
        keys = block.texts
        if not len(keys):
            return
        joined = self._last is None or all_true(pc.less(self._last, keys[:1]))
        if self._ascending and not (block.ascending and joined):
            self._ascending = False
            self._numbers = [number_keys(chunk) for chunk in self._chunks]
        if not self._ascending:
            self._numbers.append(number_keys(keys) if block.ascending else block.numbers)
        self._chunks.append(keys)
        self._last = keys[-1:]

    @property
    def keys(self) -> pa.ChunkedArray:
        """All keys so far, in the order of the table."""
        return pa.chunked_array(self._chunks, type=pa.string())

    def duplicates(self) -> tuple[int, Iterator[Duplicate]]:
        """How many keys were there before, and each of them in the order of the table."""
        if self._ascending or all_differ(self._numbers):
            return 0, iter(())
        number, repeated = 0, []
        for keys in self._partitions():
            counted = pc.value_counts(keys)
            values, counts = counted.field(0), counted.field(1)
            number += len(keys) - keys.null_count - (len(values) - values.null_count)
            several = pc.greater(counts, whole_numbers([1])[0])
            repeated.append(values.filter(pc.and_(several, pc.is_valid(values))))
        return number, self._each(self.keys, pa.concat_arrays(repeated)) if number else iter(())

    def _partitions(self) -> Iterator[pa.ChunkedArray]:
        """All keys in parts that can be compared by themselves."""
        bits = (sum(chunk.nbytes for chunk in self._chunks) // _PARTITION).bit_length()
        if not bits:
            yield self.keys
            return
        of_chunks = [partition_numbers(chunk, bits).cast(pa.int16()) for chunk in self._chunks]
        for part in range(1 << bits):
            wanted = whole_numbers([part])[0].cast(pa.int16())
            chunks = [
                chunk.filter(pc.equal(numbers, wanted))
                for chunk, numbers in zip(self._chunks, of_chunks, strict=True)
            ]
            yield pa.chunked_array(chunks, type=pa.string())

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


class KeyNumbers(NamedTuple):
    """The numbers of keys such as `ev-00000001` or `7`: digits behind one text, the same in all.

    `length` is that of the keys, if all have the same; `plain` says that none has needless zeros. Either way
    the same number is the same key.
    """

    prefix: str
    length: int | None
    plain: bool
    numbers: pa.Array


def number_keys(keys: pa.StringArray) -> KeyNumbers | None:
    """The numbers of keys, none of them null; `None` where they are not numbered in one way."""
    first = str(keys[0].as_py())
    prefix, length = re.sub("[0-9]*$", "", first), len(first)
    bounds = pc.min_max(pc.binary_length(keys)).as_py()
    if not prefix.isascii() or not len(prefix) < bounds["max"] <= len(prefix) + _MOST_DIGITS:
        return None
    if prefix and not all_true(pc.starts_with(keys, pattern=prefix)):
        return None
    digits = pc.utf8_slice_codeunits(keys, start=len(prefix)) if prefix else keys
    same = bounds == {"min": length, "max": length}
    if not all_true(pc.ascii_is_decimal(digits)):
        return None
    if not same and not all_true(pc.match_substring_regex(digits, r"\A(?:0|[1-9][0-9]*)\z")):
        return None
    numbers = pc.cast(digits, pa.int64())
    width = length - len(prefix)
    plain = not same or width == 1 or pc.min(numbers).as_py() >= 10 ** (width - 1)
    if bounds["max"] - len(prefix) <= _DIGITS_OF_32_BITS:
        numbers = numbers.cast(pa.int32())
    return KeyNumbers(prefix, length if same else None, plain, numbers)


def all_differ(blocks: Sequence[KeyNumbers | None]) -> bool:
    """Whether it is proved that no number is there twice: marked in a row of places, they take as many."""
    prefixes = {block and block.prefix for block in blocks}
    lengths = {block and block.length for block in blocks}
    if len(prefixes) != 1 or None in prefixes:
        return False
    if (len(lengths) > 1 or None in lengths) and not all(block and block.plain for block in blocks):
        return False
    types = {block.numbers.type for block in blocks if block}
    kind = types.pop() if len(types) == 1 else pa.int64()
    numbers = pa.chunked_array([block.numbers.cast(kind) for block in blocks if block], type=kind)
    bounds = pc.min_max(numbers).as_py()
    span = bounds["max"] - bounds["min"] + 1
    if span > _SPARSEST * len(numbers):
        return False
    if bounds["min"]:
        numbers = pc.subtract(numbers, whole_numbers([bounds["min"]])[0].cast(kind))
    marked = pc.inverse_permutation(numbers, max_index=span - 1, output_type=kind)
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
        self._spill = Spill()

    def index(self, names: tuple[str, ...]) -> KeyIndex:
        """The index over these fields; ask before the first batch."""
        if names not in self._indexes:
            self._indexes[names] = KeyIndex(KeyTexts(self._schema, names))
        return self._indexes[names]

    def look(self, batch: TextBatch) -> tuple[TextBatch, Any]:
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
        return batch.select(self._columns), keys

    def take(self, batch: TextBatch, keys: list[BlockKeys | None] | Exception) -> None:
        """Take in a batch and its keys."""
        if isinstance(keys, Exception):
            self.failure = self.failure or keys
        else:
            batch, keys = self._keep(batch, keys)
            for index, block in zip(self._indexes.values(), keys, strict=True):
                index.absent = index.absent or block is None
                if block is not None:
                    index.take(block)
        self._starts.append(self._length)
        self._batches.append(batch)
        self._length += batch.cells.num_rows

    def _keep(
        self, batch: TextBatch, keys: list[BlockKeys | None]
    ) -> tuple[TextBatch, list[BlockKeys | None]]:
        """The same, on disk where there are many."""
        own = [block for block in keys if block is not None]
        kept = self._spill.keep([*batch.cells.columns, *(block.texts for block in own)])
        width = batch.cells.num_columns
        cells = pa.RecordBatch.from_arrays(kept[:width], names=batch.cells.schema.names)
        texts = iter(kept[width:])
        keys = [None if block is None else block._replace(texts=next(texts)) for block in keys]
        return replace(batch, cells=cells), keys

    def finish(self) -> None:
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


_NONE = text_array([""]).cast(pa.binary())[0]
_ZEROS = text_array(["\0" * 16]).cast(pa.binary())[0]
_TO_THE_END = 1 << 30
_FIRST, _SECOND, _FOLD, _TOP = (
    whole_numbers([number])[0] for number in (-7046029254386353131, -4417276706812531889, 29, 40)
)


def partition_numbers(keys: pa.StringArray, bits: int) -> pa.Int64Array:
    """For each key one of 2 to the power of `bits` partitions: that of a hash of its last 16 bytes.

    It is the same in every run and on every machine.
    """
    texts = pc.fill_null(keys, text_array([""])[0]).cast(pa.binary())
    ends = pc.binary_slice(pc.binary_join_element_wise(_ZEROS, texts, _NONE), -16, _TO_THE_END)
    words = pa.Int64Array.from_buffers(pa.int64(), 2 * len(keys), [None, ends.buffers()[2]])
    pairs = pa.FixedSizeListArray.from_arrays(words, 2)
    mixed = pc.add(
        pc.multiply(pc.list_element(pairs, 0), _FIRST), pc.multiply(pc.list_element(pairs, 1), _SECOND)
    )
    mixed = pc.multiply(pc.bit_wise_xor(mixed, pc.shift_right(mixed, _FOLD)), _FIRST)
    return pc.bit_wise_and(pc.shift_right(mixed, _TOP), whole_numbers([(1 << bits) - 1])[0])
