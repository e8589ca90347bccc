"""The reader of delimited files: it cuts them into blocks, and knows where the next block in order begins."""

from __future__ import annotations

from typing import IO, Any

from casetrail.standard.dialect import CsvForm
from casetrail.standard.limits import MAX_RECORD
from casetrail.standard.schema import TableSchema
from casetrail.tables.blocks import BLOCK, BlockText
from casetrail.tables.csv_block import BlockReader, CsvBlock, RangeBlock
from casetrail.tables.file_blocks import FileBlocks, Stamp, TableSource
from casetrail.tables.header import Header
from casetrail.tables.header_reader import HeaderReader
from casetrail.tables.reporter import Reporter

_NEAR_END = 64 * 1024
"""In how many bytes at the end of a range a line end is looked for."""
_MOST_TRIED = 50


class CsvReader:
    """Gives the blocks of one delimited file.

    `header` is known once `begin` was called; a file that continues another is given the header of that one,
    and may repeat it. `complete` says whether the end of the file was reached, `rows_met` how many rows are
    behind the header, whether they could be delivered or not. The size of a `block` changes nothing that is
    read.
    """

    def __init__(
        self,
        file: IO[bytes],
        form: CsvForm,
        schema: TableSchema | None,
        reporter: Reporter,
        *,
        header: Header | None = None,
        block: int = BLOCK,
    ) -> None:
        self.header = header
        self.complete = False
        self._blocks = FileBlocks(file)
        self._form = form
        self._schema = schema
        self._reporter = reporter
        self._size = self._wanted = block
        self._first_row = 0
        self._doubtful = False
        # Where it matters in which row a record is, or lines end in a way of their own, nothing is guessed.
        self._guesses = self._can_guess = form.own_line_ends and not form.comment_rows
        self._breaks_inside = self._ended = self._stuck = False
        self._reader: BlockReader | None = None

    def begin(self) -> bool:
        """Read the header; false where the records behind it cannot be read.

        Raises:
            CasetrailError: The reporter has no builder, and something is wrong.
        """
        reader = HeaderReader(self._blocks, self._form, self._schema, self._reporter)
        self.header = reader.read(self.header)
        if self.header is None:
            return False
        self._first_row = self._blocks.row
        self._reader = BlockReader(self._form, self.header, self._reporter.quiet(), crlf=reader.crlf)
        return True

    @property
    def position(self) -> tuple[int, int]:
        """The row and the line with which the next block in order begins."""
        return self._blocks.row, self._blocks.line

    @property
    def rows_met(self) -> int:
        """How many rows behind the header have been met so far."""
        return self._blocks.row - self._first_row

    def cut(self, waiting: int) -> CsvBlock | None:
        """The next block; `None` while it depends on those that wait, and at the end."""
        assert self._reader is not None
        blocks = self._blocks
        while not self._ended and (self._guesses or not waiting):
            data = blocks.data if blocks.error is not None else blocks.fill(self._wanted)
            if blocks.error is not None and (not data or self._stuck):
                if waiting:
                    return None
                raise blocks.error
            if not data:
                self.complete = not waiting
                return None
            last = blocks.at_end and len(data) <= self._wanted
            end = len(data) if last else min(len(data), self._wanted)
            guessed = self._guesses and not last
            if guessed:
                end = _guess_end(data, end, self._form.quote if self._breaks_inside else b"")
                if not end and len(data) <= MAX_RECORD and blocks.error is None:
                    self._wanted = min(2 * len(data), MAX_RECORD + 1)
                    continue
                if not end:
                    if waiting:
                        return None
                    guessed, end = False, min(len(data), MAX_RECORD + 1)
            self._wanted = self._size
            row, line = (1, 1) if waiting else self.position
            blocks.data = data[end:]
            return CsvBlock(self._reader, data[:end], row, line, last, guessed, self._doubtful)
        return None

    def is_last(self, block: CsvBlock) -> bool:
        """Whether the file ends with the block."""
        return block.last

    def settle(self, block: CsvBlock, text: BlockText, behind: list[CsvBlock]) -> bool:
        """The next block in order was read; whether the blocks cut `behind` it are right."""
        right = self._go_on(block, text)
        if not right:
            rest = block.data[text.consumed :]
            self._blocks.data = b"".join([rest, *(dropped.data for dropped in behind), self._blocks.data])
        return right

    def _go_on(self, block: CsvBlock | RangeBlock, text: BlockText) -> bool:
        """Count what a block holds; whether it ends where its last record ends."""
        blocks = self._blocks
        blocks.row += text.next_row - block.row
        blocks.line += text.next_line - block.line
        self._doubtful = not text.proved
        if text.consumed == block.size:
            self._guesses = self._can_guess and (block.guessed or text.proved)
            return True
        # Behind a wrong guess the next may be wrong too, until a block is well formed again.
        self._guesses = self._can_guess and text.proved and text.consumed > 0
        self._breaks_inside = self._breaks_inside or block.guessed
        self._wanted = self._size
        if not text.consumed and block.size > MAX_RECORD:
            self._reporter.endless_record(*self.position)
            self._ended = True
        elif not text.consumed:
            self._stuck = blocks.error is not None
            self._wanted = min(2 * block.size, MAX_RECORD + 1)
        return False


class RangeReader(CsvReader):
    """Gives the blocks of a delimited file as ranges, for workers that read it themselves.

    Of the file only the header is read here, and a few bytes where a block may end.
    """

    def __init__(
        self, file: IO[bytes], source: TableSource, path: str, stamp: Stamp, *given: Any, **options: Any
    ) -> None:
        super().__init__(file, *given, **options)
        self._file, self._source, self._path, self._stamp = file, source, path, stamp
        self._at = 0

    def begin(self) -> bool:
        """Read the header, and remember where the records begin."""
        good = super().begin()
        self._at = self._blocks.bytes_read - len(self._blocks.data)
        return good

    def cut(self, waiting: int) -> RangeBlock | None:  # type: ignore[override]
        """The next block; `None` while it depends on those that wait, and at the end."""
        assert self._reader is not None
        if self._ended or (waiting and not self._guesses):
            return None
        if self._at >= self._stamp.size:
            self.complete = not waiting
            return None
        start, stop = self._at, min(self._at + self._wanted, self._stamp.size)
        last = stop == self._stamp.size
        guessed = self._guesses and not last
        if guessed:
            end = self._line_end(start, stop)
            if end is None and waiting:
                return None
            guessed, stop = end is not None, end or stop
        self._at, self._wanted = stop, self._size
        row, line = (1, 1) if waiting else self.position
        return RangeBlock(
            self._reader,
            self._source,
            self._path,
            start,
            stop,
            self._stamp,
            row,
            line,
            last,
            guessed,
            self._doubtful,
        )

    def settle(self, block: RangeBlock, text: BlockText, behind: list[RangeBlock]) -> bool:  # type: ignore[override]
        """The next block in order was read; whether the blocks cut `behind` it are right."""
        right = self._go_on(block, text)
        if not right:
            self._at = block.start + text.consumed
        return right

    def _line_end(self, start: int, stop: int) -> int | None:
        """A place up to `stop` behind a line end; if there is one, where a well-formed record begins."""
        assert self._reader is not None
        begin = max(start, stop - _NEAR_END)
        self._file.seek(begin)
        data = self._file.read(stop - begin)
        first = end = data.rfind(b"\n") + 1
        for _ in range(_MOST_TRIED):
            if not end:
                break
            if self._reader.begins_record(data, end):
                return begin + end
            end = data.rfind(b"\n", 0, end - 1) + 1
        return begin + first if first else None


def _guess_end(data: bytes, end: int, quote: bytes) -> int:
    """Behind the last line end up to a place that has an even number of quotation marks before it, else 0."""
    marks = data.count(quote, 0, end) if quote else 0
    while True:
        stop = data.rfind(b"\n", 0, end) + 1
        if not marks or not stop:
            return stop
        marks -= data.count(quote, stop, end)
        if marks % 2 == 0:
            return stop
        # Back to the mark that opens the cell.
        end = data.rfind(quote, 0, stop)
        marks -= 1
