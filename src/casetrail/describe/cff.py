"""CITATION.cff: the citation in the Citation File Format, version 1.2.0."""

from __future__ import annotations

from typing import Any

from casetrail.describe.agent import Agent, web_address
from casetrail.describe.citation import Citation
from casetrail.describe.json_document import one_or_all, stated


def cff(citation: Citation) -> str:
    """The text of `CITATION.cff`. The version DOI is the `doi`; the concept DOI is among the identifiers."""
    import yaml

    return yaml.safe_dump(
        _document(citation), allow_unicode=True, sort_keys=False, width=100, line_break="\n"
    )


def _document(citation: Citation) -> dict[str, Any]:
    licences = citation.licences
    ids = [licence.spdx for licence in licences if licence.spdx is not None]
    all_known = len(ids) == len(licences)
    return stated(
        {
            "cff-version": "1.2.0",
            "message": "If you use this dataset, cite it as below.",
            "type": "dataset",
            "title": citation.title,
            "version": citation.version,
            # A string in the format's schema; a plain YAML date would be read as a date.
            "date-released": citation.day.isoformat(),
            "authors": [_author(agent) for agent in citation.creators],
            "abstract": citation.abstract,
            "keywords": list(dict.fromkeys(citation.keywords)),
            "license": one_or_all(ids) if all_known else None,
            "license-url": None if all_known or len(licences) > 1 else licences[0].path,
            "url": citation.url,
            "doi": citation.doi,
            "identifiers": _identifiers(citation),
        }
    )


def _author(agent: Agent) -> dict[str, str]:
    person = agent.kind == "person"
    return stated(
        {
            "family-names": agent.family,
            "given-names": agent.given_name,
            "affiliation": agent.affiliation if person else None,
            "name": None if person else agent.name,
            "orcid": f"https://orcid.org/{agent.orcid}" if agent.orcid else None,
            "website": None if agent.orcid else agent.url,
        }
    )


def _identifiers(citation: Citation) -> list[dict[str, str]]:
    identifiers = []
    for doi, words in ((citation.doi, f"Version {citation.version}"), (citation.concept_doi, "All versions")):
        if doi:
            identifiers.append({"type": "doi", "value": doi, "description": words})
    if citation.identifier:
        kind = "url" if web_address(citation.identifier) else "other"
        identifiers.append({"type": kind, "value": citation.identifier})
    return identifiers
