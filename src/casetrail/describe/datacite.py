"""datacite.json: the record with which a DOI is registered, in the JSON of DataCite's metadata schema 4.5."""

from __future__ import annotations

from typing import Any

from casetrail.describe.agent import Agent, Licence
from casetrail.describe.citation import Citation
from casetrail.describe.json_document import json_document, stated
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

    Raises:
        NotMade: The descriptor names no publisher, for which DataCite asks.
    """
    publisher = citation.publisher
    if publisher is None:
        raise NotMade(
            "datapackage.json names no publisher, for which DataCite asks; "
            "give a contributor the role 'publisher'",
            exit_code=1,
        )
    record = {
        "doi": citation.doi,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [_agent(agent) for agent in citation.creators],
        "titles": [{"title": citation.title}],
        "publisher": _publisher(publisher),
        "publicationYear": str(citation.day.year),
        "dates": [{"date": citation.day.isoformat(), "dateType": "Issued"}],
        "version": citation.version,
        "subjects": [{"subject": word} for word in dict.fromkeys(citation.keywords)],
        "contributors": [
            _agent(agent) | {"contributorType": kind}
            for agent in (*citation.creators, *citation.contributors)
            for kind in _kinds(agent, citation)
        ],
        "rightsList": [rights for licence in citation.licences if (rights := _rights(licence))],
        "descriptions": citation.abstract
        and [{"description": citation.abstract, "descriptionType": "Abstract"}],
        "alternateIdentifiers": citation.identifier
        and [{"alternateIdentifier": citation.identifier, "alternateIdentifierType": "Data Package id"}],
        "relatedIdentifiers": citation.concept_doi
        and [
            {
                "relatedIdentifier": citation.concept_doi,
                "relatedIdentifierType": "DOI",
                "relationType": "IsVersionOf",
            }
        ],
        "url": citation.url,
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return json_document(stated(record))


def _agent(agent: Agent) -> dict[str, Any]:
    identifier = None
    if agent.orcid:
        identifier = _identifier(f"https://orcid.org/{agent.orcid}", "ORCID", "https://orcid.org")
    elif agent.ror:
        identifier = _identifier(agent.ror, "ROR", "https://ror.org")
    return stated(
        {
            "name": agent.inverted_name,
            "nameType": {"person": "Personal", "organization": "Organizational", None: None}[agent.kind],
            "givenName": agent.given_name,
            "familyName": agent.family,
            "affiliation": agent.affiliation and [{"name": agent.affiliation}],
            "nameIdentifiers": identifier and [identifier],
        }
    )


def _identifier(value: str, scheme: str, uri: str) -> dict[str, str]:
    return {"nameIdentifier": value, "nameIdentifierScheme": scheme, "schemeUri": uri}


def _publisher(agent: Agent) -> dict[str, str]:
    if agent.ror is None:
        return {"name": agent.name}
    return {
        "name": agent.name,
        "publisherIdentifier": agent.ror,
        "publisherIdentifierScheme": "ROR",
        "schemeUri": "https://ror.org",
    }


def _kinds(agent: Agent, citation: Citation) -> list[str]:
    """The contributor types of the agent; `Other` for one whose roles DataCite does not know."""
    kinds = [_TYPES[role.lower()] for role in agent.roles if role.lower() in _TYPES]
    silent = agent in citation.creators or agent == citation.publisher
    return list(dict.fromkeys(kinds)) or ([] if silent else ["Other"])


def _rights(licence: Licence) -> dict[str, str]:
    known = licence.spdx is not None
    return stated(
        {
            "rights": licence.title or licence.name,
            "rightsUri": licence.path,
            "rightsIdentifier": licence.spdx,
            "rightsIdentifierScheme": "SPDX" if known else None,
            "schemeUri": "https://spdx.org/licenses/" if known else None,
        }
    )
