"""codebook.md: what is in every table and column, for a person who reads; of any Data Package.

Everything comes from the descriptor and the table schemas (standard: `table-schema.mdx`), with what our own
schemas say besides: `unit` and `origin` of a field, `origin` of a category, `rules` and `dateOrders`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casetrail.checks.rule_descriptor import rules_of
from casetrail.describe.apa import apa
from casetrail.describe.dataset import Dataset, TableFacts, custom
from casetrail.describe.field_description import describe_field, describe_type
from casetrail.describe.markdown_text import cell, code, paragraph, table_rows
from casetrail.findings.sentences import counted
from casetrail.standard.model import DescriptorLocation
from casetrail.standard.schema import Category, FieldDescriptor


def codebook(dataset: Dataset) -> str:
    """The text of `codebook.md`: the tables at a glance, then each with its columns, terms and rules."""
    return "\n\n".join(_parts(dataset)) + "\n"


def _parts(dataset: Dataset) -> Iterator[str]:
    cited = dataset.citation
    yield f"# Codebook: {paragraph(cited.title)}"
    yield f"Version {cited.version} of {cited.day.isoformat()}. Cite as:"
    yield f"> {paragraph(apa(cited))}"
    if cited.abstract:
        yield paragraph(cited.abstract)
    yield "## The tables"
    yield table_rows(
        ("table", "rows", "a row is", "file"),
        (
            (
                f"[{cell(table.name)}](#{_anchor(table.name)})",
                _number(table.rows),
                cell(table.description),
                code(table.path),
            )
            for table in dataset.tables
        ),
    )
    yield "## How to read the tables"
    yield "\n".join(f"- {line}" for line in _legend(dataset))
    described: dict[Any, str] = {}
    for table in dataset.tables:
        yield from _table(table, dataset, described)


def _legend(dataset: Dataset) -> Iterator[str]:
    fields = [field for table in dataset.tables for field in table.schema.fields]
    yield (
        "The files are CSV: UTF-8, one header line, cells parted by commas; a cell with a comma, a quotation "
        "mark or a line break is in quotation marks."
    )
    if all(table.schema.missing(field) == ("",) for table in dataset.tables for field in table.schema.fields):
        yield "An empty cell means that there is no value. No other text does: `NA` is what it says."
    if any(field.is_edtf for field in fields):
        yield (
            "An *EDTF date* is a date as precise as it is known ([Extended Date/Time Format]"
            "(https://www.loc.gov/standards/datetime/)): `2025-11-13` a day, `2025-11` a month, `2025` "
            "a year; `2025-11~` about then, `2025-11?` uncertain; `2025-11-13/2025-11-14` lasted from one "
            "day to another; `[2025-11-13..2025-11-14]` one day between the two, `[..2026-01-23]` at the "
            "latest then. A date that is known in part is never completed."
        )
    yield "*Required* columns are never empty. The primary key names a row and is unique in its table."


def _table(table: TableFacts, dataset: Dataset, described: dict[Any, str]) -> Iterator[str]:
    yield f"## {table.name}"
    yield "\n".join(f"- {line}" for line in _facts(table, dataset))
    yield table_rows(
        ("column", "type", "required", "meaning", "example"),
        (
            (
                code(field.name),
                cell(describe_type(field)),
                "yes" if table.schema.required(field) else "",
                cell(_meaning(field, table, dataset)),
                "" if field.example is None else code(_example(field.example)),
            )
            for field in table.schema.fields
        ),
    )
    for field in table.schema.fields:
        yield from _terms(field, table, described)
    yield from _rules(table)


def _facts(table: TableFacts, dataset: Dataset) -> Iterator[str]:
    if table.description:
        yield f"A row is: {paragraph(table.description)}"
    rows = "" if table.rows is None else f", {counted(table.rows, 'row')}"
    yield f"File: {code(table.path)}{rows}"
    if table.schema.primary_key:
        yield f"Primary key: {_columns(table.schema.primary_key)}"
    for unique in table.schema.unique_keys:
        yield f"Unique together: {_columns(unique)}"
    referring = [
        f"[{cell(other.name)}](#{_anchor(other.name)}).{_columns(key.fields)}"
        for other in dataset.tables
        for key in other.schema.foreign_keys
        if (key.reference.resource or other.name) == table.name
    ]
    if referring:
        yield f"Pointed at by: {', '.join(referring)}"


def _meaning(field: FieldDescriptor, table: TableFacts, dataset: Dataset) -> str:
    parts = [describe_field(field) or field.title or ""]
    for key in table.schema.foreign_keys:
        if field.name in key.fields:
            target = key.reference.resource or table.name
            there = key.reference.fields[key.fields.index(field.name)]
            name = f"[{target}](#{_anchor(target)})" if dataset.table(target) else target
            parts.append(f"Points at {name}.`{there}`.")
    origin = custom(field, "origin")
    if isinstance(origin, str):
        parts.append(f"After: {origin}.")
    missing = table.schema.missing(field)
    if missing != ("",):
        parts.append(
            "No value: "
            + (", ".join(code(text) if text else "an empty cell" for text in missing) or "never")
            + "."
        )
    return " ".join(part for part in parts if part)


def _terms(field: FieldDescriptor, table: TableFacts, described: dict[Any, str]) -> Iterator[str]:
    categories = field.terms
    if not categories:
        return
    here = f"{table.name}.{field.name}"
    same = tuple((category.value, category.description) for category in categories)
    yield f"### Terms of `{here}`"
    if same in described:
        yield f"The same as [those of `{described[same]}`](#{_anchor('terms of ' + described[same])})."
        return
    described[same] = here
    if field.categories_ordered:
        yield "In their order, from the first to the last:"
    origins = [custom(category, "origin") for category in categories]
    labels = [
        category.label if category.label and not _says_the_same(category) else None for category in categories
    ]
    heads = [
        "term",
        *(["label"] if any(labels) else []),
        "definition",
        *(["taken from"] if any(origins) else []),
    ]
    yield table_rows(
        heads,
        (
            [
                code(str(category.value)),
                *([cell(label)] if any(labels) else []),
                cell(category.description),
                *([cell(origin)] if any(origins) else []),
            ]
            for category, label, origin in zip(categories, labels, origins, strict=True)
        ),
    )


def _rules(table: TableFacts) -> Iterator[str]:
    rules, _ = rules_of(table.schema, DescriptorLocation(table.path))
    lines = []
    for rule in rules:
        words = f"{rule.description} In the columns: {rule.words}."
        lines.append(f"- {code(rule.name)}: {paragraph(words)}")
    orders = custom(table.schema, "dateOrders")
    for order in orders if isinstance(orders, list) else ():
        if isinstance(order, dict) and isinstance(order.get("name"), str):
            lines.append(f"- {code(order['name'])}: {paragraph(str(order.get('description') or ''))}")
    if lines:
        yield f"### Rules of `{table.name}`"
        yield "\n".join(lines)


def _says_the_same(category: Category) -> bool:
    """Whether the label is the value over again, but for case, blanks and underscores."""
    value, label = str(category.value), category.label or ""
    return value.replace("_", " ").casefold() == label.replace("_", " ").casefold()


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(code(name) for name in names)


def _example(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _number(rows: int | None) -> str:
    return "" if rows is None else f"{rows:,}"


def _anchor(heading: str) -> str:
    """The anchor that GitHub, GitLab and Pandoc give to a heading."""
    kept = "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")
