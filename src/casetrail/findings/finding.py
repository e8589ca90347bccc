"""Finding: one thing wrong, or doubtful, at one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: only an `ERROR` makes a package invalid."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Related:
    """The other place that a finding speaks of: the first of two equal keys, the schema that is broken."""

    path: str | None = None
    table: str | None = None
    row: int | None = None
    line: int | None = None
    field: str | None = None
    key: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place, in words that tell its reader what to do.

    `row` counts as a spreadsheet does (the header is 1, the first record 2); `line` is the physical line of
    the file on which the record starts; `column` is the 1-based number of the field. A place that does not
    apply is `None`: a finding about a descriptor has a `path` and neither table nor row. `message` is one
    sentence with the reason; `hint` says what to do, or is `None`. Both follow a place or an arrow, so they
    begin without a capital and end without a full stop.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    table: str | None = None
    path: str | None = None
    row: int | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    key: str | None = None
    value: str | None = None
    hint: str | None = None
    related: Related | None = None
