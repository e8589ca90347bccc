"""CSL-JSON: the citation for processors of the Citation Style Language."""

from __future__ import annotations

from typing import Any

from casetrail.describe.citation import Agent, Citation
from casetrail.describe.json_document import json_document


def csl(citation: Citation) -> str:
    """A list with the one item, of type `dataset`."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "version": citation.version,
        "author": [_name(one) for one in citation.creators],
        "issued": {"date-parts": [[citation.day.year, citation.day.month, citation.day.day]]},
    }
    if citation.publisher is not None:
        item["publisher"] = citation.publisher.name
    if citation.abstract:
        item["abstract"] = citation.abstract
    if citation.keywords:
        item["keyword"] = ", ".join(citation.keywords)
    if citation.doi:
        item["DOI"] = citation.doi
    if citation.link:
        item["URL"] = citation.link
    return json_document([item])


def _name(agent: Agent) -> dict[str, str]:
    if agent.kind == "person" and agent.family:
        return {"family": agent.family} | ({"given": agent.given} if agent.given else {})
    return {"literal": agent.name}
