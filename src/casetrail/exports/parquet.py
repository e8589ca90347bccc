"""Parquet: a typed table as one file that says itself what it is.

The file's own metadata hold what the caller gives (`title`, `licence`, `version`, `citation` …) and, under
`table_schema`, the Table Schema as JSON, so that fields keep their descriptions wherever the file goes.
Writer options are fixed and row groups have a fixed size: the same values, in the same version of pyarrow,
are the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from casetrail.exports.export import ExportSource, FileExport, of_size
from casetrail.findings.sentences import counted
from casetrail.tables.typed import TypedTable

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

ROWS_PER_GROUP = 131_072
_OPTIONS: dict[str, Any] = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "store_schema": True,
}


def write_parquet(table: TypedTable, destination: Path) -> int:
    """Write the table to the file and return the number of its rows; an existing file is replaced."""

    def consume(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> int:
        import pyarrow.parquet as pq

        metadata = {**(schema.metadata or {}), b"table_schema": table.table_schema_json().encode()}
        schema = schema.with_metadata(metadata)
        rows = 0
        with pq.ParquetWriter(destination, schema, **_OPTIONS) as writer:
            for group in of_size(batches, schema, ROWS_PER_GROUP):
                writer.write_table(group, row_group_size=ROWS_PER_GROUP)
                rows += group.num_rows
        return rows

    return table.stream(consume)


def write_arrow(table: pa.Table, destination: Path) -> None:
    """Write an Arrow table as it is to the file; an existing file is replaced."""
    import pyarrow.parquet as pq

    pq.write_table(table, destination, row_group_size=ROWS_PER_GROUP, **_OPTIONS)


def parquet_file(data: bytes) -> ParquetFile:
    """The Parquet file that these bytes are.

    Raises:
        ArrowException: They are none.
    """
    from pyarrow.parquet import ParquetFile

    # Of the bytes themselves a thread of Arrow may let go last. Where the interpreter ends meanwhile, that
    # thread is ended while it waits for it, which brings down the process. A copy is Arrow's own.
    buffer = pa.allocate_buffer(len(data))
    memoryview(buffer).cast("B")[:] = data
    return ParquetFile(pa.BufferReader(buffer))


def _write(source: ExportSource, destination: Path) -> str:
    (table,) = source.tables
    return counted(write_parquet(table, destination), "row")


EXPORT = FileExport(
    "parquet",
    "The table '{table}' as Parquet, with types and the words of the codebook in the file",
    "parquet/{table}.parquet",
    "application/vnd.apache.parquet",
    _write,
)
