"""A comparison as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from casetrail.curate.row_changes import CellChange, ChangeKind, RowChange, count_changes
from casetrail.findings.sentences import counted
from casetrail.findings.visible import visible
from casetrail.history.change_table import key_text, reason_of
from casetrail.history.compare import Comparison
from casetrail.history.version_bump import ReleaseBump

_MARKS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}
_LIMIT = 160


def render_text(comparison: Comparison, reason: str = "", release: ReleaseBump | None = None) -> str:
    """Schema changes, then row changes by table, then the version bump; ends with a line feed."""
    return "\n".join(_lines(comparison, reason, release)) + "\n"


def _lines(comparison: Comparison, reason: str, release: ReleaseBump | None) -> Iterator[str]:
    yield f"{visible(comparison.old.label)} → {visible(comparison.new.label)}"
    if comparison.schema_changes:
        yield ""
        yield "Schema"
        for entry in comparison.schema_changes:
            place = ".".join(part for part in (entry.table, entry.column) if part) or "package"
            yield f"  {entry.bump.word:<5}  {visible(place)}: {visible(entry.sentence, _LIMIT)}"
    if comparison.row_changes:
        yield ""
    reasons = [reason_of(comparison, change) or reason for change in comparison.row_changes]
    yield from row_change_lines(comparison.published(), reasons)
    yield ""
    yield verdict(comparison)
    if release is not None:
        yield release.sentence


def row_change_lines(changes: Sequence[RowChange], reasons: Iterable[str] = repeat("")) -> Iterator[str]:
    """A line for each table, and below it one for each of its rows and each of their cells."""
    counts = count_changes(changes)
    table = None
    for change, reason in zip(changes, reasons, strict=False):
        if change.table != table:
            if table is not None:
                yield ""
            table = change.table
            yield f"{visible(table)}: {tally(counts[table])}"
        yield from _row(change, reason)


def _row(change: RowChange, reason: str) -> Iterator[str]:
    why = f"  ({visible(reason, _LIMIT)})" if reason else ""
    yield f"  {_MARKS[change.kind]} {visible(key_text(change)) or 'row without a key'}{why}"
    for cell in change.cells:
        yield f"      {visible(cell.column)}: {_cell(change.kind, cell)}"


def _cell(kind: ChangeKind, cell: CellChange) -> str:
    old, new = _shown(cell.old), _shown(cell.new)
    return new if kind is ChangeKind.ADDED else old if kind is ChangeKind.REMOVED else f"{old} → {new}"


def _shown(text: str) -> str:
    return visible(text, _LIMIT) if text else "(empty)"


def tally(counts: Counter[ChangeKind]) -> str:
    """`2 rows added, 1 row changed`."""
    return ", ".join(f"{counted(counts[kind], 'row')} {kind.value}" for kind in ChangeKind if counts[kind])


def verdict(comparison: Comparison) -> str:
    """What the changes ask of the version, in a sentence."""
    if comparison.same:
        return "Nothing differs."
    return f"These changes ask for a {comparison.bump.word} version bump."
