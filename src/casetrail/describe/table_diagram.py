"""Table diagram: the tables of a package as boxes, and the references between them as lines, in SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from casetrail.findings.visible import cut
from casetrail.languages.words import say

_WIDTH, _HEIGHT, _GAP, _LEVEL, _MARGIN = 132, 40, 22, 92, 12


def table_diagram(tables: Sequence[dict[str, Any]], link: str = "#t-{}") -> str:
    """An SVG of the tables of a codebook; each box leads to `link` with the name of its table in it.

    Tables to which others refer are further down. Lines that go to a table from itself are left out.
    """
    names = {table["name"] for table in tables}
    edges = sorted({(table["name"], name) for table in tables for name in _targets(table) if name in names})
    edges = [(source, target) for source, target in edges if source != target]
    rows = _rows([table["name"] for table in tables], edges)
    widest = max((len(row) for row in rows), default=0)
    width = 2 * _MARGIN + widest * (_WIDTH + _GAP) - _GAP
    height = 2 * _MARGIN + len(rows) * _LEVEL - (_LEVEL - _HEIGHT)
    corners: dict[str, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        free = (width - 2 * _MARGIN - len(row) * _WIDTH) / (len(row) + 1)
        for position, name in enumerate(row):
            corners[name] = (_MARGIN + free + position * (_WIDTH + free), _MARGIN + level * _LEVEL)
    counts = {table["name"]: table["rows"] for table in tables}
    title = quoteattr(say("Diagram of the tables and their references"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label={title}>',
        *(_line(corners[source], corners[target]) for source, target in edges),
        *(_box(name, corners[name], counts[name], link) for row in rows for name in row),
        "</svg>",
    ]
    return "\n".join(parts)


def _targets(table: dict[str, Any]) -> Iterator[str]:
    for column in table["columns"]:
        if column["refersTo"]:
            yield column["refersTo"]["table"]
        yield from column["keyOf"]


def _rows(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The tables by levels, so that most lines lead down, and by where the tables are to which they refer."""
    levels = dict.fromkeys(names, 0)
    # In a circle of references no level is right; as many rounds as tables are enough for all others.
    for _ in range(min(len(names), 4)):
        for source, target in edges:
            if (target, source) not in edges and levels[target] <= levels[source] < len(names):
                levels[target] = levels[source] + 1
    present = sorted(set(levels.values()))
    rows = [[name for name in names if levels[name] == level] for level in present]
    for _ in range(3):
        for above, row in pairwise(rows):
            place = {name: (number + 0.5) / len(above) for number, name in enumerate(above)}
            middle = {
                name: [place[source] for source, target in edges if target == name and source in place]
                for name in row
            }
            row.sort(key=lambda name: sum(middle[name]) / len(middle[name]) if middle[name] else 0.5)
    return rows


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    down = start[1] < end[1]
    x1, y1 = start[0] + _WIDTH / 2, start[1] + (_HEIGHT if down else 0)
    x2, y2 = end[0] + _WIDTH / 2, end[1] + (0 if down else _HEIGHT)
    if start[1] == end[1]:
        y1 = y2 = start[1] + _HEIGHT
        low = y1 + 30
        return f'<path d="M{x1:.1f} {y1:.1f}C{x1:.1f} {low:.1f} {x2:.1f} {low:.1f} {x2:.1f} {y2:.1f}"/>'
    middle = (y1 + y2) / 2
    return f'<path d="M{x1:.1f} {y1:.1f}C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"/>'


def _box(name: str, corner: tuple[float, float], rows: int | None, link: str) -> str:
    x, y = corner
    middle = f'x="{x + _WIDTH / 2:.1f}" text-anchor="middle"'
    parts = [
        f"<a href={quoteattr(link.format(name))}>",
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>',
        f'<text {middle} y="{y + (25 if rows is None else 17):.1f}">{escape(cut(name, 16))}</text>',
    ]
    if rows is not None:
        parts.append(f'<text class="rows" {middle} y="{y + 32:.1f}">{rows:,}</text>')
    return "".join([*parts, "</a>"])
