"""Limits: how much of a stranger's file is read. One list for all; `docs/reference/limits.md` explains it.

Each is far beyond what people write and small enough that no file takes more than a gibibyte of memory or
keeps the program at work without end. What reaches one is named, never cut in silence.
"""

from __future__ import annotations

from typing import IO

_MIB = 1 << 20

MAX_DOCUMENT = 64 * _MIB
"""Bytes of a descriptor or schema."""
MAX_JSON_VALUES = 5_000_000
"""Values in one JSON document, or in one record of a JSON table."""
MAX_NESTING = 100
"""How many JSON objects and arrays may be inside one another."""
MAX_JSON_STEPS = 200_000
"""Steps that judging JSON by a `jsonSchema` may take, beside `JSON_STEPS_PER_CHARACTER`."""
JSON_STEPS_PER_CHARACTER = 30
"""Steps that each character of the judged JSON adds."""
MAX_MISTAKES = 1000
"""Findings about one part of a descriptor."""
MAX_EXTRAS = 10_000
"""Properties of one descriptor that the standard does not know and that are compared with those it does."""

MAX_CELL = 16 * _MIB
"""Bytes of a cell."""
MAX_RECORD = 64 * _MIB
"""Bytes of a record; a longer one is mostly a quotation mark that nobody closed."""
MAX_COLUMNS = 20_000
"""Columns of a table; the cells of a record beyond them are not told apart."""
MAX_JSON_TABLE = 256 * _MIB
"""Bytes of a table in JSON, which is read as a whole."""
MAX_UNPACKED = 256 * _MIB
"""Bytes that a packed table (`.gz`, `.zst`, `.zip`) may come to, or `MAX_RATIO` times its size if more."""
MAX_RATIO = 200
"""How many times larger than packed a packed table may be."""

MAX_HINT = 200
"""Characters of a value about which a guess is made what was meant."""
MAX_KNOWN = 500
"""Known words among which one that was meant is sought."""
MAX_PATTERN_SECONDS = 10
"""Seconds that a pattern with look-around may take for the distinct values of one block of records."""
MAX_PATTERNS_SECONDS = 20
"""Seconds that all such patterns of a package may take, and a millisecond more for each value."""

MAX_MEMBERS = 100_000
"""Files in a zipped package, in a release, or in a folder of a store that is looked through by a pattern."""
MAX_LISTING_SECONDS = 60
"""Seconds that a store may take to list the files among which a pattern is looked for."""
MAX_SERVER_SECONDS = 30
"""Seconds that a server may take for the head of an answer, with redirections, and for a pause behind it."""
MIN_SERVER_RATE = 1024
"""Bytes a second that a server has to send, beside `MAX_SERVER_SECONDS`."""

MAX_WORKBOOK = 200 * _MIB
"""Bytes of a workbook."""
MAX_WORKBOOK_UNPACKED = 600 * _MIB
"""Bytes of all that is in a workbook, unpacked."""
MAX_WORKBOOK_CELLS = 5_000_000
"""Rows times columns of all sheets of a workbook, up to the last cell of each."""
MAX_FORMULAS = 1_000_000
"""Cells of a sheet that formulas fill."""

MAX_ARCHIVES = 8
"""How deep archives in archives are searched for withheld names."""
MAX_SEARCHED = 256 * _MIB
"""Bytes that all that is packed in one file may come to when it is searched for withheld names."""


def read_within(file: IO[bytes], limit: int) -> bytes:
    """The bytes of a file; more than the limit where it has more, and then not all of them."""
    parts: list[bytes] = []
    size = 0
    while size <= limit and (part := file.read(_MIB)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
