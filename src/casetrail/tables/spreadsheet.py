"""A spreadsheet, opened after it was looked into: its sheets, their values, what the values do not show."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, TypeVar

from casetrail.findings.error import CasetrailError
from casetrail.standard.limits import MAX_WORKBOOK, read_within
from casetrail.tables.spreadsheet_form import SheetForm, sheet_forms

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

T = TypeVar("T")


class Spreadsheet:
    """A spreadsheet as it was saved.

    Raises:
        CasetrailError: It is not read, for the reason that is said in a sentence.
    """

    def __init__(self, file: IO[bytes], path: str) -> None:
        from python_calamine import CalamineWorkbook

        data = read_within(file, MAX_WORKBOOK)
        if len(data) > MAX_WORKBOOK:
            raise CasetrailError(
                f"'{path}' is larger than {MAX_WORKBOOK >> 20} MiB; no spreadsheet needs that"
            )
        self._path = path
        self._forms = sheet_forms(data, path)
        self._book: CalamineWorkbook = self._by_library(lambda: CalamineWorkbook.from_filelike(BytesIO(data)))

    @property
    def names(self) -> list[str]:
        """The names of its sheets, in their order."""
        return list(self._book.sheet_names)

    def is_hidden(self, name: str) -> bool:
        """Whether a sheet is hidden."""
        from python_calamine import SheetVisibleEnum

        return bool(self._book.sheets_metadata[self.names.index(name)].visible != SheetVisibleEnum.Visible)

    def form(self, name: str) -> SheetForm:
        """What the values of a sheet do not show."""
        return self._forms.get(name, SheetForm())

    def values(self, name: str) -> list[list[Any]]:
        """The values of a sheet from its first cell on, row by row; an empty cell is `""`.

        Raises:
            CasetrailError: They cannot be read.
        """
        return self._by_library(lambda: self._book.get_sheet_by_name(name).to_python(skip_empty_area=False))

    def _by_library(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except (MemoryError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a panic of the library in Rust is no Exception
            reason = str(error).split("\n")[0][:200]
            raise CasetrailError(f"'{self._path}' cannot be read ({reason}); save it again") from None
