"""The first sheet is hidden."""

from pathlib import Path

from xlsxwriter import Workbook


def make(package: Path) -> None:
    with Workbook(str(package / "ships.xlsx")) as book:
        sheet = book.add_worksheet("Ships")
        sheet.write_row(0, 0, ["id", "length"])
        sheet.write_row(1, 0, ["s1", 12])
        sheet.hide()
        book.add_worksheet("Notes").activate()
