"""Canonical CSV text: the one way in which this project writes a table (RFC 4180, with LF).

Quotation marks stand only where a reader needs them, every record ends with a line feed, the text is UTF-8
without BOM. No cell is changed, and none can be read as two or as a missing line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CsvForm:
    """What a table dialect fixes of the text: the delimiter, and whether blanks after it are skipped.

    The default is the form of every Case Data Package and of every release.
    """

    delimiter: str = ","
    skip_initial_space: bool = False
    _special: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile what must be quoted."""
        special = rf'["\r\n{re.escape(self.delimiter)}]'
        if self.skip_initial_space:
            special = rf"{special}|\A[ ]"
        object.__setattr__(self, "_special", re.compile(special))

    def cell(self, text: str) -> str:
        """The cell as it stands in the file."""
        return '"' + text.replace('"', '""') + '"' if self._special.search(text) else text

    def record(self, cells: Sequence[str]) -> str:
        """The record with its final line feed. A lone empty cell is quoted: a blank line is none."""
        if len(cells) == 1 and cells[0] == "":
            return '""\n'
        return self.delimiter.join(map(self.cell, cells)) + "\n"


CANONICAL = CsvForm()
"""Commas, and nothing skipped."""


def csv_bytes(
    names: Sequence[str], rows: Iterable[Sequence[str]], form: CsvForm = CANONICAL, *, header: bool = True
) -> bytes:
    """A table as the bytes of its file: the header record, then the rows in the order given."""
    records = [form.record(row) for row in rows]
    if header:
        records.insert(0, form.record(names))
    text = "".join(records)
    if text.startswith("\ufeff"):
        # The first cell may begin with U+FEFF; unquoted, a reader would take it for a byte order mark.
        end = min(at for mark in (form.delimiter, "\n") if (at := text.find(mark)) >= 0)
        text = f'"{text[:end]}"{text[end:]}'
    return text.encode()


def composed(text: str) -> str:
    """The text in Normalization Form C, so that equal words are equal bytes."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
