"""Well-formed blocks: how far some bytes are records that are in order, told at high speed.

In order means as in RFC 4180 (section 2): quotation marks enclose whole cells and are doubled within, all
lines end alike. Of three ways the quickest is taken. Without quotation marks line ends alone are looked at.
With few, the text is split at them: what is outside quotes is in the even pieces, what is inside in the odd
ones, and a doubled quote is an empty piece between two. With many, one regular expression follows them.

A dialect that has more than RFC 4180 is proved too where a block has none of the marks that make the
difference.
"""

from __future__ import annotations

import re
from array import array
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_CELL
from casetrail.types.arrow_arrays import whole_numbers

_BYTES_PER_QUOTE = 16
"""With fewer bytes to a quotation mark than this, the regular expression is quicker than the split."""
_SAMPLE = 64 * 1024
EMPTY_LINE = re.compile(b"(?:\\A|\n)\r?\n")
_NARROWEST = 1024
_WIDEST = 1024 * 1024
_TO_THE_END = 1 << 30


class WellFormedBlock(NamedTuple):
    """Records that follow one another up to the place `end`, where one of them ends.

    `breaks` says which have line breaks inside quotes: (index of the record, number of breaks). How many
    records there are is left to the parser: to count line ends would take longer than all the rest.
    """

    end: int
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def inner_breaks(self) -> int:
        """How many more physical lines than records there are."""
        return sum(number for _, number in self.breaks)


class BlockProver:
    """Proves blocks of one file, whose records have so many columns and whose lines end with LF or CR LF."""

    def __init__(self, form: CsvForm, columns: int, *, crlf: bool) -> None:
        self._form = form
        self._crlf = crlf
        self._columns = columns
        self._single = columns == 1
        self._quote = form.quote
        self._able = len(form.delimiter) == 1 and len(form.quote) <= 1 and form.own_line_ends
        self._last_comment_row = max(form.comment_rows, default=0)
        self._marks_anywhere = [form.escape] if form.escape else []
        if form.quote and not form.double_quote:
            self._marks_anywhere.append(2 * form.quote)
        spaces = (b" ", b"\t") if form.skip_initial_space else ()
        self._marks_outside = [form.delimiter + space for space in spaces]
        if form.comment:
            self._marks_outside.append(b"\n" + form.comment)
        self._window = _WIDEST

    @cached_property
    def _single_lines(self) -> re.Pattern[bytes]:
        """Records of one line each."""
        return self._records(b"\n")

    @cached_property
    def _any_lines(self) -> re.Pattern[bytes]:
        """Records that may have line breaks inside quotes."""
        return self._records(b"")

    def _records(self, not_quoted: bytes) -> re.Pattern[bytes]:
        mark, delimiter = re.escape(self._form.quote), re.escape(self._form.delimiter)
        # Possessive: a cell has one reading only, so there is nothing to go back for, nor any time to lose.
        some = b"++" if self._single else b"*+"
        within = b"[^" + mark + not_quoted + b"\0]*+"
        quoted = mark + within + b"(?:" + mark + mark + within + b")*+" + mark
        cell = b"(?:" + quoted + b"|[^" + mark + delimiter + b"\r\n\0]" + some + b")"
        others = b"(?:" + delimiter + cell + b"){%d}+" % (self._columns - 1)
        end = b"\r\n" if self._crlf else b"\n"
        return re.compile(b"(?:" + cell + others + end + b")++")

    def prove(self, block: bytes, row: int, *, last: bool) -> WellFormedBlock | None:
        """Prove a block that starts where the record of a row starts; `None` where that fails.

        What is not proved is left to the parser: that each record is UTF-8 and has all its cells, which an
        empty line has not where there are several, and how many records there are. Unless the file ends with
        the block (`last`), a record at its end that is not complete is not part of it.
        """
        if not self._able or len(block) > MAX_CELL or row <= self._last_comment_row:
            return None
        if any(mark in block for mark in self._marks_anywhere):
            return None
        if not self._quote or self._quote not in block:
            return self._without_quotes(block, last)
        if block.count(self._quote, 0, _SAMPLE) * _BYTES_PER_QUOTE < min(len(block), _SAMPLE):
            return self._split(block, last)
        if not self._without_marks(block, len(block)):
            return None
        proved = self._followed(self._single_lines, block, 0, len(block))
        if proved is None or 2 * proved.end < len(block):
            proved = self._followed(self._any_lines, block, 0, len(block))
        return proved

    def run(self, block: bytes, start: int) -> WellFormedBlock | None:
        """The longest run of records that are in order, complete and UTF-8; `None` where the first is not.

        It is looked for in a window that widens while all is well and narrows behind a broken record, so that
        many broken records take no more time than as many good ones. For dialects of RFC 4180 only.
        """
        while True:
            stop = min(start + self._window, len(block))
            run = self._followed(self._single_lines, block, start, stop, utf8=True)
            if run is None and block.find(self._quote, start, block.find(b"\n", start)) >= 0:
                run = self._followed(self._any_lines, block, start, stop, utf8=True)
            if run is not None:
                wide = 2 * (run.end - start) > stop - start
                self._window = min(2 * self._window, _WIDEST) if wide else _NARROWEST
                return run
            if stop == len(block) or block.find(b"\n", start, stop) >= 0:
                self._window = _NARROWEST
                return None
            self._window *= 4

    def _without_quotes(self, block: bytes, last: bool) -> WellFormedBlock | None:
        end = len(block) if last else block.rfind(b"\n") + 1
        if not end or block.find(b"\0", 0, end) >= 0 or not self._is_in_order(block, end):
            return None
        return WellFormedBlock(end)

    def _split(self, block: bytes, last: bool) -> WellFormedBlock | None:
        pieces = _split_at(self._quote, block)
        final, end, behind = len(pieces) - 1, len(block), 0
        if last:
            if final % 2:
                return None
        else:
            # Back to the last line break outside quotes; all behind it waits for the next block.
            while final >= 0:
                piece = pieces[final].as_py()
                if final % 2 == 0 and (cut := piece.rfind(b"\n") + 1):
                    behind = len(piece) - cut
                    end -= behind
                    break
                end -= len(piece) + 1
                final -= 1
            else:
                return None
            pieces = pieces[: final + 1]
        if block.find(b"\0", 0, end) >= 0 or not self._encloses_cells(pieces):
            return None
        if not self._is_in_order(block, end):
            # What is in the way may be inside quotes.
            text = self._quote.join(pieces.to_pylist()[::2])
            if not self._is_in_order(text, len(text) - behind):
                return None
        inside = _bytes_of(_every_second(pieces[:-1], _SECOND))
        return WellFormedBlock(end, _inner_breaks(pieces.to_pylist()) if b"\n" in inside else ())

    def _encloses_cells(self, pieces: pa.BinaryArray) -> bool:
        """Whether every quoted cell begins after a delimiter or line end and ends before one.

        What is outside quotes is in the pieces at even places.
        """
        openers = {self._form.delimiter, b"\n", b""}
        closers = {self._form.delimiter, b"\r" if self._crlf else b"\n", b""}
        # An empty piece is what a doubled quote leaves; the first may be empty since the block starts
        # a record, and the last since it ends one.
        before = _every_second(pc.binary_slice(pieces[:-1], -1, _TO_THE_END), _FIRST)
        after = _every_second(pc.binary_slice(pieces[1:], 0, 1), _SECOND)
        return set(before.unique().to_pylist()) <= openers and set(after.unique().to_pylist()) <= closers

    def _is_in_order(self, text: bytes, end: int) -> bool:
        """Whether all lines end as they have to, none is an empty cell, and there is no mark."""
        if (self._single and EMPTY_LINE.search(text, 0, end)) or not self._without_marks(text, end):
            return False
        if not self._crlf:
            return text.find(b"\r", 0, end) < 0
        lines = _bytes_of(_split_at(b"\r\n", text[:end]))
        return b"\r" not in lines and b"\n" not in lines

    def _without_marks(self, text: bytes, end: int) -> bool:
        """Whether nothing has a meaning that RFC 4180 does not know."""
        if any(text.find(mark, 0, end) >= 0 for mark in self._marks_outside):
            return False
        return not (self._form.comment and text.startswith(self._form.comment))

    def _followed(
        self, pattern: re.Pattern[bytes], block: bytes, start: int, stop: int, *, utf8: bool = False
    ) -> WellFormedBlock | None:
        """The longest row of complete records between two places, by a regular expression."""
        match = pattern.match(block, start, stop)
        if match is not None and utf8 and not match[0].isascii():
            try:
                match[0].decode("utf-8")
            except UnicodeDecodeError as error:
                # Up to the last record that ends before the byte.
                match = pattern.match(block, start, start + error.start)
        if match is None:
            return None
        text = match[0]
        # Where no line break is inside quotes, every line is a record.
        breaks = () if pattern is self._single_lines else _inner_breaks(text.split(self._quote))
        return WellFormedBlock(match.end(), breaks)


def _split_at(mark: bytes, text: bytes) -> pa.BinaryArray:
    """The pieces of a text between the marks, without an object for each."""
    offsets = pa.py_buffer(array("i", [0, len(text)]))
    texts = pa.BinaryArray.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(text)])
    return pc.split_pattern(texts, pattern=mark.decode()).values


_FIRST, _SECOND = whole_numbers([0, 1])
"""Scalars already: to make one of an `int` Arrow imports pandas where that is installed."""


def _every_second(values: pa.BinaryArray, which: pa.Int64Scalar) -> pa.BinaryArray:
    """Of an even number of values the first, or the second, of each two."""
    return pc.list_element(pa.FixedSizeListArray.from_arrays(values, 2), which)


def _bytes_of(values: pa.BinaryArray) -> bytes:
    """The bytes of values that a kernel has made, one behind the other."""
    data = values.buffers()[2]
    return b"" if data is None else bytes(data)


def _inner_breaks(pieces: list[bytes]) -> tuple[tuple[int, int], ...]:
    """Line breaks inside quotes, as (index of the record, number), of a text split at its quotes."""
    if b"\n" not in b"".join(pieces[1::2]):
        return ()
    breaks: list[tuple[int, int]] = []
    record = 0
    for index, piece in enumerate(pieces):
        number = piece.count(b"\n")
        if number and index % 2:
            breaks.append((record, number))
        else:
            record += number
    return tuple(breaks)
