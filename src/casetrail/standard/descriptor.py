"""The descriptor of a package and of its resources (standard: `data-package.mdx`, `data-resource.mdx`).

Version 2 is the form here; what versions 0 and 1 wrote otherwise (`profile`, `url`, `role`) is read as well.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar

from casetrail.standard.model import DescriptorModel
from casetrail.standard.property import (
    anything,
    array_of,
    converter,
    listed,
    property_of,
    string,
    whole_number,
)

_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.A
)


def _datetime(moment: str) -> str:
    """RFC 3339, section 5.6; a leap second is a second that may be 60."""
    match = _RFC_3339.fullmatch(moment)
    try:
        if match is not None:
            second = "59" if match[3] == "60" else match[3]
            datetime.fromisoformat(f"{match[1]}T{match[2]}{second}")
            return moment
    except ValueError:
        pass
    raise ValueError(f"'{moment[:40]}' is not a date and time as 1985-04-12T23:20:50Z (RFC 3339)")


def is_yaml(path: str) -> bool:
    """Whether a descriptor or schema is in YAML, by its name."""
    return path.lower().endswith((".yaml", ".yml"))


class _NotEmpty(DescriptorModel):
    """An object that has at least one property ("MUST have at least one property")."""

    binding: ClassVar[bool] = False

    def fault(self) -> str | None:
        """That there is nothing in it."""
        return None if self.__dict__ else "this is empty, but at least one property is needed"


class License(DescriptorModel):
    """One licence ("licenses"): an Open Definition id as `name`, or a `path`, or both."""

    binding: ClassVar[bool] = False

    name: str | None = property_of(string, default=None)
    path: str | None = property_of(string, default=None)
    title: str | None = property_of(string, default=None)

    def fault(self) -> str | None:
        """That it is not said which licence it is."""
        if self.name is None and self.path is None:
            return "a licence has a 'name' or a 'path', and this one has neither"
        return None


class Contributor(_NotEmpty):
    """A person or organization that contributed ("contributors")."""

    title: str | None = property_of(string, default=None)
    given_name: str | None = property_of(string, default=None)
    family_name: str | None = property_of(string, default=None)
    path: str | None = property_of(string, default=None)
    email: str | None = property_of(string, default=None)
    roles: tuple[str, ...] | None = property_of(array_of(string), default=None)
    role: str | None = property_of(string, default=None)
    organization: str | None = property_of(string, default=None)

    @property
    def all_roles(self) -> tuple[str, ...]:
        """`roles`, or where they are not given the single `role` of version 1."""
        if self.roles is not None:
            return self.roles
        return () if self.role is None else (self.role,)


class Source(_NotEmpty):
    """Where data came from ("sources")."""

    title: str | None = property_of(string, default=None)
    path: str | None = property_of(string, default=None)
    email: str | None = property_of(string, default=None)
    version: str | None = property_of(string, default=None)


class ResourceDescriptor(DescriptorModel):
    """One resource ("Data Resource"): `path` names its files, in order; `data` holds it inline.

    `dialect` and `table_schema` (JSON: `schema`) are as given, an object or a path; `Resource` has them read.
    """

    schema_uri: str | None = property_of(string, default=None, json="$schema")
    name: str = property_of(string)
    path: tuple[str, ...] = property_of(listed, array_of(string, least=1), default=())
    url: str | None = property_of(string, default=None)
    data: Any = property_of(anything, default=None)
    type: str | None = property_of(string, default=None)
    profile: str | None = property_of(string, default=None)
    title: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)
    format: str | None = property_of(string, default=None)
    mediatype: str | None = property_of(string, default=None)
    encoding: str | None = property_of(string, default=None)
    bytes: int | None = property_of(whole_number, default=None)
    hash: str | None = property_of(string, default=None)
    compression: str | None = property_of(string, default=None)
    sources: tuple[Source, ...] | None = property_of(array_of(Source.read), default=None)
    licenses: tuple[License, ...] | None = property_of(array_of(License.read), default=None)
    dialect: Any = property_of(anything, default=None)
    table_schema: Any = property_of(anything, default=None, json="schema")

    @property
    def paths(self) -> tuple[str, ...]:
        """The files in their order; the `url` of version 0 counts as a path. Empty for inline data."""
        return self.path or (() if self.url is None else (self.url,))

    @property
    def is_tabular(self) -> bool:
        """Whether the resource says that it is a table, in the words of version 2 or 1."""
        profile = self.profile or ""
        return self.type == "table" or (self.type is None and "tabular-data-resource" in profile)

    @property
    def has_data(self) -> bool:
        """Whether the data are in the descriptor itself, be they `null`."""
        return "data" in self.stated


class Descriptor(DescriptorModel):
    """A whole `datapackage.json` ("Data Package").

    `resources` are as given: each is read by itself, so that a broken one does not hide the others.
    """

    binding: ClassVar[bool] = False

    schema_uri: str | None = property_of(string, default=None, json="$schema")
    profile: str | None = property_of(string, default=None)
    name: str | None = property_of(string, default=None)
    id: str | None = property_of(string, default=None)
    title: str | None = property_of(string, default=None)
    description: str | None = property_of(string, default=None)
    version: str | None = property_of(string, default=None)
    created: str | None = property_of(string, converter(_datetime), default=None)
    homepage: str | None = property_of(string, default=None)
    image: str | None = property_of(string, default=None)
    keywords: tuple[str, ...] = property_of(array_of(string), default=())
    licenses: tuple[License, ...] = property_of(array_of(License.read), default=())
    contributors: tuple[Contributor, ...] = property_of(array_of(Contributor.read), default=())
    sources: tuple[Source, ...] = property_of(array_of(Source.read), default=())
    case_profile: str | None = property_of(string, default=None)
    story: Any = property_of(anything, default=None)
    resources: tuple[Any, ...] = property_of(array_of(anything))
