"""Key pieces: the keys of some records, cut into partitions by their hash, each compared by itself.

Equal keys are in one partition, so what a partition answers is exact: which of its keys are there twice, and
which references are to none of them. A few large tasks do it, so that a scheduler has little to do: blocks
are cut in bundles, and there are at most so many bundles and partitions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.handle import Handle, call
from casetrail.checks.key_numbers import (
    KeyNumbers,
    Repeated,
    number_keys,
    repeated_numbers,
    repeated_texts,
)
from casetrail.checks.spill import Spill
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import text_array, whole_numbers

_AT_ONCE = 4096
_MOST_BITS = 7
_MOST_BUNDLES = 1 << _MOST_BITS


class KeyPiece(NamedTuple):
    """Some keys, null where a part is missing: those of one record after the other, or of the `rows` named.

    `numbers` are those that the keys end with, if they are known to be numbered in one way.
    """

    texts: pa.StringArray
    numbers: KeyNumbers | None = None
    rows: pa.Int32Array | None = None


class BlockKeys(NamedTuple):
    """What is known of the keys of a block, which are behind a handle.

    `filled` is how many are not null, `size` their bytes, `ends` the first and the last where each is greater
    than the one before. `start` is the position of the first in the table.
    """

    piece: Handle[KeyPiece]
    length: int
    filled: int
    size: int
    ends: tuple[str, str] | None = None
    start: int = 0

    @classmethod
    def of(
        cls, texts: pa.StringArray, numbers: KeyNumbers | None = None, *, ascending: bool = False
    ) -> BlockKeys:
        """The keys of some records, here as yet."""
        ends = (texts[0].as_py(), texts[-1].as_py()) if ascending and len(texts) else None
        filled = len(texts) - texts.null_count
        return cls(Handle(KeyPiece(texts, numbers)), len(texts), filled, texts.nbytes, ends)


def keep(
    batch: Handle[TextBatch], keys: Sequence[BlockKeys], spill: Spill
) -> tuple[Handle[TextBatch], list[BlockKeys]]:
    """The same records and keys; if they are here, on disk where there are many.

    Raises:
        OSError: There is no room for temporary files.
    """
    if not batch.is_here:
        return batch, list(keys)
    records, pieces = batch.get(), [block.piece.get() for block in keys]
    width = records.cells.num_columns
    kept = spill.keep([*records.cells.columns, *(piece.texts for piece in pieces)])
    cells = pa.RecordBatch.from_arrays(kept[:width], names=records.cells.schema.names)
    return Handle(replace(records, cells=cells)), [
        block._replace(piece=Handle(piece._replace(texts=texts)))
        for block, piece, texts in zip(keys, pieces, kept[width:], strict=True)
    ]


class Part(NamedTuple):
    """The pieces of a partition in the order of the table, and the positions from which their rows count."""

    pieces: list[Handle[KeyPiece]]
    starts: list[int]

    @classmethod
    def of(cls, blocks: Sequence[BlockKeys]) -> Part:
        """All keys of some blocks."""
        return cls([block.piece for block in blocks], [block.start for block in blocks])


def partition_bits(blocks: Sequence[BlockKeys]) -> int:
    """Two to the power of how many partitions the keys need."""
    at_once = min((block.piece.at_once for block in blocks), default=1)
    return min((sum(block.size for block in blocks) // at_once).bit_length(), _MOST_BITS)


def bundles(blocks: Sequence[BlockKeys], least: int = 0) -> list[Sequence[BlockKeys]]:
    """Blocks that follow one another, together so that there are not too many, each of so many keys."""
    least = max(least, -(-sum(block.length for block in blocks) // _MOST_BUNDLES))
    cut, begin, length = [], 0, 0
    for end, block in enumerate(blocks, 1):
        length += block.length
        if length >= least or end == len(blocks):
            cut.append(blocks[begin:end])
            begin, length = end, 0
    return cut


class Partitions:
    """The keys of blocks in partitions, as many as so many bits count."""

    def __init__(self, blocks: Sequence[BlockKeys], bits: int, spill: Spill) -> None:
        self._blocks, self._bits = blocks, bits
        self._bundles: list[tuple[Handle[_Bundle], int]] = []
        for blocks in bundles(self._blocks) if bits else ():
            bundle = call(_bundle, Part.of(blocks).pieces, bits)
            if bundle.is_here:
                cut: _Bundle = bundle.get()
                texts, rows = spill.keep([cut.texts, cut.rows])
                bundle = Handle(cut._replace(texts=texts, rows=rows))
            self._bundles.append((bundle, blocks[0].start))

    def __iter__(self) -> Iterator[Part]:
        """Each partition; what is here is not all in memory at once."""
        if not self._bits:
            yield Part.of(self._blocks)
            return
        starts = [start for _, start in self._bundles]
        for number in range(1 << self._bits):
            yield Part([call(_piece, bundle, number) for bundle, _ in self._bundles], starts)


class _Bundle(NamedTuple):
    """The keys of some blocks in the order of their partitions, the rows of each, and where each ends."""

    texts: pa.StringArray
    rows: pa.Int32Array
    ends: list[int]


def _bundle(pieces: Sequence[KeyPiece], bits: int) -> _Bundle:
    texts = pa.concat_arrays([piece.texts for piece in pieces])
    numbers = partition_numbers(texts, bits)
    # The order is stable, so that the keys of a partition are in that of the table.
    order = pc.sort_indices(numbers)
    if texts.null_count:
        order = order.filter(pc.is_valid(texts).take(order))
    counted = pc.value_counts(numbers.take(order))
    counts = dict(zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True))
    ends = list(accumulate(counts.get(number, 0) for number in range(1 << bits)))
    return _Bundle(texts.take(order), order.cast(pa.int32()), ends)


def _piece(bundle: _Bundle, number: int) -> KeyPiece:
    begin, end = bundle.ends[number - 1] if number else 0, bundle.ends[number]
    # A copy: of a slice the whole array would be sent.
    texts, rows = (pa.concat_arrays([array[begin:end]]) for array in (bundle.texts, bundle.rows))
    return KeyPiece(texts, rows=rows)


class Duplicate(NamedTuple):
    """A key that was there before: its position in the table and that of its first appearance, from 0."""

    position: int
    first: int
    key: str


class Duplicates(NamedTuple):
    """How many keys were there before, and the first of them in the order of the table."""

    number: int
    described: list[Duplicate]


def duplicates_in(pieces: Sequence[KeyPiece], starts: Sequence[int], most: int) -> Duplicates:
    """The keys of a partition that are there twice, of which so many at most are described."""
    return _duplicates(pieces, starts, repeated_texts(_keys(pieces)), most)


def numbered_duplicates(pieces: Sequence[KeyPiece], starts: Sequence[int], most: int) -> Duplicates | None:
    """The same of all keys at once, by their numbers; `None` where that cannot be told."""
    numbers = []
    for piece in pieces:
        of_piece = piece.numbers or number_keys(piece.texts)
        if of_piece is None:
            return None
        numbers.append(of_piece)
    repeated = repeated_numbers([piece.texts for piece in pieces], numbers)
    return None if repeated is None else _duplicates(pieces, starts, repeated, most)


def _duplicates(
    pieces: Sequence[KeyPiece], starts: Sequence[int], repeated: Repeated, most: int
) -> Duplicates:
    duplicates = Duplicates(repeated.number, [])
    if repeated.mask is None:
        return duplicates
    positions = _positions(pieces, starts, repeated.mask)
    first: dict[str, int] = {}
    while len(duplicates.described) < most and (found := next(positions, None)):
        position, key = found
        if first.setdefault(key, position) != position:
            duplicates.described.append(Duplicate(position, first[key], key))
    return duplicates


class Dangling(NamedTuple):
    """How many references lead nowhere, some different ones of them, and the first with their positions."""

    number: int
    unknown: list[str]
    described: list[tuple[int, str]]


def dangling_in(
    known: Sequence[KeyPiece], pieces: Sequence[KeyPiece], starts: Sequence[int], most: int, enough: int
) -> Dangling:
    """The references of a partition that are none of its keys: at most so many are described.

    Of different ones, `enough` at most are given.
    """
    references = _keys(pieces)
    mask = pc.is_in(references, value_set=_keys(known).combine_chunks())
    dangling = pc.and_(pc.invert(mask), pc.is_valid(references))
    number = int(pc.sum(dangling).as_py() or 0)
    if not number:
        return Dangling(0, [], [])
    unknown = pc.unique(references.filter(dangling))[:enough].to_pylist()
    positions = _positions(pieces, starts, dangling)
    return Dangling(number, unknown, [next(positions) for _ in range(min(number, most))])


def first_keys(piece: KeyPiece, number: int) -> list[str | None]:
    """So many keys of a piece."""
    return list(piece.texts[:number].to_pylist())


def _keys(pieces: Sequence[KeyPiece]) -> pa.ChunkedArray:
    return pa.chunked_array([piece.texts for piece in pieces], type=pa.string())


def _positions(
    pieces: Sequence[KeyPiece], starts: Sequence[int], mask: pa.BooleanArray | pa.ChunkedArray
) -> Iterator[tuple[int, str]]:
    """Where the mask over all keys is true: the position in the table, and the key."""
    offsets = list(accumulate((len(piece.texts) for piece in pieces), initial=0))
    # Kernels over chunks may cut them anew, so indices are those in the whole.
    indices = pc.indices_nonzero(mask)
    for begin in range(0, len(indices), _AT_ONCE):
        for index in indices[begin : begin + _AT_ONCE].to_pylist():
            number = bisect_right(offsets, index) - 1
            piece, index = pieces[number], index - offsets[number]
            row = index if piece.rows is None else piece.rows[index].as_py()
            yield starts[number] + row, piece.texts[index].as_py()


_NONE = text_array([""]).cast(pa.binary())[0]
_ZEROS = text_array(["\0" * 16]).cast(pa.binary())[0]
_TO_THE_END = 1 << 30
_FACTORS = [
    whole_numbers([number])[0]
    for number in (-7046029254386353131, -4417276706812531889, 1609587929392839161, -8796714831421723037)
]
_FOLD, _TOP = (whole_numbers([number])[0] for number in (29, 40))


def partition_numbers(keys: pa.StringArray, bits: int) -> pa.Int64Array:
    """For each key one of 2 to the power of `bits` partitions: that of a hash of its first and last 16 bytes.

    It is the same in every run and on every machine.
    """
    texts = pc.fill_null(keys, text_array([""])[0]).cast(pa.binary())
    begins = pc.binary_slice(pc.binary_join_element_wise(texts, _ZEROS, _NONE), 0, 16)
    ends = pc.binary_slice(pc.binary_join_element_wise(_ZEROS, texts, _NONE), -16, _TO_THE_END)
    both = pc.binary_join_element_wise(begins, ends, _NONE)
    words = pa.Int64Array.from_buffers(pa.int64(), 4 * len(keys), [None, both.buffers()[2]])
    of_keys = pa.FixedSizeListArray.from_arrays(words, 4)
    mixed = None
    for index, factor in zip(whole_numbers(range(len(_FACTORS))), _FACTORS, strict=True):
        product = pc.multiply(pc.list_element(of_keys, index), factor)
        mixed = product if mixed is None else pc.add(mixed, product)
    mixed = pc.multiply(pc.bit_wise_xor(mixed, pc.shift_right(mixed, _FOLD)), _FACTORS[0])
    return pc.bit_wise_and(pc.shift_right(mixed, _TOP), whole_numbers([(1 << bits) - 1])[0])
