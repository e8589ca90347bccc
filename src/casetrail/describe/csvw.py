"""csvw-metadata.json: the tables for readers of the W3C's "CSV on the Web"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casetrail.checks.rule_descriptor import rule_meanings
from casetrail.describe.dataset import Dataset, TableFacts
from casetrail.describe.field_description import describe_field
from casetrail.describe.json_document import json_document, stated
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.types.registry import class_of

_TIMES = {"%H:%M": "HH:mm", "%H:%M:%S": "HH:mm:ss", "%Y-%m-%d": "yyyy-MM-dd", "%d.%m.%Y": "dd.MM.yyyy"}


def csvw(dataset: Dataset) -> str:
    """The table group: columns with their types, keys and references; dates in EDTF are strings there."""
    cited = dataset.citation
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": cited.title,
        "dc:issued": cited.day.isoformat(),
        "dc:creator": [agent.name for agent in cited.creators],
        "dc:publisher": cited.publisher and cited.publisher.name,
        "dc:license": next((licence.path for licence in cited.licences if licence.path), None),
        "dc:description": cited.abstract,
        "dialect": {"header": True, "delimiter": ",", "encoding": "utf-8", "lineTerminators": ["\n"]},
    }
    return json_document(stated(document) | {"tables": [_table(table, dataset) for table in dataset.tables]})


def _table(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    schema = {
        "columns": [_column(field, table.schema) for field in table.schema.fields],
        "primaryKey": list(table.schema.primary_key),
        "foreignKeys": list(_references(table, dataset)),
    }
    return stated(
        {
            "url": table.path,
            "dc:title": table.title,
            "dc:description": table.description,
            "notes": [
                {"dc:title": name, "dc:description": meaning}
                for name, meaning in rule_meanings(table.schema).items()
            ],
            "tableSchema": stated(schema),
        }
    )


def _references(table: TableFacts, dataset: Dataset) -> Iterator[dict[str, Any]]:
    for key in table.schema.foreign_keys:
        target = table if key.reference.resource == "" else dataset.table(key.reference.resource)
        if target is not None:
            yield {
                "columnReference": list(key.fields),
                "reference": {"resource": target.path, "columnReference": list(key.reference.fields)},
            }


def _column(field: FieldDescriptor, schema: TableSchema) -> dict[str, Any]:
    missing = schema.missing(field)
    column = {
        "name": field.name,
        "titles": field.name,
        "dc:description": describe_field(field),
        "datatype": _datatype(field),
        "required": schema.required(field),
    }
    return stated(column) | ({} if missing == ("",) else {"null": list(missing)})


def _datatype(field: FieldDescriptor) -> Any:
    known = class_of(field)
    base = known.xsd
    facets: dict[str, Any] = {"base": base}
    if field.type in ("time", "date", "datetime") and field.format != "default":
        if field.format not in _TIMES:
            # A pattern that CSVW cannot write: the text itself is then the value.
            return "string"
        facets["format"] = _TIMES[field.format]
    if field.type == "boolean" and (field.true_values or field.false_values):
        true, false = field.true_values or ("true",), field.false_values or ("false",)
        if len(true) > 1 or len(false) > 1:
            # CSVW has room for one word each.
            return "string"
        facets["format"] = f"{true[0]}|{false[0]}"
    if field.type in ("integer", "number") and not known.is_plain(field):
        return "string"
    limits = field.constraints
    if field.type in ("integer", "number"):
        facets |= stated(
            {
                "minimum": limits.minimum,
                "maximum": limits.maximum,
                "minExclusive": limits.exclusive_minimum,
                "maxExclusive": limits.exclusive_maximum,
            }
        )
    return base if len(facets) == 1 else facets
