"""Canonical CSV text: the one way in which this project writes a table (RFC 4180, with LF).

Quotation marks stand only where a reader needs them, every record ends with a line feed, the text is UTF-8
without BOM. No cell is changed, and none can be read as two or as a missing line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from casetrail.standard.dialect import CsvForm

CANONICAL = CsvForm()
"""The form of every Case Data Package and of every release: commas and straight double quotation marks."""


def csv_bytes(names: Sequence[str], rows: Iterable[Sequence[str]], form: CsvForm = CANONICAL) -> bytes:
    """A table as the bytes of its file: the header record, then the rows in the order given."""
    delimiter, quote = form.delimiter.decode(), form.quote.decode()
    special = re.compile(rf"[\r\n{re.escape(quote + delimiter)}]")

    def record(cells: Sequence[str]) -> str:
        if len(cells) == 1 and cells[0] == "":
            # A lone empty cell is quoted, for a blank line is no record.
            return f"{quote}{quote}\n"
        written = [
            f"{quote}{text.replace(quote, quote + quote)}{quote}" if special.search(text) else text
            for text in cells
        ]
        return delimiter.join(written) + "\n"

    text = "".join(map(record, [names, *rows]))
    if text.startswith("\ufeff"):
        # The first cell may begin with U+FEFF; unquoted, a reader would take it for a byte order mark.
        end = min(at for mark in (delimiter, "\n") if (at := text.find(mark)) >= 0)
        text = f"{quote}{text[:end]}{quote}{text[end:]}"
    return text.encode()


def composed(text: str) -> str:
    """The text in Normalization Form C, so that equal words are equal bytes."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
