"""Markdown that holds other people's words: no HTML of theirs gets through, and no table breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# As CommonMark reads from the left: an escaped letter, a code span, backticks that open none, the rest.
_PIECES = re.compile(r"\\.|(?P<code>(`+)(?!`).+?(?<!`)\2(?!`))|`+|[^\\`]+|\\", re.DOTALL)


def paragraph(text: str | None) -> str:
    """Words on one line: CommonMark, as the standard has descriptions, but HTML is shown, not run."""
    line = " ".join((text or "").split())
    return "".join(match[0] if match["code"] else _no_html(match[0]) for match in _PIECES.finditer(line))


def cell(text: str | None) -> str:
    """Words in a cell of a table. A pipe is written so that it parts no cells, in code spans too."""
    line = paragraph(text)
    return "".join(
        match[0].replace("|", "\\|") if match["code"] else match[0].replace("|", "&#124;")
        for match in _PIECES.finditer(line)
    )


def code(text: str) -> str:
    """A text as it is, in a code span that no backtick in it can end; fit for a cell of a table."""
    line = " ".join(text.split("\n"))
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}".replace("|", "\\|")


def table_rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _no_html(text: str) -> str:
    return text.replace("<", "&lt;")
