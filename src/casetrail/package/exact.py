"""The exact reader: each record is accepted or told why not; nothing is guessed or repaired."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

from casetrail.package.csv_form import MAX_CELL, CsvForm
from casetrail.package.good_run import GoodRuns, Run
from casetrail.package.places import record_lines
from casetrail.package.sources import undecodable
from casetrail.package.structure import Reporter, excerpt

_BLANK_LINES = re.compile(rb"(?:\r?\n)+")


@dataclass(slots=True)
class Records:
    """What the exact reader accepted of a block: runs of records with their line ends, all rows and lines."""

    consumed: int = 0
    kept: list[bytes] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    next_row: int = 0
    next_line: int = 0


@dataclass(slots=True)
class _Record:
    """One record that contains quotes, as far as it was read."""

    end: int
    cells: int
    terminator: bytes
    problems: list[tuple[str, int, int, int]]


class ExactReader:
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
        self._form = form
        self._reporter = reporter
        self._columns = columns
        self._crlf = crlf
        self._names = names
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
        """Count a run of blank lines, and describe as many as there is room for."""
        run = _BLANK_LINES.match(block, position)
        if run is None:  # a CR at the very end of the file
            self._plain(block[position:], found, ended=False)
            return len(block)
        number = run[0].count(b"\n")
        for offset in range(number):
            if not self._reporter.has_room("blank-line"):
                self._reporter.count("blank-line", number - offset)
                break
            hint = 'write "" for an empty value' if self._columns == 1 else "delete the line"
            self._reporter.add(
                "blank-line",
                "the line is empty",
                row=found.next_row + offset,
                line=found.next_line + offset,
                hint=hint,
            )
        found.next_row += number
        found.next_line += number
        return run.end()

    def _plain(self, text: bytes, found: Records, *, ended: bool) -> None:
        """Judge a line without quotation marks."""
        if ended:
            crlf = text.endswith(b"\r")
            if crlf:
                text = text[:-1]
            self._line_end(crlf, found)
        cells = text.count(self._form.delimiter) + 1
        good = self._characters(text, found)
        if good and cells != self._columns and self._columns is not None:
            self._wrong_count(text, cells, found)
            good = False
        if good and len(text) > MAX_CELL:
            good = self._lengths(text, text.split(self._form.delimiter), found)
        self._close(text, found, good, 1)

    def _judge(self, block: bytes, start: int, record: _Record, found: Records) -> None:
        """Judge a record with quotation marks."""
        text = block[start : record.end - len(record.terminator)]
        if record.terminator:
            self._line_end(record.terminator == b"\r\n", found)
        good = not record.problems
        for problem, cell, at, opened in record.problems:
            self._misplaced_quote(block, problem, cell, at, opened, start, found)
        good = self._characters(text, found, quoted=True) and good
        if good and record.cells != self._columns and self._columns is not None:
            self._wrong_count(text, record.cells, found)
            good = False
        if good and len(text) > MAX_CELL:
            good = self._lengths(text, split_record(text, self._form), found)
        self._close(text, found, good, max(1, block.count(b"\n", start, record.end)))

    def _close(self, text: bytes, found: Records, good: bool, lines: int) -> None:
        if good:
            found.kept.append(text + b"\n")
            found.rows.append(found.next_row)
            found.lines.append(found.next_line)
        found.next_row += 1
        found.next_line += lines

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
            self._tell(
                "nul-byte", "the record contains a NUL byte", text, text.index(b"\0"), found, _NUL_HINT
            )
            good = False
        outside = b"".join(text.split(self._form.quote)[::2]) if quoted else text
        if b"\r" in outside:
            message = "a carriage return (CR) stands alone in the record; a line ends with LF or CR LF"
            self._tell(
                "lone-cr", message, text, text.index(b"\r"), found, "remove it, or put the cell in quotes"
            )
            good = False
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            encoding, byte = self._reporter.encoding, text[error.start]
            hint = "save the file as UTF-8; it was probably saved in another encoding such as Windows-1252"
            if encoding != "UTF-8":
                byte = undecodable(text[error.start :]) or byte
                hint = "look whether the file is in the encoding that the descriptor says"
            message = f"the byte 0x{byte:02X} is not {encoding}"
            self._tell("not-utf-8", message, text, error.start, found, hint)
            good = False
        return good

    def _lengths(self, text: bytes, cells: list[bytes], found: Records) -> bool:
        for index, cell in enumerate(cells, 1):
            if len(cell) > MAX_CELL:
                message = f"the cell has {len(cell):,} bytes, and no more than {MAX_CELL:,} are read"
                self._at("cell-too-long", message, index, cell, found, None, found.next_line)
                return False
        return True

    def _tell(self, code: str, message: str, text: bytes, at: int, found: Records, hint: str) -> None:
        if not self._reporter.has_room(code):
            self._reporter.count(code)
            return
        # The cell in which the byte stands, counted as the record itself counts them.
        before = split_record(text[:at], self._form)
        cells = split_record(text, self._form)
        index = min(len(before), len(cells))
        line = found.next_line + text.count(b"\n", 0, at)
        self._at(code, message, index, cells[index - 1], found, hint, line)

    def _at(
        self, code: str, message: str, cell: int, value: bytes, found: Records, hint: str | None, line: int
    ) -> None:
        self._reporter.add(
            code,
            message,
            row=found.next_row,
            line=line,
            column=cell,
            field=self._names[cell - 1] if cell <= len(self._names) else None,
            value=excerpt(value),
            hint=hint,
        )

    def _line_end(self, crlf: bool, found: Records) -> None:
        if self._crlf is None:
            self._crlf = crlf
        if crlf == self._crlf:
            return
        if not self._reporter.has_room("mixed-line-ends"):
            self._reporter.count("mixed-line-ends")
            return
        names = ("CR LF", "LF") if crlf else ("LF", "CR LF")
        self._reporter.add(
            "mixed-line-ends",
            f"the line ends with {names[0]}, the first line of the file with {names[1]}",
            row=found.next_row,
            line=found.next_line,
            hint="save the file with one kind of line end",
        )

    def _wrong_count(self, text: bytes, cells: int, found: Records) -> None:
        wanted = self._columns or 0
        code = "missing-cell" if cells < wanted else "extra-cell"
        if not self._reporter.has_room(code):
            self._reporter.count(code)
            return
        message = f"the record has {_cells(cells)}, the header has {wanted}"
        if cells < wanted:
            hint = "write a delimiter for each empty cell"
            value = excerpt(text)
        else:
            hint = "put a text that contains the delimiter in quotes"
            extra = split_record(text, self._form)[wanted:]
            value = excerpt(self._form.delimiter.join(extra))
        self._reporter.add(
            code,
            message,
            row=found.next_row,
            line=found.next_line,
            column=None if cells < wanted else wanted + 1,
            value=value,
            hint=hint,
        )

    def _misplaced_quote(
        self, block: bytes, problem: str, cell: int, at: int, opened: int, start: int, found: Records
    ) -> None:
        if not self._reporter.has_room("quote-in-cell"):
            self._reporter.count("quote-in-cell")
            return
        mark = self._form.quote.decode()
        hint = f"put the whole cell in {mark} and write each {mark} within as {mark}{mark}"
        if problem == "inside":
            message = f"a quotation mark ({mark}) stands in a cell that does not begin with one"
        else:
            message = f"text follows the quotation mark ({mark}) that closes the cell"
            over = block.count(b"\n", opened, at)
            if over:
                message += f"; the cell was opened {over} line(s) above"
                hint = f"probably a closing {mark} is missing in the line where the cell begins"
        line = found.next_line + block.count(b"\n", start, opened)
        self._at("quote-in-cell", message, cell, _to_line_end(block, opened, at), found, hint, line)

    def _not_closed(self, block: bytes, start: int, found: Records) -> None:
        """The record runs to the end of the file without its quote being closed."""
        mark = self._form.quote.decode()
        cell, opened = self._last_opened(block, start)
        line = found.next_line + block.count(b"\n", start, opened)
        swallowed = block.count(b"\n", opened)
        message = f"the quotation mark ({mark}) that opens the cell is not closed"
        if swallowed > 1:
            message += f", so that the {swallowed} lines to the end of the file could not be read"
        hint = f"close the cell with {mark}"
        self._at("quote-not-closed", message, cell, _to_line_end(block, opened, opened), found, hint, line)
        found.next_row += 1
        found.next_line += block.count(b"\n", start)

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


_NUL_HINT = "remove it; the file may be damaged, or saved as UTF-16"


def _to_line_end(block: bytes, start: int, position: int) -> bytes:
    end = block.find(b"\n", position)
    return block[start : start + 1000 if end < 0 else min(end, start + 1000)].rstrip(b"\r")


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"


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
