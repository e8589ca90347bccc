"""schema-org.jsonld: the dataset for search engines, as schema.org's `Dataset` in JSON-LD."""

from __future__ import annotations

from typing import Any

from casetrail.describe.citation import Agent, doi_url
from casetrail.describe.dataset import Dataset, FileFacts, custom
from casetrail.describe.json_document import json_document

CONTEXT: dict[str, Any] = {
    "@vocab": "https://schema.org/",
    **{
        name: {"@type": "@id"}
        for name in ("license", "url", "sameAs", "contentUrl", "isPartOf", "identifier")
    },
    **{name: {"@type": "https://schema.org/Date"} for name in ("datePublished",)},
}
"""A context that stands in the file itself, so that it is read without the network."""


def schema_org(dataset: Dataset) -> str:
    """The text of `schema-org.jsonld`."""
    return json_document(schema_org_document(dataset))


def schema_org_document(dataset: Dataset) -> dict[str, Any]:
    """The JSON-LD as a value, for whoever puts it into a page."""
    cited = dataset.citation
    document: dict[str, Any] = {"@context": CONTEXT, "@type": "Dataset"}
    if cited.doi:
        document["@id"] = doi_url(cited.doi)
    document |= {"name": cited.title, "alternateName": dataset.name, "version": cited.version}
    if cited.abstract:
        document["description"] = cited.abstract
    document |= {
        "datePublished": cited.day.isoformat(),
        "creator": [agent_node(one) for one in cited.creators],
    }
    if cited.publisher is not None:
        document["publisher"] = agent_node(cited.publisher)
    if cited.licences:
        addresses = [one.path for one in cited.licences if one.path]
        if addresses:
            document["license"] = addresses[0] if len(addresses) == 1 else addresses
    if cited.keywords:
        document["keywords"] = list(cited.keywords)
    if cited.url:
        document["url"] = cited.url
    if cited.doi:
        document["identifier"] = doi_url(cited.doi)
    if cited.concept_doi:
        document["isPartOf"] = doi_url(cited.concept_doi)
    document["distribution"] = [_download(dataset.file(table.path)) for table in dataset.tables]
    document["variableMeasured"] = [
        _variable(table.name, field) for table in dataset.tables for field in table.schema.fields
    ]
    return document


def agent_node(agent: Agent) -> dict[str, Any]:
    """A person or organization as schema.org has them; a `Thing` where it is open which of them it is."""
    kinds = {"person": "Person", "organization": "Organization", None: "Thing"}
    node: dict[str, Any] = {"@type": kinds[agent.kind], "name": agent.name}
    if agent.kind == "person":
        node |= {"givenName": agent.given} if agent.given else {}
        node |= {"familyName": agent.family} if agent.family else {}
        node |= (
            {"affiliation": {"@type": "Organization", "name": agent.affiliation}} if agent.affiliation else {}
        )
    if agent.url:
        node["url"] = agent.url
    return node


def _download(file: FileFacts) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "DataDownload",
        "name": file.path,
        "contentUrl": file.path,
        "encodingFormat": file.mediatype,
    }
    if file.bytes is not None:
        node["contentSize"] = f"{file.bytes} B"
    if file.sha256 is not None:
        node["sha256"] = file.sha256
    return node


def _variable(table: str, field: Any) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": "PropertyValue", "name": f"{table}.{field.name}"}
    if field.description:
        node["description"] = field.description
    unit = custom(field, "unit")
    if isinstance(unit, str):
        node["unitText"] = unit
    return node
