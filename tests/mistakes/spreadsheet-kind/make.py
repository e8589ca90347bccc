"""A number where the schema wants text."""

from pathlib import Path

from xlsxwriter import Workbook


def make(package: Path) -> None:
    with Workbook(str(package / "ships.xlsx")) as book:
        sheet = book.add_worksheet("Ships")
        sheet.write_row(0, 0, ["id", "length"])
        sheet.write_row(1, 0, [7, 12])
