"""Draft keys: the combinations of columns that tell rows apart, and the columns that lead to other tables.

Standard: `table-schema.mdx`, primaryKey and foreignKeys. A key is drafted where every row bears it out and it
is not likely to do so by accident; the criteria are in `docs/how-to/any-data-package.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb, prod
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.describe.column_names import BY_VALUE, KeyName, names_an_id
from casetrail.describe.column_types import Column
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.blocks import Block, BlockText, Workers
from casetrail.tables.file_formats import read_blocks
from casetrail.types.arrow_arrays import all_true, are_filled, whole_numbers
from casetrail.types.kernel import matches
from casetrail.types.registry import field_type

KEY_TYPES = ("string", "integer")
_PART_TYPES = (*KEY_TYPES, "date", "datetime", "time", "yearmonth")
_PARTS = 3
_LEADING = 6
_MAX_ROWS = 10_000_000
_MAX_LENGTH = 200
_BEGINNING = 10_000
_MOST_NUMBERS = 1 << 62
_ONE = whole_numbers([1])[0].cast(pa.float64())
_COLLISIONS = 5
"""Of the pairs of rows that the other parts leave alike, so many would be alike in a part too that has no
relation to them. That such a part tells all of them apart by accident is rarer than one in a hundred."""

_CODED = (r"\S{6,100}", r"\S*\pL\S*", r"\S*[0-9_.:/-]\S*")
"""The forms of a text that is an identifier by its look: `ev-trial`, `QX-0012`, a UUID."""


@dataclass
class DraftTable:
    """A table of which the columns are known, and what is drafted of its keys."""

    file: Path
    name: str
    source: Resource
    columns: list[Column]
    primary_key: list[str] = field(default_factory=list)
    foreign_keys: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of records."""
        return self.columns[0].rows

    @property
    def single_keys(self) -> list[Column]:
        """The columns with another value in every row, those first that are called as identifiers are."""
        keys = [column for column in self.columns if _is_key(column)]
        stem = self.file.name.partition(".")[0]
        return sorted(
            keys,
            key=lambda column: (not KeyName(column.name, stem).is_of_table, not names_an_id(column.name)),
        )


def draft_primary_key(table: DraftTable) -> None:
    """Put the primary key into the draft, and a note where a person should look at it.

    Raises:
        CasetrailError: The file changes while it is read.
    """
    keys = [column.name for column in table.single_keys]
    if keys:
        table.primary_key = keys[:1]
        if len(keys) > 1 and table.rows > 1:
            others = ", ".join(f"'{name}'" for name in keys[1:])
            table.notes.append(f": the key is '{keys[0]}'; no value is repeated in {others} either")
    elif names := _composite_key(table):
        table.primary_key = list(names)
        words = " and ".join(f"'{name}'" for name in names)
        table.notes.append(
            f": no column is a key by itself; no two rows are alike in {words}, the key of the draft"
        )
    elif table.rows > _MAX_ROWS:
        table.notes.append(
            f": no column is a key by itself; in more than {_MAX_ROWS:,} rows no key of several is looked for"
        )
    elif not table.rows:
        stays = "" if any(column.native for column in table.columns) else "its columns stay strings and "
        table.notes.append(f": it has no record, so {stays}it has no key")
    else:
        table.notes.append(
            ": no column of texts or whole numbers has another value in every row, and no two or three of "
            "the first columns surely tell rows apart, so there is no key"
        )


def draft_foreign_keys(tables: Sequence[DraftTable]) -> None:
    """Put the foreign keys into the drafts: the columns whose every value is a key of a table.

    Raises:
        CasetrailError: A file changes while it is read.
    """
    keys = [key for table in tables if (key := _Key.of(table)) is not None]
    by_type = {kind: [key for key in keys if key.column.type == kind] for kind in KEY_TYPES}
    candidates = [candidate for table in tables for candidate in _candidates(table, by_type)]
    for key in keys:
        own = [candidate for candidate in candidates if candidate.key is key]
        within = _are_in([candidate.column.sample for candidate in own], key)
        for candidate, holds in zip(own, within, strict=True):
            candidate.holds = holds
    for table in tables:
        own = [candidate for candidate in candidates if candidate.table is table and candidate.holds]
        if not own:
            continue
        values = _read(table, list(dict.fromkeys(candidate.column.name for candidate in own)))
        for candidate in own:
            texts = pa.chunked_array([chunk.dictionary for chunk in values[candidate.column.name].chunks])
            (candidate.holds,) = _are_in([texts.filter(are_filled(texts))], candidate.key)
        for column in table.columns:
            _choose(
                table,
                column,
                [candidate for candidate in own if candidate.column is column and candidate.holds],
            )


@dataclass(eq=False)
class _Key:
    """The primary key of a table, of one column, to which others may lead."""

    table: DraftTable
    column: Column
    texts: pa.ChunkedArray
    is_coded: bool
    name: KeyName

    @classmethod
    def of(cls, table: DraftTable) -> _Key | None:
        if len(table.primary_key) != 1:
            return None
        column = next(column for column in table.columns if column.name == table.primary_key[0])
        texts = column.key_texts
        coded = all(all_true(matches(chunk, form)) for chunk in texts.chunks for form in _CODED)
        name = KeyName(column.name, table.file.name.partition(".")[0])
        return cls(table, column, texts, coded, name)


@dataclass(eq=False)
class _Candidate:
    """A column that may lead to a key, by its name or by what its values look like."""

    table: DraftTable
    column: Column
    key: _Key
    closeness: int
    holds: bool = False


def _candidates(table: DraftTable, keys: Mapping[str, Sequence[_Key]]) -> Iterator[_Candidate]:
    """The columns that may lead to one of the keys, which are given by their type."""
    for column in table.columns:
        if not column.filled:
            continue
        is_key, is_primary = _is_key(column), [column.name] == table.primary_key
        for key in keys.get(type_name := column.type, ()):
            within = key.table is table
            if within and is_key:
                continue
            closeness = key.name.closeness(column.name, within=within, texts=type_name == "string")
            if is_primary:
                # Which of two keys leads to the other is known only where it has fewer values.
                is_id = names_an_id(column.name) or key.is_coded
                closeness = closeness if is_id and table.rows < key.table.rows else 0
            elif not closeness and key.is_coded:
                closeness = BY_VALUE
            if closeness:
                yield _Candidate(table, column, key, closeness)


def _choose(table: DraftTable, column: Column, candidates: Sequence[_Candidate]) -> None:
    """Put the key to which the column surely leads into the draft; where there are several, name them."""
    closest = max((candidate.closeness for candidate in candidates), default=0)
    best = [candidate.key for candidate in candidates if candidate.closeness == closest]
    if len(best) > 1:
        names = " or ".join(f"'{key.column.name}' of '{key.table.name}'" for key in best)
        table.notes.append(
            f", column '{column.name}': its values are those of {names}; no foreign key is drafted"
        )
    elif best:
        (key,) = best
        reference = {"resource": "" if key.table is table else key.table.name, "fields": [key.column.name]}
        table.foreign_keys.append({"fields": [column.name], "reference": reference})


def _are_in(columns: Sequence[pa.Array | pa.ChunkedArray], key: _Key) -> list[bool]:
    """Of each column, whether all texts are keys; the table of keys is made once."""
    chunks = [column.chunks if isinstance(column, pa.ChunkedArray) else [column] for column in columns]
    together = pa.chunked_array([chunk for of_column in chunks for chunk in of_column], pa.string())
    among = pc.is_in(together, value_set=key.texts)
    result, start = [], 0
    for of_column in chunks:
        length = sum(map(len, of_column))
        result.append(pc.sum(among.slice(start, length)).as_py() == length if length else True)
        start += length
    return result


def _composite_key(table: DraftTable) -> tuple[str, ...]:
    """The first columns, as few as possible, that tell rows apart, and surely not by accident; else none."""
    names = [column.name for column in table.columns if column.is_required and column.type in _PART_TYPES]
    if len(names) < 2 or not 1 < table.rows <= _MAX_ROWS:
        return ()
    columns = _read(table, names[:_LEADING])
    types = {column.name: column.type for column in table.columns}
    parts = [part for name in columns if (part := _Part.of(name, types[name], columns[name])) is not None]
    for size in range(2, _PARTS + 1):
        for combination in combinations(parts, size):
            if _tells_apart(combination, table.rows):
                return tuple(part.name for part in combination)
    return ()


@dataclass
class _Part:
    """A column as numbers, one for each value; `alike` is the number of pairs of rows with the same value."""

    name: str
    numbers: pa.Int64Array
    values: int
    alike: float

    @classmethod
    def of(cls, name: str, type_name: str, texts: pa.ChunkedArray) -> _Part | None:
        """The column, where each of its values is written in one way only, and none is a long text."""
        unified = texts.unify_dictionaries()
        values = unified.chunk(0).dictionary
        lengths = pc.min_max(pc.utf8_length(values)).as_py()
        if lengths["max"] > _MAX_LENGTH:
            return None
        if type_name == "datetime":
            # With `Z` or without a zone, and without a fraction: of one length only.
            is_plain = lengths["min"] == lengths["max"] <= len("2026-01-01T00:00:00Z")
        else:
            is_plain = all_true(_canonical(type_name, values))
        if not is_plain:
            return None
        numbers = pa.concat_arrays([chunk.indices for chunk in unified.chunks]).cast(pa.int64())
        return cls(name, numbers, len(values), _alike(numbers))


def _tells_apart(parts: Sequence[_Part], rows: int) -> bool:
    """Whether no two rows are alike in all parts, and each part has enough rows to tell apart for itself."""
    pairs = comb(rows, 2)
    if prod((part.alike / pairs for part in parts), start=float(pairs)) < _COLLISIONS:
        return False
    for length in (min(rows, _BEGINNING), rows):
        if pc.count_distinct(_together(parts, length)).as_py() < length:
            return False
    others = [[part for part in parts if part is not last] for last in parts]
    return all(
        _alike(_together(rest, rows)) * last.alike / pairs >= _COLLISIONS
        for last, rest in zip(parts, others, strict=True)
    )


def _together(parts: Sequence[_Part], length: int) -> pa.Int64Array:
    """The first rows as numbers that are the same where all parts are."""
    numbers, values = parts[0].numbers.slice(0, length), parts[0].values
    for part in parts[1:]:
        if values > _MOST_NUMBERS // part.values:
            encoded = numbers.dictionary_encode()
            numbers, values = encoded.indices.cast(pa.int64()), len(encoded.dictionary)
        factor = whole_numbers([part.values])[0]
        numbers = pc.add(pc.multiply(numbers, factor), part.numbers.slice(0, length))
        values *= part.values
    return numbers


def _alike(numbers: pa.Int64Array) -> float:
    """In how many pairs of rows the number is the same."""
    counts = pc.value_counts(numbers).field("counts").cast(pa.float64())
    return float(pc.sum(pc.multiply(counts, pc.subtract(counts, _ONE))).as_py()) / 2


def _read(table: DraftTable, names: Sequence[str]) -> dict[str, pa.ChunkedArray]:
    """Some columns of the table, read once more, as dictionaries of their texts; one chunk for each batch."""
    builder = ReportBuilder(1)

    def work(block: Block, own: ReportBuilder) -> tuple[BlockText, list[list[pa.DictionaryArray]]]:
        text = block.read(own)
        return text, [
            [batch.cells.column(name).dictionary_encode() for name in names] for batch in text.batches
        ]

    chunks: list[list[pa.DictionaryArray]] = []
    with Workers() as workers:
        for block in read_blocks(table.source, builder, work, workers):
            chunks += block.result
    if sum(len(columns[0]) for columns in chunks) != table.rows:
        raise CasetrailError(f"{table.file}: the file changes while it is read; describe it when it is ready")
    return {
        name: pa.chunked_array(of_name)
        for name, of_name in zip(names, zip(*chunks, strict=True), strict=True)
    }


def _is_key(column: Column) -> bool:
    """Whether the column has another value in every row, and each is written in one way only."""
    return (
        column.is_key
        and column.is_required
        and column.type in KEY_TYPES
        and all(all_true(_canonical(column.type, chunk)) for chunk in column.key_texts.chunks)
    )


def _canonical(type_name: str, texts: pa.StringArray) -> pa.BooleanArray:
    """Where the text is the only one of its value."""
    canonical = field_type(FieldDescriptor(name="", type=type_name)).canonical(texts)
    return pc.is_valid(texts) if canonical is None else canonical
