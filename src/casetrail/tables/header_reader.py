"""Reads the header of a delimited file, tells it from a record, and a table from a file that is none.

Standard: `table-dialect.mdx`, "header", "headerRows", "headerJoin".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from casetrail.findings.visible import MAX_QUOTE, cut
from casetrail.standard.conflict_marker import KEEP_ONE, is_conflict_marker
from casetrail.standard.dialect import BOM, CsvForm
from casetrail.standard.limits import MAX_COLUMNS, MAX_RECORD
from casetrail.standard.near_miss import near_miss
from casetrail.standard.schema import TableSchema
from casetrail.tables.file_blocks import FileBlocks
from casetrail.tables.header import MAX_COMPARED, Header, match_header
from casetrail.tables.partition import partition_of
from casetrail.tables.record_reader import AcceptedRecords, RecordReader
from casetrail.tables.reporter import Reporter
from casetrail.types.problem import quoted

_HEADER_BLOCK = 64 * 1024
_MOST_NAMES = 5
_FEWEST_NAMES = 3
"""Of fewer columns all may be misnamed in a file that has a header."""


class HeaderReader:
    """Reads the header of one delimited file; the blocks begin with its first record afterwards.

    `crlf` says how lines end, by the first of them.
    """

    def __init__(
        self, blocks: FileBlocks, form: CsvForm, schema: TableSchema | None, reporter: Reporter
    ) -> None:
        self._partition = partition_of(reporter.path, schema)
        schema = schema if self._partition is None else self._partition.schema
        self.crlf = False
        self._blocks = blocks
        self._form = form
        self._fields = () if schema is None else schema.field_names
        self._schema = schema
        self._reporter = reporter

    def read(self, header: Header | None = None) -> Header | None:
        """The header, or `None` where the records cannot be read.

        A file that continues another is given the header of that one, and may repeat it.
        """
        if not self._begins_as_text():
            return None
        if self._form.header_rows is None:
            rows = self._rows(self._reporter.quiet())
            if header is None and self._schema is not None:
                header = Header.of(self._fields)
            elif header is None and rows is not None:
                header = Header.of([f"field{number}" for number in range(1, len(rows.cells[0]) + 1)])
        elif header is not None:
            rows = self._rows(self._reporter.quiet())
            labels = () if rows is None else joined_labels(rows.cells, self._form, self._fields)
            if labels == header.labels:
                rows = self._rows(self._reporter)
                self._use(rows)
            elif rows is not None and self._is_another_header(labels, header, rows):
                return None
        else:
            if self._blocks.data.startswith((b"\n", b"\r\n")):
                message = "the first line is empty; the header must be there"
                self._reporter.add("blank-line", message, row=1, line=1, hint="delete the line")
                return None
            rows = self._rows(self._reporter)
            self._use(rows)
            header = None if rows is None else self._match(rows)
        if rows is not None and rows.end.crlf:
            self.crlf = True
            if self._reporter.strict_bytes:
                message = "the lines end with CR LF; those of a Case Data Package end with LF"
                self._reporter.add(
                    "file-crlf", message, row=1, line=1, hint="save the file with LF line ends"
                )
        return None if header is None else header.within(self._partition)

    def _is_another_header(self, labels: Sequence[str], header: Header, rows: _HeaderRows) -> bool:
        """Whether the first row has such names of columns that it is no record; this is reported."""
        names = set(labels) & set(header.labels) - {""}
        # A record may hold the name of a column, but not one that has other cells as well.
        if not names or (2 * len(names) < len(labels) and len(labels) == len(header.labels)):
            return False
        self._reporter.add(
            "header-mismatch",
            f"the columns are not those of the first file of this table{_differences(labels, header.labels)}",
            row=rows.row,
            line=rows.line,
            hint="give all files of the table the same columns in the same order; this one was not read",
        )
        return True

    def _begins_as_text(self) -> bool:
        """Whether there is text, in an encoding that is read and with lines; passes over a BOM."""
        report, block = self._reporter.add, self._blocks.fill(_HEADER_BLOCK)
        kind = kind_of_file(block)
        if kind is not None:
            report("file-encoding", f"the file is {kind.words}", hint=kind.hint)
            return False
        if is_conflict_marker(block.partition(b"\n")[0]):
            report("conflict-marker", "the first line is a mark of git", row=1, line=1, hint=KEEP_ONE)
            return False
        if block.startswith(BOM):
            self._blocks.use(len(BOM), 1, 1)
            self._reporter.byte_order_mark('save it as UTF-8 without BOM; Excel\'s "CSV UTF-8" writes one')
        if not self._blocks.data and self._form.header_rows is not None:
            message = "the file is empty; at least a header must be in it"
            report("file-empty", message, hint="add the header")
            return False
        if b"\r" in block and b"\n" not in block and self._form.own_line_ends:
            message = "the lines end with CR alone, as on very old Macintosh systems"
            report("file-encoding", message, line=1, hint="save the file with LF line ends")
            return False
        return True

    def _rows(self, reporter: Reporter) -> _HeaderRows | None:
        """The rows of the header, or the first record where there is none; `None` if one is not in order."""
        blocks, numbers, rows = self._blocks, self._form.header_rows or (), _HeaderRows()
        end = AcceptedRecords(blocks.row, blocks.line)
        while True:
            reader = RecordReader(self._form, crlf=end.crlf)
            end = reader.read(
                blocks.data,
                end.next_row,
                end.next_line,
                reporter,
                last=blocks.at_end,
                start=end.consumed,
                only_first=True,
            )
            if end.judged:
                if not end.rows:
                    return None
                if not numbers or end.rows[0] in numbers:
                    rows.add(end)
                if rows.cells and (not numbers or end.rows[0] >= max(numbers)):
                    return rows
            elif blocks.at_end:
                reporter.add("file-empty", "there is no header in the file", hint="add the header")
                return None
            elif len(blocks.data) - end.consumed > MAX_RECORD:
                reporter.endless_record(end.next_row, end.next_line)
                return None
            else:
                blocks.fill(2 * len(blocks.data))

    def _use(self, rows: _HeaderRows | None) -> None:
        if rows is not None:
            self._blocks.use(rows.end.consumed, rows.end.next_row, rows.end.next_line)

    def _match(self, rows: _HeaderRows) -> Header | None:
        labels = joined_labels(rows.cells, self._form, self._fields)
        if not is_header(labels, self._fields, self._reporter, rows.row, rows.line):
            return None
        return match_header(labels, self._schema, self._form, self._reporter, row=rows.row, line=rows.line)


def is_header(
    labels: Sequence[str], fields: Sequence[str], reporter: Reporter, row: int, line: int | None
) -> bool:
    """Whether the labels of a file can be held against the schema; what speaks against it is reported.

    Where no label is, or may be meant for, the name of a field, they may be a record: none is quoted.
    """
    if len(labels) > MAX_COLUMNS:
        message = f"the header has {len(labels):,} columns, and no more than {MAX_COLUMNS:,} are read"
        reporter.add("too-many-columns", message, row=row, line=line)
        return False
    if min(len(fields), len(labels)) < _FEWEST_NAMES or len(fields) * len(labels) > MAX_COMPARED:
        return True
    if any(label in fields or near_miss(label.strip(" \ufeff"), fields) for label in labels):
        return True
    reporter.add(
        "header-mismatch",
        "no column has the name of a field of the schema; is the header missing?",
        row=row,
        line=line,
        hint=f"put the header above this row ({cut(','.join(fields), MAX_QUOTE)}), or rename the columns",
    )
    return False


def _differences(labels: Sequence[str], first: Sequence[str]) -> str:
    """What a header has other than that of the first file, for a sentence."""
    lacking = [quoted(label) for label in first if label not in labels]
    new = [quoted(label) for label in labels if label not in first]
    parts = [
        f"{', '.join(names[:_MOST_NAMES])}{more} {'is' if len(names) == 1 else 'are'} {what}"
        for names, what in ((lacking, "missing"), (new, "not among them"))
        if names
        for more in [f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""]
    ]
    return f": {', '.join(parts)}" if parts else ", which has the same in another order"


def joined_labels(rows: Sequence[tuple[str, ...]], form: CsvForm, fields: Sequence[str]) -> tuple[str, ...]:
    """The rows of a header joined to labels, spelt as the schema does where case does not matter.

    A row that is shorter than the widest speaks with its last cell for all columns behind, as a title above
    them does; an empty cell adds nothing.
    """
    labels = rows[0]
    if len(rows) > 1:
        width = range(max(map(len, rows)))
        columns = [[row[min(index, len(row) - 1)] for row in rows] for index in width]
        labels = tuple(form.header_join.join(filter(None, column)) for column in columns)
    if form.case_sensitive:
        return labels
    known = {field.casefold(): field for field in reversed(fields)}
    return tuple(label if label in fields else known.get(label.casefold(), label) for label in labels)


class _HeaderRows:
    """The cells of the rows of a header, where the first of them is, and what was read with the last."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, ...]] = []
        self.row = self.line = 1
        self.end = AcceptedRecords(1, 1)

    def add(self, record: AcceptedRecords) -> None:
        """Add a row; a header must be UTF-8 to be accepted."""
        if not self.cells:
            self.row, self.line = record.rows[0], record.lines[0]
        self.cells.append(tuple((cell or b"").decode() for cell in record.cells[0]))
        self.end = record


class KindOfFile(NamedTuple):
    """What a file is, after "the file is", and what to do with it."""

    words: str
    hint: str


_UTF_16 = KindOfFile("UTF-16 or UTF-32, not UTF-8", 'save it as UTF-8; Excel calls that "CSV UTF-8"')
# The marks are in lower-case letters.
_KINDS = (
    ((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"), _UTF_16),
    (
        (b"pk\x03\x04", b"\xd0\xcf\x11\xe0"),
        KindOfFile("a spreadsheet, or packed; it is not text", "open it and save it as CSV in UTF-8"),
    ),
    (
        (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zxz\x00"),
        KindOfFile("packed; it is not text", "unpack it, or let its name end as it is packed: .gz or .zst"),
    ),
    ((b"par1\x15",), KindOfFile("Parquet, not text", "say that its format is parquet")),
    ((b"%pdf-",), KindOfFile("a PDF, not a table", "put the table itself there, as CSV in UTF-8")),
    (
        (b"<!doctype html", b"<html"),
        KindOfFile("a web page, not a table", "download the table itself; the page may say why it is not"),
    ),
    (
        (b"version https://git-lfs.",),
        KindOfFile("a pointer of Git LFS, not the table", "fetch the table with `git lfs pull`"),
    ),
)
_START = 256


def kind_of_file(data: bytes) -> KindOfFile | None:
    """The kind of a file that begins with the data; `None` where it may be a table."""
    start = data[:_START].lower()
    for marks, kind in _KINDS:
        if start.startswith(marks):
            return kind
    # UTF-16 without its mark: every other byte of Latin text is NUL.
    pairs = len(start) // 2
    if pairs >= 4 and max(start[::2].count(0), start[1::2].count(0)) > pairs // 2:
        return _UTF_16
    return None
