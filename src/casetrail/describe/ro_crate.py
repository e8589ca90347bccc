"""ro-crate-metadata.json: the release as a Research Object Crate, version 1.1."""

from __future__ import annotations

from typing import Any

from casetrail.describe.citation import Agent, doi_url
from casetrail.describe.dataset import Dataset, FileFacts
from casetrail.describe.json_document import json_document

NAME = "ro-crate-metadata.json"


def ro_crate(dataset: Dataset) -> str:
    """The crate: the dataset as its root and every file of the release but this one.

    A file that is written after this one is named without its size and checksum.
    """
    cited = dataset.citation
    files = [file for file in dataset.files if file.path != NAME]
    agents = _agents(dataset)
    root: dict[str, Any] = {"@id": "./", "@type": "Dataset", "name": cited.title}
    # The crate specification wants a description of the root; where the package has none, its title is one.
    root["description"] = cited.abstract or cited.title
    root |= {"datePublished": cited.day.isoformat(), "version": cited.version}
    root["author"] = [{"@id": agents[one]} for one in cited.creators]
    if cited.publisher is not None:
        root["publisher"] = {"@id": agents[cited.publisher]}
    licences = {one.path: one for one in cited.licences if one.path}
    if licences:
        ids = [{"@id": path} for path in licences]
        root["license"] = ids[0] if len(ids) == 1 else ids
    if cited.keywords:
        root["keywords"] = ", ".join(cited.keywords)
    if cited.url:
        root["url"] = cited.url
    if cited.doi:
        root["identifier"] = doi_url(cited.doi)
    if cited.concept_doi:
        root["isPartOf"] = {"@id": doi_url(cited.concept_doi)}
    root["hasPart"] = [{"@id": file.path} for file in files]
    graph = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        *[_file(file) for file in files],
        *[_agent(agent, where) for agent, where in agents.items()],
        *[
            {"@id": path, "@type": "CreativeWork", "name": one.title or one.name or path}
            for path, one in licences.items()
        ],
    ]
    return json_document({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def _agents(dataset: Dataset) -> dict[Agent, str]:
    """Each agent with its id in the crate: its own address, else one inside the crate."""
    cited = dataset.citation
    agents = dict.fromkeys((*cited.creators, *([cited.publisher] if cited.publisher else [])))
    return {agent: agent.url or f"#agent-{number}" for number, agent in enumerate(agents, start=1)}


def _agent(agent: Agent, where: str) -> dict[str, Any]:
    kinds = {"person": "Person", "organization": "Organization", None: "Thing"}
    node: dict[str, Any] = {"@id": where, "@type": kinds[agent.kind], "name": agent.name}
    if agent.affiliation:
        node["affiliation"] = agent.affiliation
    return node


def _file(file: FileFacts) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": file.path,
        "@type": "File",
        "name": file.path,
        "description": file.about,
        "encodingFormat": file.mediatype,
    }
    if file.bytes is not None:
        node["contentSize"] = str(file.bytes)
    if file.sha256 is not None:
        node["sha256"] = file.sha256
    return node
