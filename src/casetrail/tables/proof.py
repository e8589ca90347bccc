"""Proof that a block of a delimited file is well formed, at the speed of memory.

Everything is told from the places of the quotation marks. Splitting at them leaves what stands outside quotes
in the even pieces and what stands inside in the odd ones; a doubled quote is an empty piece between two of
them. The block is well formed (RFC 4180, section 2) if every piece outside begins and ends where a cell does.
"""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.standard.dialect import CsvForm
from casetrail.tables.good_run import inner_breaks


@dataclass(frozen=True, slots=True)
class Proof:
    """A block is well formed up to `end`, where a record ends.

    It has `records` lines outside quotes, of which some may still be blank (in a table with one column none
    is); whether each has as many cells as the header, and is UTF-8, is left to the parser. `breaks`: which
    records hold line breaks inside quotes: (index of the record, number of breaks).
    """

    end: int
    quoted: bool
    records: int
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def lines(self) -> int:
        """How many physical lines the block has."""
        return self.records + sum(number for _, number in self.breaks)


def prove(block: bytes, form: CsvForm, *, last: bool, crlf: bool, one_column: bool) -> Proof | None:
    """Prove a block that starts where a record starts; `None` where that fails, for whatever reason.

    `last` says that the file ends with the block, `crlf` that its lines have to end with CR LF.
    """
    if block.find(form.quote) < 0:
        end = len(block) if last else block.rfind(b"\n") + 1
        if end == 0 or block.find(b"\0", 0, end) >= 0 or not _ends_as(block, 0, end, crlf):
            return None
        if one_column and _has_blank_line(block, end):
            return None
        return Proof(end, False, block.count(b"\n", 0, end) + (block[end - 1 : end] != b"\n"))
    return _prove_quoted(block, form, last, crlf, one_column)


def _prove_quoted(block: bytes, form: CsvForm, last: bool, crlf: bool, one_column: bool) -> Proof | None:
    pieces = block.split(form.quote)
    final = len(pieces) - 1
    end = len(block)
    if last:
        if final % 2:
            return None
    else:
        # Back to the last line break outside quotes; all behind it waits for the next block.
        while final >= 0:
            length = len(pieces[final])
            if final % 2 == 0 and (cut := pieces[final].rfind(b"\n") + 1):
                end -= length - cut
                pieces[final] = pieces[final][:cut]
                break
            end -= length + 1
            final -= 1
        else:
            return None
        del pieces[final + 1 :]
    outside = pieces[::2]
    if not _pieces_fit(outside, form, crlf) or block.find(b"\0", 0, end) >= 0:
        return None
    if crlf or block.find(b"\r", 0, end) >= 0:
        joined = form.quote.join(outside)
        if not _ends_as(joined, 0, len(joined), crlf):
            return None
    if one_column and _has_blank_line(form.quote.join(outside)):
        return None
    lines = block.count(b"\n", 0, end)
    breaks = inner_breaks(pieces)
    records = lines - sum(number for _, number in breaks)
    return Proof(end, True, records + (block[end - 1 : end] != b"\n"), breaks)


def _pieces_fit(outside: list[bytes], form: CsvForm, crlf: bool) -> bool:
    """Whether every quoted cell begins after a delimiter or line end and ends before one."""
    if len(outside) == 1:
        return True
    openers = {form.delimiter, b"\n", b""}
    closers = {form.delimiter, b"\r" if crlf else b"\n", b""}
    # An empty piece inside is a doubled quote; the first may be empty since the block starts
    # a record, and the last since it ends one.
    before = {piece[-1:] for piece in outside[:-1]}
    after = {piece[:1] for piece in outside[1:]}
    return before <= openers and after <= closers


def _ends_as(text: bytes, start: int, end: int, crlf: bool) -> bool:
    """Whether all lines end alike, and no CR stands elsewhere."""
    if not crlf:
        return text.find(b"\r", start, end) < 0
    breaks = text.count(b"\n", start, end)
    return text.count(b"\r", start, end) == breaks == text.count(b"\r\n", start, end)


def _has_blank_line(text: bytes, end: int | None = None) -> bool:
    end = len(text) if end is None else end
    return (
        text.startswith((b"\n", b"\r\n"))
        or text.find(b"\n\n", 0, end) >= 0
        or text.find(b"\n\r\n", 0, end) >= 0
    )
