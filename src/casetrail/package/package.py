"""Package: a descriptor with its resources, opened from a folder, a `datapackage.json` or a zip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.package.files import PackageFiles, files_at
from casetrail.package.paths import is_url
from casetrail.package.remote import open_path
from casetrail.package.resource import Resource
from casetrail.package.schema_checks import check_references, check_schema
from casetrail.package.usable_schema import referring, usable, with_null_sequence
from casetrail.standard.descriptor import Descriptor, ResourceDescriptor
from casetrail.standard.dialect import DEFAULT_DIALECT, Dialect, contradictions
from casetrail.standard.json_reader import MAX_DOCUMENT, JsonError, read_document
from casetrail.standard.model import MAX_MISTAKES, DescriptorLocation, DescriptorModel, M, read_model
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import TableSchema

CODES = {
    "descriptor-property": "A property of the descriptor is missing or has the wrong form.",
    "descriptor-near-miss": "A property of the descriptor is unknown and looks like a misspelt known one.",
    "descriptor-no-resources": "The descriptor names no resource.",
    "descriptor-bom": "A descriptor or schema starts with a byte order mark.",
    "descriptor-duplicate-name": "An object of a descriptor or schema has the same property twice.",
    "resource-property": "A property of a resource is missing or has the wrong form.",
    "resource-near-miss": "A property of a resource is unknown and looks like a misspelt known one.",
    "resource-name-duplicate": "Two resources have the same name.",
    "resource-no-data": "A resource has neither a path nor data.",
    "resource-path-and-data": "A resource has a path and data as well.",
    "resource-paths-mixed": "A resource mixes paths and URLs.",
    "dialect-property": "A property of a dialect has the wrong form.",
    "dialect-near-miss": "A property of a dialect is unknown and looks like a misspelt known one.",
    "dialect-contradiction": "A dialect gives two marks the same character, or a mark that cannot be one.",
    "profile-not-checked": "The descriptor names a profile of its own, which is not fetched.",
    "file-not-json": "The file of a schema or dialect is not JSON.",
}

_STANDARD_PROFILES = ("https://datapackage.org/profiles/", "https://specs.frictionlessdata.io/schemas/")
_NAMED_PROFILES = frozenset({"data-package", "tabular-data-package"})


@dataclass(frozen=True)
class Package:
    """A Data Package. `raw` is the descriptor as it stands in its file, to be passed on unchanged.

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
        """The resource of this name; a `CasetrailError` where there is none."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        names = [resource.name for resource in self.resources]
        hint = did_you_mean(name, names)
        raise CasetrailError(f"the package has no resource '{name}'" + (f"; {hint}" if hint else ""))


def open_package(path: Path | str, *, allow_remote: bool = False) -> Package:
    """Open the package in a folder, of a `datapackage.json` or in a zip.

    Descriptor, schemas and dialects are read, the data are not. A descriptor that cannot be read at all
    raises a `CasetrailError`; everything else that is wrong is in `Package.findings`.
    """
    return package_in(files_at(Path(path)), allow_remote=allow_remote)


def package_in(files: PackageFiles, *, allow_remote: bool = False) -> Package:
    """Open the package whose files are already known; all else is as with `open_package`."""
    findings: list[Finding] = []
    location = DescriptorLocation(files.descriptor)
    raw = _read(files, files.descriptor, location, findings)
    if not isinstance(raw, dict):
        raise CasetrailError(f"{files.descriptor} holds no JSON object; a data package starts with one")
    descriptor, found = read_model(Descriptor, raw, location, kind="descriptor")
    findings += found
    if descriptor is None:
        rest = {
            key: value for key, value in raw.items() if key in ("name", "version") and isinstance(value, str)
        }
        descriptor = Descriptor.model_validate({**rest, "resources": []})
    elif not descriptor.resources:
        findings.append(location.into("resources").finding("descriptor-no-resources", "there is no resource"))
    findings += _check_profile(descriptor, location)
    reader = _ResourceReader(files, descriptor, findings, allow_remote)
    resources = [
        resource
        for index, entry in enumerate(descriptor.resources)
        if (resource := reader.read(entry, index)) is not None
    ]
    reader.check_references(resources)
    return Package(files, raw, descriptor, tuple(resources), tuple(findings))


def _check_profile(descriptor: Descriptor, location: DescriptorLocation) -> Sequence[Finding]:
    profile = descriptor.schema_uri or descriptor.profile
    if profile is None or profile.startswith(_STANDARD_PROFILES) or profile in _NAMED_PROFILES:
        return ()
    message = f"the profile '{profile[:200]}' is not one of the standard; what it asks for is not checked"
    at = location.into("$schema" if descriptor.schema_uri else "profile")
    return (at.finding("profile-not-checked", message, value=profile, warning=True),)


def _read(files: PackageFiles, path: str, location: DescriptorLocation, findings: list[Finding]) -> Any:
    """The JSON of one file; its blemishes are findings."""
    try:
        with open_path(files, path) as file:
            data = _read_all(file)
    except CasetrailError:
        raise
    except Exception as error:  # zip and file system have many; each is the same to the reader of the message
        raise CasetrailError(f"{path} cannot be read ({error})") from None
    try:
        read = read_document(data)
    except JsonError as error:
        raise CasetrailError(f"{path}, {error.reason}") from None
    for steps, name in read.duplicates:
        message = f"the property '{name}' stands twice in one object, and only the last one counts"
        findings.append(location.into(*steps).finding("descriptor-duplicate-name", message, value=name))
    if read.bom:
        message = f"{path} starts with a byte order mark, which JSON does not allow"
        hint = "save it as UTF-8 without BOM"
        findings.append(location.finding("descriptor-bom", message, hint=hint, warning=True))
    return read.value


def _read_all(file: Any) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= MAX_DOCUMENT and (part := file.read(1 << 20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


class _ResourceReader:
    """Reads the resources of one descriptor, and the schemas that several share only once."""

    def __init__(
        self, files: PackageFiles, descriptor: Descriptor, findings: list[Finding], allow_remote: bool
    ) -> None:
        self._files = files
        self._descriptor = descriptor
        self._findings = findings
        self._allow_remote = allow_remote
        self._locations: dict[str, DescriptorLocation] = {}

    def read(self, raw: object, index: int) -> Resource | None:
        """One resource, or `None` where not even its name can be read."""
        location = DescriptorLocation(self._files.descriptor).into("resources", index)
        name = raw.get("name") if isinstance(raw, dict) else None
        if isinstance(name, str):
            location = DescriptorLocation(location.path, location.pointer, table=name)
        descriptor, found = read_model(ResourceDescriptor, raw, location, kind="resource")
        self._findings += found
        if descriptor is None:
            return None
        if descriptor.name in self._locations:
            message = f"another resource is called '{descriptor.name}' too"
            self._add(
                location.into("name").finding("resource-name-duplicate", message, value=descriptor.name)
            )
        before = len(self._findings)
        self._check_data(descriptor, location)
        obstacle = next((finding.message for finding in self._findings[before:]), None)
        dialect, _, _ = self._part(Dialect, descriptor.dialect, location.into("dialect"), "dialect")
        for name, reason in contradictions(dialect or DEFAULT_DIALECT):
            message = f"the dialect contradicts itself: '{name}' {reason}"
            self._add(location.into("dialect").finding("dialect-contradiction", message))
            obstacle = obstacle or message
        schema, schema_path, schema_location = self._part(
            TableSchema, descriptor.table_schema, location.into("schema"), "schema"
        )
        if schema is not None:
            self._findings += islice(check_schema(schema, schema_location), MAX_MISTAKES)
            schema = usable(schema)
            if dialect is not None and dialect.null_sequence is not None:
                schema = with_null_sequence(schema, dialect.null_sequence)
        self._locations.setdefault(descriptor.name, schema_location)
        return Resource(
            descriptor,
            self._files,
            schema=schema,
            dialect=dialect or DEFAULT_DIALECT,
            schema_path=schema_path,
            obstacle=obstacle,
            case_package=self._descriptor.case_profile is not None,
        )

    def check_references(self, resources: Sequence[Resource]) -> None:
        """Foreign keys, once all schemas are known."""
        schemas = {resource.name: resource.schema for resource in resources}
        for resource in resources:
            if resource.schema is not None:
                found = check_references(resource.schema, self._locations[resource.name], schemas)
                self._findings += islice(found, MAX_MISTAKES)
                resource.schema = referring(resource.schema, schemas)

    def _add(self, finding: Finding) -> None:
        self._findings.append(finding)

    def _check_data(self, descriptor: ResourceDescriptor, location: DescriptorLocation) -> None:
        paths = descriptor.paths
        if descriptor.has_data and paths:
            self._add(
                location.finding("resource-path-and-data", "there are both 'path' and 'data'; keep one")
            )
        if not descriptor.has_data and not paths:
            message = "there is neither 'path' nor 'data'; say where the data are"
            self._add(location.finding("resource-no-data", message))
        if len({is_url(path) for path in paths}) > 1:
            message = "some paths are URLs and others are not; a resource has either the one or the other"
            self._add(location.into("path").finding("resource-paths-mixed", message))
        for path in paths:
            self._check_path(path, location.into("path"))

    def _check_path(self, path: str, location: DescriptorLocation) -> bool:
        problem = None if self._allow_remote and is_url(path) else self._files.problem(path)
        if problem is None:
            return True
        message = f"the path '{path[:200]}' cannot be followed: {problem.reason}"
        self._add(location.finding(problem.code, message, hint=problem.hint, value=path))
        return False

    def _part(
        self, model: type[M], given: Any, location: DescriptorLocation, kind: str
    ) -> tuple[M | None, str | None, DescriptorLocation]:
        """A schema or dialect, given as an object or as the path of its file."""
        if given is None:
            return None, None, location
        path: str | None = None
        if isinstance(given, str):
            if not self._check_path(given, location):
                return None, None, location
            path, location = given, DescriptorLocation(given, table=location.table)
            try:
                given = _read(self._files, path, location, self._findings)
            except CasetrailError as error:
                self._add(location.finding("file-not-json", str(error)))
                return None, path, location
        read, found = read_model(model, given, location, kind=kind)
        self._findings += found
        return read, path, location


__all__ = ["CODES", "DescriptorModel", "Package", "open_package", "package_in"]
