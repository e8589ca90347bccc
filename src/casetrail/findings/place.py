"""Place: where something is, in a table, a descriptor or another file of the package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. What does not apply is `None`: of a descriptor only the `path` is known.

    `row` counts as a spreadsheet does (the header is 1, the first record 2). `line` is the physical line of
    the file on which the *record* starts. `column` is the 1-based position of the cell *in the file*, which
    may differ from the position of its field in the schema. `key` is the primary key of the row, its parts
    joined by a comma; `value` is the text of the cell.
    """

    path: str | None = None
    row: int | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    key: str | None = None
    value: str | None = None
    table: str | None = None
