"""Place: where something is, in a table, a descriptor or another file of the package."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.findings.visible import MAX_VALUE, cut


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. What does not apply is `None`: of a descriptor only the `path` is known.

    `row` counts as a spreadsheet does (the header is 1, the first record 2). `line` is the physical line of
    the file on which the *record* starts. `column` is the 1-based position of the cell *in the file*, which
    may differ from the position of its field in the schema. `key` is the primary key of the row, its parts
    joined by a comma; `value` is the text of the cell. Both are cut where they are too long to be shown.
    `part` is the part of a file without lines: `row group 2` of a Parquet file.
    A `sensitive` cell holds what must not be spread: a finding about it keeps neither its value nor what its
    message quotes of it, and no rendering shows the record.
    """

    path: str | None = None
    row: int | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    key: str | None = None
    value: str | None = None
    table: str | None = None
    part: str | None = None
    sensitive: bool = False

    def __post_init__(self) -> None:
        if self.key is not None and len(self.key) > MAX_VALUE:
            object.__setattr__(self, "key", cut(self.key, MAX_VALUE))
        if self.value is not None and len(self.value) > MAX_VALUE:
            object.__setattr__(self, "value", cut(self.value, MAX_VALUE))
