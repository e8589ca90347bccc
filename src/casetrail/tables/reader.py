"""The strict reader: a delimited file as a stream of text batches, nothing lost, guessed or repaired.

A block that `proof` proves well formed goes to Arrow's parser; a block that is not proved, or that the parser
refuses, goes through the `exact` reader, which accepts each record or says why not. Both give the same cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from casetrail.standard.dialect import MAX_RECORD
from casetrail.tables.batch import TextBatch
from casetrail.tables.cells import CellParser
from casetrail.tables.csv_file import BLOCK, CsvFile, CsvOptions
from casetrail.tables.exact import ExactReader
from casetrail.tables.general import GeneralReader
from casetrail.tables.layout import Layout, LayoutReader
from casetrail.tables.places import record_lines, whole_numbers
from casetrail.tables.proof import Proof, prove
from casetrail.tables.records import Records
from casetrail.tables.structure import Reporter

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


class CsvReader:
    """Reads one delimited file from start to end.

    `layout` holds the columns once the header has been read. A file that continues another is given its
    layout, and may repeat its header.
    """

    def __init__(
        self, file: IO[bytes], options: CsvOptions, reporter: Reporter, *, layout: Layout | None = None
    ) -> None:
        self.layout = layout
        self._file = CsvFile(file, options, reporter)
        self._body: _Body | None = None
        self._first_row = 1

    @property
    def records(self) -> int:
        """How many records were delivered so far."""
        return 0 if self._body is None else self._body.records

    @property
    def complete(self) -> bool:
        """Whether the end of the file was reached."""
        return self._body is not None and self._body.complete

    @property
    def rows_met(self) -> int:
        """How many rows stand behind the header, whether they could be delivered or not."""
        return self._file.row - self._first_row

    def batches(self) -> Iterator[TextBatch]:
        """The records as batches; findings go to the reporter as they are met."""
        self.layout = layout = LayoutReader(self._file).read(self.layout)
        if layout is None:
            return
        self._first_row = self._file.row
        columns = layout.columns
        parser = CellParser(self._file.cell_form, len(layout.labels), columns.names, columns.order)
        exact = self._file.records_reader(layout.labels)
        self._body = _Body(self._file, parser, exact, columns.in_file)
        yield from self._body.batches()


@dataclass(slots=True)
class _Pending:
    """A block that is being parsed: a proved one, whose place is not known yet, or records read exactly."""

    parsed: Callable[[], pa.RecordBatch]
    block: bytes = b""
    proof: Proof | None = None
    found: Records | None = None


class _Body:
    """The records behind the header: blocks are proved or read exactly, and parsed ahead, in order."""

    WINDOW = 2

    def __init__(
        self,
        file: CsvFile,
        parser: CellParser,
        exact: ExactReader | GeneralReader,
        columns: tuple[int | None, ...] | None,
    ) -> None:
        self.records = 0
        self.complete = False
        self._file = file
        self._parser = parser
        self._exact = exact
        self._columns = columns
        self._pool: ThreadPoolExecutor | None = None
        self._pending: deque[_Pending] = deque()
        self._doubtful = False
        self._quote = file.cell_form.quote
        self._spans = file.row != file.line

    def batches(self) -> Iterator[TextBatch]:
        """All of them; the threads end with the last, or when nobody wants more."""
        try:
            for ahead in self._blocks():
                while len(self._pending) > ahead:
                    yield from self._finish(self._pending.popleft())
        finally:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def _blocks(self) -> Iterator[int]:
        """Read block after block into the queue; what is yielded is how many may stay in it for now."""
        file, options = self._file, self._file.options
        size = options.block
        while block := file.fill(size):
            last = file.at_end
            size = options.block
            proof = self._prove(block, last)
            if proof is not None:
                file.rest = block[proof.end :]
                parsed = self._parse(memoryview(block)[: proof.end], quoted=proof.quoted, last=last)
                self._pending.append(_Pending(parsed, block, proof))
                yield self.WINDOW
                continue
            if any(pending.proof is not None for pending in self._pending):
                # Their records must be counted before the rows and lines of this block are known.
                yield 0
            found = self._exact.read(block, file.row, file.line, last=last)
            file.rest = block[found.consumed :]
            if not found.consumed:
                if len(block) > MAX_RECORD:
                    file.record_too_long()
                    break
                size = 2 * len(block)
            self._accept(found, last=last)
            yield self.WINDOW
        else:
            self.complete = True
        yield 0

    def _prove(self, block: bytes, last: bool) -> Proof | None:
        options = self._file.options
        if options.how != "proof" or len(block) > BLOCK or not options.form.plain:
            return None
        if self._doubtful:
            # Where one block is broken the next mostly is: the proof would fail too, and cost its time.
            return None
        crlf = self._file.crlf
        return prove(block, options.form, last=last, crlf=crlf, one_column=self._parser.columns == 1)

    def _parse(self, data: bytes | memoryview, *, quoted: bool, last: bool) -> Callable[[], pa.RecordBatch]:
        """Have the bytes parsed while the next block is read; the result is there when it is called for."""
        if last:
            # Nothing is left to do meanwhile, and a small file needs no threads.
            return partial(self._parser.parse, data, quoted=quoted)
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(2, thread_name_prefix="casetrail-reader")
        return self._pool.submit(self._parser.parse, data, quoted=quoted).result

    def _accept(self, found: Records, *, last: bool) -> None:
        """Put what the exact reader accepted into the queue, and go on behind it."""
        file = self._file
        self._doubtful = found.next_row - file.row != len(found.rows)
        file.row, file.line = found.next_row, found.next_line
        self._spans = self._spans or found.next_row != found.next_line
        if found.kept:
            data = b"".join(found.kept)
            found.kept.clear()
            parsed = self._parse(data, quoted=self._quote in data, last=last)
            self._pending.append(_Pending(parsed, found=found))

    def _finish(self, pending: _Pending) -> Iterator[TextBatch]:
        if pending.found is not None:
            yield self._placed(pending.parsed(), pending.found)
            return
        file, proof = self._file, pending.proof
        assert proof is not None
        try:
            cells = pending.parsed()
        except pa.ArrowInvalid:
            cells = None
        if cells is None or cells.num_rows != proof.records:
            block = pending.block[: proof.end]
            found = self._exact.read(block, file.row, file.line, last=True)
            self._accept(found, last=True)
            if found.rows:
                yield from self._finish(self._pending.pop())
            return
        first_row, first_line = file.row, file.line
        file.row += proof.records
        file.line += proof.lines
        self.records += proof.records
        self._spans = self._spans or bool(proof.breaks)
        if cells.num_rows:
            lines = record_lines(first_line, proof.records, proof.breaks) if self._spans else None
            yield TextBatch(
                cells,
                file.reporter.path,
                first_row,
                None if lines is None else whole_numbers(lines),
                columns=self._columns,
            )

    def _placed(self, cells: pa.RecordBatch, found: Records) -> TextBatch:
        rows, lines = found.rows, found.lines
        self.records += cells.num_rows
        return TextBatch(
            cells,
            self._file.reporter.path,
            rows[0],
            None if rows == lines else whole_numbers(lines),
            None if rows[-1] - rows[0] + 1 == len(rows) else whole_numbers(rows),
            self._columns,
        )
