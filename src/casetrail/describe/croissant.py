"""croissant.json: the tables for machine-learning tools, in MLCommons' Croissant format, version 1.0."""

from __future__ import annotations

from typing import Any

from casetrail.describe.apa import apa
from casetrail.describe.dataset import Dataset, FileFacts, TableFacts
from casetrail.describe.field_description import describe_field
from casetrail.describe.json_document import json_document, one_or_all, stated
from casetrail.describe.schema_org import agent_node
from casetrail.exports import parquet
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
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": dataset.name,
        "alternateName": cited.title,
        "version": cited.version,
        "datePublished": cited.day.isoformat(),
        "citeAs": apa(cited).strip(),
        "creator": [agent_node(agent) for agent in cited.creators if agent.kind is not None],
        "description": cited.abstract,
        "publisher": agent_node(cited.publisher) if cited.publisher and cited.publisher.kind else None,
        "license": one_or_all(
            [licence.path or licence.name for licence in cited.licences if licence.path or licence.name]
        ),
        "keywords": list(cited.keywords),
        "url": cited.link,
    }
    files = [(table, dataset.file(_path(table))) for table in dataset.tables]
    return json_document(
        stated(document)
        | {
            "distribution": [_file(file) for _, file in files if file is not None],
            "recordSet": [_records(table) for table, file in files if file is not None],
        }
    )


def _file(facts: FileFacts) -> dict[str, Any]:
    return stated(
        {
            "@type": "cr:FileObject",
            "@id": facts.path,
            "name": facts.path,
            "contentUrl": facts.path,
            "encodingFormat": _PARQUET,
            "contentSize": None if facts.bytes is None else f"{facts.bytes} B",
            "sha256": facts.sha256,
        }
    )


def _path(table: TableFacts) -> str:
    return parquet.EXPORT.path.format(table=table.name)


def _records(table: TableFacts) -> dict[str, Any]:
    return stated(
        {
            "@type": "cr:RecordSet",
            "@id": table.name,
            "name": table.name,
            "description": table.description,
            "key": one_or_all([{"@id": f"{table.name}/{name}"} for name in table.schema.primary_key]),
            "field": [_field(field, table) for field in table.schema.fields],
        }
    )


def _field(field: FieldDescriptor, table: TableFacts) -> dict[str, Any]:
    return stated(
        {
            "@type": "cr:Field",
            "@id": f"{table.name}/{field.name}",
            "name": field.name,
            "description": describe_field(field),
            "dataType": f"sc:{class_of(field).schema_org}",
            "source": {"fileObject": {"@id": _path(table)}, "extract": {"column": field.name}},
        }
    )
