"""The strict reader: a delimited file as a stream of text batches, nothing lost, guessed or repaired.

A block that `proof` proves well formed goes to Arrow's parser; a block that is not proved, or that the parser
refuses, goes through the `exact` reader, which accepts each record or says why not. Both give the same cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Literal

import pyarrow as pa

from casetrail.findings.finding import Severity
from casetrail.findings.report import Ledger
from casetrail.package.cells import CellParser
from casetrail.package.csv_form import BOM, MAX_COLUMNS, MAX_RECORD, CsvForm
from casetrail.package.exact import ExactReader, split_record
from casetrail.package.header import ColumnMap, match_header
from casetrail.package.places import record_lines, whole_numbers
from casetrail.package.proof import Proof, prove
from casetrail.package.records import Records
from casetrail.package.schema import TableSchema
from casetrail.package.structure import Reporter
from casetrail.package.text import TextBatch

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

BLOCK = 8 * 1024 * 1024
"""How many bytes are read, proved and parsed at once."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: what its header says, and where each column of the batches is taken from."""

    labels: tuple[str, ...]
    columns: ColumnMap


@dataclass(slots=True)
class CsvOptions:
    """How one file is to be read.

    `strict_bytes` makes a BOM and CR LF errors, as in a Case Data Package. `block` is the size of a block;
    `how` names the quickest way that may be taken, `records` the slowest of all. Neither changes what is read
    or found.
    """

    form: CsvForm
    schema: TableSchema | None = None
    strict_bytes: bool = False
    block: int = BLOCK
    how: Literal["proof", "runs", "records"] = "proof"


class CsvReader:
    """Reads one delimited file from start to end.

    `records` counts what was delivered, `complete` says that the end was reached, and `layout` holds the
    columns once the header has been read. A file that continues another is given its layout, and may repeat
    its header.
    """

    def __init__(
        self, file: IO[bytes], options: CsvOptions, reporter: Reporter, *, layout: Layout | None = None
    ) -> None:
        self.records = 0
        self.complete = False
        self.layout = layout
        self._file = file
        self._options = options
        self._reporter = reporter
        self._row = self._first_row = 1
        self._line = 1
        self._crlf: bool | None = None
        self._rest = b""
        self._at_end = False

    def batches(self) -> Iterator[TextBatch]:
        """The records as batches; findings go to the reporter as they are met."""
        self.layout = layout = self._header()
        if layout is None:
            return
        width, columns = len(layout.labels), layout.columns
        parser = CellParser(self._options.form, width, columns.names, columns.order)
        exact = ExactReader(
            self._options.form,
            self._reporter,
            columns=width,
            crlf=self._crlf,
            names=list(layout.labels),
            runs=self._options.how != "records",
        )
        yield from _Body(self, parser, exact).batches()

    @property
    def rows_met(self) -> int:
        """How many rows stand behind the header, whether they could be delivered or not."""
        return self._row - self._first_row

    def fill(self, size: int) -> bytes:
        """What is left over and the next bytes of the file, up to the size."""
        parts = [self._rest]
        missing = size - len(self._rest)
        while missing > 0 and not self._at_end:
            part = self._file.read(missing)
            if not part:
                self._at_end = True
                break
            parts.append(part)
            missing -= len(part)
        self._rest = b""
        return b"".join(parts)

    def _header(self) -> Layout | None:
        block = self.fill(self._options.block)
        start = self._start(block)
        if start is None:
            return None
        block = block[start:]
        if self.layout is None and block.startswith((b"\n", b"\r\n")):
            message = "the first line is empty; the header must stand there"
            self._reporter.add("blank-line", message, row=1, line=1, hint="delete the line")
            return None
        if self.layout is not None and not self._repeats_header(block):
            self._crlf = _ends_with_crlf(block)
            self._rest = block
            return self.layout
        reader = ExactReader(self._options.form, self._reporter, columns=None, crlf=None, names=[])
        while not (first := reader.read(block, 1, 1, last=self._at_end, only_first=True)).consumed:
            if len(block) > MAX_RECORD:
                self._too_long()
                return None
            self._rest = block
            block = self.fill(2 * len(block))
        if not first.kept:
            return None
        self._crlf = block[: first.consumed].endswith(b"\r\n")
        if self._crlf and self._options.strict_bytes:
            message = "the lines end with CR LF; those of a Case Data Package end with LF"
            self._reporter.add("file-crlf", message, row=1, line=1, hint="save the file with LF line ends")
        self._row, self._line = first.next_row, first.next_line
        self._first_row = self._row
        self._rest = block[first.consumed :]
        return self.layout or self._match(first.kept[0].removesuffix(b"\n"))

    def _match(self, header: bytes) -> Layout | None:
        form, report = self._options.form, self._reporter
        labels = tuple(cell.decode() for cell in split_record(header, form))
        if len(labels) > MAX_COLUMNS:
            message = f"the header has {len(labels):,} columns, and no more than {MAX_COLUMNS:,} are read"
            report.add("too-many-columns", message, row=1, line=1)
            return None
        columns = match_header(labels, self._options.schema, form, report)
        return None if columns is None else Layout(labels, columns)

    def _repeats_header(self, block: bytes) -> bool:
        """Whether a file that continues another starts with the same header."""
        assert self.layout is not None
        quiet = Reporter(self._reporter.table, self._reporter.path, Ledger(limit=0))
        reader = ExactReader(self._options.form, quiet, columns=None, crlf=None, names=[])
        first = reader.read(block, 1, 1, last=self._at_end, only_first=True)
        if not first.kept:
            return False
        cells = split_record(first.kept[0].removesuffix(b"\n"), self._options.form)
        return tuple(cell.decode() for cell in cells) == self.layout.labels

    def _start(self, block: bytes) -> int | None:
        """Where the text of the file starts; `None` where there is none to read."""
        report = self._reporter
        if block.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
            report.add(
                "file-encoding", "the file is UTF-16 or UTF-32, not UTF-8", line=1, hint="save it as UTF-8"
            )
            return None
        start = 0
        if block.startswith(BOM):
            start = len(BOM)
            report.add(
                "file-bom",
                "the file starts with a byte order mark (BOM)",
                row=1,
                line=1,
                hint='save it as UTF-8 without BOM; Excel\'s "CSV UTF-8" writes one',
                severity=Severity.ERROR if self._options.strict_bytes else Severity.WARNING,
            )
        if len(block) == start:
            report.add(
                "file-empty", "the file is empty; at least a header must stand in it", hint="add the header"
            )
            return None
        if b"\r" in block and b"\n" not in block and self._at_end:
            message = "the lines end with CR alone, as on very old Macintosh systems"
            report.add("file-encoding", message, line=1, hint="save the file with LF line ends")
            return None
        return start

    def _too_long(self) -> None:
        message = f"the record has more than {MAX_RECORD >> 20} MiB, so that the rest of the file is not read"
        hint = "look for a quotation mark that is not closed"
        self._reporter.add("cell-too-long", message, row=self._row, line=self._line, hint=hint)


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

    def __init__(self, reader: CsvReader, parser: CellParser, exact: ExactReader) -> None:
        self._reader = reader
        self._parser = parser
        self._exact = exact
        self._pool: ThreadPoolExecutor | None = None
        self._pending: deque[_Pending] = deque()
        self._spans = reader._row != reader._line

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
        reader, options = self._reader, self._reader._options
        size = options.block
        while block := reader.fill(size):
            last = reader._at_end
            size = options.block
            proof = self._prove(block, last)
            if proof is not None:
                reader._rest = block[proof.end :]
                parsed = self._parse(memoryview(block)[: proof.end], quoted=proof.quoted, last=last)
                self._pending.append(_Pending(parsed, block, proof))
                yield self.WINDOW
                continue
            if any(pending.proof is not None for pending in self._pending):
                # Their records must be counted before the rows and lines of this block are known.
                yield 0
            found = self._exact.read(block, reader._row, reader._line, last=last)
            reader._rest = block[found.consumed :]
            if not found.consumed:
                if len(block) > MAX_RECORD:
                    reader._too_long()
                    break
                size = 2 * len(block)
            self._accept(found, last=last)
            yield self.WINDOW
        else:
            reader.complete = True
        yield 0

    def _prove(self, block: bytes, last: bool) -> Proof | None:
        options = self._reader._options
        if options.how != "proof" or len(block) > BLOCK:
            return None
        crlf = bool(self._reader._crlf)
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
        reader = self._reader
        reader._row, reader._line = found.next_row, found.next_line
        self._spans = self._spans or found.next_row != found.next_line
        if found.kept:
            data = b"".join(found.kept)
            found.kept.clear()
            parsed = self._parse(data, quoted=reader._options.form.quote in data, last=last)
            self._pending.append(_Pending(parsed, found=found))

    def _finish(self, pending: _Pending) -> Iterator[TextBatch]:
        if pending.found is not None:
            yield self._placed(pending.parsed(), pending.found)
            return
        reader, proof = self._reader, pending.proof
        assert proof is not None
        try:
            cells = pending.parsed()
        except pa.ArrowInvalid:
            cells = None
        if cells is None or cells.num_rows != proof.records:
            block = pending.block[: proof.end]
            found = self._exact.read(block, reader._row, reader._line, last=True)
            self._accept(found, last=True)
            if found.rows:
                yield from self._finish(self._pending.pop())
            return
        first_row, first_line = reader._row, reader._line
        reader._row += proof.records
        reader._line += proof.lines
        reader.records += proof.records
        self._spans = self._spans or bool(proof.breaks)
        if cells.num_rows:
            lines = record_lines(first_line, proof.records, proof.breaks) if self._spans else None
            yield TextBatch(cells, first_row, None if lines is None else whole_numbers(lines))

    def _placed(self, cells: pa.RecordBatch, found: Records) -> TextBatch:
        rows, lines = found.rows, found.lines
        self._reader.records += cells.num_rows
        return TextBatch(
            cells,
            rows[0],
            None if rows == lines else whole_numbers(lines),
            None if rows[-1] - rows[0] + 1 == len(rows) else whole_numbers(rows),
        )


def _ends_with_crlf(block: bytes) -> bool:
    """Whether the first line does."""
    end = block.find(b"\n")
    return end > 0 and block[end - 1 : end] == b"\r"
