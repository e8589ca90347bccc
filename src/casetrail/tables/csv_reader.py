"""The reader of delimited files: blocks that are read by themselves, nothing lost, guessed or repaired.

What is proved well formed goes to Arrow's parser as it is; what is not proved, or what the parser refuses,
goes through the reader of records, which accepts each or says why not. Both give the same cells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO

import pyarrow as pa
import pyarrow.csv as csv

from casetrail.findings.report import ReportBuilder
from casetrail.standard.dialect import BOM, MAX_RECORD, CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch, record_lines
from casetrail.tables.blocks import BLOCK, BlockText
from casetrail.tables.file_blocks import FileBlocks
from casetrail.tables.header import Header, HeaderReader, report_endless
from casetrail.tables.record_reader import AcceptedRecords, RecordReader
from casetrail.tables.reporter import Reporter
from casetrail.tables.well_formed import BlockProver, WellFormedBlock
from casetrail.types.arrow_arrays import whole_numbers


@dataclass(frozen=True, slots=True)
class CsvBlock:
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

    def read(self, builder: ReportBuilder) -> BlockText:
        """Its records; what is wrong with their form goes into the builder."""
        return self.reader.read(self, builder)


class CsvReader:
    """Gives the blocks of one delimited file.

    `header` is known once `begin` was called; a file that continues another is given the header of that one,
    and may repeat it. `complete` says whether the end of the file was reached, `rows_met` how many rows are
    behind the header, whether they could be delivered or not. The size of a `block` changes nothing that is
    read.
    """

    def __init__(
        self,
        file: IO[bytes],
        form: CsvForm,
        schema: TableSchema | None,
        reporter: Reporter,
        *,
        header: Header | None = None,
        block: int = BLOCK,
    ) -> None:
        self.header = header
        self.complete = False
        self._blocks = FileBlocks(file)
        self._form = form
        self._schema = schema
        self._reporter = reporter
        self._size = self._wanted = block
        self._first_row = 0
        self._doubtful = False
        # Where it matters in which row a record is, or lines end in a way of their own, nothing is guessed.
        self._guesses = self._can_guess = form.own_line_ends and not form.comment_rows
        self._ended = self._stuck = False
        self._reader: BlockReader | None = None

    def begin(self) -> bool:
        """Read the header; false where the records behind it cannot be read.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        reader = HeaderReader(self._blocks, self._form, self._schema, self._reporter)
        self.header = reader.read(self.header)
        if self.header is None:
            return False
        self._first_row = self._blocks.row
        self._reader = BlockReader(self._form, self.header, self._reporter, crlf=reader.crlf)
        return True

    @property
    def position(self) -> tuple[int, int]:
        """The row and the line with which the next block in order begins."""
        return self._blocks.row, self._blocks.line

    @property
    def rows_met(self) -> int:
        """How many rows behind the header have been met so far."""
        return self._blocks.row - self._first_row

    def cut(self, waiting: int) -> CsvBlock | None:
        """The next block; `None` while it depends on those that wait, and at the end."""
        assert self._reader is not None
        blocks = self._blocks
        while not self._ended and (self._guesses or not waiting):
            data = blocks.data if blocks.error is not None else blocks.fill(self._wanted)
            if blocks.error is not None and (not data or self._stuck):
                if waiting:
                    return None
                raise blocks.error
            if not data:
                self.complete = not waiting
                return None
            last = blocks.at_end and len(data) <= self._wanted
            end = len(data) if last else min(len(data), self._wanted)
            guessed = self._guesses and not last
            if guessed:
                end = _guess_end(data, end, self._form.quote)
                if not end and len(data) <= MAX_RECORD and blocks.error is None:
                    self._wanted = min(2 * len(data), MAX_RECORD + 1)
                    continue
                if not end:
                    if waiting:
                        return None
                    guessed, end = False, min(len(data), MAX_RECORD + 1)
            self._wanted = self._size
            row, line = (1, 1) if waiting else (blocks.row, blocks.line)
            blocks.data = data[end:]
            return CsvBlock(self._reader, data[:end], row, line, last, guessed, self._doubtful)
        return None

    def is_last(self, block: CsvBlock) -> bool:
        """Whether the file ends with the block."""
        return block.last

    def settle(self, block: CsvBlock, text: BlockText, behind: list[CsvBlock]) -> bool:
        """The next block in order was read; whether the blocks cut `behind` it are right."""
        blocks, size = self._blocks, len(block.data)
        blocks.row += text.next_row - block.row
        blocks.line += text.next_line - block.line
        self._doubtful = not text.proved
        if text.consumed == size:
            self._guesses = self._can_guess and (block.guessed or text.proved)
            return True
        blocks.data = b"".join(
            [block.data[text.consumed :], *(dropped.data for dropped in behind), blocks.data]
        )
        # Behind a wrong guess the next may be wrong too, until a block is well formed again.
        self._guesses = self._can_guess and not block.guessed and text.proved
        self._wanted = self._size
        if not text.consumed and size > MAX_RECORD:
            report_endless(self._reporter, blocks.row, blocks.line)
            self._ended = True
        elif not text.consumed:
            self._stuck = blocks.error is not None
            self._wanted = min(2 * size, MAX_RECORD + 1)
        return False


class BlockReader:
    """Reads the records behind one header, block by block, in several threads at once."""

    def __init__(self, form: CsvForm, header: Header, reporter: Reporter, *, crlf: bool) -> None:
        width = len(header.labels)
        self._prover = BlockProver(form, width, crlf=crlf)
        self._records = RecordReader(form, header.labels, crlf=crlf)
        self._form = form
        self._header = header
        self._reporter = reporter
        self._names = [str(index) for index in range(width)]
        self._convert = csv.ConvertOptions(
            column_types=dict.fromkeys(self._names, pa.string()), strings_can_be_null=False, check_utf8=True
        )

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
        cells = self.parse(memoryview(data)[: proof.end], quoted=proof.quoted)
        if cells is not None and cells.num_rows == proof.records:
            lines = None
            if row != line or proof.breaks:
                lines = whole_numbers(record_lines(line, proof.records, proof.breaks))
            text.batches.append(TextBatch(cells, self._reporter.path, row, lines, None, self._header.columns))
        else:
            # A record has too many cells or too few, or is not UTF-8.
            self._add_accepted(self._records.read(data[: proof.end], row, line, reporter, last=True), text)
        text.next_row, text.next_line = row + proof.records, line + proof.lines

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
        return self.parse(data, quoted=self._form.quote in data)

    def parse(self, data: bytes | memoryview, *, quoted: bool) -> pa.RecordBatch | None:
        """The cells of well-formed bytes; `None` where a record has not all its cells or is not UTF-8."""
        bom = bytes(data[:3]) == BOM
        if bom:
            # The parser takes a BOM off every block, so a cell that begins with one must not come first.
            data = b"x" + self._form.delimiter * (len(self._names) - 1) + b"\n" + bytes(data)
        try:
            table = csv.read_csv(
                pa.BufferReader(pa.py_buffer(data)),
                csv.ReadOptions(
                    column_names=self._names, use_threads=False, block_size=max(len(data) + 1, 64)
                ),
                csv.ParseOptions(
                    delimiter=self._form.delimiter.decode(),
                    quote_char=self._form.quote.decode() or False,
                    newlines_in_values=quoted,
                    ignore_empty_lines=len(self._names) > 1,
                ),
                self._convert,
            )
        except pa.ArrowInvalid:
            return None
        for batch in table.combine_chunks().to_batches():
            records = batch.slice(1) if bom else batch
            return self._header.batch(records.columns, records.num_rows)
        return None


def _guess_end(data: bytes, end: int, quote: bytes) -> int:
    """Behind the last line end up to a place that has an even number of quotation marks before it, else 0."""
    marks = data.count(quote, 0, end) if quote else 0
    while True:
        stop = data.rfind(b"\n", 0, end) + 1
        if not marks or not stop:
            return stop
        marks -= data.count(quote, stop, end)
        if marks % 2 == 0:
            return stop
        # Back to the mark that opens the cell.
        end = data.rfind(quote, 0, stop)
        marks -= 1
