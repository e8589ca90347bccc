"""A workbook as lists of rows, edited and saved as a spreadsheet program would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook


@dataclass(frozen=True)
class Formula:
    """A formula and the value that a program computed."""

    text: str
    value: str = ""


@dataclass
class Book:
    """The sheets of a workbook as lists of rows, to be edited and saved anew."""

    sheets: dict[str, list[list[Any]]]
    hidden_rows: dict[str, set[int]] = field(default_factory=dict)
    merged: list[tuple[str, str, str]] = field(default_factory=list)

    def cell(self, sheet: str, key: str, column: str, value: Any) -> None:
        """Set the cell of the row with this id."""
        rows = self.sheets[sheet]
        row = next(row for row in rows if row[0] == key)
        row[rows[0].index(column)] = value

    def delete(self, sheet: str, key: str) -> None:
        """Delete the row with this id."""
        self.sheets[sheet] = [row for row in self.sheets[sheet] if row[0] != key]

    def add(self, sheet: str, **cells: Any) -> None:
        """Add a row."""
        self.sheets[sheet].append([cells.get(name, "") for name in self.sheets[sheet][0]])

    def save(self, path: Path) -> Path:
        """Save as `.xlsx`."""
        book = Workbook(str(path))
        day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        for name, rows in self.sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                for column, value in enumerate(row):
                    match value:
                        case "":
                            pass
                        case str():
                            sheet.write_string(index, column, value)
                        case Formula():
                            sheet.write_formula(index, column, value.text, None, value.value)
                        case bool():
                            sheet.write_boolean(index, column, value)
                        case datetime() | date():
                            sheet.write_datetime(index, column, value, day)
                        case time():
                            sheet.write_datetime(index, column, value, clock)
                        case _:
                            sheet.write_number(index, column, value)
            for row in self.hidden_rows.get(name, ()):
                sheet.set_row(row - 1, None, None, {"hidden": True})
        for name, span, text in self.merged:
            book.get_worksheet_by_name(name).merge_range(span, text)
        book.close()
        return path


def load(path: Path) -> Book:
    with CalamineWorkbook.from_path(path) as book:
        return Book({n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names})
