"""Finding: one thing wrong, or doubtful, at one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from casetrail.findings.place import Place
from casetrail.findings.visible import MAX_MESSAGE, MAX_QUOTE, MAX_WORD, cut

_NO_CHANCE = 6
"""A text of so many characters is not in a message by chance."""

NOWHERE = Place()
"""The place of a finding about the package as a whole."""


class Severity(StrEnum):
    """How much a finding weighs: only an `ERROR` makes a package invalid."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place, in words that tell its reader what to do.

    `message` is one sentence with the reason; `hint` says what to do, or is `None`. Both follow a place or an
    arrow, so they begin without a capital and end without a full stop; they are cut where they are too long.
    `related` is the other place that the finding is about: the first of two equal keys, the table that a key
    refers to.
    """

    code: str
    message: str
    place: Place = NOWHERE
    severity: Severity = Severity.ERROR
    hint: str | None = None
    related: Place | None = None

    def __post_init__(self) -> None:
        if self.place.sensitive:
            for name, text in (("message", self.message), ("hint", self.hint)):
                if text is not None and self.place.value:
                    object.__setattr__(self, name, _masked(text, self.place.value))
            object.__setattr__(self, "place", replace(self.place, value=None))
        if len(self.message) > MAX_MESSAGE:
            object.__setattr__(self, "message", cut(self.message, MAX_MESSAGE))
        if self.hint is not None and len(self.hint) > MAX_MESSAGE:
            object.__setattr__(self, "hint", cut(self.hint, MAX_MESSAGE))

    def shifted(self, rows: int, lines: int) -> Finding:
        """The same so many rows and lines further down, where it is about a row."""
        place = self.place
        if place.row is None or not (rows or lines):
            return self
        line = None if place.line is None else place.line + lines
        # Word by word, in half the time of `replace`: each finding behind the first block is shifted.
        cell = place.column, place.field, place.key, place.value, place.table, place.part, place.sensitive
        moved = Place(place.path, place.row + rows, line, *cell)
        return Finding(self.code, self.message, moved, self.severity, self.hint, self.related)

    @property
    def table(self) -> str | None:
        """The name of the table."""
        return self.place.table

    @property
    def path(self) -> str | None:
        """The path of the file in the package."""
        return self.place.path

    @property
    def row(self) -> int | None:
        """The spreadsheet row of the record."""
        return self.place.row

    @property
    def line(self) -> int | None:
        """The physical line on which the record starts."""
        return self.place.line

    @property
    def column(self) -> int | None:
        """The 1-based position of the cell in the file."""
        return self.place.column

    @property
    def field(self) -> str | None:
        """The name of the field."""
        return self.place.field

    @property
    def key(self) -> str | None:
        """The primary key of the row."""
        return self.place.key

    @property
    def value(self) -> str | None:
        """The text of the cell."""
        return self.place.value


def _masked(text: str, value: str) -> str:
    """The text without what it quotes of a value, whole or cut."""
    for piece in (
        value,
        value.strip(),
        *(cut(start, most) for start in (value, value.strip()) for most in (MAX_QUOTE, MAX_WORD)),
    ):
        text = text.replace(f"'{piece}'", "'…'")
        if len(piece) >= _NO_CHANCE:
            text = text.replace(piece, "…")
    # What is left quotes more of the cell than the place has of it.
    start = value.strip()[: MAX_QUOTE - 1]
    return text.partition(start)[0] + "…" if len(start) >= _NO_CHANCE and start in text else text
