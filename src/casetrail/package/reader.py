"""The strict reader: a delimited file as a stream of text batches, nothing lost, guessed or repaired.

A block that `proof` proves well formed goes to Arrow's parser; a block that is not proved, or that the parser
refuses, goes through the `exact` reader, which accepts each record or says why not. Both give the same cells.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

from casetrail.findings.finding import Severity
from casetrail.package.cells import CellParser, record_lines, whole_numbers
from casetrail.package.csv_form import BOM, MAX_COLUMNS, MAX_RECORD, CsvForm
from casetrail.package.exact import ExactReader, Records, split_record
from casetrail.package.header import ColumnMap, match_header
from casetrail.package.proof import Proof, prove
from casetrail.package.schema import TableSchema
from casetrail.package.structure import Reporter
from casetrail.package.text import TextBatch

if TYPE_CHECKING:
    from concurrent.futures import Future

BLOCK = 8 * 1024 * 1024
"""How many bytes are read, proved and parsed at once."""

Observer = Callable[[bytes], object]


@dataclass(slots=True)
class CsvOptions:
    """How one file is to be read.

    `strict_bytes` makes a BOM and CR LF errors, as in a Case Data Package. `observer` is given every byte of
    the file in order, as for a hash. `block` is the size of a block, `fast` false sends all through the exact
    reader; neither changes what is read or found.
    """

    form: CsvForm
    schema: TableSchema | None = None
    strict_bytes: bool = False
    observer: Observer | None = None
    block: int = BLOCK
    fast: bool = True


class CsvReader:
    """Reads one delimited file from start to end; `records` counts what was delivered."""

    def __init__(self, file: IO[bytes], options: CsvOptions, reporter: Reporter) -> None:
        self.records = 0
        self.complete = False
        self._file = file
        self._options = options
        self._reporter = reporter
        self._row = 1
        self._line = 1
        self._crlf: bool | None = None
        self._rest = b""
        self._at_end = False

    def batches(self) -> Iterator[TextBatch]:
        """The records as batches; findings go to the reporter as they are met."""
        columns = self._header()
        if columns is None:
            return
        order, width, labels = columns
        parser = CellParser(self._options.form, width, order.names, order.order)
        exact = ExactReader(
            self._options.form, self._reporter, columns=width, crlf=self._crlf, names=list(labels)
        )
        yield from _Body(self, parser, exact).batches()
        if self.complete and self.records == 0:
            message = "the table has a header and no record"
            self._reporter.add("no-records", message, row=1, line=1, severity=Severity.NOTE)

    def fill(self, size: int) -> bytes:
        """What is left over and the next bytes of the file, up to the size."""
        parts = [self._rest]
        missing = size - len(self._rest)
        while missing > 0 and not self._at_end:
            part = self._file.read(missing)
            if not part:
                self._at_end = True
                break
            if self._options.observer is not None:
                self._options.observer(part)
            parts.append(part)
            missing -= len(part)
        self._rest = b""
        return b"".join(parts)

    def _header(self) -> tuple[ColumnMap, int, list[str]] | None:
        block = self.fill(self._options.block)
        start = self._start(block)
        if start is None:
            return None
        block = block[start:]
        form, report = self._options.form, self._reporter
        reader = ExactReader(form, report, columns=None, crlf=None, names=[])
        if block.startswith((b"\n", b"\r\n")):
            hint = "delete the line"
            report.add(
                "blank-line", "the first line is empty; the header must stand there", row=1, line=1, hint=hint
            )
            return None
        while not (first := reader.read(block, 1, 1, last=self._at_end, only_first=True)).consumed:
            if len(block) > MAX_RECORD:
                self._too_long()
                return None
            self._rest = block
            block = self.fill(2 * len(block))
        if not first.kept:
            return None
        labels = [cell.decode() for cell in split_record(first.kept[0], form)]
        if len(labels) > MAX_COLUMNS:
            message = f"the header has {len(labels):,} columns, and no more than {MAX_COLUMNS:,} are read"
            report.add("too-many-columns", message, row=1, line=1)
            return None
        self._crlf = block[: first.consumed].endswith(b"\r\n")
        if self._crlf and self._options.strict_bytes:
            message = "the lines end with CR LF; those of a Case Data Package end with LF"
            report.add("file-crlf", message, row=1, line=1, hint="save the file with LF line ends")
        self._row, self._line = first.next_row, first.next_line
        self._rest = block[first.consumed :]
        order = match_header(labels, self._options.schema, form, report)
        return None if order is None else (order, len(labels), labels)

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
    """A proved block that is being parsed."""

    block: bytes
    proof: Proof
    parsed: Future[pa.RecordBatch] | None


class _Body:
    """The records behind the header: proved blocks parsed ahead, others read exactly, in order."""

    WINDOW = 2

    def __init__(self, reader: CsvReader, parser: CellParser, exact: ExactReader) -> None:
        self._reader = reader
        self._parser = parser
        self._exact = exact
        self._pool: Any = None
        self._spans = reader._row != reader._line

    def batches(self) -> Iterator[TextBatch]:
        try:
            yield from self._batches()
        finally:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)

    def _batches(self) -> Iterator[TextBatch]:
        reader, options = self._reader, self._reader._options
        pending: deque[_Pending] = deque()
        size = options.block
        while True:
            block = reader.fill(size)
            if not block:
                break
            last = reader._at_end
            proof = self._prove(block, last)
            if proof is not None:
                reader._rest = block[proof.end :]
                pending.append(self._parse(block, proof, alone=last and not pending))
                size = options.block
                if len(pending) > self.WINDOW:
                    yield from self._finish(pending.popleft())
                continue
            while pending:
                yield from self._finish(pending.popleft())
            found = self._exact.read(block, reader._row, reader._line, last=last)
            reader._rest = block[found.consumed :]
            size = options.block if found.consumed else 2 * len(block)
            if not found.consumed and len(block) > MAX_RECORD:
                reader._too_long()
                return
            yield from self._accept(found)
        while pending:
            yield from self._finish(pending.popleft())
        reader.complete = True

    def _prove(self, block: bytes, last: bool) -> Proof | None:
        options = self._reader._options
        if not options.fast or len(block) > BLOCK:
            return None
        crlf = bool(self._reader._crlf)
        return prove(block, options.form, last=last, crlf=crlf, one_column=self._parser.columns == 1)

    def _parse(self, block: bytes, proof: Proof, *, alone: bool) -> _Pending:
        data = memoryview(block)[: proof.end]
        if alone:
            # A small file needs no threads, and starting them takes longer than reading it.
            return _Pending(block, proof, None)
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(2, thread_name_prefix="casetrail-reader")
        return _Pending(block, proof, self._pool.submit(self._parser.parse, data, quoted=proof.quoted))

    def _finish(self, pending: _Pending) -> Iterator[TextBatch]:
        reader, proof = self._reader, pending.proof
        try:
            if pending.parsed is None:
                data = memoryview(pending.block)[: proof.end]
                cells = self._parser.parse(data, quoted=proof.quoted)
            else:
                cells = pending.parsed.result()
        except pa.ArrowInvalid:
            cells = None
        if cells is None or cells.num_rows != proof.records:
            found = self._exact.read(pending.block[: proof.end], reader._row, reader._line, last=True)
            yield from self._accept(found)
            return
        first_row, first_line = reader._row, reader._line
        reader._row += proof.records
        reader._line += proof.lines
        reader.records += proof.records
        self._spans = self._spans or bool(proof.breaks)
        lines = None
        if self._spans:
            lines = whole_numbers(record_lines(first_line, proof.records, proof.breaks))
        if cells.num_rows:
            yield TextBatch(cells, first_row, lines)

    def _accept(self, found: Records) -> Iterator[TextBatch]:
        reader = self._reader
        reader._row, reader._line = found.next_row, found.next_line
        self._spans = self._spans or found.next_row != found.next_line
        if not found.kept:
            return
        form = reader._options.form
        data = b"\n".join(found.kept) + b"\n"
        cells = self._parser.parse(data, quoted=form.quote in data)
        reader.records += cells.num_rows
        whole = found.rows[-1] - found.rows[0] + 1 == len(found.rows)
        yield TextBatch(
            cells,
            found.rows[0],
            None if found.rows == found.lines else whole_numbers(found.lines),
            None if whole else whole_numbers(found.rows),
        )
