"""Codebook: what is in every table and column, for a person who reads; of any Data Package.

Everything comes from the descriptor, the table schemas (standard: `table-schema.mdx`) and the tables, with
what our own schemas say besides: `unit` and `origin` of a field, `origin` of a category, `rules` and
`dateOrders`.
`codebook_document` is the codebook as a value, the same for all its forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casetrail.checks.rule_descriptor import rules_of
from casetrail.describe.apa import apa
from casetrail.describe.citation import Citation, citation
from casetrail.describe.codebook_markdown import markdown
from casetrail.describe.column_counts import TableCounts, column_counts
from casetrail.describe.dataset import Dataset, TableFacts, custom, languages_of, tables_of
from casetrail.describe.field_description import describe_field, describe_type
from casetrail.findings.error import CasetrailError
from casetrail.languages.words import ENGLISH, chosen_language, message, say, unreviewed
from casetrail.package.package import Package
from casetrail.standard.descriptor import Descriptor
from casetrail.standard.model import DescriptorLocation
from casetrail.standard.schema import Category, FieldDescriptor

CODEBOOK = "docs/codebook.md"
"""Where a case has its codebook beside its data."""


def codebook(dataset: Dataset) -> str:
    """The text of `codebook.md`: the tables at a glance, then each with its columns, terms and rules."""
    return markdown(_document(dataset.descriptor, dataset.tables, dataset.counts, dataset.citation))


def codebook_document(package: Package) -> dict[str, Any]:
    """The codebook of a package, with what its tables hold; one that cannot be cited yet has one too."""
    counts = column_counts(package)
    tables = tables_of(package, {name: counted.rows for name, counted in counts.items()})
    try:
        cited = citation(package.descriptor)
    except CasetrailError:
        cited = None
    return _document(package.descriptor, tables, counts, cited)


def _document(
    descriptor: Descriptor,
    tables: tuple[TableFacts, ...],
    counts: Mapping[str, TableCounts],
    cited: Citation | None,
) -> dict[str, Any]:
    language = chosen_language()
    return {
        "language": language.code,
        "ownLanguage": languages_of(descriptor)[0],
        "translation": "" if language.is_reviewed else unreviewed(),
        "name": descriptor.name,
        "title": descriptor.title or descriptor.name or "package",
        "version": descriptor.version,
        "created": cited and cited.day.isoformat(),
        "citation": cited and apa(cited).strip(),
        "description": descriptor.description,
        "howToRead": list(_how_to_read(tables)),
        "tables": [_table(table, tables, counts.get(table.name)) for table in tables],
    }


def _how_to_read(tables: tuple[TableFacts, ...]) -> Iterator[str]:
    fields = [field for table in tables for field in table.schema.fields]
    if all(table.is_plain_csv for table in tables):
        yield say(
            "The files are CSV: UTF-8, one header line, cells parted by commas; a cell with a comma, a "
            "quotation mark or a line break is in quotation marks."
        )
    if all(table.schema.missing(field) == ("",) for table in tables for field in table.schema.fields):
        yield say("An empty cell means that there is no value. No other text does: `NA` is what it says.")
    if any(field.is_edtf for field in fields):
        yield say(
            "An *EDTF date* is a date as precise as it is known ([Extended Date/Time Format]"
            "(https://www.loc.gov/standards/datetime/)): `2025-11-13` a day, `2025-11` a month, `2025` "
            "a year; `2025-11~` about then, `2025-11?` uncertain; `2025-11-13/2025-11-14` lasted from one "
            "day to another; `[2025-11-13..2025-11-14]` one day between the two, `[..2026-01-23]` at the "
            "latest then. A date that is known in part is never completed."
        )
    yield say("*Required* columns are never empty. The primary key names a row and is unique in its table.")
    for table in tables:
        for field in table.schema.fields:
            if targets := _key_of(field):
                yield say(
                    "%(column)s holds the id of a row of %(tables)s; the first two letters of an id say of "
                    "which table it is.",
                    column=f"`{table.name}.{field.name}`",
                    tables=say(" or ").join(f"`{target}`" for target in targets),
                )
    evidence = next((table for table in tables if table.name == "evidence"), None)
    if evidence is not None and {"table", "row_id", "field", "locator"} <= set(evidence.schema.field_names):
        yield from map(say, _EVIDENCE)


_EVIDENCE = (
    message(
        "To find who says so, take the rows of `evidence` whose `row_id` is the id of your row; `table` names"
        " its table. Where `field` is filled the claim is for that cell, else for the row as a whole. An "
        "empty `value` means that the source says what the cell says. `source_id` leads to the page."
    ),
    message(
        "`locator` is the place in the source: paragraphs are counted from the first paragraph of the text; "
        "the headline, the lead and captions go by these names."
    ),
    message(
        "*Independent origins*: a claim counts for the party whose word it is (`attributed_to`), else for the"
        " passage from which it is taken (`origin_id`), else for whoever issued the text at the root of "
        "`derived_from` (`issued_by`), else for the newsroom of that text, else for the text. Claims of one "
        "origin count once, and a claim that only `repeats` another does not count: ten pages that print one "
        "agency report are one origin."
    ),
    message(
        "A cell is disputed where one of its rows in `evidence` has a `disagreement_id`. Read every version "
        "of that question before you use the cell."
    ),
)
"""How the tables of evidence are read, in any case."""


def _key_of(field: FieldDescriptor) -> list[str]:
    targets = custom(field, "keyOf")
    return [target for target in targets if isinstance(target, str)] if isinstance(targets, list) else []


def _table(table: TableFacts, tables: tuple[TableFacts, ...], counts: TableCounts | None) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": table.path,
        "rows": table.rows,
        "primaryKey": list(table.schema.primary_key),
        "uniqueKeys": [list(key) for key in table.schema.unique_keys],
        "referredToBy": [
            {"table": other.name, "columns": list(key.fields)}
            for other in tables
            for key in other.schema.foreign_keys
            if (key.reference.resource or other.name) == table.name
        ],
        "columns": [_column(field, table, counts) for field in table.schema.fields],
        "rules": list(_rules(table)),
    }


def _column(field: FieldDescriptor, table: TableFacts, counts: TableCounts | None) -> dict[str, Any]:
    reference = None
    for key in table.schema.foreign_keys:
        if field.name in key.fields:
            there = key.reference.fields[key.fields.index(field.name)]
            reference = {"table": key.reference.resource or table.name, "column": there}
    used = counts.terms.get(field.name) if counts else None
    origin = custom(field, "origin")
    return {
        "name": field.name,
        "type": describe_type(field),
        "required": table.schema.required(field),
        "description": describe_field(field) or field.title or "",
        "example": field.example,
        "origin": origin if isinstance(origin, str) else None,
        "missingValues": list(table.schema.missing(field)),
        "refersTo": reference,
        "keyOf": _key_of(field),
        "empty": counts.empty[field.name] if counts else None,
        "ordered": bool(field.categories_ordered),
        "terms": [
            _term(category, None if used is None else used[str(category.value)]) for category in field.terms
        ],
    }


def _term(category: Category, used: int | None) -> dict[str, Any]:
    narrows, origin = custom(category, "narrows"), custom(category, "origin")
    return {
        "value": category.value,
        "label": category.label,
        "description": category.description,
        "origin": origin if isinstance(origin, str) else None,
        "narrows": narrows if isinstance(narrows, str) else None,
        "rows": used,
    }


def _rules(table: TableFacts) -> Iterator[dict[str, str]]:
    rules, _ = rules_of(table.schema, DescriptorLocation(table.path))
    for rule in rules:
        # The words of a condition are made from its JSON, in English.
        words = rule.words if chosen_language() is ENGLISH else ""
        yield {"name": rule.name, "description": rule.description, "condition": words}
    orders = custom(table.schema, "dateOrders")
    for order in orders if isinstance(orders, list) else ():
        if isinstance(order, dict) and isinstance(order.get("name"), str):
            yield {"name": order["name"], "description": str(order.get("description") or ""), "condition": ""}
