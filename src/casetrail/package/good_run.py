"""Good runs: the longest row of well-formed records from some place on, found by one regular expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casetrail.package.csv_form import CsvForm


@dataclass(frozen=True, slots=True)
class Run:
    """Records that follow one another: where they end, how many they are, and breaks as in `Proof`."""

    end: int
    records: int
    breaks: tuple[tuple[int, int], ...]

    @property
    def lines(self) -> int:
        """How many physical lines they take."""
        return self.records + sum(number for _, number in self.breaks)


class GoodRuns:
    """Finds runs of records with all their cells, quotes and characters in order (RFC 4180, section 2)."""

    def __init__(self, form: CsvForm, columns: int, *, crlf: bool) -> None:
        self._quote = form.quote
        mark, delimiter = re.escape(form.quote), re.escape(form.delimiter)
        # Possessive: a cell has one reading only, so there is nothing to go back for, nor any time to lose.
        some = b"++" if columns == 1 else b"*+"
        plain = b"[^" + mark + delimiter + b"\r\n\0]" + some
        within = b"[^" + mark + b"\0]*+"
        quoted = mark + within + b"(?:" + mark + mark + within + b")*+" + mark
        cell = b"(?:" + quoted + b"|" + plain + b")"
        others = b"(?:" + delimiter + cell + b"){%d}+" % (columns - 1)
        end = b"\r\n" if crlf else b"\n"
        self._records = re.compile(b"(?:" + cell + others + end + b")++")

    def find(self, block: bytes, start: int) -> Run | None:
        """The run that starts there, or `None` where not even the first record is in order."""
        match = self._records.match(block, start)
        if match is None:
            return None
        if not match[0].isascii():
            try:
                match[0].decode("utf-8")
            except UnicodeDecodeError as error:
                # Up to the last record that ends before the byte.
                match = self._records.match(block, start, start + error.start)
                if match is None:
                    return None
        text = match[0]
        lines = text.count(b"\n")
        if self._quote not in text:
            return Run(match.end(), lines, ())
        pieces = text.split(self._quote)
        breaks = inner_breaks(pieces)
        return Run(match.end(), lines - sum(number for _, number in breaks), breaks)


def inner_breaks(pieces: list[bytes]) -> tuple[tuple[int, int], ...]:
    """Line breaks inside quotes, as (index of the record, number), of a text split at its quotes."""
    if b"\n" not in b"".join(pieces[1::2]):
        return ()
    found: list[tuple[int, int]] = []
    record = 0
    for index, piece in enumerate(pieces):
        number = piece.count(b"\n")
        if number and index % 2:
            found.append((record, number))
        else:
            record += number
    return tuple(found)
