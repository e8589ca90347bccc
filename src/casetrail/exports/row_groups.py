"""Runs of rows of one size, however large the batches are in which they come."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa


def of_size(batches: Iterator[pa.RecordBatch], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The rows of the batches in tables of `size` rows, the last one as large as is left.

    What is written then depends on the rows alone, not on how the file was read.
    """
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        waiting.append(batch)
        count += batch.num_rows
        if count >= size:
            table = pa.Table.from_batches(waiting, schema).combine_chunks()
            complete = count - count % size
            for start in range(0, complete, size):
                yield table.slice(start, size)
            waiting = table.slice(complete).to_batches()
            count -= complete
    if count:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()
