"""schema-org.jsonld: the dataset for search engines, as schema.org's `Dataset` in JSON-LD."""

from __future__ import annotations

from typing import Any

from casetrail.describe.agent import Agent
from casetrail.describe.citation import doi_url
from casetrail.describe.dataset import Dataset, FileFacts, custom
from casetrail.describe.json_document import json_document, one_or_all, stated
from casetrail.standard.schema import FieldDescriptor

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    **{
        name: {"@type": "@id"}
        for name in ("license", "url", "sameAs", "contentUrl", "isPartOf", "identifier")
    },
    **{name: {"@type": "https://schema.org/Date"} for name in ("datePublished",)},
}
"""A context that is in the file itself, so that it is read without the network."""


def schema_org(dataset: Dataset) -> str:
    """The text of `schema-org.jsonld`."""
    return json_document(schema_org_document(dataset))


def schema_org_document(dataset: Dataset) -> dict[str, Any]:
    """The JSON-LD as a value, for whoever puts it into a page."""
    cited = dataset.citation
    document = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": cited.doi and doi_url(cited.doi),
        "name": cited.title,
        "alternateName": dataset.name,
        "version": cited.version,
        "description": cited.abstract,
        "datePublished": cited.day.isoformat(),
        "creator": [agent_node(agent) for agent in cited.creators],
        "publisher": cited.publisher and agent_node(cited.publisher),
        "license": one_or_all([licence.path for licence in cited.licences if licence.path]),
        "keywords": list(cited.keywords),
        "url": cited.url,
        "identifier": cited.doi and doi_url(cited.doi),
        "isPartOf": cited.concept_doi and doi_url(cited.concept_doi),
    }
    return stated(document) | {
        "distribution": [
            _download(file) for table in dataset.tables if (file := dataset.file(table.path)) is not None
        ],
        "variableMeasured": [
            _variable(table.name, field) for table in dataset.tables for field in table.schema.fields
        ],
    }


def agent_node(agent: Agent) -> dict[str, Any]:
    """A person or organization as schema.org has them; a `Thing` where it is open which of them it is."""
    return stated(
        {
            "@type": agent.schema_org_type,
            "name": agent.name,
            "givenName": agent.given_name,
            "familyName": agent.family,
            "affiliation": {"@type": "Organization", "name": agent.affiliation}
            if agent.kind == "person" and agent.affiliation
            else None,
            "url": agent.url,
        }
    )


def _download(file: FileFacts) -> dict[str, Any]:
    return stated(
        {
            "@type": "DataDownload",
            "name": file.path,
            "contentUrl": file.path,
            "encodingFormat": file.mediatype,
            "contentSize": None if file.bytes is None else f"{file.bytes} B",
            "sha256": file.sha256,
        }
    )


def _variable(table: str, field: FieldDescriptor) -> dict[str, Any]:
    unit = custom(field, "unit")
    return stated(
        {
            "@type": "PropertyValue",
            "name": f"{table}.{field.name}",
            "description": field.description,
            "unitText": unit if isinstance(unit, str) else None,
        }
    )
