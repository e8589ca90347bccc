"""Markdown that holds other people's words: no HTML of theirs gets through, and no table breaks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

_OF_ADDRESSES = "/:?#@!$&*+,;=%~-._"
_LINE_END = re.compile(r"\r\n?|\n")
_TOKENS = re.compile(r"\\.|`+|[^\\`]+|\\", re.DOTALL)


def paragraph(text: str | None) -> str:
    """Words on one line: CommonMark, as the standard has descriptions, but HTML is shown, not run."""
    line = " ".join((text or "").split())
    return "".join(text if is_code else _no_html(text) for text, is_code in _pieces(line))


def link(text: str, address: str) -> str:
    """A link whose words and address end where they should."""
    words = paragraph(text).replace("[", r"\[").replace("]", r"\]")
    return f"[{words}]({quote(address, safe=_OF_ADDRESSES)})"


def cell(text: str | None) -> str:
    """Words in a cell of a table. A pipe is written so that it parts no cells, in code spans too."""
    line = paragraph(text)
    return "".join(
        text.replace("|", "\\|") if is_code else text.replace("|", "&#124;")
        for text, is_code in _pieces(line)
    )


def code(text: str) -> str:
    """A text as it is, in a code span that no backtick in it can end; fit for a cell of a table."""
    line = _LINE_END.sub(" ", text)
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}".replace("|", "\\|")


def table_rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    return "\n".join([*lines, *(_row(row) for row in rows)])


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    """The line as CommonMark reads it from the left: escaped letters, code spans (true), and the rest."""
    closing: dict[int, list[int]] = {}
    for run in re.finditer("`+", line):
        closing.setdefault(len(run[0]), []).append(run.start())
    position = 0
    while (token := _TOKENS.match(line, position)) is not None:
        start, end = token.span()
        position, is_code = end, False
        if token[0].startswith("`"):
            # A run of backticks opens a span that the next run of the same length closes.
            runs = closing.get(end - start, [])
            after = bisect_left(runs, end)
            if after < len(runs):
                position, is_code = runs[after] + end - start, True
        yield line[start:position], is_code


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _no_html(text: str) -> str:
    # Nor a picture, which a reader's program would fetch from whatever address.
    return text.replace("<", "&lt;").replace("![", r"!\[")
