"""Citation: what every way of citing a package is made from, and nothing that the descriptor does not say.

Read from `datapackage.json` alone (standard: `data-package.mdx`, "Properties"). `id` is the identifier of
this version; where it is a DOI it is the *version DOI*. The DOI of all versions together is kept apart,
in the custom property `conceptDoi`. What is absent there, a DOI or an ORCID, is absent in every rendering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from casetrail.describe.agent import Agent, Licence, agent_of, licence_of, web_address
from casetrail.findings.error import CasetrailError
from casetrail.standard.descriptor import Descriptor

AUTHOR_ROLES = ("creator", "author")
"""Roles that make a contributor an author; where nobody has one, all contributors are."""

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/[^\s{}\"\\^`|]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Citation:
    """How a version of a dataset is named: the one value behind every citation and every catalogue record."""

    key: str
    title: str
    version: str
    day: date
    creators: tuple[Agent, ...]
    contributors: tuple[Agent, ...] = ()
    publisher: Agent | None = None
    licences: tuple[Licence, ...] = ()
    abstract: str | None = None
    keywords: tuple[str, ...] = ()
    url: str | None = None
    identifier: str | None = None
    doi: str | None = None
    concept_doi: str | None = None

    @property
    def link(self) -> str | None:
        """Where the dataset is found: its DOI as an address, else its homepage."""
        return self.url if self.doi is None else doi_url(self.doi)


def doi_url(doi: str) -> str:
    """A DOI as an address, in which older ones have their pointed brackets encoded."""
    return f"https://doi.org/{doi.replace('<', '%3C').replace('>', '%3E')}"


def doi_of(text: object) -> str | None:
    """The bare DOI in a text that is one, with or without resolver; else `None`."""
    match = _DOI.fullmatch(text.strip()) if isinstance(text, str) else None
    return match[1] if match else None


def day_created(descriptor: Descriptor) -> date:
    """The day of `created`, as it is written there, in the time zone that it names.

    Raises:
        CasetrailError: The descriptor has no `created`.
    """
    if descriptor.created is None:
        raise _lacking("created", "the date and time of this version, such as 2026-11-30T00:00:00Z")
    return date.fromisoformat(descriptor.created[:10])


def citation(descriptor: Descriptor) -> Citation:
    """Read the citation of a package from its descriptor.

    Raises:
        CasetrailError: The title, the version, the day or the creators are not there: a citation without one
            of them would have to invent it.
    """
    title, version = descriptor.title, descriptor.version
    people = tuple(
        agent for contributor in descriptor.contributors if (agent := agent_of(contributor)) is not None
    )
    if not title:
        raise _lacking("title", "one line that names the dataset")
    if not version:
        raise _lacking("version", "three numbers such as 1.0.0")
    if not people:
        raise _lacking("contributors", "who made the dataset, with 'title' and 'roles'")
    creators = tuple(agent for agent in people if agent.has_role(*AUTHOR_ROLES)) or people
    extra = descriptor.extra
    doi = doi_of(descriptor.id)
    concept = extra.get("conceptDoi")
    if concept is not None and doi_of(concept) is None:
        message = (
            f"datapackage.json: 'conceptDoi' is '{concept}', which is no DOI; write it as 10.5281/zenodo.1"
        )
        raise CasetrailError(message, exit_code=1)
    return Citation(
        key=f"{descriptor.name or 'dataset'}-{version}",
        title=" ".join(title.split()),
        version=version,
        day=day_created(descriptor),
        creators=creators,
        contributors=tuple(agent for agent in people if agent not in creators),
        publisher=next((agent for agent in people if agent.has_role("publisher")), None),
        licences=tuple(map(licence_of, descriptor.licenses)),
        abstract=descriptor.description or None,
        keywords=descriptor.keywords,
        url=web_address(descriptor.homepage),
        identifier=descriptor.id if doi is None else None,
        doi=doi,
        concept_doi=doi_of(concept),
    )


def _lacking(name: str, what: str) -> CasetrailError:
    return CasetrailError(f"datapackage.json does not say '{name}'; write there {what}", exit_code=1)


def contacts(descriptor: Descriptor) -> tuple[str, ...]:
    """Where corrections and requests for removal go: e-mail addresses of contributors, else their addresses.

    Those with the role `contact` or `contactPerson`, where there are any.
    """
    chosen = [one for one in descriptor.contributors if {"contact", "contactPerson"} & set(one.all_roles)]
    people = chosen or descriptor.contributors
    return tuple(dict.fromkeys(one.email or one.path or "" for one in people if one.email or one.path))


def citation_gaps(descriptor: Descriptor) -> tuple[str, ...]:
    """What readers of a citation look for and do not find: what is absent, and what to write where."""
    gaps = []
    if not descriptor.id:
        gaps.append("'id', an identifier of this version such as a DOI")
    if not descriptor.homepage:
        gaps.append("'homepage', the address at which the dataset and its newest version are found")
    if not contacts(descriptor):
        gaps.append("'email' or 'path' of a contributor, to whom corrections and requests for removal go")
    return tuple(gaps)
