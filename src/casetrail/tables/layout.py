"""The layout of a delimited file: its header read, joined and held against the schema."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from casetrail.findings.finding import Severity
from casetrail.standard.dialect import BOM, MAX_COLUMNS, MAX_RECORD
from casetrail.tables.csv_file import CsvFile
from casetrail.tables.exact import split_record
from casetrail.tables.header import ColumnMap, as_spelt, joined_labels, match_header

_HEADER_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file: what its header says, and where each column of the batches is taken from."""

    labels: tuple[str, ...]
    columns: ColumnMap


class LayoutReader:
    """Reads the header of one file; the file stands behind it afterwards."""

    def __init__(self, file: CsvFile) -> None:
        self._file = file
        self._options = file.options
        self._reporter = file.reporter

    def read(self, layout: Layout | None = None) -> Layout | None:
        """The layout, or `None` where the records cannot be read.

        A file that continues another is given the layout of that one, and may repeat its header.
        """
        block = self._file.fill(min(self._options.block, _HEADER_BLOCK))
        start = self._start(block)
        if start is None:
            return None
        block = block[start:]
        self._file.rest = block
        if self._options.form.header_rows is None:
            return self._headless(layout)
        if layout is not None:
            return self._continued(layout)
        if block.startswith((b"\n", b"\r\n")):
            message = "the first line is empty; the header must stand there"
            self._reporter.add("blank-line", message, row=1, line=1, hint="delete the line")
            return None
        rows = self._rows()
        if rows is None:
            return None
        self._check_line_ends()
        form, report = self._options.form, self._reporter
        labels = joined_labels(rows, form.header_join)
        if not form.case_sensitive and self._options.schema is not None:
            labels = as_spelt(labels, self._options.schema.field_names)
        if len(labels) > MAX_COLUMNS:
            message = f"the header has {len(labels):,} columns, and no more than {MAX_COLUMNS:,} are read"
            report.add("too-many-columns", message, row=1, line=1)
            return None
        columns = match_header(labels, self._options.schema, form, report)
        return None if columns is None else Layout(labels, columns)

    def _rows(self) -> list[tuple[str, ...]] | None:
        """The cells of the rows of the header; `None` where one of them cannot be read."""
        wanted = self._options.form.header_rows or ()
        rows: list[tuple[str, ...]] = []
        while True:
            record = self._next_record()
            if record is None:
                return None
            row, cells = record
            if not wanted or row in wanted:
                rows.append(cells)
            if not wanted or row >= max(wanted):
                return rows or None

    def _next_record(self) -> tuple[int, tuple[str, ...]] | None:
        """One record of the header, with its row."""
        reader, size = self._file.records_reader(), _HEADER_BLOCK
        while True:
            block = self._file.fill(size)
            first = reader.read(
                block, self._file.row, self._file.line, last=self._file.at_end, only_first=True
            )
            if first.consumed or not block:
                break
            if len(block) > MAX_RECORD:
                self._file.record_too_long()
                return None
            self._file.rest = block
            size = 2 * len(block)
        self._file.rest = block[first.consumed :]
        self._file.crlf = bool(reader.crlf)
        self._file.row, self._file.line = first.next_row, first.next_line
        if not first.kept:
            if not first.judged:
                self._reporter.add("file-empty", "there is no header in the file", hint="add the header")
            return None
        cells = split_record(first.kept[0].removesuffix(b"\n"), self._file.cell_form)
        return first.rows[0], tuple(cell.decode() for cell in cells)

    def _headless(self, layout: Layout | None) -> Layout | None:
        """The layout of a file without a header: the fields of the schema in their order."""
        ahead = self._trial()
        first = ahead._next_record()
        self._file.crlf = ahead._file.crlf
        self._check_line_ends()
        if layout is not None:
            return layout
        if self._options.schema is not None:
            labels = self._options.schema.field_names
        elif first is not None:
            labels = tuple(f"field{number}" for number in range(1, len(first[1]) + 1))
        else:
            return None
        return Layout(labels, ColumnMap(labels, tuple(range(len(labels)))))

    def _continued(self, layout: Layout) -> Layout:
        """A file that continues another may start with the same header, which is then passed over."""
        ahead = self._trial()
        rows = ahead._rows()
        self._file.crlf = ahead._file.crlf
        self._check_line_ends()
        if rows is not None and joined_labels(rows, self._options.form.header_join) == layout.labels:
            self._rows()
        return layout

    def _check_line_ends(self) -> None:
        if self._file.crlf and self._options.strict_bytes:
            message = "the lines end with CR LF; those of a Case Data Package end with LF"
            self._reporter.add("file-crlf", message, row=1, line=1, hint="save the file with LF line ends")

    def _trial(self) -> LayoutReader:
        """The same place of the file once more, to look ahead without a word."""
        return LayoutReader(CsvFile(BytesIO(self._file.rest), self._options, self._reporter.quiet()))

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
        if b"\r" in block and b"\n" not in block and self._options.form.own_line_ends:
            message = "the lines end with CR alone, as on very old Macintosh systems"
            report.add("file-encoding", message, line=1, hint="save the file with LF line ends")
            return None
        return start
