"""A cell holds a formula."""

from pathlib import Path

from xlsxwriter import Workbook


def make(package: Path) -> None:
    with Workbook(str(package / "ships.xlsx")) as book:
        sheet = book.add_worksheet("Ships")
        sheet.write_row(0, 0, ["id", "length"])
        sheet.write(1, 0, "s1")
        sheet.write_formula(1, 1, "=6*2", None, 12)
