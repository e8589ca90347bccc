"""The reader of delimited files: a stream of text batches, nothing lost, guessed or repaired.

A block that is proved well formed goes to Arrow's parser as it is; a block that is not proved, or that the
parser refuses, goes through the reader of records, which accepts each or says why not. Both give the same
cells. Where a proved block begins does not depend on what is in the one before, so that blocks are parsed
side by side.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as csv

from casetrail.standard.dialect import BOM, MAX_RECORD, CsvForm
from casetrail.standard.schema import TableSchema
from casetrail.tables.batch import TextBatch, record_lines
from casetrail.tables.file_blocks import FileBlocks
from casetrail.tables.header import Header, HeaderReader, report_endless
from casetrail.tables.record_reader import AcceptedRecords, RecordReader
from casetrail.tables.reporter import Reporter
from casetrail.tables.well_formed import BlockProver, WellFormedBlock
from casetrail.types.arrow_arrays import whole_numbers

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

BLOCK = 8 * 1024 * 1024
"""How many bytes are read, proved and parsed at once."""

_Parsed = Callable[[], pa.RecordBatch | None]
_AHEAD = 2


class CsvReader:
    """Reads one delimited file from start to end.

    `header` is known once it has been read; a file that continues another is given the header of that one,
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
        self.rows_met = 0
        self._blocks = FileBlocks(file)
        self._form = form
        self._schema = schema
        self._reporter = reporter
        self._size = block
        self._pool: ThreadPoolExecutor | None = None

    def batches(self) -> Iterator[TextBatch]:
        """The records as batches; findings go to the reporter as they are met.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        reader = HeaderReader(self._blocks, self._form, self._schema, self._reporter)
        self.header = reader.read(self.header)
        if self.header is None:
            return
        first_row = self._blocks.row
        body = _Body(self._form, self.header, self._reporter, crlf=reader.crlf)
        try:
            for batch in self._read_ahead(body):
                if batch is not None:
                    yield batch
        finally:
            self.rows_met = self._blocks.row - first_row
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def _read_ahead(self, body: _Body) -> Iterator[TextBatch | None]:
        """Have blocks parsed while the next are read, and finish them in their order."""
        blocks, size = self._blocks, self._size
        ahead: deque[Callable[[], TextBatch | None]] = deque()
        unproved = proved_ahead = False
        while block := blocks.fill(size):
            size, row, line, last = self._size, blocks.row, blocks.line, blocks.at_end
            # Where one block is broken the next mostly is: the proof would fail too, and cost its time.
            proof = None if unproved else body.prover.prove(block, row, last=last)
            if proof is not None:
                data = memoryview(block)[: proof.end]
                parsed = self._start(partial(body.parse, data, quoted=proof.quoted), last)
                ahead.append(partial(body.proved, block, proof, parsed, row, line))
                proved_ahead = True
                blocks.use(proof.end, row + proof.records, line + proof.lines)
            else:
                if proved_ahead:
                    # What is wrong with the blocks before this one is said first.
                    yield from (finish() for finish in ahead)
                    ahead.clear()
                    proved_ahead = False
                accepted = body.reader.read(block, row, line, self._reporter, last=last)
                if accepted.consumed == 0:
                    if len(block) > MAX_RECORD:
                        report_endless(self._reporter, row, line)
                        break
                    size = 2 * len(block)
                unproved = self._form.plain and accepted.next_row - row != len(accepted.rows)
                blocks.use(accepted.consumed, accepted.next_row, accepted.next_line)
                if accepted.rows:
                    parsed = self._start(partial(body.cells, accepted), last)
                    ahead.append(partial(body.accepted, accepted, parsed))
            if len(ahead) > _AHEAD:
                yield ahead.popleft()()
        else:
            self.complete = True
        yield from (finish() for finish in ahead)

    def _start(self, parse: _Parsed, last: bool) -> _Parsed:
        """Have something parsed; the result is there when it is called for."""
        if last:
            # Nothing is left to do meanwhile, and a small file needs no threads.
            return parse
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(2, thread_name_prefix="casetrail-reader")
        return self._pool.submit(parse).result


class _Body:
    """Makes text batches of the records behind one header. Parsing is safe in several threads at once."""

    def __init__(self, form: CsvForm, header: Header, reporter: Reporter, *, crlf: bool) -> None:
        width = len(header.labels)
        self.prover = BlockProver(form, width, crlf=crlf)
        self.reader = RecordReader(form, header.labels, crlf=crlf)
        self._form = form
        self._header = header
        self._reporter = reporter
        self._names = [str(index) for index in range(width)]
        self._convert = csv.ConvertOptions(
            column_types=dict.fromkeys(self._names, pa.string()), strings_can_be_null=False, check_utf8=True
        )

    def proved(
        self, block: bytes, proof: WellFormedBlock, parsed: _Parsed, row: int, line: int
    ) -> TextBatch | None:
        """A block that is well formed, which begins with this row and line."""
        cells = parsed()
        if cells is None or cells.num_rows != proof.records:
            # A record has too many cells or too few, or is not UTF-8.
            accepted = self.reader.read(block[: proof.end], row, line, self._reporter, last=True)
            return self.accepted(accepted, partial(self.cells, accepted)) if accepted.rows else None
        lines = None
        if row != line or proof.breaks:
            lines = whole_numbers(record_lines(line, proof.records, proof.breaks))
        return TextBatch(cells, self._reporter.path, row, lines, None, self._header.columns)

    def accepted(self, records: AcceptedRecords, parsed: _Parsed) -> TextBatch:
        """Records that were accepted one by one."""
        return self._header.text_batch(records, self._reporter.path, parsed())

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
