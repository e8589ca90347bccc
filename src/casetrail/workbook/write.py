"""Write a workbook: one sheet per table, every cell text, with what a contributor needs to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from casetrail.case.profile import tables_of
from casetrail.curate.keyed_table import KeyedTable
from casetrail.findings.error import CasetrailError
from casetrail.findings.visible import cut
from casetrail.package.package import Package
from casetrail.workbook.guide import GuideRow, guide_rows, note_of
from casetrail.workbook.links import Links
from casetrail.workbook.new_rows import new_row_headings, tables_of_new_rows
from casetrail.workbook.snapshot import Snapshot
from casetrail.workbook.workbook_layout import (
    DERIVED,
    GUIDE,
    MAX_CELL,
    MAX_ROWS,
    SNAPSHOT,
    TERMS,
    fields_of,
    sheet_names,
)

SPARE_ROWS = 500
"""Rows below the last record that have the drop-down lists already."""

_UNWRITABLE = re.compile("[\ufffe\uffff]")
_TEXT = 49
"""The built-in number format "Text" of Office Open XML."""

_FIXED = datetime(1980, 1, 1, tzinfo=UTC)
_A4 = 9
_LINE = 16
"""The height of a line of text, in points: where Calibri is not there, other letters are as high."""
_MAX_LINES = 6
_WIDEST = 38
_LABEL_WIDTH = 22
_MAX_LINKS = 65_000
"""Links that a sheet may have, of the 65,530 that the format allows."""
_MAX_LABEL = 80
_MAX_LIST = 255
"""Characters of a list that is not on a sheet."""


def workbook_bytes(package: Package) -> bytes:
    """The workbook of a package as the bytes of an `.xlsx` file; the same package gives the same bytes.

    Raises:
        CasetrailError: A table cannot be read without guessing, or no spreadsheet can hold it.
    """
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
    writer.new_rows()
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
        self._links = Links(package, snapshot.tables, self._names)
        cell = {"num_format": _TEXT, "valign": "top"}
        self._text = book.add_format({**cell, "text_wrap": True})
        self._key = book.add_format({**cell, "bg_color": "#F2F2F2"})
        self._link = book.add_format({**cell, "text_wrap": True, "font_color": "#1F5FA8", "underline": 1})
        self._derived = book.add_format(
            {**cell, "text_wrap": True, "bg_color": "#F2F2F2", "font_color": "#595959", "italic": True}
        )
        head = {**cell, "bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True}
        self._head = book.add_format(head)
        self._derived_head = book.add_format({**head, "italic": True, "font_color": "#595959"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._lists: dict[tuple[str, str], str] = {}
        # The sheets are made first, so that their order is one a reader expects.
        self._guide = book.add_worksheet(GUIDE)
        self._sheets = {table: book.add_worksheet(sheet) for table, sheet in self._names.items()}
        self._new = {
            name: book.add_worksheet(title)
            for name, title in tables_of_new_rows(tables_of(package)).items()
            if name in self._names
        }
        self._terms = book.add_worksheet(TERMS)
        self._hidden = book.add_worksheet(SNAPSHOT)

    def guide(self) -> None:
        """The explaining sheet."""
        sheet = self._guide
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        sheet.hide_gridlines(2)
        sheet.set_tab_color("#B58900")
        self._print(sheet, repeat=False)
        for index, row in enumerate(guide_rows(self._package, self._names)):
            self._guide_row(index, row)

    def _guide_row(self, index: int, row: GuideRow) -> None:
        if row.sheet:
            self._guide.write_url(index, 0, f"internal:'{row.sheet}'!A1", self._link, row.label)
        elif row.label:
            heading = index == 0 or not row.words
            self._guide.write_string(index, 0, row.label, self._title if heading else self._bold)
        if row.words:
            self._guide.set_row(index, _LINE * _lines(row.words, 100))
            self._guide.write_string(index, 1, row.words[:MAX_CELL], self._text)

    def terms(self) -> None:
        """The terms of every vocabulary, from which the drop-down lists are fed."""
        sheet = self._terms
        sheet.set_tab_color("#B58900")
        for column, (label, width) in enumerate(
            (("sheet", 18), ("column", 20), ("term", 26), ("meaning", 90))
        ):
            sheet.set_column(column, column, width, self._text)
            sheet.write_string(0, column, label, self._head)
        sheet.freeze_panes(1, 0)
        row = 1
        for table, sheet_name in self._names.items():
            for name in fields_of(self._package.resource(table)):
                terms = self._links.terms(table, name)
                for offset, (term, meaning) in enumerate(terms):
                    for column, text in enumerate((sheet_name, name, term, meaning)):
                        sheet.write_string(row + offset, column, text[:MAX_CELL], self._text)
                if terms:
                    self._lists[table, name] = f"='{TERMS}'!$C${row + 1}:$C${row + len(terms)}"
                row += len(terms)
        sheet.autofilter(0, 0, max(row - 1, 1), 3)
        self._print(sheet)

    def table(self, table: KeyedTable) -> None:
        """The sheet of one table."""
        sheet = self._sheets[table.name]
        sheet.set_tab_color(self._links.tab_colour(table.name))
        sheet.freeze_panes(1, len(table.key) if table.columns[: len(table.key)] == table.key else 0)
        at = self._headings(table)
        widths = [_width(table, column) for column in range(len(table.columns))]
        links = 0
        for index, row in enumerate(table.rows, start=1):
            lines = [_lines(text, width) for text, width in zip(row, widths, strict=True) if text]
            if max(lines, default=1) > 1:
                sheet.set_row(index, _LINE * min(max(lines), _MAX_LINES))
            cells = dict(zip(table.columns, row, strict=True))
            for name, text in cells.items():
                if not text:
                    continue
                column = at[name]
                style = self._key if name in table.key else self._text
                address = self._links.address(table.name, name, text)
                links += address is not None
                if address is None or links > _MAX_LINKS:
                    sheet.write_string(index, column, text, style)
                else:
                    sheet.write_url(index, column, address, self._link, text)
                if DERIVED + name in at:
                    label = cut(self._links.label(text), _MAX_LABEL)
                    sheet.write_string(index, column + 1, label, self._derived)
        if at:
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(at) - 1)
        self._print(sheet)

    def _headings(self, table: KeyedTable) -> Mapping[str, int]:
        """Write the headings with their notes and lists; the column on the sheet, from 0, of each."""
        sheet, resource = self._sheets[table.name], self._package.resource(table.name)
        fields = fields_of(resource)
        at: dict[str, int] = {}
        for index, name in enumerate(table.columns):
            column = at[name] = len(at)
            style = self._key if name in table.key else self._text
            sheet.set_column(column, column, _width(table, index), style)
            sheet.write_string(0, column, name, self._head)
            field = fields.get(name)
            if field is not None and resource.schema is not None:
                self._note(sheet, column, note_of(field, resource.schema))
                self._list(table.name, name, sheet, column, min(len(table.rows) + SPARE_ROWS, MAX_ROWS))
            if self._links.refers(table.name, name):
                at[DERIVED + name] = column + 1
                self._derived_column(table, column + 1, name)
        return at

    def _derived_column(self, table: KeyedTable, column: int, name: str) -> None:
        """A column that puts ids into words: nothing can be typed into it, and no merge reads it."""
        sheet = self._sheets[table.name]
        sheet.set_column(column, column, _LABEL_WIDTH, self._derived)
        sheet.write_string(0, column, DERIVED + name, self._derived_head)
        self._note(sheet, column, f"What the id in {name} is called. It follows from the id: change that.")
        rule = {
            "validate": "custom",
            "value": "=FALSE",
            "error_title": "This column follows from the id",
            "error_message": f"Change the id in the column {name}; what is written here is not read.",
        }
        sheet.data_validation(1, column, min(len(table.rows) + SPARE_ROWS, MAX_ROWS), column, rule)

    def new_rows(self) -> None:
        """The sheets for new rows, each with its claims beside it."""
        specs = tables_of(self._package)
        for name, sheet in self._new.items():
            sheet.set_tab_color("#D9822B")
            sheet.freeze_panes(1, 1)
            self._print(sheet)
            for column, (heading, (table, field_name)) in enumerate(new_row_headings(specs[name]).items()):
                schema = specs[table]
                field = schema.columns[field_name]
                sheet.set_column(column, column, max(len(heading) + 2, 16), self._text)
                claim = table != name
                sheet.write_string(0, column, heading, self._derived_head if claim else self._head)
                note = note_of(field, schema)
                if column == 0:
                    note = "Leave it empty: an id is made. Write one only if another new row refers to it."
                self._note(sheet, column, note)
                if claim and field_name == "field":
                    names = ",".join(specs[name].columns)
                    if len(names) <= _MAX_LIST:
                        sheet.data_validation(
                            1, column, SPARE_ROWS, column, {"validate": "list", "source": names.split(",")}
                        )
                else:
                    self._list(table, field_name, sheet, column, SPARE_ROWS)

    def _note(self, sheet: Any, column: int, note: str) -> None:
        sheet.write_comment(0, column, note[:MAX_CELL], {"width": 320, "height": 140, "author": ""})

    def _print(self, sheet: Any, *, repeat: bool = True) -> None:
        """How the sheet is printed: as wide as the page; a table across it, its headings on each page."""
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&L&A&R&P / &N")
        if repeat:
            sheet.set_default_row(_LINE)
            sheet.set_landscape()
            sheet.repeat_rows(0)
            sheet.hide_gridlines(0)

    def snapshot(self) -> None:
        """The hidden sheet: what was written."""
        for index, text in enumerate(self._snapshot.encode()):
            self._hidden.write_string(index, 0, text)
        self._hidden.very_hidden()

    def _list(self, table: str, name: str, sheet: Any, column: int, last: int) -> None:
        """The drop-down list of a column: its terms, or the ids of the table that it refers to."""
        if (source := self._lists.get((table, name))) is not None:
            rule = {
                "error_title": "Not one of the terms",
                "error_message": f"Choose a term from the list; the sheet '{TERMS}' says what each means.",
            }
        elif (source := self._links.ids(table, name, SPARE_ROWS)) is not None:
            rule = {
                # A new id may be written here before its own row is there.
                "error_type": "warning",
                "error_title": "No such id yet",
                "error_message": "There is no row with this id. Keep it only if you add the row.",
            }
        else:
            return
        rule |= {"validate": "list", "source": source}
        sheet.data_validation(1, column, last, column, rule)


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
    return max(len(table.columns[column]) + 2, min(longest + 2, _WIDEST))


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes in a column of this width."""
    # Letters are narrower than the digits by which a width is measured.
    return sum(1 + len(line) * 7 // (width * 8) for line in text.split("\n"))


def _created(package: Package) -> datetime:
    """The day that the descriptor gives: a file says when its content was made, not when it was written."""
    try:
        created = datetime.fromisoformat(package.descriptor.created or "")
    except ValueError:
        return _FIXED.replace(tzinfo=None)
    aware = created if created.tzinfo is not None else created.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None, microsecond=0)
