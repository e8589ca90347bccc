"""The descriptor of a package and of its resources (standard: `data-package.mdx`, `data-resource.mdx`).

Version 2 is the form here; what versions 0 and 1 wrote otherwise (`profile`, `url`, `role`) is read as well.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, field_serializer

from casetrail.standard.model import DescriptorModel


def _path_list(value: Any) -> Any:
    """A path is a string, or an array of strings for several files ("Multiple Files")."""
    return [value] if isinstance(value, str) else value


class License(DescriptorModel):
    """One licence ("licenses"): an Open Definition id as `name`, or a `path`, or both."""

    binding: ClassVar[bool] = False

    name: StrictStr | None = None
    path: StrictStr | None = None
    title: StrictStr | None = None


class Contributor(DescriptorModel):
    """A person or organization that contributed ("contributors")."""

    binding: ClassVar[bool] = False

    title: StrictStr | None = None
    given_name: StrictStr | None = None
    family_name: StrictStr | None = None
    path: StrictStr | None = None
    email: StrictStr | None = None
    roles: tuple[StrictStr, ...] | None = None
    role: StrictStr | None = None
    organization: StrictStr | None = None

    @property
    def all_roles(self) -> tuple[str, ...]:
        """`roles`, or where they are not given the single `role` of version 1."""
        if self.roles is not None:
            return self.roles
        return () if self.role is None else (self.role,)


class Source(DescriptorModel):
    """Where data came from ("sources")."""

    binding: ClassVar[bool] = False

    title: StrictStr | None = None
    path: StrictStr | None = None
    email: StrictStr | None = None
    version: StrictStr | None = None


class ResourceDescriptor(DescriptorModel):
    """One resource ("Data Resource"): `path` names its files, in order; `data` holds it inline.

    `dialect` and `table_schema` (JSON: `schema`) are as given, an object or a path; `Resource` has them read.
    """

    schema_uri: StrictStr | None = Field(default=None, alias="$schema")
    name: StrictStr
    path: Annotated[tuple[StrictStr, ...], BeforeValidator(_path_list), Field(min_length=1)] = ()
    url: StrictStr | None = None
    data: Any = None
    type: StrictStr | None = None
    profile: StrictStr | None = None
    title: StrictStr | None = None
    description: StrictStr | None = None
    format: StrictStr | None = None
    mediatype: StrictStr | None = None
    encoding: StrictStr | None = None
    bytes: StrictInt | None = None
    hash: StrictStr | None = None
    compression: StrictStr | None = None
    sources: tuple[Source, ...] | None = None
    licenses: tuple[License, ...] | None = None
    dialect: Any = None
    table_schema: Any = Field(default=None, alias="schema")

    @field_serializer("path")
    def _single_path(self, paths: tuple[str, ...]) -> str | list[str]:
        return paths[0] if len(paths) == 1 else list(paths)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files in their order; the `url` of version 0 counts as a path. Empty for inline data."""
        return self.path or (() if self.url is None else (self.url,))

    @property
    def has_data(self) -> bool:
        """Whether the data stand in the descriptor itself, be they `null`."""
        return "data" in self.model_fields_set


class Descriptor(DescriptorModel):
    """A whole `datapackage.json` ("Data Package").

    `resources` are as given: each is read by itself, so that a broken one does not hide the others.
    """

    binding: ClassVar[bool] = False

    schema_uri: StrictStr | None = Field(default=None, alias="$schema")
    profile: StrictStr | None = None
    name: StrictStr | None = None
    id: StrictStr | None = None
    title: StrictStr | None = None
    description: StrictStr | None = None
    version: StrictStr | None = None
    created: StrictStr | None = None
    homepage: StrictStr | None = None
    image: StrictStr | None = None
    keywords: tuple[StrictStr, ...] = ()
    licenses: tuple[License, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    sources: tuple[Source, ...] = ()
    case_profile: StrictStr | None = None
    resources: tuple[Any, ...]
