"""Citation: what every way of citing a package is made from, and nothing that the descriptor does not say.

Read from `datapackage.json` alone (standard: `data-package.mdx`, "Properties"). `id` is the identifier of
this version; where it is a DOI it is the *version DOI*. The DOI that stands for all versions is kept apart,
in the custom property `conceptDoi`. What is absent there, a DOI or an ORCID, is absent in every rendering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from casetrail.findings.error import CasetrailError
from casetrail.standard.descriptor import Contributor, Descriptor

AUTHOR_ROLES = ("creator", "author")
"""Roles that make a contributor an author; where nobody has one, all contributors are."""

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
_ROR = re.compile(r"https?://ror\.org/(0[a-z0-9]{8})/?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ][0-9:.]+(?:[Zz]|[+-][0-9]{2}:[0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or organization. `kind` is `None` where the descriptor leaves it open which of the two it is.

    A contributor with a given or family name is a person; one whose `organization` is its own title is an
    organization. `affiliation` is the organization of a person.
    """

    name: str
    kind: Literal["person", "organization"] | None = None
    given: str | None = None
    family: str | None = None
    affiliation: str | None = None
    url: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def orcid(self) -> str | None:
        """The ORCID, sixteen digits with hyphens, where the contributor's `path` is one."""
        found = _ORCID.fullmatch(self.url or "")
        return found[1] if found else None

    @property
    def ror(self) -> str | None:
        """The address in the Research Organization Registry, where the contributor's `path` is one."""
        found = _ROR.fullmatch(self.url or "")
        return f"https://ror.org/{found[1]}" if found else None


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as the descriptor names it; `path` only where it is an address on the web."""

    name: str | None = None
    title: str | None = None
    path: str | None = None


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
    """A DOI as an address."""
    return f"https://doi.org/{doi}"


def doi_of(text: object) -> str | None:
    """The bare DOI in a text that is one, with or without resolver; else `None`."""
    found = _DOI.fullmatch(text.strip()) if isinstance(text, str) else None
    return found[1] if found else None


def day_created(descriptor: Descriptor) -> date:
    """The day of `created`, as it is written there, in the time zone that it names."""
    found = _DAY.fullmatch(descriptor.created or "")
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise _lacking("created", "the date and time of this version, such as 2026-11-30T00:00:00Z") from None


def citation(descriptor: Descriptor) -> Citation:
    """Read the citation of a package from its descriptor.

    Raises `CasetrailError` where the title, the version, the day or the creators are not there: a citation
    without one of them would have to invent it.
    """
    title, version, people = descriptor.title, descriptor.version, _agents(descriptor.contributors)
    if not title:
        raise _lacking("title", "one line that names the dataset")
    if not version:
        raise _lacking("version", "three numbers such as 1.0.0")
    if not people:
        raise _lacking("contributors", "who made the dataset, with 'title' and 'roles'")
    creators = tuple(one for one in people if _has_role(one, AUTHOR_ROLES)) or people
    extra = descriptor.model_extra or {}
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
        contributors=tuple(one for one in people if one not in creators),
        publisher=next((one for one in people if _has_role(one, ("publisher",))), None),
        licences=tuple(
            Licence(one.name, one.title, one.path if _is_web(one.path) else None)
            for one in descriptor.licenses
        ),
        abstract=descriptor.description or None,
        keywords=descriptor.keywords,
        url=descriptor.homepage if _is_web(descriptor.homepage) else None,
        identifier=descriptor.id if doi is None else None,
        doi=doi,
        concept_doi=doi_of(concept),
    )


def _agents(contributors: tuple[Contributor, ...]) -> tuple[Agent, ...]:
    return tuple(agent for one in contributors if (agent := _agent(one)) is not None)


def _agent(one: Contributor) -> Agent | None:
    person = one.given_name or one.family_name
    name = (
        one.title or " ".join(part for part in (one.given_name, one.family_name) if part) or one.organization
    )
    if not name:
        return None
    own_name = one.organization in (None, "", name)
    organization = not person and one.organization == name
    return Agent(
        name=name,
        kind="person" if person else "organization" if organization else None,
        given=one.given_name,
        family=one.family_name,
        affiliation=None if own_name else one.organization,
        url=one.path if _is_web(one.path) else None,
        roles=one.all_roles,
    )


def _has_role(agent: Agent, roles: tuple[str, ...]) -> bool:
    return any(role.lower() in roles for role in agent.roles)


def _is_web(path: str | None) -> bool:
    return path is not None and path.startswith(("https://", "http://"))


def _lacking(name: str, what: str) -> CasetrailError:
    return CasetrailError(f"datapackage.json does not say '{name}'; write there {what}", exit_code=1)
