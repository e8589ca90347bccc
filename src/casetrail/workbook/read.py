"""Read an edited workbook, `.xlsx` or `.ods`: its snapshot, and each sheet as values with their form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.tables.spreadsheet_form import SheetForm, check_workbook
from casetrail.workbook.snapshot import Snapshot
from casetrail.workbook.workbook_layout import SNAPSHOT, is_derived


@dataclass(frozen=True)
class EditedSheet:
    """A sheet as it was saved: the values of its cells by row, the first row being the heading."""

    name: str
    rows: list[list[Any]]
    form: SheetForm

    def without_derived(self, columns: Collection[str]) -> list[list[Any]]:
        """The rows without the columns that only put the ids in these columns into words."""
        headings = self.rows[0] if self.rows else []
        kept = [index for index, heading in enumerate(headings) if not is_derived(str(heading), columns)]
        return [[row[index] for index in kept if index < len(row)] for row in self.rows]


@dataclass(frozen=True)
class EditedWorkbook:
    """An edited workbook: where it is, what it was made from, and its sheets but that of the snapshot."""

    path: Path
    snapshot: Snapshot
    sheets: dict[str, EditedSheet]


def read_workbook(path: Path) -> EditedWorkbook:
    """Read the workbook.

    Raises:
        CasetrailError: It cannot be read, for the reason that is said in a sentence.
    """
    safe = check_workbook(path)
    values = _values(path, safe.data)
    hidden = values.pop(SNAPSHOT, [])
    snapshot = Snapshot.decode([str(row[0]) for row in hidden if row], str(path))
    sheets = {
        name: EditedSheet(name, rows, safe.sheets.get(name, SheetForm())) for name, rows in values.items()
    }
    return EditedWorkbook(path, snapshot, sheets)


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
