"""croissant.json: the tables for machine-learning tools, in MLCommons' Croissant format, version 1.0."""

from __future__ import annotations

from typing import Any

from casetrail.describe.apa import apa
from casetrail.describe.dataset import Dataset, TableFacts, describe_field
from casetrail.describe.json_document import json_document
from casetrail.describe.schema_org import agent_node
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.registry import class_of

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

_PARQUET = "application/x-parquet"
"""The media type by which the format's readers know Parquet; it is registered under another."""


def croissant(dataset: Dataset) -> str:
    """One file object and one record set per table.

    The files are the Parquet ones: readers of the format guess the types of a CSV, so that the article `007`
    would become 7 and `NA` nothing. A creator of whom the descriptor does not say whether it is a person or
    an organization is named in `citeAs` alone, for the format knows these two only. Foreign keys are left to
    the other descriptors: here a reference is a join, which would leave out every row whose reference is
    empty.
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
        "citeAs": apa(cited).strip(),
    }
    creators = [agent_node(one) for one in cited.creators if one.kind is not None]
    if creators:
        document["creator"] = creators
    if cited.abstract:
        document["description"] = cited.abstract
    if cited.publisher is not None and cited.publisher.kind is not None:
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
    return json_document(document)


def _file(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    facts = dataset.file(_path(table))
    entry: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": facts.path,
        "name": facts.path,
        "contentUrl": facts.path,
        "encodingFormat": _PARQUET,
    }
    if facts.bytes is not None:
        entry["contentSize"] = f"{facts.bytes} B"
    if facts.sha256 is not None:
        entry["sha256"] = facts.sha256
    return entry


def _path(table: TableFacts) -> str:
    return f"parquet/{table.name}.parquet"


def _records(table: TableFacts, dataset: Dataset) -> dict[str, Any]:
    records: dict[str, Any] = {"@type": "cr:RecordSet", "@id": table.name, "name": table.name}
    if table.description:
        records["description"] = table.description
    if table.schema.primary_key:
        keys = [{"@id": f"{table.name}/{name}"} for name in table.schema.primary_key]
        records["key"] = keys[0] if len(keys) == 1 else keys
    records["field"] = [_field(field, table) for field in table.schema.fields]
    return records


def _field(field: FieldDescriptor, table: TableFacts) -> dict[str, Any]:
    entry: dict[str, Any] = {"@type": "cr:Field", "@id": f"{table.name}/{field.name}", "name": field.name}
    words = describe_field(field)
    if words:
        entry["description"] = words
    entry["dataType"] = f"sc:{class_of(field).schema_org}"
    entry["source"] = {"fileObject": {"@id": _path(table)}, "extract": {"column": field.name}}
    return entry
