"""Bytes that are known to be well formed, as a record batch of text cells."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv as csv

from casetrail.standard.dialect import BOM, CsvForm


class CellParser:
    """Parses blocks of one file into text columns, in the order and under the names that are wanted.

    `order` gives for each column of the result the column of the file it is taken from, or `None` for one
    that the file does not have, which is a column of nulls. A cell that is `null_mark`, unquoted, is null.
    Safe to call from several threads at once.
    """

    def __init__(
        self,
        form: CsvForm,
        columns: int,
        names: Sequence[str],
        order: Sequence[int | None],
        *,
        null_mark: str | None = None,
    ) -> None:
        self.columns = columns
        self._form = form
        self._order = tuple(order)
        self._schema = pa.schema([pa.field(name, pa.string()) for name in names])
        own = [str(index) for index in range(columns)]
        self._own_names = own
        self._convert = csv.ConvertOptions(
            column_types=dict.fromkeys(own, pa.string()),
            strings_can_be_null=null_mark is not None,
            quoted_strings_can_be_null=False,
            null_values=[] if null_mark is None else [null_mark],
            check_utf8=True,
        )

    def parse(self, data: bytes | memoryview, *, quoted: bool) -> pa.RecordBatch:
        """The records of the bytes; `pyarrow.ArrowInvalid` for a wrong number of cells or invalid UTF-8.

        Blank lines are passed over, except in a table with one column, where each is an empty cell.
        """
        dummy = bytes(data[:3]) == BOM
        if dummy:
            # The parser takes a BOM off every block, so a cell that begins with one must not come first.
            data = b"x" + self._form.delimiter * (self.columns - 1) + b"\n" + bytes(data)
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(data)),
            csv.ReadOptions(
                column_names=self._own_names, use_threads=False, block_size=max(len(data) + 1, 64)
            ),
            csv.ParseOptions(
                delimiter=self._form.delimiter.decode(),
                quote_char=self._form.quote.decode(),
                newlines_in_values=quoted,
                ignore_empty_lines=self.columns > 1,
            ),
            self._convert,
        )
        return self._arranged(table.combine_chunks(), 1 if dummy else 0)

    def _arranged(self, table: pa.Table, skip: int) -> pa.RecordBatch:
        if table.num_rows <= skip:
            return pa.RecordBatch.from_arrays(
                [pa.nulls(0, pa.string())] * len(self._order), schema=self._schema
            )
        batch = table.to_batches()[0].slice(skip)
        arrays = [
            pa.nulls(batch.num_rows, pa.string()) if index is None else batch.column(index)
            for index in self._order
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)
