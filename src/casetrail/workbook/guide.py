"""What a workbook says to its reader: the explaining sheet and the notes at the headings."""

from __future__ import annotations

from collections.abc import Mapping

from casetrail.package.package import Package
from casetrail.standard.schema import FieldDescriptor, TableSchema

_RULES = (
    ("Edit", "Change cells on the sheets of the tables, and save the file as .xlsx or .ods."),
    (
        "Add a row",
        "Write it below the last one. The first column is its id: small letters, digits and hyphens, with "
        "the beginning that the other ids of the sheet have, and never one that was used before.",
    ),
    ("Remove a row", "Delete the whole row, and say in the note with which you send the file why."),
    (
        "Choose",
        "Cells with an arrow take one of the listed terms or ids. The sheet 'terms' has the meanings.",
    ),
    ("Text", "Every cell is text. A program that turns 007 into 7 or 1-2 into a date is noticed on merging."),
    ("Empty", "A cell is empty where nothing is known. Do not write NA, none, a dash or a question mark."),
    (
        "Dates",
        "Year-month-day: 2026-01-23, 2026-01 or 2026. Uncertain: 2026-01-23?. Approximate: 2026-01~. "
        "From, to: 2025-11-13/2025-11-14. One day within bounds: [2025-11-13..2025-11-14]. "
        "Never fill in a day that nobody said.",
    ),
    (
        "Leave",
        "Do not rename sheets or headings, move columns, merge cells, write formulas or remove the "
        "hidden sheet.",
    ),
    ("Send back", "Whoever keeps the data runs `casetrail workbook merge FILE` and sees each change."),
)


def guide_rows(package: Package, sheets: Mapping[str, str]) -> list[tuple[str, str]]:
    """The explaining sheet: a title, what the package is, how to edit, and the sheet of each table."""
    title = package.descriptor.title or package.name
    version = f"version {package.version}" if package.version else "no version"
    rows = [(title, ""), (f"{package.name}, {version}", "")]
    if package.descriptor.description:
        rows.append(("", package.descriptor.description))
    rows += [("", ""), ("How to edit", ""), *_RULES, ("", ""), ("Sheets", "")]
    for table, sheet in sheets.items():
        resource = package.resource(table)
        schema = resource.schema
        rows.append(
            (sheet, resource.descriptor.description or (schema.description if schema else None) or "")
        )
    return rows


def note_of(field: FieldDescriptor, schema: TableSchema) -> str:
    """The note at a heading: what the column means, whether it may be empty, an example."""
    lines = [field.description or field.title or field.name]
    lines.append("Must be filled." if schema.required(field) else "May be empty.")
    unit = (field.model_extra or {}).get("unit")
    if isinstance(unit, str):
        lines.append(f"Unit: {unit}.")
    if field.example is not None:
        lines.append(f"Example: {field.example}")
    for key in schema.foreign_keys:
        if key.fields == (field.name,):
            lines.append(f"An id of the sheet '{key.reference.resource or schema.name or 'this'}'.")
    if field.name in schema.primary_key:
        lines.append("The id of the row. It never changes.")
    return "\n".join(lines)


def terms_of(field: FieldDescriptor) -> list[tuple[str, str]]:
    """The terms that are allowed in a column, each with its definition; none where anything is."""
    meanings = {str(term.value): term.description or term.label or "" for term in field.categories or ()}
    enum = field.constraints.enum
    names = [str(term) for term in enum] if enum is not None else list(meanings)
    return [(name, meanings.get(name, "")) for name in names]
