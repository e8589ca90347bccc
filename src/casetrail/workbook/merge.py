"""Merge an edited workbook into its package: three-way, by key, cell by cell, and only if all is well.

For each cell there are three texts: the base, which the workbook was made from; the edited one; and the one
that is in the package now. What one side changed is taken; what both changed otherwise is a conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from casetrail.case.case import Case, TextRow
from casetrail.case.profile import tables_of
from casetrail.curate.draft import new_errors
from casetrail.curate.format import canonical_bytes
from casetrail.curate.keyed_table import KeyedTable, keyed_tables
from casetrail.curate.row_changes import RowChange, compare_rows, merge_rows
from casetrail.curate.row_problems import RowJudge
from casetrail.curate.withdrawn import WithdrawnPeople, withdrawn_people
from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.batch import cell_name
from casetrail.tables.csv_writer import text_table
from casetrail.workbook.accept import Accepted
from casetrail.workbook.new_rows import NewRows, WrittenRow, tables_of_new_rows
from casetrail.workbook.questions import MergeQuestions
from casetrail.workbook.read import EditedSheet, EditedWorkbook, read_workbook
from casetrail.workbook.sheet import SheetReader, SheetReading
from casetrail.workbook.workbook_layout import GUIDE, TERMS, fields_of, sheet_names

CODES = {
    "workbook-sheet-missing": (
        "A sheet of the workbook is gone or has another name. "
        "Give the sheet its name back, or copy it from the workbook that was written."
    ),
    "workbook-sheet-unknown": (
        "A sheet of the workbook belongs to no table and is not read. "
        "Move what belongs into the package to the sheet of its table; a sheet for notes of your own "
        "may stay."
    ),
    "workbook-table-gone": (
        "The package no longer has the table of a sheet that was edited. "
        "Write a new workbook and make the edit in the table that holds such rows now."
    ),
    "workbook-no-key": (
        "A table without a primary key was edited, and its rows cannot be told apart. "
        "Edit the file of the table itself, or give the table a primary key."
    ),
}


@dataclass(frozen=True)
class MergeResult:
    """What a merge came to: the findings, and the row changes, which are made where `written` is true.

    The `changes` are exact; in those that are `published` no withdrawn person is named.
    """

    findings: tuple[Finding, ...]
    changes: tuple[RowChange, ...]
    published: tuple[RowChange, ...]
    written: bool

    @property
    def refused(self) -> bool:
        """Whether something prevents writing."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def same(self) -> bool:
        """Whether the workbook brings nothing that the package does not have."""
        return not self.changes


def merge_workbook(
    package: Package, path: Path, *, accept: Iterable[str] = (), write: bool = True
) -> MergeResult:
    """Bring an edited workbook back into the package; where a finding is an error, nothing is written.

    Raises:
        CasetrailError: The workbook cannot be read, is of another package or a newer version, or what is
            accepted names nothing that is in question. The data files are then untouched.
    """
    root = folder_of(package.files, "workbook merge")
    edited = read_workbook(path)
    _check_origin(package, edited)
    accepted = Accepted(accept)
    merger = _Merger(package, edited, accepted)
    contents = merger.merge()
    accepted.check_used()
    builder = merger.builder
    if contents:
        merger.judge(contents)
    written = write and bool(contents) and not builder.severities[Severity.ERROR]
    if written:
        write_files(root, contents, package.files)
    return MergeResult(builder.findings, tuple(merger.changes), tuple(merger.published), written)


def _check_origin(package: Package, edited: EditedWorkbook) -> None:
    base = edited.snapshot
    if base.package != package.name:
        raise CasetrailError(
            f"'{edited.path}' was made from the package '{base.package}', and this is '{package.name}'; give "
            "the package it belongs to"
        )
    there, here = _numbers(base.version), _numbers(package.version)
    if there is not None and here is not None and there > here:
        raise CasetrailError(
            f"'{edited.path}' was made from version {base.version}, and the package here is "
            f"{package.version}; update the package first"
        )


def _numbers(version: str | None) -> tuple[int, ...] | None:
    parts = (version or "").split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else None


class _Merger:
    def __init__(self, package: Package, edited: EditedWorkbook, accepted: Accepted) -> None:
        self.builder = ReportBuilder()
        self.changes: list[RowChange] = []
        self.published: list[RowChange] = []
        self._package = package
        self._edited = edited
        self._accepted = accepted
        self._path = edited.path.name
        self._names = sheet_names(table.name for table in edited.snapshot.tables)
        self._readings: dict[str, SheetReading] = {}
        self._specs = tables_of(package)
        self._new: NewRows | None = None
        self._withdrawn = WithdrawnPeople()
        self._after: dict[str, KeyedTable] = {}
        self._rows_with_a_change: list[tuple[RowChange, TextRow]] = []

    def merge(self) -> dict[str, bytes]:
        """The new contents of the tables that change, by path."""
        tables = keyed_tables(self._package)
        before = {table.name: table for table in self._edited.snapshot.tables}
        self._withdrawn = withdrawn_people(before, tables)
        self._read_new_rows()
        known = {*self._names.values(), *tables_of_new_rows(self._specs).values(), GUIDE, TERMS}
        strangers = [name for name in self._edited.sheets if name not in known]
        contents: dict[str, bytes] = {}
        for base in self._edited.snapshot.tables:
            sheet, ours = self._edited.sheets.get(self._names[base.name]), tables.get(base.name)
            if sheet is None:
                self._sheet_missing(base, strangers)
            elif ours is None:
                self._table_gone(base, sheet)
            elif not base.key or ours.key != base.key:
                self._no_key(base, sheet)
            elif changes := self._merge_table(base, sheet, ours, contents):
                self.changes += changes
        for name in strangers:
            message = f"sheet '{name}' belongs to no table and was not read"
            self._add("workbook-sheet-unknown", message, severity=Severity.WARNING)
        after = {**tables, **self._after}
        masks = (withdrawn_people(before, after), withdrawn_people(tables, after))
        self.published = [masks[1].masked(masks[0].masked(change)) for change in self.changes]
        return contents

    def _read_new_rows(self) -> None:
        bases = {table.name: table for table in self._edited.snapshot.tables}
        for name, title in tables_of_new_rows(self._specs).items():
            sheet = self._edited.sheets.get(title)
            if sheet is not None and name in bases and bases[name].key:
                if self._new is None:
                    case = Case.load(self._package, incomplete=True)
                    self._new = NewRows(case, self.builder, self._accepted, self._path)
                self._new.read(self._specs[name], sheet, bases[name].by_key().keys())

    def _merge_table(
        self, base: KeyedTable, sheet: EditedSheet, ours: KeyedTable, contents: dict[str, bytes]
    ) -> list[RowChange]:
        resource = self._package.resource(base.name)
        reader = SheetReader(
            sheet, base, fields_of(resource), self.builder, self._accepted, self._path, self._withdrawn
        )
        reading = self._readings[base.name] = reader.read()
        questions = MergeQuestions(reader, reading, self._accepted)
        before = ours.by_key()
        after = merge_rows(
            base.name, ours.columns, reader.base, before, reading.over(reader.base), questions.takes
        )
        if self._new is not None:
            for key, row in self._new.addition.rows.get(base.name, {}).items():
                after[(key,)] = {name: row.get(name, "") for name in ours.columns}
        changes = list(compare_rows(base.name, before, after))
        self._rows_with_a_change += [(change, after[change.key]) for change in changes if change.key in after]
        if changes:
            rows = [tuple(row[name] for name in ours.columns) for row in after.values()]
            self._after[base.name] = replace(ours, rows=rows)
            contents[resource.path] = canonical_bytes(resource, text_table(ours.columns, rows))
        return changes

    def judge(self, contents: Mapping[str, bytes]) -> None:
        """Report what would be wrong: by validation, then by the model of each row that has a change.

        What is reported of a cell already is not reported again for what follows from it.
        """
        reported: set[tuple[str | None, str | None, str | None]] = {
            (item.table, item.key, item.field) for item in self.builder.findings if item.field
        }
        reported |= self._new.reported if self._new is not None else set()
        placed: dict[tuple[str, str, str | None], Finding] = {}
        for finding in new_errors(self._package, contents):
            if (finding.table, finding.key, finding.field) not in reported:
                at = self._placed(finding)
                # One claim on a sheet for new rows makes several rows of evidence.
                placed.setdefault((at.code, at.message, at.key if at is finding else None), at)
        for finding in placed.values():
            self.builder.add(finding)
        refused = {(finding.table, finding.key) for finding in self.builder.findings}
        refused |= {(table, key) for table, key, _ in reported}
        judges: dict[str, RowJudge] = {}
        for change, row in self._rows_with_a_change:
            spec = self._specs.get(change.table)
            if spec is None or (change.table, change.key[0]) in refused:
                continue
            judge = judges[change.table] = judges.get(change.table) or RowJudge(spec)
            for problem in judge.problems(row):
                place = Place(table=change.table, key=change.key[0], field=problem.column or None)
                self.builder.add(self._placed(Finding("workbook-row-refused", problem.within_row, place)))

    def _placed(self, finding: Finding) -> Finding:
        """A finding of validation, put where its cell is in the workbook."""
        table, key = finding.table or "", finding.key or ""
        at = self._new.places.get((table, key)) if self._new is not None else None
        if at is None:
            reading = self._readings.get(table)
            row = reading.rows.get((key,)) if reading is not None else None
            if reading is None or row is None:
                return finding
            at = WrittenRow(self._names[table], row.number, reading.columns)
        column = at.columns.get(finding.field or "")
        cell = f"row {at.number}" if column is None else f"cell {cell_name(at.number, column)}"
        message = f"sheet '{at.sheet}', {cell}: {finding.message}"
        place = replace(finding.place, path=self._path, row=at.number, line=None, column=column)
        return replace(finding, message=message, place=place, related=None)

    def _add(
        self,
        code: str,
        message: str,
        table: str | None = None,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.builder.add(
            Finding(code, message, Place(table=table, path=self._path), severity=severity, hint=hint)
        )

    def _sheet_missing(self, base: KeyedTable, strangers: list[str]) -> None:
        sheet = self._names[base.name]
        hint = did_you_mean(sheet, strangers)
        alike = [name for name in strangers if self._same_header(base, name)]
        if alike:
            hint = f"give the sheet '{alike[0]}' its name '{sheet}' back"
        self._add("workbook-sheet-missing", f"the sheet '{sheet}' is missing", base.name, hint)

    def _same_header(self, base: KeyedTable, name: str) -> bool:
        rows = self._edited.sheets[name].without_derived(base.columns)
        return bool(rows) and tuple(rows[0][: len(base.columns)]) == base.columns

    def _table_gone(self, base: KeyedTable, sheet: EditedSheet) -> None:
        if _was_edited(base, sheet):
            reason = f"was edited, but the package has no table '{base.name}' any more"
            self._add("workbook-table-gone", f"sheet '{sheet.name}' {reason}")

    def _no_key(self, base: KeyedTable, sheet: EditedSheet) -> None:
        if _was_edited(base, sheet):
            reason = "was edited, but its rows have no id by which to tell them apart"
            hint = "edit the file of this table itself, or give the table a primary key"
            self._add("workbook-no-key", f"sheet '{sheet.name}' {reason}", base.name, hint)


def _was_edited(base: KeyedTable, sheet: EditedSheet) -> bool:
    """Whether the rows are others than were written; a row of empty cells leaves no trace."""
    width = len(base.columns)
    rows = (tuple(map(str, (*row, *[""] * width)[:width])) for row in sheet.without_derived(base.columns)[1:])
    return Counter(filter(any, rows)) != Counter(filter(any, base.rows))
