"""The exact reader: each record is accepted or told why not; nothing is guessed or repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casetrail.standard.dialect import MAX_CELL, CsvForm
from casetrail.tables.good_run import GoodRuns, Run
from casetrail.tables.places import record_lines
from casetrail.tables.records import RecordJudge, Records
from casetrail.tables.structure import Reporter

_BLANK_LINES = re.compile(rb"(?:\r?\n)+")


@dataclass(slots=True)
class _Record:
    """One record that contains quotes, as far as it was read."""

    end: int
    cells: int
    terminator: bytes
    problems: list[tuple[str, int, int, int]]


class ExactReader(RecordJudge):
    """Reads the records of blocks of one file; everything it finds goes to the reporter."""

    def __init__(
        self,
        form: CsvForm,
        reporter: Reporter,
        *,
        columns: int | None,
        crlf: bool | None,
        names: list[str],
        runs: bool = True,
    ) -> None:
        super().__init__(reporter, columns=columns, crlf=crlf, names=names)
        self._form = form
        self._runs = GoodRuns(form, columns, crlf=bool(crlf)) if runs and columns is not None else None

    def read(self, block: bytes, row: int, line: int, *, last: bool, only_first: bool = False) -> Records:
        """Read the records of a block that starts with one; `row` and `line` are those of the first.

        Unless it is the `last` block, a record that does not end within is left for the next.
        """
        found = Records(next_row=row, next_line=line)
        quote, position, size = self._form.quote, 0, len(block)
        while position < size and not (only_first and position):
            if self._runs is not None and size <= MAX_CELL:
                run = self._runs.find(block, position)
                if run is not None:
                    self._take(block[position : run.end], run, found)
                    position = run.end
                    continue
            end = block.find(b"\n", position)
            if end < 0:
                if not last:
                    break
                end = size
            if block.find(quote, position, end) < 0:
                text = block[position:end]
                if text in (b"", b"\r"):
                    position = self._blank(block, position, found)
                    continue
                self._plain(text, found, ended=end < size)
                position = end + 1
            else:
                record = self._quoted(block, position, last)
                if record is None:
                    if not last:
                        break
                    self._not_closed(block, position, found)
                    position = size
                    break
                self._judge(block, position, record, found)
                position = record.end
        found.consumed = min(position, size)
        return found

    def _take(self, text: bytes, run: Run, found: Records) -> None:
        """Accept a run of good records."""
        found.kept.append(text)
        found.rows.extend(range(found.next_row, found.next_row + run.records))
        found.lines.extend(record_lines(found.next_line, run.records, run.breaks))
        found.next_row += run.records
        found.next_line += run.lines

    def _blank(self, block: bytes, position: int, found: Records) -> int:
        """Pass a run of blank lines."""
        run = _BLANK_LINES.match(block, position)
        if run is None:  # a CR at the very end of the file
            self._plain(block[position:], found, ended=False)
            return len(block)
        self.blank_lines(run[0].count(b"\n"), found)
        return run.end()

    def _plain(self, text: bytes, found: Records, *, ended: bool) -> None:
        """Judge a line without quotation marks."""
        if ended:
            crlf = text.endswith(b"\r")
            if crlf:
                text = text[:-1]
            self.line_end(crlf, found)
        good = self._characters(text, found) and self._fits(text, text.count(self._form.delimiter) + 1, found)
        found.close(text if good else None, 1)

    def _fits(self, text: bytes, cells: int, found: Records) -> bool:
        """Whether the record has the right number of cells, none of them too long."""
        if cells == self._columns and len(text) <= MAX_CELL:
            return True
        parts = split_record(text, self._form)
        extra = self._form.delimiter.join(parts[self._columns :]) if self._columns is not None else b""
        return self.count_fits(cells, text, extra, found) and self.lengths_fit(parts, found)

    def _judge(self, block: bytes, start: int, record: _Record, found: Records) -> None:
        """Judge a record with quotation marks."""
        text = block[start : record.end - len(record.terminator)]
        if record.terminator:
            self.line_end(record.terminator == b"\r\n", found)
        good = not record.problems
        mark = self._form.quote.decode()
        for problem, cell, at, opened in record.problems:
            within = block.count(b"\n", opened, at) if problem == "closed" else None
            lines = block.count(b"\n", start, opened)
            self.misplaced_quote(mark, cell, to_line_end(block, opened, at), found, lines, within=within)
        good = self._characters(text, found, quoted=True) and good
        good = good and self._fits(text, record.cells, found)
        found.close(text if good else None, max(1, block.count(b"\n", start, record.end)))

    def _quoted(self, block: bytes, start: int, last: bool) -> _Record | None:
        """Follow a record through its quotes to its end; `None` where the block ends first."""
        quote, delimiter, size = self._form.quote, self._form.delimiter, len(block)
        position, cell = start, 1
        line_end = -1
        problems: list[tuple[str, int, int, int]] = []
        while True:
            opened = position
            after_quotes = False
            if block.startswith(quote, position):
                position = _closing(block, quote, position + 1)
                if position < 0:
                    return None
                after_quotes = True
            if line_end < position:
                line_end = block.find(b"\n", position)
            if line_end < 0 and not last:
                return None
            stop = size if line_end < 0 else line_end
            if stop > position and line_end >= 0 and block[stop - 1 : stop] == b"\r":
                stop -= 1
            next_cell = block.find(delimiter, position, stop)
            cell_end = stop if next_cell < 0 else next_cell
            if after_quotes and cell_end > position:
                problems.append(("closed", cell, position, opened))
            elif not after_quotes and (at := block.find(quote, position, cell_end)) >= 0:
                problems.append(("inside", cell, at, opened))
            if next_cell < 0:
                terminator = block[stop : line_end + 1] if line_end >= 0 else b""
                return _Record(stop + len(terminator), cell, terminator, problems)
            position = next_cell + 1
            cell += 1

    def _characters(self, text: bytes, found: Records, *, quoted: bool = False) -> bool:
        """Whether all bytes may stand in a table: UTF-8, no NUL, no CR outside quotes."""
        if text.isascii() and b"\r" not in text and b"\0" not in text:
            return True
        good = True
        if b"\0" in text:
            self.nul(*self._place(text, text.index(b"\0"), found))
            good = False
        outside = b"".join(text.split(self._form.quote)[::2]) if quoted else text
        if b"\r" in outside:
            self.lone_cr(*self._place(text, text.index(b"\r"), found))
            good = False
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            self.not_text(text[error.start :], *self._place(text, error.start, found))
            good = False
        return good

    def _place(self, text: bytes, at: int, found: Records) -> tuple[int, bytes, Records, int]:
        """The cell in which a byte stands, counted as the record itself counts them, and lines before it."""
        cells = split_record(text, self._form)
        index = min(len(split_record(text[:at], self._form)), len(cells))
        return index, cells[index - 1], found, text.count(b"\n", 0, at)

    def _not_closed(self, block: bytes, start: int, found: Records) -> None:
        """The record runs to the end of the file without its quote being closed."""
        cell, opened = self._last_opened(block, start)
        lines, swallowed = block.count(b"\n", start, opened), block.count(b"\n", opened)
        value = to_line_end(block, opened, opened)
        self.not_closed(self._form.quote.decode(), cell, value, found, lines, swallowed)
        found.close(None, block.count(b"\n", start))

    def _last_opened(self, block: bytes, start: int) -> tuple[int, int]:
        """The cell of the record whose quote is not closed, and where it begins."""
        quote, position, cell = self._form.quote, start, 1
        while True:
            if block.startswith(quote, position):
                closed = _closing(block, quote, position + 1)
                if closed < 0:
                    return cell, position
                position = closed
            position = block.find(self._form.delimiter, position) + 1
            cell += 1


def to_line_end(block: bytes, start: int, position: int) -> bytes:
    """The bytes from the start of a cell to the end of the line of a position in it, not too many."""
    end = block.find(b"\n", position)
    return block[start : start + 1000 if end < 0 else min(end, start + 1000)].rstrip(b"\r")


def _closing(block: bytes, quote: bytes, position: int) -> int:
    """Behind the quote that closes a cell; -1 where there is none. A doubled quote closes nothing."""
    while True:
        position = block.find(quote, position)
        if position < 0:
            return -1
        if not block.startswith(quote, position + 1):
            return position + 1
        position += 2


def split_record(text: bytes, form: CsvForm) -> list[bytes]:
    """The cells of one record, unquoted; of a record with a misplaced quote, as far as they can be told."""
    quote, delimiter = form.quote, form.delimiter
    if quote not in text:
        return text.split(delimiter)
    cells: list[bytes] = []
    position = 0
    while True:
        value = b""
        if text.startswith(quote, position):
            closed = _closing(text, quote, position + 1)
            if closed < 0:
                return [*cells, text[position + 1 :]]
            value = text[position + 1 : closed - 1].replace(quote + quote, quote)
            position = closed
        end = text.find(delimiter, position)
        cells.append(value + (text[position:] if end < 0 else text[position:end]))
        if end < 0:
            return cells
        position = end + 1
