"""JSON: a typed table as one array of records, UTF-8, a record per line, keys in the order of the columns.

A missing value is `null`; a date is `"2025-11-13"`, a time `"15:00:00"`, a moment `"2026-01-23T10:00:00Z"`
(without `Z` where the file gives no zone), fractions of a second only where there are any. Numbers are JSON
numbers, beyond 2^53 too: readers that know floats only (JavaScript, R) round those. A column of exact
decimals, or of integers beyond 64 bits, holds strings of digits instead, since readers would round them, or
stop at them as pandas does. NaN and the infinities, which JSON does not know, are the strings `"NaN"`,
`"INF"` and `"-INF"`. A list is an array; an `object`, `array` or `geojson` is its JSON; everything else is
a string. The text is built by Arrow kernels, column by column.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.exports.export import ExportSource, FileExport
from casetrail.findings.sentences import counted
from casetrail.tables.typed import TypedTable
from casetrail.types.registry import type_class

_SHORT_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write_json(table: TypedTable, destination: Path) -> int:
    """Write the table to the file and return the number of its rows; an existing file is replaced."""

    def consume(schema: pa.Schema, runs: Iterator[tuple[int, memoryview]]) -> int:
        rows = 0
        with destination.open("wb") as file:
            file.write(b"[")
            for length, lines in runs:
                if length:
                    file.write(b",\n" if rows else b"\n")
                    file.write(lines)
                    rows += length
            file.write(b"\n]\n")
        return rows

    return table.stream_as(_lines, consume)


def _lines(run: pa.RecordBatch) -> tuple[int, memoryview]:
    """The number of records in the run, and the records joined by a comma and a line break."""
    parts: list[pa.Array | str] = []
    opening = "{"
    for index, field in enumerate(run.schema):
        parts += [
            f"{opening}{json.dumps(field.name, ensure_ascii=False)}:",
            pc.fill_null(json_texts(run.column(index), field), "null"),
        ]
        opening = ","
    between = "},\n"
    records = pc.binary_join_element_wise(*(_large(part) for part in [*parts, between, ""]))
    # The texts of one array lie end to end: they are the file, but for the comma after the last.
    every = memoryview(records.buffers()[2])
    size = pc.sum(pc.binary_length(records)).as_py() or 0
    return run.num_rows, every[: size - len(between) + 1]


def _large(part: pa.Array | str) -> pa.Array | pa.Scalar:
    return pa.scalar(part, pa.large_string()) if isinstance(part, str) else part.cast(pa.large_string())


def json_texts(values: pa.Array, field: pa.Field) -> pa.Array:
    """Each value of a column as JSON text, null where it is null."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _quoted(values.dictionary).take(values.indices)
    if pa.types.is_string(kind):
        declared = (field.metadata or {}).get(b"type")
        if declared is not None and type_class(declared.decode()).holds_json:
            # A raw line break in JSON can only be blank space between tokens.
            return pc.replace_substring_regex(values, r"[\r\n]+", " ")
        return _quoted(values)
    if pa.types.is_floating(kind):
        return _floats(values)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return values.cast(pa.string())
    if pa.types.is_decimal(kind):
        return _in_quotes(_plain_decimals(values))
    if pa.types.is_list(kind):
        return _lists(values)
    return _in_quotes(_moments(values))


def _quoted(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring(texts, "\\", "\\\\")
    texts = pc.replace_substring(texts, '"', '\\"')
    if pc.any(pc.match_substring_regex(texts, "[\\x00-\\x1f]")).as_py():
        for code in range(0x20):
            character = chr(code)
            texts = pc.replace_substring(texts, character, _SHORT_ESCAPES.get(character, f"\\u{code:04x}"))
    return _in_quotes(texts)


def _in_quotes(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', texts, '"', "")


def _floats(values: pa.DoubleArray) -> pa.Array:
    texts = values.cast(pa.string())
    if pc.all(pc.is_finite(values)).as_py() in (True, None):
        return texts
    texts = pc.if_else(pc.equal(texts, "nan"), '"NaN"', texts)
    texts = pc.if_else(pc.equal(texts, "inf"), '"INF"', texts)
    return pc.if_else(pc.equal(texts, "-inf"), '"-INF"', texts)


def _plain_decimals(values: pa.Decimal128Array) -> pa.Array:
    """The digits without trailing zeros after the point, and never an exponent."""
    scale = values.type.scale
    texts = values.cast(pa.string())
    if pc.any(pc.match_substring(texts, "E")).as_py():
        texts = pa.array(
            [None if value is None else format(value, "f") for value in values.to_pylist()], pa.string()
        )
    return pc.replace_substring_regex(texts, r"\.?0+$", "") if scale else texts


def _lists(values: pa.ListArray) -> pa.Array:
    items = pc.fill_null(json_texts(values.flatten(), values.type.value_field), "null")
    lengths = pc.fill_null(pc.list_value_length(values), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), ",")
    arrays = pc.binary_join_element_wise("[", joined, "]", "")
    return pc.if_else(pc.is_valid(values), arrays, pa.scalar(None, pa.string()))


def _moments(values: pa.Array) -> pa.Array:
    kind = values.type
    texts = values.cast(pa.string())
    if pa.types.is_timestamp(kind):
        texts = pc.replace_substring(texts, " ", "T", max_replacements=1)
    if not pa.types.is_date(kind):
        texts = pc.replace_substring_regex(texts, r"(\.[0-9]*?)0+(Z?)$", r"\1\2")
        texts = pc.replace_substring_regex(texts, r"\.(Z?)$", r"\1")
    return texts


def _write(source: ExportSource, destination: Path) -> str:
    (table,) = source.tables
    return counted(write_json(table, destination), "row")


EXPORT = FileExport(
    "json", "The table '{table}' as a JSON array of records", "json/{table}.json", "application/json", _write
)
