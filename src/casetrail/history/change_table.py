"""The change table: one line per cell that differs between two versions, for readers and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from casetrail.curate.row_changes import ChangeKind, RowChange
from casetrail.history.compare import Comparison
from casetrail.tables.csv_writer import csv_bytes


class Line(NamedTuple):
    """One changed cell. Of an added or removed row every filled cell has a line, its id among them.

    `version` is the new version; `key` joins the parts of a key of several columns with `, `.
    """

    version: str
    table: str
    key: str
    column: str
    old: str
    new: str
    kind: str
    reason: str


def change_lines(comparison: Comparison, reason: str = "") -> Iterator[Line]:
    """The lines, in the order of tables, keys and columns.

    The reason of a removed row comes from the table `retired`; elsewhere it is the one given, else empty.
    """
    version = comparison.new.version or ""
    for change, shown in zip(comparison.row_changes, comparison.published(), strict=True):
        why = reason_of(comparison, change) or reason
        for cell in shown.cells:
            yield Line(
                version, shown.table, key_text(shown), cell.column, cell.old, cell.new, shown.kind.value, why
            )


def change_csv(comparison: Comparison, reason: str = "") -> bytes:
    """The change table as canonical CSV, the content of `changes.csv`."""
    return csv_bytes(Line._fields, change_lines(comparison, reason))


def reason_of(comparison: Comparison, change: RowChange) -> str:
    """Why a row was removed, by the table `retired`; empty where nobody says."""
    if change.kind is ChangeKind.REMOVED and len(change.key) == 1:
        return comparison.reasons.get(change.key[0], "")
    return ""


def key_text(change: RowChange) -> str:
    """The key of a row in one text."""
    return ", ".join(change.key)
