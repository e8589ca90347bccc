"""Excerpt: the record a finding speaks of, as it stands in the file, with the place of each cell.

Renderings read no files. Who calls them may pass a `Source`, which looks up the record that starts on a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casetrail.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The text of one record (without its last line end) and where each cell starts and ends in it.

    `spans` holds character offsets into `text`, enclosing quotes included, one pair per cell. Of a record
    that is not `whole` only the start is here.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    whole: bool = True

    @classmethod
    def of_csv(
        cls,
        text: str,
        delimiter: str = ",",
        quote: str | None = '"',
        *,
        skip_space: bool = False,
        whole: bool = True,
    ) -> Excerpt:
        """Find the cells of a delimited record; a quoted cell may hold delimiters and line breaks.

        With `skip_space`, blanks after a delimiter belong to no cell.
        """
        spans = []
        start = 0
        while True:
            while skip_space and text.startswith(" ", start):
                start += 1
            end = _cell_end(text, start, delimiter, quote)
            spans.append((start, end))
            if end >= len(text):
                return cls(text, tuple(spans), whole)
            start = end + len(delimiter)

    def cell(self, column: int | None) -> tuple[int, int] | None:
        """The span of the cell with this 1-based number; a missing cell is at the end of the record."""
        if column is None or column < 1:
            return None
        if column <= len(self.spans):
            return self.spans[column - 1]
        return (len(self.text), len(self.text)) if self.whole else None


Source = Callable[[str, int], Excerpt | None]
"""Looks up the record that starts on a physical line of a file of the package: `(path, line)`."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a cell stands in its file: lines and columns count from 1; the end column is the one after."""

    line: int
    column: int
    end_line: int
    end_column: int


def excerpt_of(finding: Finding, source: Source | None) -> Excerpt | None:
    """The record of the finding, where there is a source and a place to look up."""
    if source is None or finding.path is None or finding.line is None:
        return None
    return source(finding.path, finding.line)


def span_of(finding: Finding, source: Source | None) -> Span | None:
    """Where the finding's cell stands, in characters; `None` where that is not known."""
    excerpt = excerpt_of(finding, source)
    cell = excerpt.cell(finding.column) if excerpt else None
    if excerpt is None or cell is None or finding.line is None:
        return None
    line, column = _place(excerpt.text, cell[0])
    end_line, end_column = _place(excerpt.text, cell[1])
    return Span(finding.line + line, column, finding.line + end_line, end_column)


def _place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n"), offset - (before.rfind("\n") + 1) + 1


def _cell_end(text: str, start: int, delimiter: str, quote: str | None) -> int:
    position = start
    if quote and text.startswith(quote, start):
        position = start + len(quote)
        while True:
            position = text.find(quote, position)
            if position < 0:
                return len(text)
            position += len(quote)
            if not text.startswith(quote, position):
                break
            position += len(quote)
    end = text.find(delimiter, position) if delimiter else -1
    return len(text) if end < 0 else end
