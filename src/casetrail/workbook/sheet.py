"""One sheet of an edited workbook, read as rows of text by key; everything odd about it is a finding."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casetrail.case.case import TextRow
from casetrail.curate.keyed_table import Key, KeyedTable
from casetrail.curate.withdrawn import WithdrawnPeople
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.findings.sentences import counted
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor
from casetrail.tables.batch import cell_name
from casetrail.workbook.accept import Accepted
from casetrail.workbook.mangled import Problem, read_cell
from casetrail.workbook.read import EditedSheet
from casetrail.workbook.workbook_layout import is_derived

CODES = {
    "workbook-column-missing": (
        "A column of the table is not on its sheet. Put it back under its heading, in row 1."
    ),
    "workbook-column-unknown": (
        "A column of a sheet is no column of the table. Give it back its heading, or delete the column."
    ),
    "workbook-column-moved": (
        "The columns of a sheet are in another order. "
        "Put them back in order, or accept it with `--accept moved`."
    ),
    "workbook-cells-merged": (
        "Cells of a sheet are merged, so that values are lost. Undo the merge and fill every cell."
    ),
    "workbook-row-hidden": (
        "Rows of a sheet are hidden, as by a filter, and were read all the same. "
        "Take the filter away to see what was read."
    ),
    "workbook-id-missing": (
        "A row of a sheet has no id. "
        "Give the row its id, or delete the row; what is new belongs on a sheet `new …`, where no id "
        "is asked."
    ),
    "workbook-id-twice": (
        "Two rows of a sheet have the same id. Give one of the two an id of its own, or delete it."
    ),
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it was edited: its number on the sheet and its cells, those that cannot be taken left out."""

    number: int
    cells: TextRow


@dataclass
class SheetReading:
    """What a sheet says: its rows by key, and the column on the sheet, from 1, of each column of the table.

    `complete` is false where rows may be missing, so that nothing may be concluded from their absence.
    """

    rows: dict[Key, SheetRow] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    complete: bool = True

    def over(self, base: Mapping[Key, TextRow]) -> dict[Key, TextRow]:
        """The rows of the table as the sheet has them: what could not be read is as it was."""
        rows: dict[Key, TextRow] = {key: {**base.get(key, {}), **row.cells} for key, row in self.rows.items()}
        return rows if self.complete else {**base, **rows}


class SheetReader:
    """Reads one sheet against the table that was written on it."""

    def __init__(
        self,
        sheet: EditedSheet,
        table: KeyedTable,
        fields: Mapping[str, FieldDescriptor],
        builder: ReportBuilder,
        accepted: Accepted,
        path: str,
        withdrawn: WithdrawnPeople,
    ) -> None:
        self.withdrawn = withdrawn
        self._sheet = sheet
        self._table = table
        self._fields = fields
        self._builder = builder
        self._accepted = accepted
        self._path = path
        self.base = table.by_key()

    def read(self) -> SheetReading:
        """The rows of the sheet; what is wrong goes into the builder."""
        reading = SheetReading(columns=self._header())
        self._merged()
        if not set(self._table.key) <= reading.columns.keys():
            reading.complete = False
            return reading
        derived = {
            index
            for index, heading in enumerate(self._sheet.rows[0])
            if is_derived(_heading(heading), self._table.columns)
        }
        hidden = []
        for number, values in enumerate(self._sheet.rows[1:], start=2):
            if any(not _blank(value) for index, value in enumerate(values) if index not in derived):
                self._row(number, values, reading)
                hidden += [number] if number in self._sheet.form.hidden_rows else []
        if hidden:
            what = "the row is" if len(hidden) == 1 else f"{counted(len(hidden), 'row')}, this the first, are"
            reason = f"{what} hidden, as by a filter; read all the same"
            self.finding("workbook-row-hidden", reason, row=hidden[0], severity=Severity.WARNING)
        return reading

    def finding(
        self,
        code: str,
        reason: str,
        *,
        row: int | None = None,
        column: int | None = None,
        field: str | None = None,
        key: Key = (),
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report one finding; the message starts with the sheet and the cell, and names nobody withdrawn."""
        if self.withdrawn.text(reason) != reason:
            reason = "something is wrong with a cell whose text is not shown, for it names somebody withdrawn"
        value = None if value is None else self.withdrawn.text(value)
        where = f"sheet '{self._sheet.name}'"
        if row is not None:
            where += f", cell {cell_name(row, column)}" if column is not None else f", row {row}"
        label = ", ".join(key) or None
        place = Place(self._path, row, None, column, field, label, value, self._table.name)
        self._builder.add(Finding(code, f"{where}: {reason}", place, severity=severity, hint=hint))

    def cell_label(self, row: int, column: int) -> str:
        """`events!D5`: how `--accept` names a cell."""
        return f"{self._sheet.name}!{cell_name(row, column)}"

    def _header(self) -> dict[str, int]:
        headings = [_heading(value) for value in (self._sheet.rows[0] if self._sheet.rows else [])]
        positions: dict[str, int] = {}
        columns = self._table.columns
        for column, heading in enumerate(headings, start=1):
            if heading in columns and heading not in positions:
                positions[heading] = column
            elif is_derived(heading, columns):
                continue
            elif heading or any(not _blank(row[column - 1]) for row in self._sheet.rows[1:]):
                reason = (
                    f"the heading '{heading}' is there twice"
                    if heading in columns
                    else f"'{heading}' is no column"
                    if heading
                    else "there are cells below an empty heading"
                )
                hint = did_you_mean(heading, [name for name in columns if name not in headings])
                self.finding(
                    "workbook-column-unknown",
                    reason,
                    row=1,
                    column=column,
                    value=heading,
                    hint=hint or "delete the column, or give it back its heading",
                )
        missing = [name for name in columns if name not in positions]
        if missing:
            names = ", ".join(missing) if len(missing) < len(columns) else "all"
            hint = "put each back under its heading, in row 1"
            self.finding("workbook-column-missing", f"columns are missing: {names}", hint=hint)
        order = sorted(positions, key=positions.__getitem__)
        if order != [name for name in columns if name in positions] and not self._accepted.takes("moved"):
            hint = "put them back in order, or run again with --accept moved"
            self.finding(
                "workbook-column-moved", "the columns are in another order", row=1, column=1, hint=hint
            )
        return positions

    def _merged(self) -> None:
        for (row, column), (last_row, last_column) in self._sheet.form.merged:
            span = f"{cell_name(row, column)}:{cell_name(last_row, last_column)}"
            reason = f"the cells {span} are merged, so that all but the first are empty"
            hint = "undo the merge and fill the cells"
            self.finding("workbook-cells-merged", reason, row=row, column=column, hint=hint)

    def _row(self, number: int, values: list[Any], reading: SheetReading) -> None:
        form = self._sheet.form
        key_values = [_at(values, reading.columns[name]) for name in self._table.key]
        # Composed or not: an id that was written into the workbook is the one that is there.
        key = tuple(map(str, key_values))
        if key not in self.base:
            key = tuple(read_cell(value, None, None).text for value in key_values)
        if any(part == "" for part in key):
            hint, column = "give the row an id, or delete it", reading.columns[self._table.key[0]]
            self.finding("workbook-id-missing", "the row has no id", row=number, column=column, hint=hint)
            reading.complete = False
            return
        if key in reading.rows:
            reason = f"{', '.join(key)} is in row {reading.rows[key].number} already"
            hint, column = (
                "give one of the two rows an id of its own, or delete it",
                reading.columns[self._table.key[0]],
            )
            self.finding("workbook-id-twice", reason, row=number, column=column, key=key, hint=hint)
            return
        base = self.base.get(key)
        cells = {}
        for name, column in reading.columns.items():
            cell = read_cell(
                _at(values, column),
                None if base is None else base[name],
                self._fields.get(name),
                formula=(number, column) in form.formulas,
                error=(number, column) in form.errors,
            )
            problem = cell.problem
            if problem is None or self._takes(problem, key, number, column, name, cell.text):
                cells[name] = cell.text
        reading.rows[key] = SheetRow(number, cells)

    def _takes(self, problem: Problem, key: Key, row: int, column: int, field: str, text: str) -> bool:
        """Whether the cell is read as it is; unless that is accepted, its problem is reported.

        One that somebody may accept is read all the same, so that one run names what else would be wrong.
        """
        label = self.cell_label(row, column)
        hint = problem.hint
        if problem.acceptable:
            if self._accepted.takes("mangled", cell=label):
                return True
            hint += f", or take it as it is with --accept {shlex.quote(label)}"
        self.finding(
            problem.code,
            problem.reason,
            row=row,
            column=column,
            field=field,
            key=key,
            value=text,
            hint=hint,
            severity=problem.severity,
        )
        return problem.acceptable or problem.severity is not Severity.ERROR


def _at(values: list[Any], column: int) -> Any:
    return values[column - 1] if column <= len(values) else ""


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.strip() == "")


def _heading(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
