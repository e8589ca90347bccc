"""A comparison as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.findings.sentences import counted
from casetrail.findings.visible import visible
from casetrail.history.change_table import key_text, reason_of
from casetrail.history.compare import Comparison
from casetrail.history.rows import CellChange, Kind, RowChange
from casetrail.history.version_step import ReleaseStep

_MARKS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
_LIMIT = 160


def render_text(comparison: Comparison, reason: str = "", release: ReleaseStep | None = None) -> str:
    """Schema changes, then row changes by table, then the step of the version; ends with a line feed."""
    return "\n".join(_lines(comparison, reason, release)) + "\n"


def _lines(comparison: Comparison, reason: str, release: ReleaseStep | None) -> Iterator[str]:
    yield f"{visible(comparison.old.label)} → {visible(comparison.new.label)}"
    if comparison.schema_changes:
        yield ""
        yield "Schema"
        for entry in comparison.schema_changes:
            place = ".".join(part for part in (entry.table, entry.column) if part) or "package"
            yield f"  {entry.step.word:<5}  {visible(place)}: {visible(entry.sentence, _LIMIT)}"
    table = None
    for change, shown in zip(comparison.row_changes, comparison.published(), strict=True):
        if change.table != table:
            table = change.table
            yield ""
            yield f"{visible(table)}: {tally(comparison, table)}"
        yield from _row(shown, reason_of(comparison, change) or reason)
    yield ""
    yield verdict(comparison)
    if release is not None:
        yield release.sentence


def _row(change: RowChange, reason: str) -> Iterator[str]:
    why = f"  ({visible(reason, _LIMIT)})" if reason else ""
    yield f"  {_MARKS[change.kind]} {visible(key_text(change)) or 'row without a key'}{why}"
    for cell in change.cells:
        yield f"      {visible(cell.column)}: {_cell(change.kind, cell)}"


def _cell(kind: Kind, cell: CellChange) -> str:
    old, new = _shown(cell.old), _shown(cell.new)
    return new if kind is Kind.ADDED else old if kind is Kind.REMOVED else f"{old} → {new}"


def _shown(text: str) -> str:
    return visible(text, _LIMIT) if text else "(empty)"


def tally(comparison: Comparison, table: str) -> str:
    """`2 rows added, 1 row changed`."""
    counts = comparison.counts()[table]
    return ", ".join(f"{counted(counts[kind], 'row')} {kind.value}" for kind in Kind if counts[kind])


def verdict(comparison: Comparison) -> str:
    """What the changes ask of the version, in a sentence."""
    if comparison.same:
        return "Nothing differs."
    return f"These changes ask for a {comparison.step.word} step of the version."
