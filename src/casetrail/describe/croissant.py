"""croissant.json: the tables for machine-learning tools, in MLCommons' Croissant format, version 1.0."""

from __future__ import annotations

from typing import Any

from casetrail.describe.apa import apa
from casetrail.describe.dataset import Dataset, TableFacts, field_words
from casetrail.describe.json_text import json_text
from casetrail.describe.schema_org import agent_node
from casetrail.package.schema import FieldDescriptor

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives."""

_DATATYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def croissant(dataset: Dataset) -> str:
    """One file object per CSV, one record set per table.

    A column that may be empty is text where the format's readers have no empty number, date or truth value.
    """
    cited = dataset.citation
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": dataset.name,
        "alternateName": cited.title,
        "version": cited.version,
        "datePublished": cited.day.isoformat(),
        "creator": [agent_node(one) for one in cited.creators],
        "citeAs": apa(cited).strip(),
    }
    if cited.abstract:
        document["description"] = cited.abstract
    if cited.publisher is not None:
        document["publisher"] = agent_node(cited.publisher)
    licences = [address for one in cited.licences if (address := one.path or one.name)]
    if licences:
        document["license"] = licences[0] if len(licences) == 1 else licences
    if cited.keywords:
        document["keywords"] = list(cited.keywords)
    if cited.link:
        document["url"] = cited.link
    document["distribution"] = [_file(table, dataset) for table in dataset.tables]
    document["recordSet"] = [_records(table, dataset) for table in dataset.tables]
    return json_text(document)


def _file(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    facts = dataset.file(table.path)
    entry: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": table.path,
        "name": table.path,
        "contentUrl": table.path,
        "encodingFormat": facts.mediatype,
    }
    if facts.bytes is not None:
        entry["contentSize"] = f"{facts.bytes} B"
    if facts.sha256 is not None:
        entry["sha256"] = facts.sha256
    return entry


def _records(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    records: dict[str, Any] = {"@type": "cr:RecordSet", "@id": table.name, "name": table.name}
    if table.description:
        records["description"] = table.description
    if table.schema.primary_key:
        keys = [{"@id": f"{table.name}/{name}"} for name in table.schema.primary_key]
        records["key"] = keys[0] if len(keys) == 1 else keys
    records["field"] = [_field(field, table, dataset) for field in table.schema.fields]
    return records


def _field(field: FieldDescriptor, table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    required = table.schema.required(field)
    entry: dict[str, Any] = {"@type": "cr:Field", "@id": f"{table.name}/{field.name}", "name": field.name}
    words = field_words(field)
    if words:
        entry["description"] = words
    entry["dataType"] = _DATATYPES.get(field.type, "sc:Text") if required else "sc:Text"
    target = _target(field, table, dataset)
    if target is not None:
        entry["references"] = {"field": {"@id": target}}
    entry["source"] = {"fileObject": {"@id": table.path}, "extract": {"column": field.name}}
    return entry


def _target(field: FieldDescriptor, table: TableFacts, dataset: Dataset) -> str | None:
    for key in table.schema.foreign_keys:
        if key.fields == (field.name,) and len(key.reference.fields) == 1:
            name = key.reference.resource or table.name
            if dataset.table(name) is not None and name != table.name:
                return f"{name}/{key.reference.fields[0]}"
    return None
