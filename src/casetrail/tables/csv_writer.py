"""Canonical CSV text: the one way in which this project writes a table (RFC 4180, with LF).

Rows are in the order of the primary key, quotation marks are only where a reader needs them, every record
ends with a line feed, the text is UTF-8 without BOM. No cell can be read as two or as a missing line. It is
worked out column by column with Arrow kernels: row by row a million rows would take twenty times as long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.dialect import CsvForm
from casetrail.standard.schema import TableSchema
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
    if schema is not None and schema.primary_key:
        table = in_key_order(table, schema)
    yield from csv_parts(table, form)


def text_table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> pa.Table:
    """Rows of texts as a table."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table([text_array(column) for column in columns], list(names))


def csv_parts(table: pa.Table, form: CsvForm = CANONICAL) -> Iterator[bytes | memoryview]:
    """The file of a table of texts, in parts: the header record, then a run of rows at a time."""
    header = text_table(table.column_names, [table.column_names])
    yield from _records(header, form)
    yield from _records(table, form)


def composed(text: str) -> str:
    """The text in Normalization Form C, so that equal words are equal bytes."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _records(table: pa.Table, form: CsvForm) -> Iterator[memoryview]:
    delimiter, quote = form.delimiter.decode(), form.quote.decode()
    # A reader would take U+FEFF at the start of the file for a byte order mark.
    special = rf"[\r\n{re.escape(quote + delimiter)}]|\A\x{{FEFF}}"
    for start in range(0, table.num_rows, _ROWS_AT_ONCE):
        run = table.slice(start, _ROWS_AT_ONCE).combine_chunks()
        cells = [_quoted(column, special, quote) for column in run.columns]
        if len(cells) == 1:
            # A lone empty cell is quoted, for a blank line is no record.
            cells = [pc.if_else(pc.equal(cells[0], ""), quote * 2, cells[0])]
        records = _joined(_joined(*cells, between=delimiter), "\n")
        # The texts of one array lie end to end: they are the file.
        yield memoryview(records.buffers()[2])[: pc.sum(pc.binary_length(records)).as_py()]


def _quoted(column: pa.ChunkedArray, special: str, quote: str) -> pa.LargeStringArray:
    """The cells as they are in the file, in quotation marks where a reader needs them."""
    texts = pa.concat_arrays(column.chunks).cast(pa.large_string())
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
    keys: dict[str, pa.ChunkedArray] = {}
    for name in schema.primary_key:
        field, column = schema.field(name), table.column(name)
        if field is not None and field.type == "integer":
            keys[f"{name} as number"] = _ranks(column)
        keys[name] = column
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return table if _counts_up(order) else table.take(order)


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
