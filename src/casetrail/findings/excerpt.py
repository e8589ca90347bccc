"""Excerpt: the record that a finding is about, as it is in the file, with the place of each cell.

Renderings read no files. Who calls them may pass a `Source`, which looks up the record that starts on a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from casetrail.findings.finding import Finding
from casetrail.findings.visible import clipped, columns, visible


class Excerpt(NamedTuple):
    """The text of one record (without its last line end) and where each cell starts and ends in it.

    `spans` holds character offsets into `text`, enclosing quotes included, one pair per cell. Of a record
    that is not `whole` only the start is here.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    whole: bool = True

    def cell(self, column: int | None) -> tuple[int, int] | None:
        """The span of the cell with this 1-based number; a missing cell is at the end of the record."""
        if column is None or column < 1:
            return None
        if column <= len(self.spans):
            return self.spans[column - 1]
        return (len(self.text), len(self.text)) if self.whole else None


Source = Callable[[str, int], Excerpt | None]
"""Looks up the record that starts on a physical line of a file of the package: `(path, line)`."""


class Span(NamedTuple):
    """Where a cell is in its file: lines and columns count from 1; the end column is the one after."""

    line: int
    column: int
    end_line: int
    end_column: int


def excerpt_of(finding: Finding, source: Source | None) -> Excerpt | None:
    """The record of the finding, where there is a source and a place to look up."""
    path, line = finding.path, finding.line
    return None if source is None or path is None or line is None or line < 1 else source(path, line)


def without_sensitive(source: Source, findings: Sequence[Finding], counts: Mapping[str, int]) -> Source:
    """The source without the records that hold what must not be spread, whatever else is found there.

    Where more such findings were counted than are listed, no record of their files is shown.
    """
    sensitive = [finding for finding in findings if finding.place.sensitive]
    records = {(finding.path, finding.line) for finding in sensitive}
    listed = Counter(finding.code for finding in findings)
    files = {finding.path for finding in sensitive if counts.get(finding.code, 0) > listed[finding.code]}
    return lambda path, line: None if path in files or (path, line) in records else source(path, line)


def span_of(finding: Finding, source: Source | None) -> Span | None:
    """Where the finding's cell is, in characters; `None` where that is not known."""
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


class Window(NamedTuple):
    """A record on one line, in three parts: what is before the marked cell, the cell, what is after.

    All three are safe to show. Where no cell is marked, `cell` is `None` and everything is in `before`.
    """

    before: str
    cell: str | None
    after: str


def window(excerpt: Excerpt, column: int | None, width: int) -> Window:
    """The record in at most `width` columns of a terminal, cut with `…` where it is longer.

    The cell takes up to two thirds of the width; of the rest, what is before it comes first.
    """
    marked = excerpt.cell(column)
    if marked is None:
        return Window(_start(excerpt.text, width), None, "")
    start, end = marked
    cell = _start(excerpt.text[start:end], max(8, width * 2 // 3))
    left = max(8, width - columns(cell))
    after = _start(excerpt.text[end : end + width + 1], left)
    before = _end(excerpt.text[max(0, start - width - 1) : start], max(left - columns(after), left // 2))
    return Window(before, cell, clipped(after, max(4, left - columns(before))))


def _start(text: str, width: int) -> str:
    # One character more than fits is enough to know that there is more; a megabyte is not looked through.
    return clipped(visible(text[: width + 1]), width)


def _end(text: str, width: int) -> str:
    return clipped(visible(text[-width - 1 :]), width, keep_end=True)
