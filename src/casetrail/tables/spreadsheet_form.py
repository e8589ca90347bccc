"""Spreadsheets are looked into before they are read: what is dangerous in one is refused.

A workbook is a stranger's file. Its XML is read with limits and without any declaration of its own, and no
formula, macro or link in it is followed. What values alone do not show (formulas, errors, hidden rows, merged
cells) is noted on the way.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from casetrail.findings.error import CasetrailError
from casetrail.standard.limits import (
    MAX_FORMULAS,
    MAX_WORKBOOK,
    MAX_WORKBOOK_CELLS,
    MAX_WORKBOOK_UNPACKED,
)

_MAX_BLANKS = 32_767
"""Characters that a cell of a spreadsheet holds."""

_TEXT_COUNT = re.compile(rb"""uniqueCount\s*=\s*["'][+0\s]*([0-9]*)""")
_FEW_TEXTS = 1_000_000

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
Cell = tuple[int, int]
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|Basic/[^/]+/|Scripts/[^/]+/)", re.IGNORECASE
)


@dataclass
class SheetForm:
    """What a sheet's values do not show. Rows and columns count from 1.

    `unvalued` are the formulas whose result no program has stored. `has_serial_dates` says whether dates are
    counted from a day about 1900 (Excel), and not written out.
    """

    formulas: set[Cell] = field(default_factory=set)
    unvalued: set[Cell] = field(default_factory=set)
    errors: set[Cell] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[Cell, Cell]] = field(default_factory=list)
    has_serial_dates: bool = True
    last_row: int = 0
    last_column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that the sheet has a cell here."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)


@dataclass(frozen=True)
class SafeWorkbook:
    """A workbook that may be read: its bytes and the form of each sheet, by the name of the sheet."""

    data: bytes
    sheets: dict[str, SheetForm]


def check_workbook(path: Path) -> SafeWorkbook:
    """Look into the workbook.

    Raises:
        CasetrailError: The workbook is not read, for the reason that is said in a sentence.
    """
    data = _read(path)
    return SafeWorkbook(data, sheet_forms(data, path))


def sheet_forms(data: bytes, path: Path | str) -> dict[str, SheetForm]:
    """Look into the bytes of the workbook at the path; the form of each sheet by its name.

    Raises:
        CasetrailError: The workbook is not read, for the reason that is said in a sentence.
    """
    if data.startswith(_OLD_OR_LOCKED):
        raise CasetrailError(_password(path))
    with _explained(path):
        archive = ZipFile(BytesIO(data))
        names = archive.namelist()
        _check_members(archive, path)
        if any(_MACROS.search(name) for name in names):
            raise CasetrailError(f"'{path}' contains macros; save it as .xlsx or .ods without them")
        if "xl/workbook.xml" in names:
            sheets = _Excel(archive).sheets()
        elif "content.xml" in names:
            if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
                raise CasetrailError(_password(path))
            sheets = _OpenDocument().sheets(archive.read("content.xml"))
        else:
            raise CasetrailError(f"'{path}' is neither .xlsx nor .ods; save it as one of the two")
    cells = 0
    for name, form in sheets.items():
        cells += form.last_row * form.last_column
        if cells > MAX_WORKBOOK_CELLS:
            raise CasetrailError(
                f"'{path}', sheet '{name}': it reaches row {form.last_row:,} and column "
                f"{form.last_column:,}, which is more than is read; delete the empty rows and columns"
            )
    return sheets


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_WORKBOOK:
            raise CasetrailError(f"'{path}' is larger than {MAX_WORKBOOK >> 20} MiB; no workbook needs that")
        data = path.read_bytes()
    except OSError as error:
        raise CasetrailError(f"'{path}' cannot be read ({(error.strerror or str(error)).lower()})") from None
    return data


def _password(path: Path | str) -> str:
    return (
        f"'{path}' is protected by a password, or is an old .xls; save it as .xlsx or .ods without a password"
    )


@contextmanager
def _explained(path: Path | str) -> Iterator[None]:
    """Whatever a broken archive or XML raises becomes one sentence."""
    try:
        yield
    except _Declared:
        raise CasetrailError(
            f"'{path}' declares entities of its own, as no spreadsheet program does; it is not read"
        ) from None
    except _TooMuchError as error:
        raise CasetrailError(f"'{path}' is not read: {error}") from None
    except CasetrailError:
        raise
    except (BadZipFile, zlib.error, expat.ExpatError, ValueError, LookupError, EOFError, OSError) as error:
        raise CasetrailError(f"'{path}' is damaged or no spreadsheet ({error}); save it again") from None
    except (NotImplementedError, RuntimeError) as error:
        raise CasetrailError(f"'{path}' cannot be unpacked ({error}); save it again") from None


def _check_members(archive: ZipFile, path: Path | str) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise CasetrailError(_password(path))
    if len(members) > 10_000 or sum(member.file_size for member in members) > MAX_WORKBOOK_UNPACKED:
        raise CasetrailError(
            f"'{path}' holds more than {MAX_WORKBOOK_UNPACKED >> 20} MiB when it is unpacked; "
            "no workbook needs that"
        )
    for member in members:
        if PurePosixPath(member.filename).suffix.lower() in (".xml", ".rels"):
            # Reading also holds the size against what the archive states.
            content = archive.read(member)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise _Declared
            # The library makes room for so many texts at once; where there is none, the process ends.
            most = max(len(content), _FEW_TEXTS)
            if any(len(count) > 18 or int(count) > most for count in _TEXT_COUNT.findall(content)):
                raise _TooMuchError("it says that it has more texts than could be in it")


def _member(archive: ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


class _TooMuchError(Exception):
    """Something in the workbook is beyond the limits."""


class _Declared(Exception):
    """The XML declares a document type."""


Start = Callable[[str, dict[str, str]], None]


def _parse(
    content: bytes,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML, giving local names only; a document type declaration is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise _Declared

    def begin(name: str, attributes: dict[str, str]) -> None:
        if " " in "".join(attributes):
            attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(name.rpartition(" ")[2], attributes)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(content, True)


class _Excel:
    """The sheets of an `.xlsx` file (Office Open XML)."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def sheets(self) -> dict[str, SheetForm]:
        """The form of each sheet."""
        named: dict[str, str] = {}
        targets: dict[str, str] = {}

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                named[attributes["name"]] = attributes.get("id", "")

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                targets[attributes["Id"]] = attributes["Target"]

        _parse(self._archive.read("xl/workbook.xml"), sheet)
        _parse(self._archive.read("xl/_rels/workbook.xml.rels"), relation)
        forms = {}
        for name, relation_id in named.items():
            target = targets.get(relation_id, "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            forms[name] = self._sheet(self._archive.read(member))
        return forms

    def _sheet(self, content: bytes) -> SheetForm:
        form = SheetForm()
        row = column = 0
        kind, element, has_value = "", "", False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, kind, element, has_value
            element = name
            if name == "row":
                row, column = int(attributes.get("r", row + 1)), 0
                if attributes.get("hidden") in ("1", "true"):
                    form.hidden_rows.add(row)
            elif name == "c":
                column += 1
                if "r" in attributes:
                    row, column = _cell(attributes["r"])
                form.reach(row, column)
                kind, has_value = attributes.get("t", "n"), False
                if kind == "e":
                    form.errors.add((row, column))
            elif name == "f":
                first, last = (
                    _range(attributes["ref"]) if "ref" in attributes else ((row, column), (row, column))
                )
                if attributes.get("t") != "array":
                    first = last = (row, column)
                filled = (last[0] - first[0] + 1) * (last[1] - first[1] + 1)
                if len(form.formulas) + filled > MAX_FORMULAS:
                    raise _TooMuchError(f"formulas fill more than {MAX_FORMULAS:,} cells of a sheet")
                form.formulas |= {
                    (r, c) for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1)
                }
            elif name == "mergeCell":
                form.merged.append(_range(attributes["ref"]))

        def text(part: str) -> None:
            nonlocal has_value
            has_value = has_value or (element == "v" and not part.isspace())

        def end(name: str) -> None:
            nonlocal element
            element = ""
            # A text may be the empty one; a number, truth value or date may not.
            if name == "c" and not has_value and kind != "str" and (row, column) in form.formulas:
                form.unvalued.add((row, column))

        _parse(content, start, end, text)
        return form


def _cell(reference: str) -> Cell:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"'{reference[:20]}' is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _range(reference: str) -> tuple[Cell, Cell]:
    first, _, last = reference.partition(":")
    return _cell(first), _cell(last or first)


class _OpenDocument:
    """The sheets of an `.ods` file (OpenDocument), in which runs of equal cells and rows are written once."""

    def __init__(self) -> None:
        self._forms: dict[str, SheetForm] = {}
        self._form: SheetForm | None = None
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._in_cell = False

    def sheets(self, content: bytes) -> dict[str, SheetForm]:
        """The form of each sheet."""
        _parse(content, self._start, self._end)
        return self._forms

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table" and "name" in attributes:
            self._form = self._forms.setdefault(attributes["name"], SheetForm(has_serial_dates=False))
            self._row, self._rows = 0, 1
        elif self._form is None:
            return
        elif name == "table-row":
            self._row, self._rows = self._row + 1, int(attributes.get("number-rows-repeated", "1"))
            self._column = 0
            if attributes.get("visibility") in ("collapse", "filter"):
                # Of what is hidden below the last cell nobody asks.
                last = min(self._row + self._rows, MAX_WORKBOOK_CELLS)
                if len(self._form.hidden_rows) < MAX_WORKBOOK_CELLS:
                    self._form.hidden_rows |= set(range(self._row, last))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(self._form, attributes)
        elif self._in_cell:
            if name == "s" and int(attributes.get("c", "1")) > _MAX_BLANKS:
                raise _TooMuchError(f"a cell has more than {_MAX_BLANKS:,} blanks side by side")
            # Anything within a cell is content, though it may have no value of its own.
            self._reach(self._form)

    def _cell(self, form: SheetForm, attributes: dict[str, str]) -> None:
        self._column += 1
        self._columns = int(attributes.get("number-columns-repeated", "1"))
        self._in_cell = True
        if "value-type" in attributes or "formula" in attributes:
            self._reach(form)
        if "formula" in attributes:
            form.formulas.add((self._row, self._column))
            if "value-type" not in attributes:
                form.unvalued.add((self._row, self._column))
        if attributes.get("value-type") == "error":
            form.errors.add((self._row, self._column))
        rows, columns = (
            int(attributes.get("number-rows-spanned", "1")),
            int(attributes.get("number-columns-spanned", "1")),
        )
        if rows > 1 or columns > 1:
            last = (self._row + rows - 1, self._column + columns - 1)
            form.merged.append(((self._row, self._column), last))

    def _reach(self, form: SheetForm) -> None:
        form.reach(self._row + self._rows - 1, self._column + self._columns - 1)

    def _end(self, name: str) -> None:
        if name == "table":
            self._form = None
        elif name == "table-row":
            self._row += self._rows - 1
        elif name in ("table-cell", "covered-table-cell"):
            self._in_cell = False
            self._column += self._columns - 1
