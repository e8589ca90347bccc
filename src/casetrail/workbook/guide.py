"""What a workbook says to its reader: the explaining sheet and the notes at the headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from casetrail.package.package import Package
from casetrail.standard.schema import FieldDescriptor, TableSchema

_RULES = (
    ("Edit", "Change cells on the sheets of the tables, and save the file as .xlsx or .ods."),
    (
        "Add a row",
        "Write it below the last one. The first column is its id: small letters, digits and hyphens, with "
        "the beginning that the other ids of the sheet have, and never one that was used before.",
    ),
    (
        "Add it with its claims",
        "The orange sheets 'new …', where there are any, take a row and who says so side by side: leave the "
        "id empty, and write the source and the place in it under 'claim 1'. A second source is 'claim 2'. "
        "A claim for one cell names the column under 'field'.",
    ),
    ("Remove a row", "Delete the whole row, and say in the note with which you send the file why."),
    (
        "Choose",
        "Cells with an arrow take one of the listed terms or ids. The sheet 'terms' has the meanings.",
    ),
    ("Find", "The arrows in the headings filter and sort. An id in blue leads to its row."),
    (
        "Grey columns",
        "A column 'label of …' says what the id before it is called. It follows from the id: change that. "
        "What is written there is not read.",
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
    (
        "Send back",
        "Whoever keeps the data runs `casetrail workbook merge FILE --check`, which lists every problem and "
        "every cell that would change, and then `casetrail workbook merge FILE`.",
    ),
)

_EVIDENCE = (
    (
        "Every row needs one",
        "A row of the sheets with a blue tab says who says so: write at least one row in 'evidence' for it.",
    ),
    ("Where", "source_id is the page that was read, locator the place in it: paragraph 3, page 12, 4:10."),
    (
        "In whose voice",
        "certainty is stated where the source says it itself; alleged where it reports the word of somebody, "
        "whom attributed_to names, be it the police, a court or the accused; inferred where nobody says it "
        "and we conclude it: reason says how.",
    ),
    (
        "Sources differ",
        "Keep every version, each as a row of 'evidence' under one row of 'disagreements', with its value "
        "and rank. Do not choose by leaving one out.",
    ),
)

_EXAMPLE = (
    (
        "sources",
        "source_id so-gazette-20990131-hearing · kind news · publisher Gazette · title The hearing · "
        "url https://example.org/hearing · published 2099-01-31 · accessed 2099-02-01 · language en · "
        "read full",
    ),
    (
        "events",
        "event_id ev-20990131-hearing · kind hearing · title The court hears the first witness · "
        "date 2099-01-31 · status held",
    ),
    (
        "participations",
        "participation_id pt-20990131-hearing-court · event_id ev-20990131-hearing · party_id pa-court · "
        "role court",
    ),
    (
        "evidence",
        "evidence_id ec-20990131-hearing-gazette · table events · row_id ev-20990131-hearing · source_id "
        "so-gazette-20990131-hearing · locator paragraph 3 · certainty stated",
    ),
    (
        "evidence",
        "evidence_id ec-20990131-hearing-court-gazette · table participations · row_id "
        "pt-20990131-hearing-court · source_id so-gazette-20990131-hearing · locator paragraph 1 · "
        "certainty stated",
    ),
)


class GuideRow(NamedTuple):
    """A row of the explaining sheet; the label leads to the sheet, where there is one."""

    label: str
    words: str = ""
    sheet: str = ""


def guide_rows(package: Package, sheets: Mapping[str, str]) -> list[GuideRow]:
    """The explaining sheet: what the package is, how to edit it, the rule of evidence, and the sheets."""
    title = package.descriptor.title or package.name
    version = f"version {package.version}" if package.version else "no version"
    rows = [GuideRow(title), GuideRow(f"{package.name}, {version}")]
    if package.descriptor.description:
        rows.append(GuideRow("", package.descriptor.description))
    rows += [GuideRow(""), GuideRow("How to edit"), *(GuideRow(*rule) for rule in _RULES)]
    if package.case_profile is not None:
        rows += [GuideRow(""), GuideRow("The rule of evidence"), *(GuideRow(*rule) for rule in _EVIDENCE)]
        rows += [GuideRow(""), GuideRow("An example: a hearing, who was there, and who says so")]
        rows += [GuideRow(table, words, sheets.get(table, "")) for table, words in _EXAMPLE]
    rows += [GuideRow(""), GuideRow("Sheets")]
    for table, sheet in sheets.items():
        resource = package.resource(table)
        schema = resource.schema
        words = resource.descriptor.description or (schema.description if schema else None) or ""
        rows.append(GuideRow(sheet, words, sheet))
    return rows


def note_of(field: FieldDescriptor, schema: TableSchema) -> str:
    """The note at a heading: what the column means, whether it may be empty, an example."""
    lines = [field.description or field.title or field.name]
    lines.append("Must be filled." if schema.required(field) else "May be empty.")
    unit = field.extra.get("unit")
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
