"""The questions of a merge: what a workbook brings that somebody must accept, each a finding until then."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from casetrail.curate.row_changes import ChangeKind, MergeQuestion, RowChange
from casetrail.standard.near_miss import near_miss
from casetrail.workbook.accept import Accepted
from casetrail.workbook.sheet import SheetReader, SheetReading

CODES = {
    "workbook-column-gone": (
        "A cell was edited in a column that the package no longer has. "
        "Write a new workbook and make the edit in the column that holds such values now."
    ),
    "workbook-row-new": (
        "A row of the workbook has an id that is new. "
        "Add it with `--accept ID`, or all new rows with `--accept new`; if it is a slip, write the "
        "id as it was."
    ),
    "workbook-row-deleted": (
        "A row was deleted in the workbook. "
        "Put it back there, or remove it with `--accept ID` and say why in the table retired."
    ),
    "workbook-conflict": (
        "A cell or row was changed in the workbook and, differently, in the package. "
        "Take the workbook's version with the `--accept` that is named, or write the package's into "
        "the workbook."
    ),
}


class MergeQuestions:
    """Answers the questions of one table by what is accepted; what is not becomes a finding."""

    def __init__(self, reader: SheetReader, reading: SheetReading, accepted: Accepted) -> None:
        self._reader = reader
        self._reading = reading
        self._accepted = accepted
        self._gone = [", ".join(key) for key in reader.base if key not in reading.rows]

    def takes(self, question: MergeQuestion) -> bool:
        """Whether what the workbook says is taken, or is still in question.

        What is in question holds the merge back, so that taking it shows what else would be wrong. A row that
        was deleted or misspelt is not taken: what refers to it is not wrong once it is back.
        """
        change = question.change
        if question.cell is not None and question.ours is not None:
            return self._cell(
                change, question.cell.column, question.cell.old, question.cell.new, question.ours
            )
        kind, code, reason, hint = self._row(change, question.conflict)
        if self._accepted.takes(kind, key=", ".join(change.key)):
            return True
        row = self._reading.rows.get(change.key)
        number = None if row is None else row.number
        self._reader.finding(code, reason, row=number, key=change.key, hint=hint)
        return change.kind is not ChangeKind.REMOVED and self._meant(change) is None

    def _row(self, change: RowChange, conflict: bool) -> tuple[str, str, str, str]:
        """Of a row that is in question: what accepts it, the code, the reason and the hint."""
        key = ", ".join(change.key)
        accept = f"--accept {shlex.quote(key)}"
        if change.kind is ChangeKind.REMOVED:
            code = "workbook-conflict" if conflict else "workbook-row-deleted"
            reason = f"{key} was deleted here" + (" and changed in the package" if conflict else "")
            hint = f"remove it with {accept} (or --accept deleted), and say why in the table retired"
            return "deleted", code, reason, hint
        if conflict:
            reason = f"{key} was edited here and is gone from the package"
            return "conflicts", "workbook-conflict", reason, f"put it back with {accept}, or delete the row"
        hint = f"add it with {accept}, or all new rows with --accept new"
        meant = self._meant(change)
        if meant is None:
            return "new", "workbook-row-new", f"{key} is a new row", hint
        reason = f"{key} is a new row, and {meant} was deleted or misspelt"
        return "new", "workbook-row-new", reason, f"write {meant} again if it is that row, else {hint}"

    def _meant(self, change: RowChange) -> str | None:
        """The id for which that of a new row is a slip: only one that is gone from the sheet can be it."""
        return near_miss(", ".join(change.key), self._gone)

    def _cell(self, change: RowChange, column: str, base: str, text: str, ours: Mapping[str, str]) -> bool:
        number, index = self._reading.rows[change.key].number, self._reading.columns[column]
        if column not in ours:
            reason = f"the package has no column '{column}' any more"
            self._reader.finding("workbook-column-gone", reason, row=number, column=index, key=change.key)
            return False
        label = self._reader.cell_label(number, index)
        if self._accepted.takes("conflicts", key=", ".join(change.key), cell=label):
            return True
        added, accept = change.kind is ChangeKind.ADDED, f"--accept {shlex.quote(label)}"
        base, text, here = (
            self._reader.withdrawn.cell(change.table, change.key, column, value)
            for value in (base, text, ours[column])
        )
        was = "is a new row on both sides" if added else f"was {_quoted(base)}"
        self._reader.finding(
            "workbook-conflict",
            f"the workbook says {_quoted(text)}, the package says {_quoted(here)}; it {was}",
            row=number,
            column=index,
            field=column,
            key=change.key,
            value=text,
            hint=f"take the workbook's with {accept}, or put the package's into the cell",
        )
        return True


def _quoted(text: str) -> str:
    short = text if len(text) <= 60 else text[:59] + "…"
    return f"“{short}”" if text else "nothing"
