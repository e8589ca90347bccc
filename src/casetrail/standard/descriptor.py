"""The descriptor of a package and of its resources (standard: `data-package.mdx`, `data-resource.mdx`).

Version 2 is the form here; what versions 0 and 1 wrote otherwise (`profile`, `url`, `role`) is read as well.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr, field_serializer, model_validator

from casetrail.standard.model import DescriptorModel, WholeNumber

_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.A
)


def _path_list(value: Any) -> Any:
    """A path is a string, or an array of strings for several files ("Multiple Files")."""
    return [value] if isinstance(value, str) else value


def _datetime(text: str) -> str:
    """RFC 3339, section 5.6; a leap second is a second that may be 60."""
    match = _RFC_3339.fullmatch(text)
    try:
        if match is not None:
            second = "59" if match[3] == "60" else match[3]
            datetime.fromisoformat(f"{match[1]}T{match[2]}{second}")
            return text
    except ValueError:
        pass
    raise ValueError(f"'{text[:40]}' is not a date and time as 1985-04-12T23:20:50Z (RFC 3339)")


def is_yaml(path: str) -> bool:
    """Whether a descriptor or schema is in YAML, by its name."""
    return path.lower().endswith((".yaml", ".yml"))


class _NotEmpty(DescriptorModel):
    """An object that has at least one property ("MUST have at least one property")."""

    binding: ClassVar[bool] = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("this is empty, but at least one property is needed")
        return self


class License(DescriptorModel):
    """One licence ("licenses"): an Open Definition id as `name`, or a `path`, or both."""

    binding: ClassVar[bool] = False

    name: StrictStr | None = None
    path: StrictStr | None = None
    title: StrictStr | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.name is None and self.path is None:
            raise ValueError("a licence has a 'name' or a 'path', and this one has neither")
        return self


class Contributor(_NotEmpty):
    """A person or organization that contributed ("contributors")."""

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


class Source(_NotEmpty):
    """Where data came from ("sources")."""

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
    bytes: WholeNumber | None = None
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
    def is_tabular(self) -> bool:
        """Whether the resource says that it is a table, in the words of version 2 or 1."""
        profile = self.profile or ""
        return self.type == "table" or (self.type is None and "tabular-data-resource" in profile)

    @property
    def has_data(self) -> bool:
        """Whether the data are in the descriptor itself, be they `null`."""
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
    created: Annotated[StrictStr, AfterValidator(_datetime)] | None = None
    homepage: StrictStr | None = None
    image: StrictStr | None = None
    keywords: tuple[StrictStr, ...] = ()
    licenses: tuple[License, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    sources: tuple[Source, ...] = ()
    case_profile: StrictStr | None = None
    story: Any = None
    resources: tuple[Any, ...]
