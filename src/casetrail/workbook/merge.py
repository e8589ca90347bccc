"""Merge an edited workbook into its package: three-way, by key, cell by cell, and only if all is well.

For each cell there are three texts: the base, which the workbook was made from; the edited one; and the one
that stands in the package now. What one side changed is taken; what both changed otherwise is a conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from casetrail.curate.draft import new_errors
from casetrail.curate.format import row_order
from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.standard.dialect import CsvForm
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.csv_writer import composed, csv_bytes
from casetrail.workbook.accept import Accepted
from casetrail.workbook.layout import GUIDE, TERMS, SheetTable, cell_name, fields_of, sheet_tables
from casetrail.workbook.merge_table import TableMerge, Tally
from casetrail.workbook.read import Edited, EditedSheet, read_workbook
from casetrail.workbook.sheet import SheetReader, SheetReading

CODES = {
    "workbook-sheet-missing": "A sheet of the workbook is gone or has another name.",
    "workbook-sheet-unknown": "A sheet of the workbook belongs to no table.",
    "workbook-table-gone": "The package has no longer the table of a sheet that was edited.",
    "workbook-no-key": "A table without a primary key was edited; its rows cannot be told apart.",
}


@dataclass(frozen=True)
class Merged:
    """The outcome: what was found, and what was (or, with `written` false, would be) changed, by table."""

    findings: tuple[Finding, ...]
    added: Mapping[str, int]
    removed: Mapping[str, int]
    changed: Mapping[str, int]
    written: bool

    @property
    def refused(self) -> bool:
        """Whether something stands in the way of writing."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def same(self) -> bool:
        """Whether the workbook brings nothing that the package does not have."""
        return not (self.added or self.removed or self.changed)


def merge_workbook(package: Package, path: Path, *, accept: Iterable[str] = (), write: bool = True) -> Merged:
    """Bring an edited workbook back into the package.

    A workbook of another package or of a newer version is a `CasetrailError`; the data files are then
    untouched, as they are wherever a finding is an error.
    """
    root = folder_of(package.files, "workbook merge")
    edited = read_workbook(path)
    _check_origin(package, edited)
    accepted = Accepted(accept)
    merger = _Merger(package, edited, accepted)
    contents = merger.merge()
    accepted.check_used()
    blocked = merger.builder.severities[Severity.ERROR] > 0
    if contents and not blocked:
        for finding in new_errors(package, contents):
            merger.builder.add(merger.placed(finding))
        blocked = merger.builder.severities[Severity.ERROR] > 0
    if write and contents and not blocked:
        write_files(root, contents)
    return Merged(
        merger.builder.findings,
        merger.tally.added,
        merger.tally.removed,
        merger.tally.changed,
        write and bool(contents) and not blocked,
    )


def _check_origin(package: Package, edited: Edited) -> None:
    base = edited.base
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
    def __init__(self, package: Package, edited: Edited, accepted: Accepted) -> None:
        self.builder = ReportBuilder()
        self.tally = Tally()
        self._package = package
        self._edited = edited
        self._accepted = accepted
        self._path = edited.path.name
        self._readings: dict[str, SheetReading] = {}

    def merge(self) -> dict[str, bytes]:
        """The new contents of the tables that change, by path."""
        current = {table.name: table for table in sheet_tables(self._package)}
        known = {table.sheet for table in self._edited.base.tables} | {GUIDE, TERMS}
        strangers = [name for name in self._edited.sheets if name not in known]
        contents = {}
        for base in self._edited.base.tables:
            sheet = self._edited.sheets.get(base.sheet)
            if sheet is None:
                self._sheet_missing(base, strangers)
            elif base.name not in current:
                self._table_gone(base, sheet)
            elif not base.key or current[base.name].key != base.key:
                self._no_key(base, sheet)
            else:
                reader = self._reader(base, sheet)
                reading = self._readings[base.name] = reader.read()
                merge = TableMerge(base, current[base.name], reader, self._accepted, self.tally)
                rows = merge.merge(reading)
                if rows is not None:
                    contents[self._package.resource(base.name).path] = self._csv(current[base.name], rows)
        for name in strangers:
            message = f"sheet '{name}' belongs to no table and was not read"
            self.builder.add(
                Finding("workbook-sheet-unknown", message, Place(path=self._path), severity=Severity.WARNING)
            )
        return contents

    def _reader(self, base: SheetTable, sheet: EditedSheet) -> SheetReader:
        fields = fields_of(self._package.resource(base.name))
        return SheetReader(sheet, base, fields, self.builder, self._accepted, self._path)

    def placed(self, finding: Finding) -> Finding:
        """A finding of validation, put where its cell stands in the workbook."""
        reading = self._readings.get(finding.table or "")
        row = reading.rows.get((finding.key or "",)) if reading is not None else None
        if reading is None or row is None:
            return finding
        base = next(table for table in self._edited.base.tables if table.name == finding.table)
        place = reading.places.get(finding.field or "")
        cell = f"row {row.number}" if place is None else f"cell {cell_name(row.number, place)}"
        message = f"sheet '{base.sheet}', {cell}: {finding.message}"
        where = replace(finding.place, path=self._path, row=row.number, line=None, column=place)
        return replace(finding, message=message, place=where, related=None)

    def _csv(self, table: SheetTable, rows: Iterable[Mapping[str, str]]) -> bytes:
        resource = self._package.resource(table.name)
        lines = [tuple(composed(row[name]) for name in table.columns) for row in rows]
        if resource.schema is not None and resource.schema.primary_key:
            lines.sort(key=row_order(resource.schema, table.columns))
        return csv_bytes(table.columns, lines, CsvForm.of(resource.dialect))

    def _sheet_missing(self, base: SheetTable, strangers: list[str]) -> None:
        hint = did_you_mean(base.sheet, strangers)
        alike = [name for name in strangers if self._same_header(base, name)]
        if alike:
            hint = f"give the sheet '{alike[0]}' its name '{base.sheet}' back"
        message = f"the sheet '{base.sheet}' is missing"
        self.builder.add(
            Finding("workbook-sheet-missing", message, Place(table=base.name, path=self._path), hint=hint)
        )

    def _same_header(self, base: SheetTable, name: str) -> bool:
        rows = self._edited.sheets[name].rows
        return bool(rows) and tuple(rows[0][: len(base.columns)]) == base.columns

    def _table_gone(self, base: SheetTable, sheet: EditedSheet) -> None:
        if self._was_edited(base, sheet):
            message = f"sheet '{base.sheet}' was edited, but the package has no table '{base.name}' any more"
            self.builder.add(Finding("workbook-table-gone", message, Place(path=self._path)))

    def _no_key(self, base: SheetTable, sheet: EditedSheet) -> None:
        if self._was_edited(base, sheet):
            message = f"sheet '{base.sheet}' was edited, but its rows have no id by which to tell them apart"
            hint = "edit the file of this table itself, or give the table a primary key"
            self.builder.add(
                Finding("workbook-no-key", message, Place(table=base.name, path=self._path), hint=hint)
            )

    def _was_edited(self, base: SheetTable, sheet: EditedSheet) -> bool:
        """Whether the rows are others than were written; a row of empty cells leaves no trace."""
        width = len(base.columns)
        rows = (tuple(map(str, (*row, *[""] * width)[:width])) for row in sheet.rows[1:])
        return Counter(filter(any, rows)) != Counter(filter(any, base.rows))
