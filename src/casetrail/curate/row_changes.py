"""Row changes: what leads from one state of a table to another, by key and cell; three-way merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casetrail.case.case import TextRow
from casetrail.curate.keyed_table import Key, KeyedTable


class ChangeKind(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: its text before and after; `""` where it was empty, or there was no such row or column."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row. Of an added or removed row, `cells` are the filled ones; of a changed one, those that differ.

    `key` is the primary key; it is empty in a table without one, whose rows are told apart by their content.
    """

    table: str
    key: Key
    kind: ChangeKind
    cells: tuple[CellChange, ...]


def compare_tables(old: KeyedTable | None, new: KeyedTable | None) -> list[RowChange]:
    """The changes that lead from the old rows to the new ones; `None` where a version lacks the table.

    Raises:
        CasetrailError: Two rows of one version have the same key.
    """
    if new is None:
        if old is None:
            return []
        new = KeyedTable(old.name, old.columns, old.key, ())
    if old is None:
        old = KeyedTable(new.name, new.columns, new.key, ())
    if new.key and set(new.key) <= set(old.columns):
        return list(compare_rows(new.name, old.by_key(new.key), new.by_key()))
    before, after = Counter(old.under(new.columns)), Counter(new.rows)
    kinds = ((ChangeKind.REMOVED, before - after), (ChangeKind.ADDED, after - before))
    return [
        _row_change(new.name, (), kind, dict(zip(new.columns, row, strict=True)))
        for kind, rows in kinds
        for row in sorted(rows.elements())
    ]


def compare_rows(table: str, old: Mapping[Key, TextRow], new: Mapping[Key, TextRow]) -> Iterator[RowChange]:
    """The changes that lead from the old rows to the new ones, in the order of their keys."""
    for key in sorted(old.keys() | new.keys()):
        if key not in new:
            yield _row_change(table, key, ChangeKind.REMOVED, old[key])
        elif key not in old:
            yield _row_change(table, key, ChangeKind.ADDED, new[key])
        else:
            before = old[key]
            cells = tuple(
                CellChange(name, before.get(name, ""), text)
                for name, text in new[key].items()
                if before.get(name, "") != text
            )
            if cells:
                yield RowChange(table, key, ChangeKind.CHANGED, cells)


def count_changes(changes: Iterable[RowChange]) -> dict[str, Counter[ChangeKind]]:
    """How many rows of each table were added, removed and changed."""
    counts: dict[str, Counter[ChangeKind]] = {}
    for change in changes:
        counts.setdefault(change.table, Counter())[change.kind] += 1
    return counts


@dataclass(frozen=True, slots=True)
class MergeQuestion:
    """A change of theirs that somebody has to decide.

    It adds or removes a row, or what it changes was changed in ours too: `conflict`. `cell` is the cell in
    question, `None` where the row is; `ours` is that row in ours, `None` where it is not there.
    """

    change: RowChange
    conflict: bool
    cell: CellChange | None = None
    ours: TextRow | None = None


def merge_rows(
    table: str,
    columns: Sequence[str],
    base: Mapping[Key, TextRow],
    ours: Mapping[Key, TextRow],
    theirs: Mapping[Key, TextRow],
    takes: Callable[[MergeQuestion], bool],
) -> dict[Key, TextRow]:
    """Our rows, which have these columns, with what leads from the base to theirs.

    What only they changed is taken; where `takes` is asked and says no, ours stays.
    """
    merged: dict[Key, TextRow] = dict(ours)
    for change in compare_rows(table, base, theirs):
        key, mine = change.key, ours.get(change.key)
        if change.kind is ChangeKind.REMOVED:
            changed = mine is not None and any(mine[name] != base[key].get(name, "") for name in columns)
            if mine is not None and takes(MergeQuestion(change, changed, ours=mine)):
                del merged[key]
        elif mine is None:
            if takes(MergeQuestion(change, change.kind is ChangeKind.CHANGED)):
                merged[key] = {name: theirs[key].get(name, "") for name in columns}
        else:
            # A row that both sides added has no base: what differs is a conflict.
            taken = {
                cell.column: cell.new
                for cell in change.cells
                if mine.get(cell.column) != cell.new
                and (
                    (change.kind is ChangeKind.CHANGED and mine.get(cell.column) == cell.old)
                    or takes(MergeQuestion(change, True, cell, mine))
                )
            }
            merged[key] = {**mine, **taken}
    return merged


def _row_change(table: str, key: Key, kind: ChangeKind, row: TextRow) -> RowChange:
    """A row that was added or removed."""
    added = kind is ChangeKind.ADDED
    cells = (CellChange(name, *(("", text) if added else (text, ""))) for name, text in row.items() if text)
    return RowChange(table, key, kind, tuple(cells))
