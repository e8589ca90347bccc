"""CSL-JSON: the citation for processors of the Citation Style Language."""

from __future__ import annotations

from casetrail.describe.agent import Agent
from casetrail.describe.citation import Citation
from casetrail.describe.json_document import json_document, stated


def csl(citation: Citation) -> str:
    """A list with the one item, of type `dataset`."""
    day = citation.day
    item = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "version": citation.version,
        "author": [_name(agent) for agent in citation.creators],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "publisher": citation.publisher and citation.publisher.name,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
        "DOI": citation.doi,
        "URL": citation.link,
    }
    return json_document([stated(item)])


def _name(agent: Agent) -> dict[str, str]:
    if not agent.family:
        return {"literal": agent.name}
    return stated({"family": agent.family, "given": agent.given_name})
