"""A comparison as text for a terminal: what is gone in red, what is new in green, where colours are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, repeat

from casetrail.curate.row_changes import CellChange, ChangeKind, RowChange, count_changes
from casetrail.findings.sentences import counted
from casetrail.findings.terminal import BOLD, DIM, GREEN, RED, STRUCK, YELLOW, Paint, plain
from casetrail.findings.visible import visible
from casetrail.history.bump import Bump
from casetrail.history.change_table import key_text, reason_of
from casetrail.history.compare import Comparison
from casetrail.history.version_bump import ReleaseBump

MAX_ROWS = 50
"""Changed rows of each table that readers are shown, unless they ask for more."""

_MARKS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}
_STYLES = {ChangeKind.ADDED: GREEN, ChangeKind.REMOVED: RED, ChangeKind.CHANGED: YELLOW}
_BUMPS = {Bump.NONE: DIM, Bump.PATCH: GREEN, Bump.MINOR: YELLOW, Bump.MAJOR: RED}
_LIMIT = 160


def render_text(
    comparison: Comparison,
    reason: str = "",
    release: ReleaseBump | None = None,
    *,
    limit: int | None = MAX_ROWS,
    paint: Paint = plain,
) -> str:
    """Schema changes, then row changes by table, then the version bump; ends with a line feed."""
    return "\n".join(_lines(comparison, reason, release, limit, paint)) + "\n"


def _lines(
    comparison: Comparison, reason: str, release: ReleaseBump | None, limit: int | None, paint: Paint
) -> Iterator[str]:
    yield paint(f"{visible(comparison.old.label)} → {visible(comparison.new.label)}", BOLD)
    if comparison.schema_changes:
        yield ""
        yield paint("Schema", BOLD)
        for entry in comparison.schema_changes:
            place = ".".join(part for part in (entry.table, entry.column) if part) or "package"
            bump = paint(f"{entry.bump.word:<5}", _BUMPS[entry.bump])
            yield f"  {bump}  {visible(place)}: {visible(entry.sentence, _LIMIT)}"
    if comparison.row_changes:
        yield ""
    reasons = [reason_of(comparison, change) or reason for change in comparison.row_changes]
    yield from row_change_lines(comparison.published(), reasons, limit=limit, paint=paint)
    yield ""
    yield from verdict(comparison, release)


def row_change_lines(
    changes: Sequence[RowChange],
    reasons: Iterable[str] = repeat(""),
    *,
    limit: int | None = MAX_ROWS,
    paint: Paint = plain,
) -> Iterator[str]:
    """A line for each table, and below it one for each of its rows and each of their cells.

    Of each table so many rows are listed as `limit` says, and the others are counted.
    """
    counts = count_changes(changes)
    pairs = zip(changes, reasons, strict=False)
    for number, (table, group) in enumerate(groupby(pairs, lambda pair: pair[0].table)):
        if number:
            yield ""
        yield f"{paint(visible(table), BOLD)}: {tally(counts[table])}"
        for change, reason in islice(group, limit):
            yield from _row(change, reason, paint)
        if limit is not None and (more := counts[table].total() - limit) > 0:
            yield paint(f"  … and {counted(more, 'more row')}", DIM)


def _row(change: RowChange, reason: str, paint: Paint) -> Iterator[str]:
    why = paint(f"  ({visible(reason, _LIMIT)})", DIM) if reason else ""
    key = f"{_MARKS[change.kind]} {visible(key_text(change)) or 'row without a key'}"
    yield f"  {paint(key, _STYLES[change.kind])}{why}"
    for cell in change.cells:
        if change.kind is not ChangeKind.CHANGED and change.key == (cell.old or cell.new,):
            continue  # The id is in the line above.
        yield f"      {paint(visible(cell.column), DIM)}: {_cell(change.kind, cell, paint)}"


def _cell(kind: ChangeKind, cell: CellChange, paint: Paint) -> str:
    old, new = paint(_shown(cell.old), RED), paint(_shown(cell.new), GREEN)
    if kind is ChangeKind.CHANGED:
        # An old text that is struck out is read as such without its colour too.
        return f"{paint(_shown(cell.old), RED, STRUCK) if cell.old else old} → {new}"
    return new if kind is ChangeKind.ADDED else old


def _shown(text: str) -> str:
    return visible(text, _LIMIT) if text else "(empty)"


def tally(counts: Counter[ChangeKind]) -> str:
    """`2 rows added, 1 row changed`."""
    return ", ".join(f"{counted(counts[kind], 'row')} {kind.value}" for kind in ChangeKind if counts[kind])


def verdict(comparison: Comparison, release: ReleaseBump | None) -> Iterator[str]:
    """What the changes ask of the version, in a sentence or two: between the two, and since the release."""
    if comparison.same:
        yield "Nothing differs."
    elif release is None or release.previous != comparison.old.label:
        yield f"These changes ask for a {comparison.bump.word} version bump."
    if release is not None:
        yield release.sentence
