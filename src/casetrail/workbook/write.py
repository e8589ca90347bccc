"""Write a workbook: one sheet per table, every cell text, with what a contributor needs to know."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from casetrail.curate.keyed_table import KeyedTable
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.standard.schema import FieldDescriptor
from casetrail.workbook.guide import guide_rows, note_of, terms_of
from casetrail.workbook.snapshot import Snapshot
from casetrail.workbook.workbook_layout import (
    GUIDE,
    MAX_CELL,
    MAX_ROWS,
    SNAPSHOT,
    TERMS,
    cell_name,
    fields_of,
    sheet_names,
)

SPARE_ROWS = 500
"""Rows below the last record that have the drop-down lists already."""

_UNWRITABLE = re.compile("[\ufffe\uffff]")
_TEXT = 49
"""The built-in number format "Text" of Office Open XML."""

_FIXED = datetime(1980, 1, 1, tzinfo=UTC)


def write_workbook(package: Package, destination: Path) -> None:
    """Write the workbook of a package to a file; the same package gives the same bytes.

    Raises:
        CasetrailError: A table cannot be read without guessing, or no spreadsheet can hold it.
    """
    destination.write_bytes(workbook_bytes(package))


def workbook_bytes(package: Package) -> bytes:
    """The workbook of a package as the bytes of an `.xlsx` file."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    snapshot = Snapshot.of(package)
    for table in snapshot.tables:
        _check(table)
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    book.set_properties(
        {
            "title": package.descriptor.title or package.name,
            "subject": f"{package.name} {package.version or ''}".strip(),
            "created": _created(package),
        }
    )
    writer = _Writer(package, snapshot, book)
    writer.guide()
    writer.terms()
    for table in snapshot.tables:
        writer.table(table)
    writer.snapshot()
    try:
        book.close()
    except XlsxWriterException as error:
        raise CasetrailError(f"the workbook cannot be written ({error})") from None
    return buffer.getvalue()


class _Writer:
    def __init__(self, package: Package, snapshot: Snapshot, book: Any) -> None:
        self._package = package
        self._snapshot = snapshot
        self._names = sheet_names(table.name for table in snapshot.tables)
        self._text = book.add_format({"num_format": _TEXT, "valign": "top", "text_wrap": True})
        self._key = book.add_format({"num_format": _TEXT, "valign": "top", "bg_color": "#F2F2F2"})
        self._head = book.add_format(
            {"bold": True, "num_format": _TEXT, "bg_color": "#D9E2EC", "border": 1, "valign": "top"}
        )
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._lists: dict[tuple[str, str], str] = {}
        # The sheets are made first, so that their order is one a reader expects.
        self._guide = book.add_worksheet(GUIDE)
        self._sheets = {table: book.add_worksheet(sheet) for table, sheet in self._names.items()}
        self._terms = book.add_worksheet(TERMS)
        self._hidden = book.add_worksheet(SNAPSHOT)

    def guide(self) -> None:
        """The explaining sheet."""
        self._guide.set_column(0, 0, 24)
        self._guide.set_column(1, 1, 100)
        self._guide.hide_gridlines(2)
        for index, (label, words) in enumerate(guide_rows(self._package, self._names)):
            if label:
                heading = index == 0 or not words
                self._guide.write_string(index, 0, label, self._title if heading else self._bold)
            if words:
                self._guide.write_string(index, 1, words[:MAX_CELL], self._text)

    def terms(self) -> None:
        """The terms of every vocabulary, from which the drop-down lists are fed."""
        sheet = self._terms
        for column, (label, width) in enumerate(
            (("sheet", 18), ("column", 20), ("term", 26), ("meaning", 90))
        ):
            sheet.set_column(column, column, width, self._text)
            sheet.write_string(0, column, label, self._head)
        sheet.freeze_panes(1, 0)
        row = 1
        for table, sheet_name in self._names.items():
            for name, field in fields_of(self._package.resource(table)).items():
                terms = terms_of(field)
                for offset, (term, meaning) in enumerate(terms):
                    for column, text in enumerate((sheet_name, name, term, meaning)):
                        sheet.write_string(row + offset, column, text[:MAX_CELL], self._text)
                if terms:
                    self._lists[table, name] = f"='{TERMS}'!$C${row + 1}:$C${row + len(terms)}"
                row += len(terms)

    def table(self, table: KeyedTable) -> None:
        """The sheet of one table."""
        sheet = self._sheets[table.name]
        resource = self._package.resource(table.name)
        fields = fields_of(resource)
        sheet.freeze_panes(1, len(table.key) if table.columns[: len(table.key)] == table.key else 0)
        for column, name in enumerate(table.columns):
            style = self._key if name in table.key else self._text
            sheet.set_column(column, column, _width(table, column), style)
            sheet.write_string(0, column, name, self._head)
            field = fields.get(name)
            if field is not None and resource.schema is not None:
                note = note_of(field, resource.schema)
                sheet.write_comment(0, column, note[:MAX_CELL], {"width": 320, "height": 140, "author": ""})
                self._list(table, column, field)
        for index, row in enumerate(table.rows, start=1):
            for column, text in enumerate(row):
                if text:
                    style = self._key if table.columns[column] in table.key else self._text
                    sheet.write_string(index, column, text, style)

    def snapshot(self) -> None:
        """The hidden sheet: what was written."""
        for index, text in enumerate(self._snapshot.encode()):
            self._hidden.write_string(index, 0, text)
        self._hidden.very_hidden()

    def _list(self, table: KeyedTable, column: int, field: FieldDescriptor) -> None:
        """The drop-down list of a column: its terms, or the ids of the table that it refers to."""
        last = min(len(table.rows) + SPARE_ROWS, MAX_ROWS)
        if (source := self._lists.get((table.name, field.name))) is not None:
            rule = {
                "error_title": "Not one of the terms",
                "error_message": f"Choose a term from the list; the sheet '{TERMS}' says what each means.",
            }
        elif (source := self._referred(table, field.name)) is not None:
            rule = {
                # A new id may be written here before its own row is there.
                "error_type": "warning",
                "error_title": "No such id yet",
                "error_message": "There is no row with this id. Keep it only if you add the row.",
            }
        else:
            return
        rule |= {"validate": "list", "source": source}
        self._sheets[table.name].data_validation(1, column, last, column, rule)

    def _referred(self, table: KeyedTable, name: str) -> str | None:
        schema = self._package.resource(table.name).schema
        for key in schema.foreign_keys if schema is not None else ():
            if key.fields == (name,):
                target = key.reference.resource or table.name
                other = next((table for table in self._snapshot.tables if table.name == target), None)
                if other is not None and key.reference.fields[0] in other.columns:
                    letter = cell_name(0, other.columns.index(key.reference.fields[0]) + 1)[:-1]
                    last = min(len(other.rows) + SPARE_ROWS, MAX_ROWS) + 1
                    return f"='{self._names[other.name]}'!${letter}$2:${letter}${last}"
        return None


def _check(table: KeyedTable) -> None:
    """Refuse what a spreadsheet would cut or change silently."""
    if len(table.rows) > MAX_ROWS:
        raise CasetrailError(
            f"the table '{table.name}' has {len(table.rows):,} rows, and a spreadsheet holds {MAX_ROWS:,}; "
            "use another export"
        )
    for number, row in enumerate(table.rows, start=2):
        for column, text in zip(table.columns, row, strict=True):
            place = f"the table '{table.name}', row {number}, column {column}"
            if len(text) > MAX_CELL:
                raise CasetrailError(
                    f"{place}: the cell has {len(text):,} characters, and a spreadsheet holds {MAX_CELL:,}; "
                    "shorten it or use another export"
                )
            if _UNWRITABLE.search(text):
                raise CasetrailError(
                    f"{place}: the cell holds U+FFFE or U+FFFF, which no spreadsheet can hold"
                )


def _width(table: KeyedTable, column: int) -> int:
    """The width of a column by its texts: never so wide that the next one is out of sight."""
    longest = max((len(row[column]) for row in table.rows[:2000]), default=0)
    return max(len(table.columns[column]) + 3, min(longest + 2, 48))


def _created(package: Package) -> datetime:
    """The day that the descriptor gives: a file says when its content was made, not when it was written."""
    try:
        created = datetime.fromisoformat(package.descriptor.created or "")
    except ValueError:
        return _FIXED.replace(tzinfo=None)
    aware = created if created.tzinfo is not None else created.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None, microsecond=0)
