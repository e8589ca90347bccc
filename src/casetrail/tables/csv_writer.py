"""Canonical CSV text: the one way in which this project writes a table (RFC 4180, with LF).

Rows are in the order of the primary key, quotation marks are only where a reader needs them, every record
ends with a line feed, the text is UTF-8 without BOM. No cell can be read as two or as a missing line. It is
worked out column by column with Arrow kernels: row by row a million rows would take twenty times as long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.dialect import CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.blocks import Workers
from casetrail.types.arrow_arrays import text_array

CANONICAL = CsvForm()
"""The form of every Case Data Package and of every release: commas and straight double quotation marks."""

_ROWS_AT_ONCE = 65_536
_WHOLE = re.compile(r"-?[0-9]{1,4000}")


def csv_bytes(names: Sequence[str], rows: Iterable[Sequence[str]], form: CsvForm = CANONICAL) -> bytes:
    """A table as the bytes of its file: the header record, then the rows in the order given."""
    return b"".join(csv_parts(text_table(names, rows), form))


def canonical_csv(
    table: pa.Table, schema: TableSchema | None, form: CsvForm = CANONICAL, *, compose: bool = True
) -> Iterator[bytes | memoryview]:
    """The file of a table of texts, in parts: rows by primary key, texts in Normalization Form C.

    Whole numbers in a key are ordered by size, all else by code point. With `compose` false no text changes.
    """
    if compose:
        table = pa.table([_composed(column) for column in table.columns], table.column_names)
    order = _key_order(table, schema) if schema is not None and schema.primary_key else None
    parts = csv_parts(table, form, order)
    del table
    yield from parts


def text_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> pa.Table:
    """Rows of texts as a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table([text_array(column) for column in columns], list(names))


def csv_parts(
    table: pa.Table, form: CsvForm = CANONICAL, order: pa.UInt64Array | None = None
) -> Iterator[bytes | memoryview]:
    """The file of a table of texts, in parts: the header record, then a run of rows at a time, in an order.

    The runs are made side by side. Whoever keeps no table has its columns in memory once.
    """
    header, rows, columns = table.column_names, table.num_rows, table.columns
    del table
    yield _records(text_table(header, [header]).columns, None, form, 0)
    if order is not None:
        for index, column in enumerate(columns):
            # One column after the other, so that no more than one is there twice.
            columns[index] = column.cast(pa.large_string()).combine_chunks()
    with Workers() as workers:
        yield from workers.map(partial(_records, columns, order, form), range(0, rows, _ROWS_AT_ONCE))


def composed(text: str) -> str:
    """The text in Normalization Form C, so that equal words are equal bytes."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _records(
    columns: Sequence[pa.ChunkedArray | pa.LargeStringArray],
    order: pa.UInt64Array | None,
    form: CsvForm,
    start: int,
) -> memoryview:
    """The records of a run of rows."""
    delimiter, quote = form.delimiter.decode(), form.quote.decode()
    # A reader would take U+FEFF at the start of the file for a byte order mark.
    special = rf"[\r\n{re.escape(quote + delimiter)}]|\A\x{{FEFF}}"
    if order is None:
        texts = [
            column.slice(start, _ROWS_AT_ONCE).cast(pa.large_string()).combine_chunks() for column in columns
        ]
    else:
        texts = [column.take(order.slice(start, _ROWS_AT_ONCE)) for column in columns]
    cells = [_quoted(column, special, quote) for column in texts]
    if len(cells) == 1:
        # A lone empty cell is quoted, for a blank line is no record.
        cells = [pc.if_else(pc.equal(cells[0], ""), quote * 2, cells[0])]
    records = _joined(_joined(*cells, between=delimiter), "\n")
    # The texts of one array lie end to end: they are the file.
    return memoryview(records.buffers()[2])[: pc.sum(pc.binary_length(records)).as_py()]


def _quoted(texts: pa.LargeStringArray, special: str, quote: str) -> pa.LargeStringArray:
    """The cells as they are in the file, in quotation marks where a reader needs them."""
    needed = pc.match_substring_regex(texts, special)
    if not pc.any(needed).as_py():
        return texts
    doubled = pc.replace_substring(texts, quote, quote * 2)
    return pc.if_else(needed, _joined(quote, doubled, quote), texts)


def _joined(*parts: pa.LargeStringArray | str, between: str = "") -> pa.LargeStringArray:
    every = [*parts, between]
    return pc.binary_join_element_wise(
        *(pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in every)
    )


def _composed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts in Normalization Form C; what is plain ASCII, as most is, is not looked at one by one."""
    if pc.all(pc.string_is_ascii(column)).as_py() is not False:
        return column
    return pa.chunked_array([text_array(composed(text) for text in column.to_pylist())])


def in_key_order(table: pa.Table, schema: TableSchema) -> pa.Table:
    """The rows of a table of texts by the primary key of its schema."""
    order = _key_order(table, schema)
    return table if order is None else table.take(order)


def _key_order(table: pa.Table, schema: TableSchema) -> pa.UInt64Array | None:
    """The order of the rows by the primary key; `None` where they are in it."""
    keys: dict[str, pa.ChunkedArray] = {}
    for name in schema.primary_key:
        field, column = schema.field(name), table.column(name)
        if field is not None and field.type == "integer":
            keys[f"{name} as number"] = _ranks(column)
        keys[name] = column
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return None if _counts_up(order) else order


def _ranks(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Numbers in the order of the whole numbers in a column; what is none comes last."""
    if pc.all(pc.match_substring_regex(column, r"\A-?[0-9]{1,18}\z")).as_py() is not False:
        return column.cast(pa.int64())
    texts = column.to_pylist()
    whole = {text: int(text) for text in set(texts) if _WHOLE.fullmatch(text)}
    rank = {number: index for index, number in enumerate(sorted(set(whole.values())))}
    return pa.array([rank[whole[text]] if text in whole else len(rank) for text in texts], pa.int64())


def _counts_up(order: pa.UInt64Array) -> bool:
    return bool(len(order) < 2 or pc.all(pc.greater(order.slice(1), order.slice(0, len(order) - 1))).as_py())
