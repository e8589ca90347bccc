"""Row changes: what happened to the rows of a table between two versions, keyed by id and cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from casetrail.findings.error import CasetrailError

Key = tuple[str, ...]
Cells = tuple[str, ...]


class Kind(StrEnum):
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
    kind: Kind
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class TableRows:
    """The rows of one table in one version, as text. `key` names the primary key columns."""

    name: str
    columns: Cells
    key: Cells
    rows: Sequence[Cells] = field(repr=False)
    version: str = ""

    def by_key(self, key: Cells) -> dict[Key, dict[str, str]]:
        """The rows by these columns; a `CasetrailError` where two rows have the same."""
        found: dict[Key, dict[str, str]] = {}
        for row in self.rows:
            cells = dict(zip(self.columns, row, strict=True))
            at = tuple(cells[name] for name in key)
            if at in found:
                where = f" of {self.version}" if self.version else ""
                raise CasetrailError(
                    f"{', '.join(at)} stands twice in the table '{self.name}'{where}, so its rows cannot be "
                    "told apart; run `casetrail validate` and give each row an id of its own"
                )
            found[at] = cells
        return found

    def onto(self, columns: Sequence[str]) -> list[Cells]:
        """The rows under other columns: what is not there is empty, what is not asked for is left out."""
        places = [self.columns.index(name) if name in self.columns else None for name in columns]
        return [tuple("" if place is None else row[place] for place in places) for row in self.rows]


def compare_rows(old: TableRows | None, new: TableRows | None) -> list[RowChange]:
    """The changes that lead from the old rows to the new ones; `None` where a version lacks the table."""
    if new is None:
        return [] if old is None else _gone(old)
    if old is None:
        old = TableRows(new.name, new.columns, new.key, ())
    if not new.key or not set(new.key) <= set(old.columns):
        return _compare_unkeyed(old, new)
    before, after = old.by_key(new.key), new.by_key(new.key)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            changes.append(_removed(new.name, key, before[key]))
        elif key not in before:
            changes.append(_added(new.name, key, after[key]))
        else:
            cells = _differing(before[key], after[key])
            if cells:
                changes.append(RowChange(new.name, key, Kind.CHANGED, cells))
    return changes


def apply_changes(old: TableRows | None, changes: Iterable[RowChange], new: TableRows) -> list[Cells]:
    """The old rows with the changes, under the columns and key of `new` (whose own rows are not looked at).

    In a table with a primary key the rows come in its order; in one without, in no promised order.
    """
    old = old or TableRows(new.name, new.columns, new.key, ())
    if not new.key or not set(new.key) <= set(old.columns):
        return _apply_unkeyed(old, changes, new)
    rows = {key: _under(cells, new.columns) for key, cells in old.by_key(new.key).items()}
    for change in changes:
        if change.kind is Kind.REMOVED:
            del rows[change.key]
            continue
        cells = rows.setdefault(change.key, dict.fromkeys(new.columns, ""))
        cells.update({cell.column: cell.new for cell in change.cells})
    return [tuple(rows[key][name] for name in new.columns) for key in sorted(rows)]


def _under(cells: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {name: cells.get(name, "") for name in columns}


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(name, before.get(name, ""), text)
        for name, text in after.items()
        if before.get(name, "") != text
    )


def _added(table: str, key: Key, cells: Mapping[str, str]) -> RowChange:
    filled = tuple(CellChange(name, "", text) for name, text in cells.items() if text)
    return RowChange(table, key, Kind.ADDED, filled)


def _removed(table: str, key: Key, cells: Mapping[str, str]) -> RowChange:
    filled = tuple(CellChange(name, text, "") for name, text in cells.items() if text)
    return RowChange(table, key, Kind.REMOVED, filled)


def _gone(old: TableRows) -> list[RowChange]:
    if not old.key:
        return [_removed(old.name, (), dict(zip(old.columns, row, strict=True))) for row in old.rows]
    return [_removed(old.name, key, cells) for key, cells in sorted(old.by_key(old.key).items())]


def _compare_unkeyed(old: TableRows, new: TableRows) -> list[RowChange]:
    before, after = Counter(old.onto(new.columns)), Counter(new.rows)
    changes = []
    for row in sorted((before - after).elements()):
        changes.append(_removed(new.name, (), dict(zip(new.columns, row, strict=True))))
    for row in sorted((after - before).elements()):
        changes.append(_added(new.name, (), dict(zip(new.columns, row, strict=True))))
    return changes


def _apply_unkeyed(old: TableRows, changes: Iterable[RowChange], new: TableRows) -> list[Cells]:
    rows = Counter(old.onto(new.columns))
    for change in changes:
        removed = change.kind is Kind.REMOVED
        cells = {cell.column: cell.old if removed else cell.new for cell in change.cells}
        rows[tuple(cells.get(name, "") for name in new.columns)] += -1 if removed else 1
    return list(rows.elements())
