"""ro-crate-metadata.json: the release as a Research Object Crate, version 1.1."""

from __future__ import annotations

from typing import Any

from casetrail.describe.agent import Agent
from casetrail.describe.citation import doi_url
from casetrail.describe.dataset import Dataset, FileFacts
from casetrail.describe.json_document import json_document, one_or_all, stated

NAME = "ro-crate-metadata.json"


def ro_crate(dataset: Dataset) -> str:
    """The crate: the dataset as its root and every file of the release but this one.

    A file that is written after this one is named without its size and checksum.
    """
    cited = dataset.citation
    files = [file for file in dataset.files if file.path != NAME]
    agents = _agents(dataset)
    licences = {licence.path: licence for licence in cited.licences if licence.path}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": cited.title,
        # The crate specification wants a description of the root; without one, the title is.
        "description": cited.abstract or cited.title,
        "datePublished": cited.day.isoformat(),
        "version": cited.version,
        "author": [{"@id": agents[agent]} for agent in cited.creators],
        "publisher": cited.publisher and {"@id": agents[cited.publisher]},
        "license": one_or_all([{"@id": path} for path in licences]),
        "keywords": ", ".join(cited.keywords),
        "url": cited.url,
        "identifier": cited.doi and doi_url(cited.doi),
        "isPartOf": cited.concept_doi and {"@id": doi_url(cited.concept_doi)},
    }
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        stated(root) | {"hasPart": [{"@id": file.path} for file in files]},
        *[_file(file) for file in files],
        *[_agent(agent, where) for agent, where in agents.items()],
        *[
            {"@id": path, "@type": "CreativeWork", "name": licence.label}
            for path, licence in licences.items()
        ],
    ]
    return json_document({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def _agents(dataset: Dataset) -> dict[Agent, str]:
    """Each agent with its id in the crate: its own address, else one inside the crate."""
    cited = dataset.citation
    agents = dict.fromkeys((*cited.creators, *([cited.publisher] if cited.publisher else [])))
    return {agent: agent.url or f"#agent-{number}" for number, agent in enumerate(agents, start=1)}


def _agent(agent: Agent, where: str) -> dict[str, Any]:
    return stated(
        {
            "@id": where,
            "@type": agent.schema_org_type,
            "name": agent.name,
            "affiliation": agent.affiliation,
        }
    )


def _file(file: FileFacts) -> dict[str, Any]:
    return stated(
        {
            "@id": file.path,
            "@type": "File",
            "name": file.path,
            "description": file.about,
            "encodingFormat": file.mediatype,
            "contentSize": None if file.bytes is None else str(file.bytes),
            "sha256": file.sha256,
        }
    )
