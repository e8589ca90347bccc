"""Read an edited workbook, `.xlsx` or `.ods`: its base, and each sheet as values with their form."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.workbook.base import Base, decode
from casetrail.workbook.inspect import SheetForm, inspect
from casetrail.workbook.layout import BASE


@dataclass(frozen=True)
class EditedSheet:
    """A sheet as it was saved: the values of its cells by row, the first row being the heading."""

    name: str
    rows: list[list[Any]]
    form: SheetForm


@dataclass(frozen=True)
class Edited:
    """An edited workbook: where it is, what it was made from, and its sheets but the record of the base."""

    path: Path
    base: Base
    sheets: dict[str, EditedSheet]


def read_workbook(path: Path) -> Edited:
    """Read the workbook; whatever cannot be read is a `CasetrailError` of one sentence."""
    inspected = inspect(path)
    values = _values(path, inspected.data)
    hidden = values.pop(BASE, [])
    base = decode([str(row[0]) for row in hidden if row], str(path))
    sheets = {
        name: EditedSheet(name, rows, inspected.sheets.get(name, SheetForm()))
        for name, rows in values.items()
    }
    return Edited(path, base, sheets)


def _values(path: Path, data: bytes) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except (MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:
        # A panic of the library is no Exception; to the reader it is a file that cannot be read.
        if isinstance(error, SystemExit | GeneratorExit):
            raise
        reason = str(error).split("\n")[0][:200]
        raise CasetrailError(f"'{path}' cannot be read as a spreadsheet ({reason}); save it again") from None
