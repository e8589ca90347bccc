"""The reading of one table: its files, one after the other, by the reader that each needs."""

from __future__ import annotations

import json
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO, FileIO
from types import MappingProxyType
from typing import IO, Any, Protocol, TypeVar
from zipfile import BadZipFile

from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.standard.descriptor import is_yaml
from casetrail.standard.dialect import BOM, CsvForm
from casetrail.standard.limits import MAX_JSON_TABLE, read_within
from casetrail.tables.batch import TextBatch
from casetrail.tables.blocks import (
    BatchBlock,
    Block,
    BlockSequence,
    BlockSource,
    ReadBlock,
)
from casetrail.tables.csv_reader import CsvReader, RangeReader
from casetrail.tables.file_blocks import (
    SourceProblem,
    Stamp,
    TableSource,
    compression_of,
    encoding_of,
    is_plain,
    open_source,
    stamp_of,
    undecodable,
)
from casetrail.tables.header import Header
from casetrail.tables.json_table import JsonTable, inline_data
from casetrail.tables.read_ahead import ReadAhead
from casetrail.tables.reporter import Reporter
from casetrail.tables.table_format import DELIMITED, JSON_FORMATS, PARQUET, SPREADSHEETS

Result = TypeVar("Result")

_MANY_BLOCKS = 1024
LARGER = 16
"""Of a file of more blocks than this, those for workers elsewhere are so many times as large at most."""

NO_RECORD = "the table has no record"


def block_size(length: int, size: int) -> int:
    """How large the blocks for workers elsewhere are, of a file of this length.

    Whoever hands out the blocks must keep up with all who work on them.
    """
    return min(max(size, length // _MANY_BLOCKS), LARGER * size)


class _WholeFiles(Protocol):
    """What reads the files of a table one after the other, each as a whole.

    `complete` says whether the last was read to its end; `None` before its blocks are asked for.
    """

    complete: bool | None
    rows: int

    def blocks(self, file: IO[bytes], reporter: Reporter) -> Iterator[Block]:
        """The records of a file."""


@dataclass
class _DelimitedFile:
    """One file of a table: its reporter, and its reader once it is open."""

    reporter: Reporter
    reader: CsvReader | None = None

    @property
    def header(self) -> Header | None:
        """Its header, where it was read."""
        return None if self.reader is None else self.reader.header

    @property
    def complete(self) -> bool | None:
        """Whether it was read to its end; `None` where it could not be opened."""
        return None if self.reader is None else self.reader.complete

    def take_over(self, reporter: Reporter) -> None:
        """Hand what is wrong with the file to the reporter of the table."""
        if self.reporter.builder is not None:
            reporter.absorb(self.reporter.builder, 0, 0)


OnGap = Callable[[str], object]
Run = Callable[[BlockSource[Any], Reporter], Iterator[ReadBlock[Result]]]
"""Works on the blocks of one file."""


class TableReading:
    """One reading of a table, whose files are read one after the other ("Multiple Files").

    `on_gap` is told each file of which not all records are known. Files that have a stamp in `stamps`
    have to be the same still.
    """

    def __init__(
        self,
        source: TableSource,
        builder: ReportBuilder | None,
        size: int,
        *,
        ranges: bool,
        on_gap: OnGap,
        stamps: Mapping[str, Stamp | None] = MappingProxyType({}),
    ) -> None:
        self._size, self._ranges = size, ranges
        self._on_gap, self._has_gap = on_gap, False
        self._stamps = stamps
        self._source = source
        self._paths = source.descriptor.paths
        self._form = CsvForm.of(source.dialect)
        encoding = "UTF-8" if encoding_of(source) == "utf-8" else str(source.descriptor.encoding)
        self.reporter = Reporter(
            source.descriptor.name, source.path, builder, encoding, strict_bytes=source.case_package
        )

    def is_possible(self, written: str) -> bool:
        """Report what the table needs and that is not read, so that nothing is passed over in silence."""
        source, unread = self._source, []
        if encoding_of(source) is None:
            unread.append(f"the encoding '{(source.descriptor.encoding or '')[:40]}'")
        for path in self._paths:
            compression = compression_of(source, path)
            if compression not in (None, "gz", "zst", "zip"):
                unread.append(f"the compression '{compression[:40]}'")
        if written not in (*DELIMITED, *JSON_FORMATS, *SPREADSHEETS, PARQUET):
            unread.append(f"the format '{written[:40]}'")
        # That it cannot be judged is no mistake of the package; who wants to read it has to know.
        severity = Severity.ERROR if self.reporter.builder is None else Severity.NOTE
        for what in unread:
            message = f"{what} is not read, so the table was not checked"
            self.reporter.add("unsupported", message, severity=severity)
        return not unread

    def _open(self, path: str) -> AbstractContextManager[IO[bytes]]:
        return open_source(self._source, path, self._stamps.get(path))

    def goes_on(self, path: str, complete: bool | None, *, known: bool) -> bool:
        """Whether the next file is read.

        A file that could not be read to its end does not keep the others from it, if it is `known` what is in
        them. Where one cannot even be opened, as one of a server that is gone, the others are not tried.
        """
        if not complete:
            self._has_gap = True
            self._on_gap(path)
        return complete or (complete is False and known)

    def delimited(self, run: Run[Result], side_by_side: int, ahead: int) -> Generator[ReadBlock[Result]]:
        """The files of a delimited table; those that are waited for, packed or at addresses, side by side."""
        header: Header | None = None
        rows = 0
        pending = deque(self._paths)
        begun: deque[tuple[_DelimitedFile, ReadAhead[ReadBlock[Result]]]] = deque()
        try:
            while pending or begun:
                if begun:
                    file, results = begun[0]
                    try:
                        yield from results
                    finally:
                        file.take_over(self.reporter)
                    begun.popleft()
                else:
                    file = _DelimitedFile(replace(self.reporter, path=pending.popleft()))
                    for block in self._blocks(file, run, header):
                        header = header or file.header
                        self._begin(begun, pending, run, header, side_by_side, ahead)
                        yield block
                header = header or file.header
                if not self.goes_on(file.reporter.path, file.complete, known=header is not None):
                    return
                rows += 0 if file.reader is None else file.reader.rows_met
                self._begin(begun, pending, run, header, side_by_side, ahead)
        finally:
            for _, results in begun:
                results.close()
        if not rows:
            self.report_no_records("csv")

    def _begin(
        self,
        begun: deque[tuple[_DelimitedFile, ReadAhead[ReadBlock[Result]]]],
        pending: deque[str],
        run: Run[Result],
        header: Header | None,
        side_by_side: int,
        ahead: int,
    ) -> None:
        """Begin with the next files that are waited for, the header being known."""
        while (
            pending
            and len(begun) + 1 < side_by_side
            and (self._source.is_remote or compression_of(self._source, pending[0]) is not None)
        ):
            builder = self.reporter.builder and self.reporter.builder.of_block()
            file = _DelimitedFile(replace(self.reporter, path=pending.popleft(), builder=builder))
            begun.append((file, ReadAhead(self._blocks(file, run, header), ahead)))

    def _blocks(
        self, file: _DelimitedFile, run: Run[Result], header: Header | None
    ) -> Generator[ReadBlock[Result]]:
        """The blocks of one file."""
        path, reporter = file.reporter.path, file.reporter
        with reporting_read_errors(reporter), self._open(path) as source:
            given = (self._form, self._source.schema, reporter)
            stamp = stamp_of(source) if is_plain(self._source, path) else None
            # What is on disk is read in ranges by threads too, from elsewhere it comes in one stream.
            on_disk = isinstance(source, FileIO)
            in_ranges = self._ranges or (on_disk and stamp is not None and stamp.size > self._size)
            if stamp is not None and stamp.in_parts and in_ranges:
                size = block_size(stamp.size, self._size) if self._ranges else self._size
                file.reader = RangeReader(
                    source, self._source, path, stamp, *given, header=header, block=size
                )
            else:
                file.reader = CsvReader(source, *given, header=header, block=self._size)
            if file.reader.begin():
                yield from run(file.reader, reporter)

    def whole_files(self, written: str, run: Run[Result]) -> Iterator[ReadBlock[Result]]:
        """The files of a table in Parquet or in spreadsheets."""
        table = self._whole_file_table(written)
        for path in self._paths:
            yield from self._whole_file(table, replace(self.reporter, path=path), run)
            if not self.goes_on(path, table.complete, known=table.rows > 0):
                return
        if not table.rows:
            self.report_no_records(written)

    def _whole_file_table(self, written: str, row_groups: range | None = None) -> _WholeFiles:
        if written == PARQUET:
            from casetrail.tables.parquet_table import ParquetTable

            return ParquetTable(self._source.schema, self._size, row_groups)
        from casetrail.tables.spreadsheet_table import SpreadsheetTable

        return SpreadsheetTable(self._source.dialect, self._source.schema)

    def _whole_file(
        self, table: _WholeFiles, reporter: Reporter, run: Run[Result]
    ) -> Iterator[ReadBlock[Result]]:
        table.complete = None
        with reporting_read_errors(reporter), self._open(reporter.path) as file:
            yield from run(BlockSequence(table.blocks(file, reporter)), reporter)

    def part(
        self,
        written: str,
        reporter: Reporter,
        run: Run[Result],
        header: Header | None,
        row_groups: range | None,
    ) -> tuple[list[ReadBlock[Result]], bool | None, int]:
        """The blocks of one file, or of some row groups, whether all was read, and how many rows it has.

        Whether all was read is `None` where the file could not be opened.
        """
        if written in DELIMITED:
            file = _DelimitedFile(reporter)
            blocks = list(self._blocks(file, run, header))
            return blocks, file.complete, 0 if file.reader is None else file.reader.rows_met
        table = self._whole_file_table(written, row_groups)
        return list(self._whole_file(table, reporter, run)), table.complete, table.rows

    def header_of_first(self) -> Header | None:
        """The header of the first delimited file, of which nothing is reported."""
        reporter = replace(self.reporter, path=self._paths[0]).quiet()
        with reporting_read_errors(reporter), open_source(self._source, reporter.path) as file:
            reader = CsvReader(file, self._form, self._source.schema, reporter, block=self._size)
            return reader.header if reader.begin() else None
        return None

    def report_no_records(self, written: str) -> None:
        """Say that the files have no record, if all of them are known."""
        if self._has_gap:
            return
        if written in DELIMITED:
            has_header = self._form.header_rows is not None
            self._no_records("the table has a header and no record" if has_header else NO_RECORD, line=1)
        else:
            self._no_records(NO_RECORD)

    def _no_records(self, message: str, line: int | None = None) -> None:
        # The profile asks for every table, so a case has one where there is nothing to say.
        if not self._source.case_package:
            self.reporter.add("no-records", message, row=1, line=line, severity=Severity.NOTE)

    def inline_text(self, run: Run[Result]) -> Iterator[ReadBlock[Result]]:
        """Delimited text in the descriptor itself ("Inline Data"); lines are those of the text."""
        file = BytesIO(self._source.descriptor.data.encode())
        reporter = replace(self.reporter, encoding="UTF-8", strict_bytes=False)
        reader = CsvReader(file, self._form, self._source.schema, reporter, block=self._size)
        if reader.begin():
            yield from run(reader, reporter)
        self.goes_on(self._source.path, reader.complete, known=False)

    def json(self, run: Run[Result], *, by_line: bool) -> Iterator[ReadBlock[Result]]:
        """A table in JSON, in files or in the descriptor; there, lines are those of the descriptor."""
        source, data = self._source, self._source.descriptor.data
        table = JsonTable(source.dialect, source.schema, by_line=by_line)
        if isinstance(data, str):
            yield from run(_blocks_of(table.batches(data, self.reporter)), self.reporter)
        elif source.descriptor.has_data and is_yaml(source.path):
            # A descriptor in YAML: the places of its records in the file are not known.
            batches = table.batches(json.dumps(data), self.reporter)
            in_data = (replace(batch, part="data") for batch in batches)
            yield from run(_blocks_of(in_data), self.reporter)
        elif source.descriptor.has_data:
            with source.open(source.path) as file:
                descriptor = file.read().decode("utf-8-sig")
            start = inline_data(descriptor, source.descriptor.name)
            batches = table.batches(descriptor, self.reporter, start, inside=True)
            yield from run(_blocks_of(batches), self.reporter)
        for path in self._paths:
            text: str | None = None
            reporter = replace(self.reporter, path=path)
            with reporting_read_errors(reporter), self._open(path) as file:
                text = _text_of(file, reporter)
            if text is not None:
                yield from run(_blocks_of(table.batches(text, reporter)), reporter)
            if not self.goes_on(path, text is not None and table.complete, known=False):
                return
        table.finish(self.reporter)


def _blocks_of(batches: Iterator[TextBatch]) -> BlockSequence[BatchBlock]:
    return BlockSequence(map(BatchBlock, batches))


def _text_of(file: IO[bytes], reporter: Reporter) -> str | None:
    """A whole file as text; `None`, and a finding, where that cannot be."""
    data = read_within(file, MAX_JSON_TABLE)
    if len(data) > MAX_JSON_TABLE:
        message = f"the file has more than {MAX_JSON_TABLE >> 20} MiB, too many for a table in JSON"
        reporter.add(
            "file-too-large", message, hint="write the table as CSV or as JSON lines in several files"
        )
        return None
    if data.startswith(BOM):
        reporter.byte_order_mark("save it as UTF-8 without BOM")
        data = data[len(BOM) :]
    if not data.strip():
        reporter.add("file-empty", "the file is empty", hint="write [] for a table without records")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = undecodable(data[error.start : error.start + 3]) or data[error.start]
        line = data.count(b"\n", 0, error.start) + 1
        reporter.add("not-utf-8", f"the byte 0x{byte:02X} is not {reporter.encoding}", line=line)
        return None


_ZSTD_ERRORS = ("zstd", "truncated compressed stream")
_DAMAGED = "fetch or pack the file again: it is cut off or damaged"


@contextmanager
def reporting_read_errors(reporter: Reporter) -> Iterator[None]:
    """Whatever keeps a file from being read to its end becomes a finding."""
    try:
        yield
    except SourceProblem as problem:
        reporter.add(problem.code, problem.reason, hint=problem.hint)
    except (OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        # The last is of a zip whose names are none.
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
        hint = None
        if isinstance(error, OSError) and type(error).__name__ == "BadGzipFile":
            if reason.startswith("not a gzip"):
                reason, hint = "not all of it is packed with gzip", "pack it again, or name it without .gz"
            else:
                hint = _DAMAGED
        elif isinstance(error, (BadZipFile, zlib.error, EOFError)) or reason.startswith(_ZSTD_ERRORS):
            hint = _DAMAGED
        reporter.add("path-unreadable", f"the file cannot be read to its end ({reason})", hint=hint)
