"""New rows: sheets on which a row and its claims are side by side, and no id has to be typed.

A row written there becomes a row of its table and rows of `evidence`, as `casetrail new` makes them. A
workbook that is merged twice does not add it twice: a row that came into the package since, with all that is
written on the sheet, is the one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from casetrail.case.case import Case
from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.curate.additions import EVIDENCE, Addition
from casetrail.curate.keyed_table import Key
from casetrail.curate.new_kind import NewRowKind, singular
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.batch import cell_name
from casetrail.workbook.accept import Accepted
from casetrail.workbook.mangled import read_cell
from casetrail.workbook.read import EditedSheet

CODES = {
    "workbook-row-refused": (
        "A row of the workbook is not one that its table can have. "
        "Fill or correct the cells that are named; a new row also needs a source that says it."
    ),
    "workbook-row-merged": (
        "A row of a sheet for new rows is in the package already. "
        "There is nothing to mend: it is not added again."
    ),
}

CLAIMS = 2
"""Claims that a new row can have beside it; more are written on the sheet `evidence`."""

CLAIM_COLUMNS = ("source_id", "locator", "attributed_to", "field", "value")


def tables_of_new_rows(specs: Mapping[str, TableSpec]) -> dict[str, str]:
    """The name of the sheet for the new rows of each table that has one: what needs evidence, and sources."""
    return {name: f"new {name}" for name, spec in specs.items() if spec.evidenced or name == "sources"}


def new_row_headings(spec: TableSpec) -> dict[str, tuple[str, str]]:
    """The headings of the sheet, each with the table and the column whose cells are below it."""
    headings = {name: (spec.name, name) for name in spec.columns}
    if spec.evidenced:
        for number in range(1, CLAIMS + 1):
            headings |= {f"claim {number} {name}": (EVIDENCE, name) for name in CLAIM_COLUMNS}
    return headings


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """Where a row is written: its sheet, its number there, and the number of the column of each cell."""

    sheet: str
    number: int
    columns: Mapping[str, int]


class NewRows:
    """Reads the sheets for new rows; what they add is in `addition`, and where it is written in `places`.

    What is wrong with a row is for validation to say; the cells of which something is said here already are
    in `reported`, by table, id and column.
    """

    def __init__(self, case: Case, builder: ReportBuilder, accepted: Accepted, path: str) -> None:
        self.addition = Addition(case)
        self.places: dict[tuple[str, str], WrittenRow] = {}
        self.reported: set[tuple[str, str, str]] = set()
        self._case = case
        self._builder = builder
        self._accepted = accepted
        self._path = path

    def read(self, spec: TableSpec, sheet: EditedSheet, base: Collection[Key]) -> None:
        """Take in the rows of a sheet; `base` are the ids that its table had when it was written."""
        columns = self._header(spec, sheet)
        for number, values in enumerate(sheet.rows[1:], start=2):
            cells, strange = self._cells(sheet, number, values, columns)
            if cells:
                at = {heading: column for column, (heading, _) in columns.items()}
                self._row(spec, sheet, number, cells, base, at, strange)

    def _header(self, spec: TableSpec, sheet: EditedSheet) -> dict[int, tuple[str, FieldSpec]]:
        known = new_row_headings(spec)
        columns = {}
        for column, value in enumerate(sheet.rows[0] if sheet.rows else (), start=1):
            heading = str(value)
            if heading in known:
                table, name = known[heading]
                columns[column] = (heading, self._case.specs[table].columns[name])
            elif any(row[column - 1 : column] not in ([], [""], [None]) for row in sheet.rows[1:]):
                hint = did_you_mean(heading, known) or "delete the column, or give it back its heading"
                self._add("workbook-column-unknown", sheet, 1, column, f"'{heading}' is no column", hint)
        return columns

    def _cells(
        self, sheet: EditedSheet, number: int, values: list[Any], columns: Mapping[int, tuple[str, FieldSpec]]
    ) -> tuple[dict[str, str], set[str]]:
        """The filled cells of a row by their headings, and those of which it was said what is wrong."""
        cells, strange = {}, set()
        for column, (heading, field) in columns.items():
            value = values[column - 1] if column <= len(values) else ""
            at = (number, column)
            cell = read_cell(
                value, None, field, formula=at in sheet.form.formulas, error=at in sheet.form.errors
            )
            problem = cell.problem
            label = f"{sheet.name}!{cell_name(number, column)}"
            if problem is not None and not (
                problem.acceptable and self._accepted.takes("mangled", cell=label)
            ):
                hint = problem.hint + (f", or take it with --accept '{label}'" if problem.acceptable else "")
                self._add(problem.code, sheet, number, column, problem.reason, hint)
                strange.add(heading)
            if cell.text.strip() or heading in strange:
                cells[heading] = cell.text
        return cells, strange

    def _row(
        self,
        spec: TableSpec,
        sheet: EditedSheet,
        number: int,
        cells: dict[str, str],
        base: Collection[Key],
        at: Mapping[str, int],
        strange: set[str],
    ) -> None:
        own = {name: text for name, text in cells.items() if name in spec.columns}
        for key, row in self._case[spec.name].items():
            if (key,) not in base and all(row[name] == text for name, text in own.items()):
                reason = f"{key} is in the package already, and is not added again"
                self._add("workbook-row-merged", sheet, number, None, reason, None, Severity.NOTE)
                return
        claims = {}
        for claim in range(1, CLAIMS + 1):
            filled = {name: text for name in CLAIM_COLUMNS if (text := cells.get(f"claim {claim} {name}"))}
            if filled:
                claims[claim] = filled
        unsaid = spec.evidenced and all(claim.get("field") for claim in claims.values())
        if unsaid:
            reason = "it does not say who says so: fill 'claim 1 source_id' and 'claim 1 locator'"
            self._add("workbook-row-refused", sheet, number, None, reason, None)
        entry: dict[str, Any] = {**own, **({EVIDENCE: list(claims.values())} if spec.evidenced else {})}
        before = {(table, key) for table, rows in self.addition.rows.items() for key in rows}
        problems = len(self.addition.problems)
        self.addition.add(NewRowKind(singular(spec), spec), entry)
        for problem in self.addition.problems[problems:]:
            if not problem.key:
                self._add("workbook-row-refused", sheet, number, at.get(spec.key), problem.reason, None)
        for table, rows in self.addition.rows.items():
            for key in rows.keys() - {known for name, known in before if name == table}:
                if table == EVIDENCE != spec.name:
                    claim = next(
                        (claim for claim, cells in claims.items() if cells.items() <= rows[key].items()), 1
                    )
                    columns = {
                        name: at[heading]
                        for name in CLAIM_COLUMNS
                        if (heading := f"claim {claim} {name}") in at
                    }
                else:
                    columns = {name: column for name, column in at.items() if name in spec.columns}
                    self.reported |= {(table, key, name) for name in strange}
                    self.reported |= {(table, key, spec.key)} if unsaid else set()
                self.places[table, key] = WrittenRow(sheet.name, number, columns)

    def _add(
        self,
        code: str,
        sheet: EditedSheet,
        row: int,
        column: int | None,
        reason: str,
        hint: str | None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        where = f"row {row}" if column is None else f"cell {cell_name(row, column)}"
        place = Place(self._path, row, None, column)
        message = f"sheet '{sheet.name}', {where}: {reason}"
        self._builder.add(Finding(code, message, place, severity=severity, hint=hint))
