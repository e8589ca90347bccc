"""The general reader: records of dialects that RFC 4180 does not have, read exactly, one by one.

What it accepts it writes down as RFC 4180 would (`CANONICAL`), so that everything behind reads one form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casetrail.standard.dialect import CsvForm
from casetrail.tables.exact import to_line_end
from casetrail.tables.records import RecordJudge, Records
from casetrail.tables.structure import Reporter

CANONICAL = CsvForm()
"""The form in which the records come out."""

_NEEDS_QUOTES = re.compile(rb'[",\r\n]')


@dataclass(slots=True)
class _Parsed:
    """One record as it was read: its cells, where it ends and where its line end begins."""

    cells: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    quotes: list[tuple[int, int, int, bool]] = field(default_factory=list)
    lone_cr: int | None = None
    stop: int = 0
    end: int = 0


class GeneralReader(RecordJudge):
    """Reads the records of blocks of one file of any dialect; has the same face as `ExactReader`."""

    def __init__(
        self, form: CsvForm, reporter: Reporter, *, columns: int | None, crlf: bool | None, names: list[str]
    ) -> None:
        super().__init__(reporter, columns=columns, crlf=crlf, names=names)
        self._form = form
        own = form.own_line_ends
        ends = rb"\r\n|\n" if own else re.escape(form.line_terminator)
        # The longest first, so that a delimiter which begins another mark is not taken for it.
        marks = sorted({mark for mark in (form.delimiter, form.quote, form.escape) if mark}, key=len)
        texts = [re.escape(mark) for mark in reversed(marks)]
        self._outside = re.compile(b"|".join([ends, *texts, *([rb"\r"] if own else [])]))
        self._inside = re.compile(b"|".join(re.escape(mark) for mark in (form.quote, form.escape) if mark))
        self._end = re.compile(ends)
        self._within_cells = frozenset({form.quote, form.escape, *([b"\r"] if own else [])}) - {b""}
        self._line = b"\r" if form.line_terminator == b"\r" else b"\n"
        self._spaces = re.compile(rb"[ \t]*" if form.delimiter != b"\t" else rb" *")

    def read(self, block: bytes, row: int, line: int, *, last: bool, only_first: bool = False) -> Records:
        """Read the records of a block that starts with one, as `ExactReader.read` does."""
        found = Records(next_row=row, next_line=line)
        position, size = 0, len(block)
        while position < size:
            if self._is_comment(block, position, found.next_row):
                end = self._end.search(block, position)
                if end is None and not last:
                    break
                found.next_row += 1
                found.next_line += 1
                position = size if end is None else end.end()
                continue
            blank = self._end.match(block, position)
            if blank is not None:
                self.blank_lines(1, found)
                position = blank.end()
                continue
            parsed = self._record(block, position, last)
            if parsed is None:
                if last:
                    self._not_ended(block, position, found)
                    position = size
                break
            self._judge(block, position, parsed, found)
            position = parsed.end
            if only_first:
                break
        found.consumed = position
        return found

    def _is_comment(self, block: bytes, position: int, row: int) -> bool:
        if row in self._form.comment_rows:
            return True
        return bool(self._form.comment) and block.startswith(self._form.comment, position)

    def _record(self, block: bytes, start: int, last: bool) -> _Parsed | None:
        """Follow a record to its end; `None` where the block ends first, or a quote stays open."""
        parsed = _Parsed()
        position = start
        while True:
            if self._form.skip_initial_space and parsed.cells:
                spaces = self._spaces.match(block, position)
                position = position if spaces is None else spaces.end()
            parsed.starts.append(position)
            quoted = bool(self._form.quote) and block.startswith(self._form.quote, position)
            value = b""
            if quoted:
                within = self._within_quotes(block, position + len(self._form.quote))
                if within is None:
                    return None
                value, position = within
            rest = self._unquoted(block, position, last, parsed, quoted)
            if rest is None:
                return None
            text, ending, position = rest
            parsed.cells.append(value + text)
            if ending != self._form.delimiter:
                parsed.stop, parsed.end = position - len(ending), position
                return parsed

    def _within_quotes(self, block: bytes, position: int) -> tuple[bytes, int] | None:
        """The value between quotes and the place behind the closing one."""
        quote, escape = self._form.quote, self._form.escape
        parts: list[bytes] = []
        while True:
            mark = self._inside.search(block, position)
            if mark is None:
                return None
            parts.append(block[position : mark.start()])
            position = mark.end()
            if escape and mark[0] == escape:
                character = _character(block, position)
                parts.append(character)
                position += len(character)
            elif self._form.double_quote and block.startswith(quote, position):
                parts.append(quote)
                position += len(quote)
            else:
                return b"".join(parts), position

    def _unquoted(
        self, block: bytes, position: int, last: bool, parsed: _Parsed, after_quotes: bool
    ) -> tuple[bytes, bytes, int] | None:
        """What stands outside quotes up to a delimiter or line end, that mark, and the place behind."""
        parts: list[bytes] = []
        start = position
        told = False
        while True:
            mark = self._outside.search(block, position)
            if mark is None and not last:
                return None
            stop = len(block) if mark is None else mark.start()
            parts.append(block[position:stop])
            wrong = after_quotes and stop > start
            if mark is None or mark[0] not in self._within_cells:
                if wrong and not told:
                    parsed.quotes.append((len(parsed.starts), parsed.starts[-1], start, True))
                return b"".join(parts), b"" if mark is None else mark[0], stop if mark is None else mark.end()
            position = mark.end()
            if mark[0] == self._form.escape:
                if position >= len(block) and not last:
                    return None
                character = _character(block, position)
                parts.append(character)
                position += len(character)
                continue
            if mark[0] == b"\r":
                parsed.lone_cr = parsed.lone_cr or len(parsed.starts)
            elif not told:
                told = True
                place = start if after_quotes else stop
                parsed.quotes.append((len(parsed.starts), parsed.starts[-1], place, after_quotes))
            parts.append(mark[0])

    def _judge(self, block: bytes, start: int, parsed: _Parsed, found: Records) -> None:
        text = block[start : parsed.stop]
        if self._form.own_line_ends and parsed.end > parsed.stop:
            self.line_end(block[parsed.stop : parsed.end] == b"\r\n", found)
        good = not parsed.quotes and parsed.lone_cr is None
        mark = self._form.quote.decode()
        for cell, opened, at, closed in parsed.quotes:
            within = block.count(b"\n", opened, at) if closed else None
            lines = block.count(b"\n", start, opened)
            self.misplaced_quote(mark, cell, to_line_end(block, opened, at), found, lines, within=within)
        if parsed.lone_cr is not None:
            self.lone_cr(parsed.lone_cr, parsed.cells[parsed.lone_cr - 1], found)
        good = self._is_text(block, start, parsed, found) and good
        if good:
            extra = self._form.delimiter.join(parsed.cells[self._columns or 0 :])
            good = self.count_fits(len(parsed.cells), text, extra, found)
            good = good and self.lengths_fit(parsed.cells, found)
        lines = block.count(self._line, start, parsed.end)
        found.close(_canonical(parsed.cells) if good else None, lines)

    def _is_text(self, block: bytes, start: int, parsed: _Parsed, found: Records) -> bool:
        """Whether all cells are UTF-8 without NUL; of each kind of mistake the first is told."""
        good = True
        told: set[str] = set()
        for index, cell in enumerate(parsed.cells, 1):
            if cell.isascii() and b"\0" not in cell:
                continue
            lines = block.count(self._line, start, parsed.starts[index - 1])
            if b"\0" in cell and "nul" not in told:
                told.add("nul")
                self.nul(index, cell, found, lines)
            try:
                cell.decode("utf-8")
            except UnicodeDecodeError as error:
                if "text" not in told:
                    told.add("text")
                    self.not_text(cell[error.start :], index, cell, found, lines)
            good = good and not told
        return good

    def _not_ended(self, block: bytes, start: int, found: Records) -> None:
        """The last record has a quote that is not closed."""
        parsed = _Parsed()
        position, cell = start, 1
        while True:
            if self._form.skip_initial_space and cell > 1:
                spaces = self._spaces.match(block, position)
                position = position if spaces is None else spaces.end()
            if block.startswith(self._form.quote, position):
                within = self._within_quotes(block, position + len(self._form.quote))
                if within is None:
                    break
                position = within[1]
            parsed.starts.append(position)
            rest = self._unquoted(block, position, True, parsed, False)
            assert rest is not None
            position, cell = rest[2], cell + 1
        lines, swallowed = block.count(b"\n", start, position), block.count(b"\n", position)
        value = to_line_end(block, position, position)
        self.not_closed(self._form.quote.decode(), cell, value, found, lines, swallowed)
        found.close(None, block.count(b"\n", start))


def _character(block: bytes, position: int) -> bytes:
    """The character of UTF-8 that starts at a place: an escape stands before one, not before a byte."""
    first = block[position : position + 1]
    if not first or first < b"\xc0":
        return first
    length = 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4
    return block[position : position + length]


def _canonical(cells: list[bytes]) -> bytes:
    """The record as RFC 4180 writes it; a single empty cell is quoted, or it would be a blank line."""
    if cells == [b""]:
        return b'""'
    return b",".join(_quoted(cell) if _NEEDS_QUOTES.search(cell) else cell for cell in cells)


def _quoted(cell: bytes) -> bytes:
    return b'"' + cell.replace(b'"', b'""') + b'"'
