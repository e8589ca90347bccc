"""The layout of a workbook: which sheet holds which table, and how cells are named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor

GUIDE = "read me"
TERMS = "terms"
SNAPSHOT = "casetrail"
"""The sheets that hold no table: the explanation, the terms, and the snapshot."""

DERIVED = "label of "
"""How the heading of a derived column begins; then comes the column of ids that it puts into words."""

MAX_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

MAX_CELL = 32_767
"""Characters that a cell can hold."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def sheet_names(tables: Iterable[str]) -> dict[str, str]:
    """The sheet of each table, by names that every spreadsheet program takes.

    They have 31 characters at most, some are forbidden in them, and no two are alike.
    """
    taken = {GUIDE, TERMS, SNAPSHOT, "history"}
    names = {}
    for table in tables:
        stem = _FORBIDDEN.sub("_", table)[:31] or "table"
        sheet, number = stem, 1
        while sheet.casefold() in taken:
            number += 1
            ending = f"~{number}"
            sheet = stem[: 31 - len(ending)] + ending
        taken.add(sheet.casefold())
        names[table] = sheet
    return names


def is_derived(heading: str, columns: Collection[str]) -> bool:
    """Whether a column of a sheet only puts the ids of another into words, so that no merge reads it."""
    return heading not in columns and heading.startswith(DERIVED) and heading[len(DERIVED) :] in columns


def fields_of(resource: Resource | None) -> Mapping[str, FieldDescriptor]:
    """The fields of a table by name; none where it has no schema."""
    if resource is None or resource.schema is None:
        return {}
    return {field.name: field for field in resource.schema.fields}
