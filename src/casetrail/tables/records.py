"""Records of delimited text: how one is told from the next and split into cells, in every dialect.

Nothing is guessed or repaired: what is not in order is read as far as it can be, and what is wrong with it is
kept beside the cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_COLUMNS


@dataclass(slots=True)
class Record:
    """One record: its cells, unquoted; where its text ends (`stop`) and where its line end does (`end`).

    Of a record with more than `MAX_COLUMNS` cells, the last holds all that follow.
    `spans` says from where to where each cell goes, with its quotation marks, and is empty for a record that
    was split the short way. What is wrong: `misplaced` quotation marks as (number of the cell, place, whether
    it follows quotes that were closed), the number of the first cell with a carriage return outside quotes
    (`lone_cr`), and whether the file ends within quotes (`unclosed`).
    """

    cells: list[bytes] = field(default_factory=list)
    stop: int = 0
    end: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)
    misplaced: list[tuple[int, int, bool]] = field(default_factory=list)
    lone_cr: int | None = None
    unclosed: bool = False


class RecordSplitter:
    """Splits bytes (of UTF-8) into records as a dialect says."""

    def __init__(self, form: CsvForm) -> None:
        self.form = form
        lines = form.own_line_ends
        end = rb"\r\n|\n" if lines else re.escape(form.line_terminator)
        # The longest first, so that a delimiter which begins another mark is not taken for it.
        marks = sorted({mark for mark in (form.delimiter, form.quote, form.escape) if mark}, key=len)
        texts = [re.escape(mark) for mark in reversed(marks)]
        self._outside = re.compile(b"|".join([end, *texts, *([rb"\r"] if lines else [])]))
        self._inside = re.compile(b"|".join(re.escape(mark) for mark in (form.quote, form.escape) if mark))
        self._end = re.compile(end)
        self._one_end = b"\n" if lines else form.line_terminator
        # A row that is a comment may be empty, so that each has to be looked at.
        self._empty = re.compile(b"(?:" + end + b")" + (b"" if form.comment_rows else b"++"))
        self._within_cells = frozenset({form.quote, form.escape, *([b"\r"] if lines else [])}) - {b""}
        spaces = b" " if form.delimiter == b"\t" else b" \t"
        self._spaces = re.compile(b"[" + spaces + b"]*")
        self._skipped = spaces if form.skip_initial_space else b""
        self._line = b"\r" if form.line_terminator == b"\r" else b"\n"
        # Marks that a line must not have to be split the short way.
        self._special = [mark for mark in (form.quote, form.escape, b"\r") if mark]
        # What is left of a record that has too many cells: its quotes are paired, nothing else is looked at.
        quote = re.escape(form.quote)
        paired = b"|" + quote + b"[^" + quote + b"]*+" + quote if form.quote else b""
        self._rest = re.compile(b"(?:[^" + quote + rb"\r\n]++" + paired + b")*+" if lines else b"")
        self._short_way = lines and form.delimiter[:1] not in self._skipped

    def lines(self, block: bytes, start: int, end: int) -> int:
        """How many physical lines end between two places."""
        return block.count(self._line, start, end)

    def empty_lines(self, block: bytes, start: int) -> tuple[int, int] | None:
        """How many empty lines begin at a place, and where they end; `None` where there are none."""
        match = self._empty.match(block, start)
        return None if match is None else (block.count(self._one_end, start, match.end()), match.end())

    def is_comment(self, block: bytes, start: int, row: int) -> bool:
        """Whether the line that begins at a place is a comment."""
        comment = self.form.comment
        return row in self.form.comment_rows or bool(comment and block.startswith(comment, start))

    def comment_end(self, block: bytes, start: int, *, last: bool) -> int | None:
        """Where the comment that begins at a place ends; `None` where that is behind the block."""
        end = self._end.search(block, start)
        return end.end() if end is not None else len(block) if last else None

    def split(self, block: bytes, start: int, *, last: bool) -> Record | None:
        """The record that begins at a place; `None` where it does not end, and is not the `last` thing."""
        if not self._short_way:
            return self.follow(block, start, last=last)
        feed = block.find(b"\n", start)
        if feed < 0 and not last:
            return None
        stop = end = len(block)
        if feed >= 0:
            stop, end = feed, feed + 1
            if block.startswith(b"\r", feed - 1) and feed > start:
                stop -= 1
        for mark in self._special:
            if block.find(mark, start, stop) >= 0:
                return self.follow(block, start, last=last)
        cells = block[start:stop].split(self.form.delimiter, MAX_COLUMNS + 1)
        if self._skipped:
            cells[1:] = [cell.lstrip(self._skipped) for cell in cells[1:]]
        return Record(cells, stop, end)

    def follow(self, block: bytes, start: int, *, last: bool) -> Record | None:
        """The same, mark by mark, so that the place of each cell is known."""
        form, record, position = self.form, Record(), start
        while True:
            if self._skipped and record.cells:
                spaces = self._spaces.match(block, position)
                position = position if spaces is None else spaces.end()
            opened, value = position, b""
            quoted = bool(form.quote) and block.startswith(form.quote, position)
            if quoted:
                within = self._within_quotes(block, position + len(form.quote))
                if within is None:
                    if not last:
                        return None
                    record.unclosed = True
                    record.stop = record.end = len(block)
                    record.cells.append(block[opened:])
                    record.spans.append((opened, len(block)))
                    return record
                value, position = within
            rest = self._unquoted(block, position, last, record, quoted)
            if rest is None:
                return None
            text, stop, end = rest
            record.cells.append(value + text if value else text)
            record.spans.append((opened, stop))
            position = end
            if block[stop:end] != form.delimiter:
                record.stop, record.end = stop, end
                return record
            if len(record.cells) > MAX_COLUMNS:
                hopeless = self._rest.match(block, position)
                position = position if hopeless is None else hopeless.end()

    def _within_quotes(self, block: bytes, position: int) -> tuple[bytes, int] | None:
        """The value between quotes and the place behind the closing one; `None` where there is none."""
        quote, escape = self.form.quote, self.form.escape
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
            elif self.form.double_quote and block.startswith(quote, position):
                parts.append(quote)
                position += len(quote)
            else:
                return b"".join(parts), position

    def _unquoted(
        self, block: bytes, position: int, last: bool, record: Record, after_quotes: bool
    ) -> tuple[bytes, int, int] | None:
        """What is outside quotes up to a delimiter or line end, and where that mark starts and ends."""
        parts: list[bytes] = []
        start, number = position, len(record.cells) + 1
        misplaced: int | None = None
        while True:
            mark = self._outside.search(block, position)
            stop, end = (len(block), len(block)) if mark is None else mark.span()
            if not last and (mark is None or (end == len(block) and not self.form.own_line_ends)):
                # The mark may be the beginning of a longer one.
                return None
            parts.append(block[position:stop])
            if after_quotes and stop > start and misplaced is None:
                misplaced = start
            if mark is None or mark[0] not in self._within_cells:
                if misplaced is not None:
                    record.misplaced.append((number, misplaced, after_quotes))
                return b"".join(parts) if len(parts) > 1 else parts[0], stop, end
            position = end
            if mark[0] == self.form.escape:
                character = _character(block, position)
                if not character and not last:
                    return None
                parts.append(character)
                position += len(character)
                continue
            if mark[0] == self.form.quote:
                misplaced = stop if misplaced is None else misplaced
            else:
                record.lone_cr = record.lone_cr or number
            parts.append(mark[0])


def _character(block: bytes, position: int) -> bytes:
    """The character of UTF-8 at a place: an escape is before one, not before a byte."""
    first = block[position : position + 1]
    if not first or first < b"\xc0":
        return first
    length = 2 if first < b"\xe0" else 3 if first < b"\xf0" else 4
    return block[position : position + length]
