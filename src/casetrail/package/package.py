"""Package: a descriptor with its resources, opened from a folder, a `datapackage.json` or a zip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding, Severity
from casetrail.package import declared_profile, descriptor_reader, paths, sound_schema
from casetrail.package.declared_profile import check_profile
from casetrail.package.descriptor_reader import DescriptorReader
from casetrail.package.files import PackageFiles, files_at
from casetrail.package.nearby import instead_of
from casetrail.package.paths import is_pattern, is_url, link_problem, path_problem, unfit_names
from casetrail.package.resource import Resource
from casetrail.package.sound_schema import NO_SCHEMA, judge_references, judge_schema, with_null_sequence
from casetrail.standard.descriptor import Descriptor, ResourceDescriptor
from casetrail.standard.dialect import DEFAULT_DIALECT, Dialect, contradictions
from casetrail.standard.json_reader import json_kind
from casetrail.standard.model import DescriptorLocation
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import TableSchema
from casetrail.tables.table_format import format_of

CODES = {
    **descriptor_reader.CODES,
    **paths.CODES,
    **declared_profile.CODES,
    **sound_schema.CODES,
    "descriptor-property": "A property of the descriptor is missing or has the wrong form. "
    "Give it the form that the message names.",
    "descriptor-near-miss": "A property of the descriptor is unknown and looks like a misspelt known one. "
    "Write it as the standard does; the hint names the known property.",
    "descriptor-no-resources": "The descriptor names no resource. List the tables in `resources`.",
    "resource-property": "A property of a resource is missing or has the wrong form. "
    "Give it the form that the message names.",
    "resource-near-miss": "A property of a resource is unknown and looks like a misspelt known one. "
    "Write it as the standard does; the hint names the known property.",
    "resource-name-duplicate": "Two resources have the same name. Give each a name of its own.",
    "resource-name-unsafe": "The name of a resource cannot become that of a file. "
    "Use lower-case letters, digits, full stops, hyphens and underscores.",
    "resource-no-data": "A resource has neither a path nor data. Say with `path` in which file the data are.",
    "resource-path-and-data": "A resource has a path and data as well. Keep one of the two.",
    "resource-paths-mixed": "A resource mixes paths and URLs. Keep the one kind or the other.",
    "dialect-property": "A property of a dialect has the wrong form. "
    "Give it the form that the message names.",
    "dialect-near-miss": "A property of a dialect is unknown and looks like a misspelt known one. "
    "Write it as the standard does; the hint names the known property.",
    "dialect-contradiction": "A dialect gives two marks the same character, or a mark that cannot be one. "
    "Give each mark a character of its own.",
}

_FRICTIONLESS_TYPES = frozenset({"file", "text", "json", "image", "chart", "map", "markdown", "article"})
"""Types that the `frictionless` library writes of resources that are no tables."""


@dataclass(frozen=True)
class Package:
    """A Data Package. `raw` is the descriptor as it is in its file, to be passed on unchanged.

    `findings` are about the descriptor, the schemas and the paths; the data have not been looked at.
    """

    files: PackageFiles
    raw: dict[str, Any]
    descriptor: Descriptor
    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]

    @property
    def root(self) -> Path:
        """The folder of the package, or its zip."""
        return self.files.root

    @property
    def name(self) -> str:
        """The name that the descriptor gives, else that of the folder or zip."""
        return self.descriptor.name or self.root.resolve().stem or "package"

    @property
    def version(self) -> str | None:
        """The version that the descriptor gives."""
        return self.descriptor.version

    @property
    def case_profile(self) -> str | None:
        """The version of the Case Data Package profile that the package declares, or `None`."""
        return self.descriptor.case_profile

    @property
    def tables(self) -> tuple[Resource, ...]:
        """The resources that are tables."""
        return tuple(resource for resource in self.resources if resource.is_table)

    def resource(self, name: str) -> Resource:
        """The resource of this name.

        Raises:
            CasetrailError: There is none, or more than one.
        """
        named = [resource for resource in self.resources if resource.name == name]
        if len(named) == 1:
            return named[0]
        if named:
            reason = f"{len(named)} resources have the name '{name}'; give each a name of its own"
            raise CasetrailError(reason, exit_code=1)
        names = [resource.name for resource in self.resources]
        hint = did_you_mean(name, names)
        raise CasetrailError(f"the package has no resource '{name}'" + (f"; {hint}" if hint else ""))


def open_package(
    path: str | PathLike[str],
    *,
    allow_remote: bool | Collection[str] = False,
    schema: str | PathLike[str] | Mapping[str, Any] | None = None,
    resource: Mapping[str, Any] | None = None,
) -> Package:
    """Open the package in a folder, of a `datapackage.json`, in a zip, or at an address.

    `allow_remote` lets what is at addresses be read, also in the private networks of the hosts that it names.
    With a `schema` what is at the path is a table by itself, and `resource` has further properties of it, as
    its dialect. `-` is standard input: the table, or else the descriptor of the package in this folder.

    Descriptor, schemas and dialects are read, the data are not. A descriptor that cannot be read at all
    raises a `CasetrailError`; everything else that is wrong is in `Package.findings`.
    """
    if isinstance(allow_remote, str):
        allow_remote = [allow_remote]
    if schema is not None:
        from casetrail.package.table_file import table_files

        addresses = [text for text in (path, schema) if isinstance(text, str) and is_url(text)]
        hosts = _hosts_of(addresses, allow_remote)
        files = table_files(path, schema, resource)
        return package_in(files, allow_remote=hosts or allow_remote, alone=True)
    if fspath(path) == "-":
        from casetrail.package.table_file import DescriptorFromInput

        return package_in(DescriptorFromInput(Path()), allow_remote=allow_remote)
    if isinstance(path, str) and is_url(path):
        from casetrail.package.remote import RemoteFiles

        return package_in(RemoteFiles(path, _hosts_of([path], allow_remote)), allow_remote=allow_remote)
    return package_in(files_at(Path(path)), allow_remote=allow_remote)


def _hosts_of(addresses: Sequence[str], allow_remote: bool | Collection[str]) -> set[str]:
    """The hosts of private networks that may be asked: also those of the addresses themselves.

    Whoever names an address wants what is there.

    Raises:
        CasetrailError: Nothing at an address may be read.
    """
    for address in addresses:
        problem = path_problem(address, allow_remote=bool(allow_remote))
        if problem is not None:
            raise CasetrailError(f"'{address[:200]}' is not read: {problem.reason}; {problem.hint}")
    hosts = () if isinstance(allow_remote, bool) else allow_remote
    return {*hosts, *(urlsplit(address).hostname or "" for address in addresses)}


def package_in(
    files: PackageFiles, *, allow_remote: bool | Collection[str] = False, alone: bool = False
) -> Package:
    """Open the package whose files are already known; all else is as with `open_package`.

    `alone` says that tables to which its own refer are not meant to be there.

    Raises:
        CasetrailError: The descriptor cannot be read, or is not that of a package.
    """
    hosts = () if isinstance(allow_remote, bool) else tuple(allow_remote)
    reader = DescriptorReader(files, bool(allow_remote), hosts)
    location = DescriptorLocation(files.descriptor)
    raw = reader.json(files.descriptor, location)
    if not isinstance(raw, dict):
        raise CasetrailError(f"{files.descriptor} holds no JSON object; a data package starts with one")
    if "fields" in raw and "resources" not in raw:
        instead = instead_of(files.root / files.descriptor)
        raise CasetrailError(
            f"'{files.descriptor}' is the schema of a table, not a package; {instead}; "
            f"a table is checked by it with: casetrail validate TABLE --schema '{files.descriptor}'"
        )
    descriptor = reader.model(Descriptor, raw, location, "descriptor")
    if descriptor is None:
        known = {name: raw[name] for name in ("name", "version") if isinstance(raw.get(name), str)}
        descriptor = Descriptor.of({**known, "resources": []})
    elif not descriptor.resources:
        message = "there is no resource"
        reader.add([location.into("resources").finding("descriptor-no-resources", message)])
    reader.add(check_profile(reader, descriptor, raw, location))
    reader.add(_check_links(descriptor, location))
    drafts: list[_Draft] = []
    for index, entry in enumerate(descriptor.resources):
        draft = _read_resource(reader, entry, location.into("resources", index))
        if draft is not None:
            drafts.append(draft)
    resources = _with_references(
        drafts, reader, case_package=descriptor.case_profile is not None, alone=alone
    )
    return Package(files, raw, descriptor, resources, tuple(reader.findings))


class _Draft(NamedTuple):
    """A resource as far as it can be read without the others."""

    location: DescriptorLocation
    descriptor: ResourceDescriptor
    dialect: Dialect
    schema: TableSchema | None
    schema_location: DescriptorLocation
    obstacle: str | None


def _read_resource(reader: DescriptorReader, raw: object, location: DescriptorLocation) -> _Draft | None:
    """One resource, or `None` where not even its name can be read."""
    name = raw.get("name") if isinstance(raw, dict) else None
    if isinstance(name, str):
        location = location._replace(table=name)
    descriptor = reader.model(ResourceDescriptor, raw, location, "resource")
    if descriptor is None:
        return None
    if any(map(is_pattern, descriptor.paths)):
        descriptor = descriptor.but(path=tuple(chain.from_iterable(map(reader.matching, descriptor.paths))))
    dialect: Dialect | None = DEFAULT_DIALECT
    at = location.into("dialect")
    if descriptor.dialect is not None:
        dialect, at = reader.part(Dialect, descriptor.dialect, at, "dialect")
    obstacles = [*_check_data(reader, descriptor, location), *_check_dialect(dialect or DEFAULT_DIALECT, at)]
    reader.add(obstacles)
    reader.add(check_profile(reader, descriptor, raw, location))
    reader.add(_check_type(descriptor, location))
    reader.add(_check_links(descriptor, location))
    schema: TableSchema | None = None
    at = location.into("schema")
    if descriptor.table_schema is not None:
        schema, at = reader.part(TableSchema, descriptor.table_schema, at, "schema")
    if schema is not None:
        schema = reader.judge(judge_schema(schema, at))
    if schema is not None and dialect is not None and dialect.null_sequence is not None:
        schema = with_null_sequence(schema, dialect.null_sequence)
    obstacle = next(
        (finding.message + (f"; {finding.hint}" if finding.hint else "") for finding in obstacles),
        None if dialect else "its dialect cannot be read",
    )
    return _Draft(location, descriptor, dialect or DEFAULT_DIALECT, schema, at, obstacle)


def _check_data(
    reader: DescriptorReader, descriptor: ResourceDescriptor, location: DescriptorLocation
) -> Iterator[Finding]:
    """Why the data of a resource cannot be found or followed."""
    declared = descriptor.paths
    if descriptor.has_data and declared:
        yield location.finding("resource-path-and-data", "there are both 'path' and 'data'; keep one")
    if not descriptor.has_data and not declared:
        message = "there is neither 'path' nor 'data'; say where the data are"
        yield location.finding("resource-no-data", message)
    if len({is_url(path) for path in declared}) > 1:
        message = "some paths are URLs and others are not; a resource has either the one or the other"
        yield location.into("path").finding("resource-paths-mixed", message)
    data = descriptor.data
    if descriptor.has_data and not isinstance(data, str | list | dict):
        message = f"this is {json_kind(data)}, but an array, an object or a text with its format is needed"
        yield location.into("data").finding("resource-property", message)
    if isinstance(descriptor.data, str) and descriptor.is_tabular:
        message = "the inline data of a table are an array of rows, and this is a text"
        hint = "put the text into a file of its own and give its path"
        yield location.into("data").finding("resource-property", message, hint=hint)
    for path in declared:
        problem = reader.path_finding(path, location.into("path"))
        if problem is not None:
            yield problem


def _check_type(descriptor: ResourceDescriptor, location: DescriptorLocation) -> Iterator[Finding]:
    """Whether the type is known, and of an inline text the format is."""
    if descriptor.type not in (None, "table"):
        known = descriptor.type in _FRICTIONLESS_TYPES
        message = f"the standard has no type '{descriptor.type}', only 'table', so the data are not checked"
        yield location.into("type").finding(
            "resource-property",
            message,
            hint=None if known else did_you_mean(descriptor.type or "", ["table"]),
            value=descriptor.type,
            severity=Severity.NOTE if known else Severity.WARNING,
        )
    named = descriptor.is_tabular or descriptor.format is not None or descriptor.mediatype is not None
    if isinstance(descriptor.data, str) and not named:
        message = "the data are a text, and nothing says in which format"
        yield location.into("data").finding("resource-property", message, hint="give the 'format', as csv")


def _check_links(
    descriptor: Descriptor | ResourceDescriptor, location: DescriptorLocation
) -> Iterator[Finding]:
    """Paths of licences and sources: URLs, or relative paths within the package ("URL or Path")."""
    for name in ("licenses", "sources"):
        for index, part in enumerate(getattr(descriptor, name) or ()):
            problem = None if part.path is None else link_problem(part.path)
            if problem is not None:
                message = f"'{part.path}' is neither a URL nor a path within the package: {problem.reason}"
                at = location.into(name, index, "path")
                yield at.finding(problem.code, message, hint=problem.hint, value=part.path)


def _check_dialect(dialect: Dialect, location: DescriptorLocation) -> Iterator[Finding]:
    for name, reason in contradictions(dialect):
        message = f"the dialect contradicts itself: '{name}' {reason}"
        yield location.finding("dialect-contradiction", message)


def _with_references(
    drafts: Sequence[_Draft], reader: DescriptorReader, *, case_package: bool, alone: bool
) -> tuple[Resource, ...]:
    """The resources, with the foreign keys that can be followed, once all schemas are known.

    Of two resources of one name the first is meant.
    """
    schemas: dict[str, TableSchema | None] = {}
    unfit = unfit_names(draft.descriptor.name for draft in drafts)
    for draft in drafts:
        name = draft.descriptor.name
        if name in unfit:
            message = f"the name '{name}' cannot become that of a file: {unfit[name]}"
            hint = "exports and releases need one of lower-case letters, digits, '.', '-' and '_'"
            finding = draft.location.into("name").finding(
                "resource-name-unsafe", message, hint=hint, value=name, severity=Severity.WARNING
            )
            reader.add([finding])
        if name in schemas:
            message = f"another resource is called '{name}' too"
            at = draft.location.into("name")
            reader.add([at.finding("resource-name-duplicate", message, value=name)])
        schemas.setdefault(name, NO_SCHEMA if draft.descriptor.table_schema is None else draft.schema)
    referring = Counter(
        key.reference.resource for draft in drafts if draft.schema for key in draft.schema.foreign_keys
    )
    resources: list[Resource] = []
    for draft in drafts:
        schema = draft.schema
        if schema is not None:
            schema = reader.judge(
                judge_references(schema, draft.schema_location, schemas, alone=alone, referring=referring)
            )
        path = draft.schema_location.path
        resource = Resource(
            draft.descriptor,
            reader.files,
            schema,
            dialect=draft.dialect,
            schema_path=None if path == reader.files.descriptor else path,
            obstacle=draft.obstacle,
            case_package=case_package,
            hosts=tuple(reader.hosts),
        )
        if "delimiter" not in draft.dialect.stated and format_of(resource) in ("tsv", "tab"):
            tabs = draft.dialect.but(delimiter="\t")
            resource = replace(resource, dialect=tabs)
        resources.append(resource)
    return tuple(resources)
