"""The layout of a workbook: which sheet holds which table, and how cells are named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casetrail.curate.format import read_rows
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor

GUIDE = "read me"
TERMS = "terms"
BASE = "casetrail"
"""The sheets that hold no table: the explanation, the terms, and the record of the base."""

MAX_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

MAX_CELL = 32_767
"""Characters that a cell can hold."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class SheetTable:
    """One table as it stands on its sheet: the header in row 1, the first record in row 2."""

    name: str
    sheet: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def key_places(self) -> tuple[int, ...]:
        """Where the columns of the key stand, counted from 0."""
        return tuple(self.columns.index(name) for name in self.key)


def sheet_tables(package: Package) -> tuple[SheetTable, ...]:
    """Every table of the package with its sheet, in the order of the descriptor.

    A table that cannot be read without guessing is a `CasetrailError`.
    """
    names = _sheet_names([resource.name for resource in package.tables])
    tables = []
    for resource in package.tables:
        columns, rows = read_rows(resource, None)
        key = () if resource.schema is None else resource.schema.primary_key
        tables.append(SheetTable(resource.name, names[resource.name], columns, key, tuple(rows)))
    return tuple(tables)


def fields_of(resource: Resource | None) -> Mapping[str, FieldDescriptor]:
    """The fields of a table by name; none where it has no schema."""
    if resource is None or resource.schema is None:
        return {}
    return {field.name: field for field in resource.schema.fields}


def cell_name(row: int, column: int) -> str:
    """`B7`: the cell in this row and column, both counted from 1."""
    return f"{column_name(column)}{row}"


def column_name(column: int) -> str:
    """`A`, `Z`, `AA`: the letters of a column, counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet_names(names: Iterable[str]) -> dict[str, str]:
    """Names that every spreadsheet program takes: 31 characters, some forbidden, no two alike."""
    taken = {GUIDE, TERMS, BASE, "history"}
    found = {}
    for name in names:
        stem = _FORBIDDEN.sub("_", name)[:31] or "table"
        sheet, number = stem, 1
        while sheet.casefold() in taken:
            number += 1
            ending = f"~{number}"
            sheet = stem[: 31 - len(ending)] + ending
        taken.add(sheet.casefold())
        found[name] = sheet
    return found
