"""CITATION.cff: the citation in the Citation File Format, version 1.2.0."""

from __future__ import annotations

from typing import Any

from casetrail.describe.citation import Agent, Citation
from casetrail.describe.licences import spdx


def cff(citation: Citation) -> str:
    """The text of `CITATION.cff`. The version DOI is the `doi`; the concept DOI is among the identifiers."""
    import yaml

    return yaml.safe_dump(
        _document(citation), allow_unicode=True, sort_keys=False, width=100, line_break="\n"
    )


def _document(citation: Citation) -> dict[str, Any]:
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, cite it as below.",
        "type": "dataset",
        "title": citation.title,
        "version": citation.version,
        # A string in the format's schema; a plain YAML date would be read as a date.
        "date-released": citation.day.isoformat(),
        "authors": [_author(one) for one in citation.creators],
    }
    if citation.abstract:
        document["abstract"] = citation.abstract
    if citation.keywords:
        document["keywords"] = list(dict.fromkeys(citation.keywords))
    ids = [known for one in citation.licences if (known := spdx(one.name)) is not None]
    if ids and len(ids) == len(citation.licences):
        document["license"] = ids[0] if len(ids) == 1 else ids
    elif len(citation.licences) == 1 and citation.licences[0].path:
        document["license-url"] = citation.licences[0].path
    if citation.url:
        document["url"] = citation.url
    if citation.doi:
        document["doi"] = citation.doi
    identifiers = _identifiers(citation)
    if identifiers:
        document["identifiers"] = identifiers
    return document


def _author(agent: Agent) -> dict[str, str]:
    author: dict[str, str] = {}
    if agent.kind == "person":
        if agent.family:
            author["family-names"] = agent.family
        if agent.given:
            author["given-names"] = agent.given
        if agent.affiliation:
            author["affiliation"] = agent.affiliation
    else:
        author["name"] = agent.name
    if agent.orcid:
        author["orcid"] = f"https://orcid.org/{agent.orcid}"
    elif agent.url:
        author["website"] = agent.url
    return author


def _identifiers(citation: Citation) -> list[dict[str, str]]:
    found = []
    if citation.doi:
        found.append({"type": "doi", "value": citation.doi, "description": f"Version {citation.version}"})
    if citation.concept_doi:
        found.append({"type": "doi", "value": citation.concept_doi, "description": "All versions"})
    if citation.identifier:
        kind = "url" if citation.identifier.startswith(("http://", "https://")) else "other"
        found.append({"type": kind, "value": citation.identifier})
    return found
