"""Window: the part of a record around its marked cell that fits a line."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.findings.excerpt import Excerpt
from casetrail.findings.visible import clipped, columns, visible


@dataclass(frozen=True, slots=True)
class Window:
    """A record on one line, in three parts: what stands before the marked cell, the cell, what stands after.

    All three are safe to show. Where no cell is marked, `cell` is `None` and everything is in `before`.
    """

    before: str
    cell: str | None
    after: str


def window(excerpt: Excerpt, column: int | None, width: int) -> Window:
    """The record in at most `width` columns of a terminal, cut with `…` where it is longer.

    The cell takes up to two thirds of the width; of the rest, what stands before it comes first.
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
