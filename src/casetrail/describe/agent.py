"""The people and organizations behind a dataset, and its licences, for every citation and catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from casetrail.standard.descriptor import Contributor, License

_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
_ROR = re.compile(r"https?://ror\.org/(0[a-z0-9]{8})/?")

SPDX_BY_OPEN_DEFINITION: dict[str, str] = {
    "cc-by-4.0": "CC-BY-4.0",
    "cc-by-3.0": "CC-BY-3.0",
    "cc-by-sa-4.0": "CC-BY-SA-4.0",
    "cc-by-sa-3.0": "CC-BY-SA-3.0",
    "cc-by-nc-4.0": "CC-BY-NC-4.0",
    "cc-by-nc-sa-4.0": "CC-BY-NC-SA-4.0",
    "cc0-1.0": "CC0-1.0",
    "odbl-1.0": "ODbL-1.0",
    "odc-odbl-1.0": "ODbL-1.0",
    "odc-by-1.0": "ODC-By-1.0",
    "odc-pddl-1.0": "PDDL-1.0",
    "pddl-1.0": "PDDL-1.0",
    "gfdl-1.3-no-cover-texts-no-invariant-sections": "GFDL-1.3-no-invariants-or-later",
    "mit": "MIT",
    "mit-license": "MIT",
    "apache-2.0": "Apache-2.0",
}
"""SPDX ids of the licences under which data are published, by their Open Definition id in lower case.

Each is among those of the Citation File Format 1.2.0. Another licence is named by its address instead.
"""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or organization. `kind` is `None` where the descriptor leaves it open which of the two it is.

    A contributor with a given or family name is a person; one whose `organization` is its own title is an
    organization. `affiliation` is the organization of a person.
    """

    name: str
    kind: Literal["person", "organization"] | None = None
    given_name: str | None = None
    family: str | None = None
    affiliation: str | None = None
    url: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def inverted_name(self) -> str:
        """The name by which lists are sorted: `Family, Given` of a person, else the name as it is."""
        return f"{self.family}, {self.given_name}" if self.family and self.given_name else self.name

    @property
    def schema_org_type(self) -> str:
        """The type in schema.org: `Person` or `Organization`, and `Thing` where it is open which."""
        return self.kind.capitalize() if self.kind is not None else "Thing"

    @property
    def orcid(self) -> str | None:
        """The ORCID, sixteen digits with hyphens, where the contributor's `path` is one."""
        match = _ORCID.fullmatch(self.url or "")
        return match[1] if match else None

    @property
    def ror(self) -> str | None:
        """The address in the Research Organization Registry, where the contributor's `path` is one."""
        match = _ROR.fullmatch(self.url or "")
        return f"https://ror.org/{match[1]}" if match else None

    def has_role(self, *roles: str) -> bool:
        """Whether it has one of the roles, which are given in lower case."""
        return any(role.lower() in roles for role in self.roles)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as the descriptor names it; `path` only where it is an address on the web."""

    name: str | None = None
    title: str | None = None
    path: str | None = None

    @property
    def spdx(self) -> str | None:
        """The SPDX id, where the licence is one of `SPDX_BY_OPEN_DEFINITION`."""
        return None if self.name is None else SPDX_BY_OPEN_DEFINITION.get(self.name.lower())

    @property
    def label(self) -> str:
        """What a reader sees: title, else name, else address."""
        return self.title or self.name or self.path or ""


def agent_of(contributor: Contributor) -> Agent | None:
    """The contributor as an agent; `None` where it has no name at all."""
    names = [name for name in (contributor.given_name, contributor.family_name) if name]
    # On one line, whatever was typed: some forms of a citation end at a line break.
    name = " ".join((contributor.title or " ".join(names) or contributor.organization or "").split())
    if not name:
        return None
    own_name = contributor.organization in (None, "", name)
    organization = not names and contributor.organization == name
    return Agent(
        name=name,
        kind="person" if names else "organization" if organization else None,
        given_name=contributor.given_name,
        family=contributor.family_name,
        affiliation=None if own_name else contributor.organization,
        url=web_address(contributor.path),
        roles=contributor.all_roles,
    )


def licence_of(license: License) -> Licence:
    """The licence as the descriptor names it."""
    return Licence(license.name, license.title, web_address(license.path))


def web_address(path: str | None) -> str | None:
    """The path, where it is an address on the web."""
    return path if path is not None and path.startswith(("https://", "http://")) else None
