"""Good runs: the longest row of well-formed records from some place on, found by one regular expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casetrail.standard.dialect import CsvForm

_NARROWEST = 1024
_WIDEST = 1024 * 1024


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
        self._window = _WIDEST
        mark, delimiter = re.escape(form.quote), re.escape(form.delimiter)
        # Possessive: a cell has one reading only, so there is nothing to go back for, nor any time to lose.
        some = b"++" if columns == 1 else b"*+"
        plain = b"[^" + mark + delimiter + b"\r\n\0]" + some
        end = b"\r\n" if crlf else b"\n"

        def records(within: bytes) -> re.Pattern[bytes]:
            quoted = mark + within + b"(?:" + mark + mark + within + b")*+" + mark
            cell = b"(?:" + quoted + b"|" + plain + b")"
            others = b"(?:" + delimiter + cell + b"){%d}+" % (columns - 1)
            return re.compile(b"(?:" + cell + others + end + b")++")

        self._single_lines = records(b"[^" + mark + b"\n\0]*+")
        self._records = records(b"[^" + mark + b"\0]*+")

    def find(self, block: bytes, start: int) -> Run | None:
        """The run that starts there, or `None` where not even the first record is in order.

        It is looked for in a window that widens while all is well and narrows behind a broken record, so that
        many broken records take no more time than as many good ones.
        """
        while True:
            stop = min(start + self._window, len(block))
            run = self._within(block, start, stop)
            if run is not None:
                whole = 2 * (run.end - start) > stop - start
                self._window = min(2 * self._window, _WIDEST) if whole else _NARROWEST
                return run
            if stop == len(block) or block.find(b"\n", start, stop) >= 0:
                self._window = _NARROWEST
                return None
            self._window *= 4

    def _within(self, block: bytes, start: int, stop: int) -> Run | None:
        text = _match(self._single_lines, block, start, stop)
        if text is not None:
            # No line break stands inside quotes, so that every line is a record.
            return Run(start + len(text), text.count(b"\n"), ()) if text else None
        text = _match(self._records, block, start, stop)
        if not text:
            return None
        breaks = inner_breaks(text.split(self._quote))
        records = text.count(b"\n") - sum(number for _, number in breaks)
        return Run(start + len(text), records, breaks)


def _match(records: re.Pattern[bytes], block: bytes, start: int, stop: int) -> bytes | None:
    """The longest row of records that is UTF-8, empty where the first is not; `None` where none matches."""
    match = records.match(block, start, stop)
    if match is None:
        return None
    text = match[0]
    if not text.isascii():
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            # Up to the last record that ends before the byte.
            match = records.match(block, start, start + error.start)
            return b"" if match is None else match[0]
    return text


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
