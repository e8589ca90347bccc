"""The tables of a release: each as one canonical CSV file.

The form is that of `casetrail format` (`package/csv_text`), worked out column by column with Arrow kernels,
since row by row a table of a million rows would take twenty times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.curate.format import row_order
from casetrail.findings.report import ReportBuilder
from casetrail.package.resource import Resource
from casetrail.standard.schema import TableSchema
from casetrail.tables.csv_writer import composed, csv_bytes
from casetrail.types.arrays import text_array

_AT_ONCE = 65_536
_SPECIAL = r'["\r\n,]'


def write_canonical_csv(resource: Resource, target: Path, builder: ReportBuilder) -> int:
    """Write the table as `casetrail format` does, whatever dialect it came in; the number of its rows.

    Only a Case Data Package, whose words say so, has its texts composed (Normalization Form C): of another's
    values a release changes not one.
    """
    batches = [batch.cells for batch in resource.batches(builder)]
    names = (
        batches[0].schema.names if batches else list(resource.schema.field_names if resource.schema else ())
    )
    table = pa.Table.from_batches(batches) if batches else pa.table({name: text_array(()) for name in names})
    if resource.case_package:
        table = pa.table([_composed(column) for column in table.columns], names)
    if resource.schema is not None and resource.schema.primary_key:
        table = _in_order(table, resource.schema)
    with target.open("wb") as file:
        file.write(csv_bytes(names, ()))
        for lines in _lines(table):
            file.write(lines)
    return int(table.num_rows)


def _lines(table: pa.Table) -> Iterator[memoryview]:
    """The records as bytes, a run of rows at a time."""
    for start in range(0, table.num_rows, _AT_ONCE):
        run = table.slice(start, _AT_ONCE).combine_chunks()
        cells = [_cells(column) for column in run.columns]
        if len(cells) == 1:
            # A blank line would be no record.
            cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
        records = _joined(_joined(*cells, between=","), "\n")
        # The texts of one array lie end to end: they are the file.
        yield memoryview(records.buffers()[2])[: pc.sum(pc.binary_length(records)).as_py()]


def _cells(column: pa.ChunkedArray) -> pa.LargeStringArray:
    """The cells as they stand in the file, in quotation marks where a reader needs them."""
    texts = pa.concat_arrays(column.chunks).cast(pa.large_string())
    special = pc.match_substring_regex(texts, _SPECIAL)
    if not pc.any(special).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(special, _joined('"', doubled, '"'), texts)


def _joined(*parts: pa.LargeStringArray | str, between: str = "") -> pa.LargeStringArray:
    every = [*parts, between]
    return pc.binary_join_element_wise(
        *(pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in every)
    )


def _composed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts in Normalization Form C; what is plain ASCII, as most is, is not looked at one by one."""
    plain = pc.string_is_ascii(column)
    if pc.all(plain).as_py() is not False:
        return column
    return pa.chunked_array([text_array(composed(text) for text in column.to_pylist())])


def _in_order(table: pa.Table, schema: TableSchema) -> pa.Table:
    """The rows by primary key, whole numbers by size, all else by code point, as `row_order` has it."""
    keys: dict[str, pa.ChunkedArray] = {}
    for name in schema.primary_key:
        field = schema.field(name)
        column = table.column(name)
        if field is not None and field.type == "integer":
            if not pc.all(pc.match_substring_regex(column, r"\A-?[0-9]{1,18}\z")).as_py():
                return _in_order_slowly(table, schema)
            keys[f"{name} as number"] = column.cast(pa.int64())
        keys[name] = column
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    # Kernels need not keep the order of equal keys, and a valid package has none.
    return table if _counts_up(order) else table.take(order)


def _in_order_slowly(table: pa.Table, schema: TableSchema) -> pa.Table:
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    key = row_order(schema, table.column_names)
    order: Sequence[int] = sorted(range(len(rows)), key=lambda index: key(rows[index]))
    return table.take(pa.array(order, pa.int64()))


def _counts_up(order: pa.UInt64Array) -> bool:
    return bool(len(order) < 2 or pc.all(pc.greater(order.slice(1), order.slice(0, len(order) - 1))).as_py())
