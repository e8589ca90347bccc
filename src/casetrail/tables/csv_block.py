"""Blocks of delimited files, which are read by themselves, nothing lost, guessed or repaired.

What is proved well formed goes to Arrow's parser as it is; what is not proved, or what the parser refuses,
goes through the reader of records, which accepts each or says why not. Both give the same cells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from casetrail.findings.report import ReportBuilder
from casetrail.standard.dialect import BOM, CsvForm
from casetrail.tables.batch import TextBatch, record_lines
from casetrail.tables.blocks import BlockText
from casetrail.tables.file_blocks import Stamp, TableSource, read_range
from casetrail.tables.header import Header
from casetrail.tables.record_reader import AcceptedRecords, RecordReader
from casetrail.tables.reporter import Reporter
from casetrail.tables.well_formed import EMPTY_LINE, BlockProver, WellFormedBlock
from casetrail.types.arrow_arrays import whole_numbers

PARSED_AT_ONCE = 512 * 1024
"""How many bytes the parser reads and converts at once: what it holds of them fits the cache of a core."""


class CsvBlock(NamedTuple):
    """Bytes that begin where a record begins. Unless they are the `last`, the last record may go on behind.

    `guessed` says that its end is a guess, `doubtful` that the block before was not well formed, so that the
    proof would mostly cost its time and fail.
    """

    reader: BlockReader
    data: bytes
    row: int
    line: int
    last: bool
    guessed: bool
    doubtful: bool

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)

    def read(self, builder: ReportBuilder) -> BlockText:
        """Its records; what is wrong with their form goes into the builder."""
        return self.reader.read(self, builder)


class RangeBlock(NamedTuple):
    """A block that is read where it is worked on: bytes of a file of a resource, from one place to another.

    The file has to have the `stamp` that it had when the block was cut.
    """

    reader: BlockReader
    source: TableSource
    path: str
    start: int
    stop: int
    stamp: Stamp
    row: int
    line: int
    last: bool
    guessed: bool
    doubtful: bool

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.stop - self.start

    def read(self, builder: ReportBuilder) -> BlockText:
        """Its records; what is wrong with their form goes into the builder.

        Raises:
            CasetrailError: The file is another than when the block was cut.
        """
        data = read_range(self.source, self.path, self.start, self.stop, self.stamp)
        block = CsvBlock(self.reader, data, self.row, self.line, self.last, self.guessed, self.doubtful)
        return self.reader.read(block, builder)


class BlockReader:
    """Reads the records behind one header, block by block, in several threads at once."""

    def __init__(self, form: CsvForm, header: Header, reporter: Reporter, *, crlf: bool) -> None:
        width = len(header.labels)
        self._prover = BlockProver(form, width, crlf=crlf)
        self._records = RecordReader(form, header.labels, crlf=crlf)
        self._form = form
        self._header = header
        self._reporter = reporter
        self._crlf = crlf
        self._names = [str(index) for index in range(width)]
        # Of bytes that are ASCII as a whole no cell need be looked at for what is no UTF-8.
        self._convert = {
            ascii: csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                strings_can_be_null=False,
                check_utf8=not ascii,
            )
            for ascii in (True, False)
        }

    def __reduce__(self) -> tuple[Any, ...]:
        """Regular expressions are made anew in another process."""
        return _block_reader, (self._form, self._header, self._reporter, self._crlf)

    def begins_record(self, data: bytes, place: int) -> bool:
        """Whether a record that is well formed begins, and ends, behind a place in some bytes."""
        return self._form.plain and self._prover.run(data, place) is not None

    def read(self, block: CsvBlock, builder: ReportBuilder) -> BlockText:
        """The records of a block; what is wrong with their form goes into the builder."""
        reporter = replace(self._reporter, builder=builder)
        text = BlockText(block.row, block.line)
        rest, doubtful = block.data, block.doubtful
        while rest:
            # Where one part is broken the next mostly is.
            proof = None if doubtful else self._prover.prove(rest, text.next_row, last=block.last)
            if proof is not None:
                self._add_proved(rest, proof, text, reporter)
                used = proof.end
            else:
                accepted = self._records.read(rest, text.next_row, text.next_line, reporter, last=block.last)
                whole = accepted.next_row - text.next_row == len(accepted.rows)
                text.proved = text.proved and (whole or not self._form.plain)
                doubtful, used = True, accepted.consumed
                text.next_row, text.next_line = accepted.next_row, accepted.next_line
                self._add_accepted(accepted, text)
            if not used:
                break
            text.consumed += used
            rest = rest[used:]
        return text

    def _add_proved(self, data: bytes, proof: WellFormedBlock, text: BlockText, reporter: Reporter) -> None:
        """Add records that are well formed."""
        row, line = text.next_row, text.next_line
        cells = self.parse(memoryview(data)[: proof.end], breaks=bool(proof.breaks), ascii=data.isascii())
        if cells is None or (self._may_be_empty(cells) and EMPTY_LINE.search(data, 0, proof.end)):
            # A record has too many cells or too few, or is not UTF-8, or an empty line may be none.
            accepted = self._records.read(data[: proof.end], row, line, reporter, last=True)
            self._add_accepted(accepted, text)
            text.next_row, text.next_line = accepted.next_row, accepted.next_line
            return
        records = cells.num_rows
        lines = None
        if row != line or proof.breaks:
            lines = whole_numbers(record_lines(line, records, proof.breaks))
        text.batches.append(TextBatch(cells, self._reporter.path, row, lines, None, self._header.columns))
        text.next_row, text.next_line = row + records, line + records + proof.inner_breaks

    def _may_be_empty(self, cells: pa.RecordBatch) -> bool:
        """Whether a record may have no text in any of several cells, as the parser takes an empty line."""
        return len(self._names) > 1 and not any(
            pc.min(pc.binary_length(column)).as_py() for column in cells.columns
        )

    def _add_accepted(self, records: AcceptedRecords, text: BlockText) -> None:
        """Add records that were accepted one by one."""
        if records.rows:
            cells = self.cells(records)
            text.batches.append(self._header.text_batch(records, self._reporter.path, cells))

    def cells(self, records: AcceptedRecords) -> pa.RecordBatch | None:
        """The cells of accepted records that were kept as text; `None` for others."""
        if not records.text:
            return None
        data = b"".join(records.text)
        records.text.clear()
        return self.parse(data, breaks=self._form.quote in data, ascii=data.isascii())

    def parse(self, data: bytes | memoryview, *, breaks: bool, ascii: bool) -> pa.RecordBatch | None:
        """The cells of well-formed bytes; `None` where a record has not all its cells or is not UTF-8.

        `breaks` says that there may be line breaks within cells.
        """
        bom = bytes(data[:3]) == BOM
        if bom:
            # The parser takes a BOM off every block, so a cell that begins with one must not come first.
            data = b"x" + self._form.delimiter * (len(self._names) - 1) + b"\n" + bytes(data)
        size = len(data) + 1
        # The reader cuts at every line break, and of a CR LF that it cuts in two it loses the LF.
        sizes = (size,) if breaks or size <= PARSED_AT_ONCE else (PARSED_AT_ONCE, size)
        for size in sizes:
            try:
                table = csv.read_csv(
                    pa.BufferReader(pa.py_buffer(data)),
                    csv.ReadOptions(column_names=self._names, use_threads=False, block_size=size),
                    csv.ParseOptions(
                        delimiter=self._form.delimiter.decode(),
                        quote_char=self._form.quote.decode() or False,
                        ignore_empty_lines=False,
                    ),
                    self._convert[ascii],
                )
            except pa.ArrowInvalid:
                # A record may be longer than a piece, or have a CR within a cell.
                continue
            for batch in table.combine_chunks().to_batches():
                records = batch.slice(1) if bom else batch
                return self._header.batch(records.columns, records.num_rows)
        return None


def _block_reader(form: CsvForm, header: Header, reporter: Reporter, crlf: bool) -> BlockReader:
    return BlockReader(form, header, reporter, crlf=crlf)
