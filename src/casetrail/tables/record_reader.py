"""The reader of records: each is accepted or told why not; nothing is guessed or repaired.

Reading a block is a function of its bytes, the row and the line on which it starts and what the header says;
what is wrong goes to the reporter that is given with the block.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from casetrail.findings.sentences import counted
from casetrail.standard.conflict_marker import KEEP_ONE, is_conflict_marker
from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_CELL, MAX_COLUMNS
from casetrail.tables.batch import record_lines
from casetrail.tables.file_blocks import undecodable
from casetrail.tables.records import Record, RecordSplitter
from casetrail.tables.reporter import Reporter, excerpt
from casetrail.tables.well_formed import BlockProver, WellFormedBlock


@dataclass(slots=True)
class AcceptedRecords:
    """The records of a block that are in order, with their rows and lines; `consumed` is where they end.

    Those of a dialect of RFC 4180 are kept as they are written (`text`), for a quicker parser; others,
    and those of JSON, as their `cells`. The next row and line are those of what follows. `judged` counts the
    records, in order or not; `crlf` says how lines end, by the first that ended.
    """

    next_row: int
    next_line: int
    crlf: bool | None = None
    consumed: int = 0
    judged: int = 0
    text: list[bytes] = field(default_factory=list)
    cells: list[Sequence[bytes | None]] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))


class RecordReader:
    """Reads the records of blocks of one file, under the `labels` of its header or as a header (`None`)."""

    def __init__(
        self, form: CsvForm, labels: Sequence[str] | None = None, *, crlf: bool | None = None
    ) -> None:
        self._labels = labels
        self._crlf = crlf
        self._form = form
        self._splitter = RecordSplitter(form)
        self._prover: BlockProver | None = None
        if labels is not None and form.plain:
            self._prover = BlockProver(form, len(labels), crlf=bool(crlf))

    def read(
        self,
        block: bytes,
        row: int,
        line: int,
        reporter: Reporter,
        *,
        last: bool,
        start: int = 0,
        only_first: bool = False,
    ) -> AcceptedRecords:
        """Read the records of a block from the place `start` on, where that of the row and line begins.

        Unless it is the `last` block, a record that does not end within is left for the next.
        """
        accepted = AcceptedRecords(row, line, self._crlf, start)
        errors = RecordErrors(reporter, self._form, self._labels, accepted)
        splitter, position, size = self._splitter, start, len(block)
        comments = bool(self._form.comment or self._form.comment_rows)
        while position < size and not (only_first and accepted.judged):
            run = self._prover.run(block, position) if self._prover and size <= MAX_CELL else None
            if run is not None:
                self._accept_run(block[position : run.end], run, accepted)
                position = run.end
                continue
            if comments and splitter.is_comment(block, position, accepted.next_row):
                behind = splitter.comment_end(block, position, last=last)
                if behind is None:
                    break
                accepted.next_row += 1
                accepted.next_line += splitter.lines(block, position, behind)
                position = behind
                continue
            empty = splitter.empty_lines(block, position)
            if empty is not None:
                number, behind = empty
                errors.empty_lines(number)
                accepted.next_line += splitter.lines(block, position, behind) - number
                position = behind
                continue
            record = splitter.split(block, position, last=last)
            if record is None:
                break
            self._judge(block, position, record, accepted, errors)
            position = record.end
        accepted.consumed = position
        return accepted

    def _accept_run(self, text: bytes, run: WellFormedBlock, accepted: AcceptedRecords) -> None:
        accepted.text.append(text)
        lines = text.count(b"\n")
        records = lines - run.inner_breaks
        accepted.rows.extend(range(accepted.next_row, accepted.next_row + records))
        accepted.lines.extend(record_lines(accepted.next_line, records, run.breaks))
        accepted.next_row += records
        accepted.next_line += lines
        accepted.judged += records

    def _judge(
        self, block: bytes, start: int, record: Record, accepted: AcceptedRecords, errors: RecordErrors
    ) -> None:
        text = block[start : record.stop]
        if record.end > record.stop and self._form.own_line_ends:
            errors.line_end(block[record.stop : record.end] == b"\r\n")
        if record.unclosed:
            opened = record.spans[-1][0]
            errors.not_closed(
                len(record.cells), to_line_end(block, opened, opened), block.count(b"\n", opened)
            )
            good = False
        else:
            good = not record.misplaced and record.lone_cr is None
            for number, place, closed in record.misplaced:
                opened = record.spans[number - 1][0]
                below = block.count(b"\n", opened, place) if closed else None
                errors.misplaced_quote(number, to_line_end(block, opened, place), below)
            if record.lone_cr is not None:
                errors.lone_cr(record.lone_cr, record.cells[record.lone_cr - 1])
            good = self._is_text(text, block, start, errors) and good
        if good and errors.count_fits(record.cells, text) and errors.lengths_fit(record.cells, len(text)):
            if self._prover is not None:
                accepted.text.append(text + b"\n")
            else:
                accepted.cells.append(record.cells)
            accepted.rows.append(accepted.next_row)
            accepted.lines.append(accepted.next_line)
        accepted.judged += 1
        accepted.next_row += 1
        accepted.next_line += self._splitter.lines(block, start, record.end)

    def _is_text(self, text: bytes, block: bytes, start: int, errors: RecordErrors) -> bool:
        """Whether the record is UTF-8 without NUL; of each of the two the first is told."""
        nul = text.find(b"\0")
        if nul < 0 and text.isascii():
            return True
        if nul >= 0:
            errors.nul(*self._cell_at(block, start, start + nul))
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            errors.not_text(text[error.start :], *self._cell_at(block, start, start + error.start))
            return False
        return nul < 0

    def _cell_at(self, block: bytes, start: int, place: int) -> tuple[int, bytes]:
        """The number and the value of the cell in which a byte of the record is."""
        record = self._splitter.follow(block, start, last=True)
        assert record is not None
        number = sum(1 for opened, _ in record.spans if opened <= place)
        return number, record.cells[number - 1]


class RecordErrors:
    """Says what is wrong with records of one file; their row and line are those that come next."""

    def __init__(
        self, reporter: Reporter, form: CsvForm, labels: Sequence[str] | None, accepted: AcceptedRecords
    ) -> None:
        self._reporter = reporter
        self._form = form
        self._mark = form.quote.decode()
        self._labels = labels
        self._accepted = accepted

    def line_end(self, crlf: bool) -> None:
        """Hold the end of a line against that of the first."""
        if self._accepted.crlf is None:
            self._accepted.crlf = crlf
        if crlf != self._accepted.crlf:
            names = ("CR LF", "LF") if crlf else ("LF", "CR LF")
            message = f"the line ends with {names[0]}, the first line of the file with {names[1]}"
            self._report("mixed-line-ends", message, hint="save the file with one kind of line end")

    def empty_lines(self, number: int) -> None:
        """Count a run of empty lines, and describe as many as there is room for."""
        shown = min(number, self._reporter.remaining("blank-line"))
        single = self._labels is not None and len(self._labels) == 1
        hint = 'write "" for an empty value' if single else "delete the line"
        for _ in range(shown):
            self._report("blank-line", "the line is empty", hint=hint)
            self._accepted.next_row += 1
            self._accepted.next_line += 1
        self._reporter.count("blank-line", number - shown)
        self._accepted.next_row += number - shown
        self._accepted.next_line += number - shown

    def count_fits(self, cells: list[bytes], text: bytes) -> bool:
        """Whether the record has as many cells as the header."""
        needed = len(cells) if self._labels is None else len(self._labels)
        if len(cells) == needed:
            return True
        if is_conflict_marker(text):
            marker = text.split()[0].decode()
            self._report(
                "conflict-marker", f"the line is the mark {marker} of git", value=text, hint=KEEP_ONE
            )
            return False
        if not self._remaining("missing-cell" if len(cells) < needed else "extra-cell"):
            return False
        many = len(cells) > MAX_COLUMNS
        held = f"more than {MAX_COLUMNS:,} cells" if many else counted(len(cells), "cell")
        message = f"the record has {held}, the header has {needed}"
        if len(cells) < needed:
            hint = "write a delimiter for each empty cell"
            self._report("missing-cell", message, value=text, hint=hint)
        else:
            hint = "put a text that contains the delimiter in quotes"
            extra = self._form.delimiter.join(cells[needed:])
            self._report("extra-cell", message, needed + 1, extra, hint)
        return False

    def lengths_fit(self, cells: list[bytes], length: int) -> bool:
        """Whether no cell of a record of so many bytes is longer than the limit."""
        for number, cell in enumerate(cells if length > MAX_CELL else (), 1):
            if len(cell) > MAX_CELL:
                message = f"the cell has {len(cell):,} bytes, and no more than {MAX_CELL:,} are read"
                self._report("cell-too-long", message, number, cell)
                return False
        return True

    def nul(self, cell: int, value: bytes) -> None:
        """A NUL byte."""
        hint = "remove it; the file may be damaged, or saved as UTF-16"
        self._report("nul-byte", "the record contains a NUL byte", cell, value, hint)

    def lone_cr(self, cell: int, value: bytes) -> None:
        """A carriage return outside quotes."""
        message = "a carriage return (CR) is alone in the record; a line ends with LF or CR LF"
        self._report("lone-cr", message, cell, value, "remove it, or put the cell in quotes")

    def not_text(self, data: bytes, cell: int, value: bytes) -> None:
        """Bytes that are no character; `data` starts with the first of them."""
        encoding, byte = self._reporter.encoding, data[0]
        hint = "save the file as UTF-8; it was probably saved in another encoding such as Windows-1252"
        if encoding != "UTF-8":
            byte = undecodable(data) or byte
            hint = "look whether the file is in the encoding that the descriptor says"
        self._report("not-utf-8", f"the byte 0x{byte:02X} is not {encoding}", cell, value, hint)

    def misplaced_quote(self, cell: int, value: bytes, below: int | None) -> None:
        """A quote inside a cell; if quotes were closed before it, so many lines `below` where they open."""
        mark = self._mark
        hint = f"put the whole cell in {mark} and write each {mark} within as {mark}{mark}"
        if below is None:
            message = f"a quotation mark ({mark}) is in a cell that does not begin with one"
        else:
            message = f"text follows the quotation mark ({mark}) that closes the cell"
        if below:
            message += f", {below} line{'s' if below > 1 else ''} below where the cell begins"
            hint = f"probably a closing {mark} is missing in the line where the cell begins"
        self._report("quote-in-cell", message, cell, value, hint)

    def not_closed(self, cell: int, value: bytes, lost: int) -> None:
        """A quote that is open at the end of the file, with so many line breaks behind it."""
        message = f"the quotation mark ({self._mark}) that opens the cell is not closed"
        if lost > 1:
            message += f", so that the {lost} lines to the end of the file could not be read"
        self._report("quote-not-closed", message, cell, value, f"close the cell with {self._mark}")

    def _remaining(self, code: str) -> bool:
        """Whether a finding will be kept; one that will not is counted here."""
        if self._reporter.remaining(code):
            return True
        self._reporter.count(code)
        return False

    def _report(
        self,
        code: str,
        message: str,
        cell: int | None = None,
        value: bytes | None = None,
        hint: str | None = None,
    ) -> None:
        if not self._remaining(code):
            return
        labels = self._labels or ()
        self._reporter.add(
            code,
            message,
            row=self._accepted.next_row,
            line=self._accepted.next_line,
            column=cell,
            field=labels[cell - 1] if cell is not None and cell <= len(labels) else None,
            value=None if value is None else excerpt(value),
            hint=hint,
        )


def to_line_end(block: bytes, start: int, place: int) -> bytes:
    """The bytes from the start of a cell to the end of the line of a place in it, not too many."""
    end = block.find(b"\n", place)
    return block[start : start + 1000 if end < 0 else min(end, start + 1000)].rstrip(b"\r")
