"""Zenodo: the metadata of a record, as the archive reads them from `.zenodo.json` in a repository."""

from __future__ import annotations

from casetrail.describe.agent import Agent
from casetrail.describe.citation import Citation
from casetrail.describe.json_document import json_document, one_or_all, stated


def zenodo(citation: Citation) -> str:
    """The text of `.zenodo.json`, of type dataset. The archive gives the DOI itself, so none is in it."""
    day = citation.day.isoformat()
    record = {
        "title": citation.title,
        "upload_type": "dataset",
        "version": citation.version,
        "publication_date": day,
        "creators": [_creator(agent) for agent in citation.creators],
        "description": citation.abstract,
        "keywords": list(citation.keywords),
        "access_right": "open",
        "license": one_or_all([licence.spdx.lower() for licence in citation.licences if licence.spdx]),
        "related_identifiers": [{"relation": "isDescribedBy", "identifier": citation.url}]
        if citation.url
        else None,
    }
    return json_document(stated(record))


def _creator(agent: Agent) -> dict[str, str]:
    return stated({"name": agent.inverted_name, "affiliation": agent.affiliation, "orcid": agent.orcid})
