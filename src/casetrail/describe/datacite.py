"""datacite.json: the record with which a DOI is registered, in the JSON of DataCite's metadata schema 4.5."""

from __future__ import annotations

from typing import Any

from casetrail.describe.citation import Agent, Citation
from casetrail.describe.json_document import json_document
from casetrail.describe.licences import spdx
from casetrail.findings.error import NotMade

_CONTRIBUTOR_TYPES = (
    "ContactPerson",
    "DataCollector",
    "DataCurator",
    "DataManager",
    "Distributor",
    "Editor",
    "HostingInstitution",
    "Producer",
    "ProjectLeader",
    "ProjectManager",
    "ProjectMember",
    "RegistrationAgency",
    "RegistrationAuthority",
    "RelatedPerson",
    "Researcher",
    "ResearchGroup",
    "RightsHolder",
    "Sponsor",
    "Supervisor",
    "WorkPackageLeader",
)
_TYPES = {name.lower(): name for name in _CONTRIBUTOR_TYPES} | {"contact": "ContactPerson"}


def datacite(citation: Citation) -> str:
    """The record. Its `doi` is the version DOI; the concept DOI is a related identifier (`IsVersionOf`).

    Raises `NotMade` where the descriptor names no publisher, for which DataCite asks.
    """
    publisher = citation.publisher
    if publisher is None:
        raise NotMade(
            "datapackage.json names no publisher, for which DataCite asks; "
            "give a contributor the role 'publisher'",
            exit_code=1,
        )
    record: dict[str, Any] = {"doi": citation.doi} if citation.doi else {}
    record |= {
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [_agent(one) for one in citation.creators],
        "titles": [{"title": citation.title}],
        "publisher": {"name": publisher.name} | _ror(publisher),
        "publicationYear": str(citation.day.year),
        "dates": [{"date": citation.day.isoformat(), "dateType": "Issued"}],
        "version": citation.version,
    }
    optional = {
        "subjects": [{"subject": word} for word in dict.fromkeys(citation.keywords)],
        "contributors": [
            _agent(one) | {"contributorType": kind}
            for one in (*citation.creators, *citation.contributors)
            for kind in _kinds(one, citation)
        ],
        "rightsList": _rights(citation),
        "descriptions": [{"description": citation.abstract, "descriptionType": "Abstract"}]
        if citation.abstract
        else [],
        "alternateIdentifiers": [
            {"alternateIdentifier": citation.identifier, "alternateIdentifierType": "Data Package id"}
        ]
        if citation.identifier
        else [],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": citation.concept_doi,
                "relatedIdentifierType": "DOI",
                "relationType": "IsVersionOf",
            }
        ]
        if citation.concept_doi
        else [],
    }
    record |= {name: value for name, value in optional.items() if value}
    if citation.url:
        record["url"] = citation.url
    return json_document(record | {"schemaVersion": "http://datacite.org/schema/kernel-4"})


def _agent(agent: Agent) -> dict[str, Any]:
    person = agent.kind == "person"
    name = f"{agent.family}, {agent.given}" if person and agent.family and agent.given else agent.name
    found: dict[str, Any] = {"name": name}
    if agent.kind is not None:
        found["nameType"] = "Personal" if person else "Organizational"
    if person and agent.given:
        found["givenName"] = agent.given
    if person and agent.family:
        found["familyName"] = agent.family
    if agent.affiliation:
        found["affiliation"] = [{"name": agent.affiliation}]
    if agent.orcid:
        found["nameIdentifiers"] = [
            _identifier(f"https://orcid.org/{agent.orcid}", "ORCID", "https://orcid.org")
        ]
    elif agent.ror:
        found["nameIdentifiers"] = [_identifier(agent.ror, "ROR", "https://ror.org")]
    return found


def _identifier(value: str, scheme: str, uri: str) -> dict[str, str]:
    return {"nameIdentifier": value, "nameIdentifierScheme": scheme, "schemeUri": uri}


def _ror(agent: Agent) -> dict[str, str]:
    if agent.ror is None:
        return {}
    return {
        "publisherIdentifier": agent.ror,
        "publisherIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org",
    }


def _kinds(agent: Agent, citation: Citation) -> list[str]:
    """The contributor types of the agent; `Other` for one whose roles DataCite does not know."""
    kinds = [_TYPES[role.lower()] for role in agent.roles if role.lower() in _TYPES]
    silent = agent in citation.creators or agent == citation.publisher
    return list(dict.fromkeys(kinds)) or ([] if silent else ["Other"])


def _rights(citation: Citation) -> list[dict[str, str]]:
    rights = []
    for one in citation.licences:
        entry = {"rights": text} if (text := one.title or one.name) else {}
        if one.path:
            entry["rightsUri"] = one.path
        if (known := spdx(one.name)) is not None:
            entry["rightsIdentifier"] = known
            entry["rightsIdentifierScheme"] = "SPDX"
            entry["schemeUri"] = "https://spdx.org/licenses/"
        if entry:
            rights.append(entry)
    return rights
