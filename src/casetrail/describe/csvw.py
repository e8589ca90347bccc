"""csvw-metadata.json: the tables for readers of the W3C's "CSV on the Web"."""

from __future__ import annotations

from typing import Any

from casetrail.describe.dataset import Dataset, TableFacts, describe_field
from casetrail.describe.json_document import json_document
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.types.registry import class_of

_TIMES = {"%H:%M": "HH:mm", "%H:%M:%S": "HH:mm:ss", "%Y-%m-%d": "yyyy-MM-dd", "%d.%m.%Y": "dd.MM.yyyy"}


def csvw(dataset: Dataset) -> str:
    """The table group: columns with their types, keys and references; dates in EDTF are strings there."""
    cited = dataset.citation
    document: dict[str, Any] = {"@context": "http://www.w3.org/ns/csvw"}
    document |= {"dc:title": cited.title, "dc:issued": cited.day.isoformat()}
    document["dc:creator"] = [one.name for one in cited.creators]
    if cited.publisher is not None:
        document["dc:publisher"] = cited.publisher.name
    licence = next((one.path for one in cited.licences if one.path), None)
    if licence:
        document["dc:license"] = licence
    if cited.abstract:
        document["dc:description"] = cited.abstract
    document["dialect"] = {"header": True, "delimiter": ",", "encoding": "utf-8", "lineTerminators": ["\n"]}
    document["tables"] = [_table(table, dataset) for table in dataset.tables]
    return json_document(document)


def _table(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(field, table.schema) for field in table.schema.fields]}
    if table.schema.primary_key:
        schema["primaryKey"] = list(table.schema.primary_key)
    references = []
    for key in table.schema.foreign_keys:
        target = table if key.reference.resource == "" else dataset.table(key.reference.resource)
        if target is not None:
            references.append(
                {
                    "columnReference": list(key.fields),
                    "reference": {"resource": target.path, "columnReference": list(key.reference.fields)},
                }
            )
    if references:
        schema["foreignKeys"] = references
    entry: dict[str, Any] = {"url": table.path, "dc:title": table.title}
    if table.description:
        entry["dc:description"] = table.description
    return entry | {"tableSchema": schema}


def _column(field: FieldDescriptor, schema: TableSchema) -> dict[str, Any]:
    column: dict[str, Any] = {"name": field.name, "titles": field.name}
    words = describe_field(field)
    if words:
        column["dc:description"] = words
    column["datatype"] = _datatype(field)
    column["required"] = schema.required(field)
    missing = schema.missing(field)
    if missing != ("",):
        column["null"] = list(missing)
    return column


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
        for name, value in (
            ("minimum", limits.minimum),
            ("maximum", limits.maximum),
            ("minExclusive", limits.exclusive_minimum),
            ("maxExclusive", limits.exclusive_maximum),
        ):
            if value is not None:
                facets[name] = value
    return base if len(facets) == 1 else facets
