"""The three-way merge of one table: each row and cell of the sheet against the base and the package."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from casetrail.findings.error import CasetrailError
from casetrail.standard.near_miss import did_you_mean
from casetrail.workbook.accept import Accepted
from casetrail.workbook.layout import SheetTable
from casetrail.workbook.sheet import Key, SheetReader, SheetReading, SheetRow

CODES = {
    "workbook-column-gone": "The package has no longer the column of a cell that was edited.",
    "workbook-row-new": "A row of the workbook has an id that is new.",
    "workbook-row-deleted": "A row was deleted in the workbook.",
    "workbook-conflict": "A cell or row was changed in the workbook and, otherwise, in the package.",
}


@dataclass
class Tally:
    """How many rows were added and removed, and how many cells changed, by table."""

    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


class TableMerge:
    """The merge of one table: `base` is what the workbook was made from, `ours` what the package has."""

    def __init__(
        self, base: SheetTable, ours: SheetTable, reader: SheetReader, accepted: Accepted, tally: Tally
    ) -> None:
        self._name = base.name
        self._reader = reader
        self._accepted = accepted
        self._tally = tally
        self._base = _by_key(base)
        self._ours = _by_key(ours)
        self._columns = ours.columns

    def merge(self, reading: SheetReading) -> list[dict[str, str]] | None:
        """The rows as they become; `None` where the table stays as it is."""
        rows = {key: dict(cells) for key, cells in self._ours.items()}
        for key, row in reading.rows.items():
            if key in self._base and key not in self._ours:
                self._back(key, row, rows)
            elif key not in self._ours:
                self._new(key, row, rows)
            else:
                self._edited(key, row, rows[key], reading)
        if reading.whole:
            for key in self._base:
                if key not in reading.rows and key in rows:
                    self._deleted(key, rows)
        return None if rows == self._ours else list(rows.values())

    def _edited(self, key: Key, row: SheetRow, ours: dict[str, str], reading: SheetReading) -> None:
        """A row that is in the package: cell by cell."""
        # An id that both sides made anew has no base; every cell that differs is then a conflict.
        base = self._base.get(key, {})
        for name, text in row.cells.items():
            if name not in ours:
                if text != base.get(name, ""):
                    reason = f"the package has no column '{name}' any more"
                    place = reading.places[name]
                    self._reader.finding("workbook-column-gone", reason, row=row.number, place=place, key=key)
                continue
            mine = ours[name]
            if text in (mine, base.get(name)):
                continue
            label = self._reader.cell_label(row.number, reading.places[name])
            if mine == base.get(name) or self._accepted.takes("conflicts", key=", ".join(key), cell=label):
                ours[name] = text
                self._tally.changed[self._name] += 1
                continue
            was = f"was {_shown(base[name])}" if name in base else "is a new row on both sides"
            self._reader.finding(
                "workbook-conflict",
                f"the workbook says {_shown(text)}, the package says {_shown(mine)}; it {was}",
                row=row.number,
                place=reading.places[name],
                column=name,
                key=key,
                value=text,
                hint=f"take the workbook's with --accept '{label}', or put the package's into the cell",
            )

    def _new(self, key: Key, row: SheetRow, rows: dict[Key, dict[str, str]]) -> None:
        if self._accepted.takes("new", key=", ".join(key)):
            rows[key] = {name: row.cells.get(name, "") for name in self._columns}
            self._tally.added[self._name] += 1
            return
        label = ", ".join(key)
        near = did_you_mean(label, [", ".join(known) for known in self._ours])
        self._reader.finding(
            "workbook-row-new",
            f"{label} is a new row" + (f" ({near})" if near else ""),
            row=row.number,
            key=key,
            hint=f"add it with --accept {label}, or all new rows with --accept new",
        )

    def _back(self, key: Key, row: SheetRow, rows: dict[Key, dict[str, str]]) -> None:
        """A row that the package has lost since: nothing to do, unless it was edited."""
        base = self._base[key]
        if all(text == base.get(name) for name, text in row.cells.items()):
            return
        if self._accepted.takes("conflicts", key=", ".join(key)):
            rows[key] = {name: row.cells.get(name, base.get(name, "")) for name in self._columns}
            self._tally.added[self._name] += 1
            return
        self._reader.finding(
            "workbook-conflict",
            f"{', '.join(key)} was edited here and is gone from the package",
            row=row.number,
            key=key,
            hint=f"put it back with --accept {', '.join(key)}, or delete the row",
        )

    def _deleted(self, key: Key, rows: dict[Key, dict[str, str]]) -> None:
        label = ", ".join(key)
        if self._accepted.takes("deleted", key=label):
            del rows[key]
            self._tally.removed[self._name] += 1
            return
        changed = rows[key] != {name: self._base[key].get(name, "") for name in self._columns}
        self._reader.finding(
            "workbook-conflict" if changed else "workbook-row-deleted",
            f"{label} was deleted here" + (" and changed in the package" if changed else ""),
            key=key,
            hint=f"remove it with --accept {label} (or --accept deleted), and say why in the table retired",
        )


def _by_key(table: SheetTable) -> dict[Key, dict[str, str]]:
    found: dict[Key, dict[str, str]] = {}
    for row in table.rows:
        key = tuple(row[place] for place in table.key_places)
        if key in found:
            raise CasetrailError(
                f"{', '.join(key)} stands twice in the table '{table.name}', so that rows cannot be told "
                "apart; run `casetrail validate` and give each row an id of its own"
            )
        found[key] = dict(zip(table.columns, row, strict=True))
    return found


def _shown(text: str) -> str:
    short = text if len(text) <= 60 else text[:59] + "…"
    return f"“{short}”" if text else "nothing"
