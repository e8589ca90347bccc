"""One sheet of an edited workbook, told as rows of text by key; everything odd about it is a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor
from casetrail.workbook.accept import Accepted
from casetrail.workbook.layout import SheetTable, cell_name
from casetrail.workbook.mangled import Problem, read_cell
from casetrail.workbook.read import EditedSheet

CODES = {
    "workbook-column-missing": "A column of the table is not on its sheet.",
    "workbook-column-unknown": "A column of a sheet is no column of the table.",
    "workbook-column-moved": "The columns of a sheet stand in another order.",
    "workbook-cells-merged": "Cells of a sheet are merged, so that values are lost.",
    "workbook-row-hidden": "A row of a sheet is hidden.",
    "workbook-id-missing": "A row of a sheet has no id.",
    "workbook-id-twice": "Two rows of a sheet have the same id.",
}

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it was edited: its number on the sheet and its cells, those that cannot be taken left out."""

    number: int
    cells: Mapping[str, str]


@dataclass
class SheetReading:
    """What a sheet says: its rows by key and where each column stands, counted from 1.

    `whole` is false where rows may be missing from it, so that nothing may be concluded from their absence.
    """

    rows: dict[Key, SheetRow] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    whole: bool = True


class SheetReader:
    """Reads one sheet against the table that was written on it."""

    def __init__(
        self,
        sheet: EditedSheet,
        base: SheetTable,
        fields: Mapping[str, FieldDescriptor],
        builder: ReportBuilder,
        accepted: Accepted,
        path: str,
    ) -> None:
        self._sheet = sheet
        self._base = base
        self._fields = fields
        self._builder = builder
        self._accepted = accepted
        self._path = path
        self._known = {tuple(row[place] for place in base.key_places): row for row in base.rows}

    def read(self) -> SheetReading:
        """The rows of the sheet; what is wrong goes into the builder."""
        reading = SheetReading(places=self._header())
        self._merged()
        if not set(self._base.key) <= reading.places.keys():
            reading.whole = False
            return reading
        for number, values in enumerate(self._sheet.rows[1:], start=2):
            if any(not _blank(value) for value in values):
                self._row(number, values, reading)
        return reading

    def finding(
        self,
        code: str,
        reason: str,
        *,
        row: int | None = None,
        column: str | None = None,
        place: int | None = None,
        key: Key = (),
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report one finding; the message starts with the sheet and the cell."""
        where = f"sheet '{self._sheet.name}'"
        if row is not None:
            where += f", cell {cell_name(row, place)}" if place is not None else f", row {row}"
        self._builder.add(
            Finding(
                code,
                f"{where}: {reason}",
                Place(
                    table=self._base.name,
                    path=self._path,
                    row=row,
                    column=place,
                    field=column,
                    key=", ".join(key) or None,
                    value=value,
                ),
                severity=severity,
                hint=hint,
            )
        )

    def cell_label(self, row: int, place: int) -> str:
        """`events!D5`: how `--accept` names a cell."""
        return f"{self._sheet.name}!{cell_name(row, place)}"

    def _header(self) -> dict[str, int]:
        labels = [_label(value) for value in (self._sheet.rows[0] if self._sheet.rows else [])]
        places: dict[str, int] = {}
        columns = self._base.columns
        for place, label in enumerate(labels, start=1):
            if label in columns and label not in places:
                places[label] = place
            elif label or any(not _blank(row[place - 1]) for row in self._sheet.rows[1:]):
                reason = (
                    f"the heading '{label}' stands twice" if label in columns else f"'{label}' is no column"
                )
                hint = did_you_mean(label, [name for name in columns if name not in labels])
                self.finding(
                    "workbook-column-unknown",
                    reason if label else "there are cells below an empty heading",
                    row=1,
                    place=place,
                    value=label,
                    hint=hint or "delete the column, or give it back its heading",
                )
        missing = [name for name in columns if name not in places]
        if missing:
            listed = ", ".join(missing) if len(missing) < len(columns) else "all"
            reason = f"columns are missing: {listed}"
            self.finding("workbook-column-missing", reason, hint="put each back under its heading, in row 1")
        order = sorted(places, key=places.__getitem__)
        if order != [name for name in columns if name in places] and not self._accepted.takes("moved"):
            hint = "put them back in order, or run again with --accept moved"
            reason = "the columns stand in another order"
            self.finding("workbook-column-moved", reason, row=1, place=1, hint=hint)
        return places

    def _merged(self) -> None:
        for (row, column), (last_row, last_column) in self._sheet.form.merged:
            span = f"{cell_name(row, column)}:{cell_name(last_row, last_column)}"
            reason = f"the cells {span} are merged, so that all but the first are empty"
            hint = "undo the merge and fill the cells"
            self.finding("workbook-cells-merged", reason, row=row, place=column, hint=hint)

    def _row(self, number: int, values: list[Any], reading: SheetReading) -> None:
        key_cells = [
            read_cell(_at(values, reading.places[name]), None, None, formula=False) for name in self._base.key
        ]
        key = tuple(cell.text for cell in key_cells)
        written = tuple(str(_at(values, reading.places[name])) for name in self._base.key)
        if written in self._known:
            # Composed or not: an id that was written into the workbook is the one that stands there.
            key = written
        place = reading.places[self._base.key[0]]
        if number in self._sheet.form.hidden_rows:
            reason = "the row is hidden; it was read all the same"
            self.finding("workbook-row-hidden", reason, row=number, key=key, severity=Severity.WARNING)
        if any(part == "" for part in key):
            hint = "give the row an id, or delete it"
            self.finding("workbook-id-missing", "the row has no id", row=number, place=place, hint=hint)
            reading.whole = False
            return
        if key in reading.rows:
            reason = f"{', '.join(key)} stands in row {reading.rows[key].number} already"
            hint = "give one of the two rows an id of its own, or delete it"
            self.finding("workbook-id-twice", reason, row=number, place=place, key=key, hint=hint)
            return
        known = self._known.get(key)
        base = {} if known is None else dict(zip(self._base.columns, known, strict=True))
        cells = {}
        for name, at in reading.places.items():
            formula = (number, at) in self._sheet.form.formulas
            cell = read_cell(
                _at(values, at),
                None if known is None else base[name],
                self._fields.get(name),
                formula=formula,
            )
            if cell.problem is None or self._takes(cell.problem, key, number, at, name, cell.text):
                cells[name] = cell.text
        reading.rows[key] = SheetRow(number, cells)

    def _takes(self, problem: Problem, key: Key, row: int, place: int, name: str, text: str) -> bool:
        """Whether the cell is taken as it stands; otherwise it is reported."""
        if not problem.blocks:
            self.finding(
                problem.code,
                problem.reason,
                row=row,
                place=place,
                column=name,
                key=key,
                value=text,
                hint=problem.hint,
                severity=Severity.NOTE,
            )
            return True
        label = self.cell_label(row, place)
        if self._accepted.takes("mangled", cell=label):
            return True
        hint = f"{problem.hint}, or take it as it stands with --accept '{label}'"
        self.finding(
            problem.code, problem.reason, row=row, place=place, column=name, key=key, value=text, hint=hint
        )
        return False


def _at(values: list[Any], place: int) -> Any:
    return values[place - 1] if place <= len(values) else ""


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() == "")


def _label(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
