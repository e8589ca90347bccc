"""The schemas of a case: refreshed from the profile that it follows, with what the case adds kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from casetrail.case.profile import Profile, profile, profile_versions
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.package.paths import path_problem
from casetrail.package.resource import Resource
from casetrail.standard.json_reader import JsonError, read_document
from casetrail.standard.schema import TableSchema

Json = Mapping[str, Any]


def schema_text(schema: Json) -> str:
    """A schema as a file holds it: JSON with two blanks of indentation and a final line feed."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def refreshed(document: Json, stated: Json, tables: Collection[str]) -> dict[str, Any]:
    """The schema of a case for a table of the profile: the profile's, and what the case adds.

    `tables` are the tables of the case: a foreign key to another would lead nowhere. Added are columns, terms
    of a vocabulary, tighter constraints, rules, keys, and properties that the profile does not know.
    """
    schema = {**document, **{name: value for name, value in stated.items() if name not in document}}
    schema["fields"] = _fields(document["fields"], stated.get("fields", ()))
    for name in ("rules", "dateOrders"):
        schema[name] = _with_others(
            document.get(name, ()), stated.get(name, ()), lambda rule: rule.get("name")
        )
    known = [key for key in document.get("foreignKeys", ()) if _target(key) in {"", *tables}]
    names = {field["name"] for field in document["fields"]}
    own = [key for key in stated.get("foreignKeys", ()) if not set(_columns(key)) <= names]
    schema["foreignKeys"] = [*known, *own]
    return {name: value for name, value in schema.items() if value != [] or name not in _MAY_BE_EMPTY}


_MAY_BE_EMPTY = ("rules", "dateOrders", "foreignKeys")


def case_schemas(name: str, tables: Sequence[str]) -> dict[str, str]:
    """The files of the schemas of a new case with these tables, by table."""
    known = profile(name)
    return {table: schema_text(refreshed(known.documents[table], {}, tables)) for table in tables}


def stale_schemas(package: Package) -> dict[str, str]:
    """The schema files of a case that differ from what they should hold, by path, with what that is.

    Raises:
        CasetrailError: The package follows no known profile, or a table of it names no schema to refresh.
    """
    if package.case_profile is None:
        raise CasetrailError(
            f"{package.files.descriptor} declares no `caseProfile`, so its schemas follow no profile. "
            "Give the path of a Case Data Package."
        )
    known: Profile = profile(package.case_profile)
    tables = [resource.name for resource in package.resources]
    paths = dict(_paths(package))
    for resource in package.tables:
        if resource.name in known.documents and resource.schema is None and resource.name not in paths:
            raise CasetrailError(
                f"{package.files.descriptor}: the table '{resource.name}' has no schema; give its resource "
                f'"schema": "schemas/{resource.name}.json" and run `casetrail schemas` again',
                exit_code=1,
            )
    stale: dict[str, str] = {}
    for name, path in paths.items():
        if name not in known.documents:
            continue
        try:
            with package.files.open(path) as file:
                content = file.read()
            stated = read_document(content).value
        except (OSError, JsonError):
            content, stated = b"", {}
        text = schema_text(refreshed(known.documents[name], stated, tables))
        if content != text.encode():
            stale[path] = text
    return stale


def completed(package: Package) -> Package:
    """The package as if no schema, column and term that its profile has were missing.

    That one is missing is one mistake, which `conformance` says of the package as it is; in this one no key,
    rule, label or cell is wrong for want of it.
    """
    if package.case_profile not in profile_versions():
        return package
    documents = profile(package.case_profile).documents
    missing: set[str] = set()
    for resource in package.tables:
        if resource.name in documents and not resource.has_unreadable_schema:
            missing.update(_missing(documents[resource.name], resource))
    if not missing:
        return package
    tables = [resource.name for resource in package.resources]

    def whole(resource: Resource) -> Resource:
        if resource.name not in documents or resource.has_unreadable_schema or not resource.is_table:
            return resource
        stated = resource.schema.to_json() if resource.schema else {}
        return replace(resource, schema=TableSchema.of(refreshed(documents[resource.name], stated, tables)))

    findings = (
        finding
        for finding in package.findings
        if finding.code not in _FOR_WANT or finding.value not in missing
    )
    return replace(package, resources=tuple(map(whole, package.resources)), findings=tuple(findings))


_FOR_WANT = ("schema-reference-unknown", "schema-enum-not-in-categories")
"""What a schema has in which something is missing."""


def _missing(document: Json, resource: Resource) -> Iterator[str]:
    """The table where it has no schema, else the columns of the profile and their terms that it lacks."""
    if resource.schema is None:
        yield resource.name
        return
    stated = {field.name: field for field in resource.schema.fields}
    for field in document["fields"]:
        own = stated.get(field["name"])
        if own is None:
            yield field["name"]
        elif terms := field.get("categories"):
            allowed = {term.value for term in own.terms}
            if own.constraints.enum is not None:
                allowed.intersection_update(own.constraints.enum)
            yield from (term["value"] for term in terms if term["value"] not in allowed)


def _paths(package: Package) -> Iterator[tuple[str, str]]:
    """Each table with the path of its schema, whether or not the file is there."""
    for resource in package.raw.get("resources", ()):
        path = resource.get("schema") if isinstance(resource, dict) else None
        if isinstance(path, str) and path_problem(path) is None and isinstance(resource.get("name"), str):
            yield resource["name"], path


def _fields(ours: Sequence[Json], theirs: Sequence[Json]) -> list[dict[str, Any]]:
    """The columns in the order of the case; one that it lacks comes after the one that it follows."""
    known = {field["name"]: field for field in ours}
    fields = [
        _field(known[field["name"]], field) if field.get("name") in known else dict(field) for field in theirs
    ]
    names = [field.get("name") for field in fields]
    before = None
    for name, field in known.items():
        if name not in names:
            at = names.index(before) + 1 if before in names else 0
            names.insert(at, name)
            fields.insert(at, _field(field, {}))
        before = name
    return fields


def _field(ours: Json, theirs: Json) -> dict[str, Any]:
    field = {**ours, **{name: value for name, value in theirs.items() if name not in ours}}
    limits = dict(ours.get("constraints", {}))
    for name, value in theirs.get("constraints", {}).items():
        if name in ("required", "unique"):
            limits[name] = bool(limits.get(name)) or bool(value)
        elif name not in limits or (name in _TIGHTER and _TIGHTER[name](limits[name], value) == value):
            limits[name] = value
    if "categories" in ours:
        field["categories"] = _with_others(
            ours["categories"], theirs.get("categories", ()), lambda term: term.get("value")
        )
        limits["enum"] = [term["value"] for term in field["categories"]]
    field["constraints"] = limits
    return field


_TIGHTER = {"minimum": max, "minLength": max, "maximum": min, "maxLength": min}


def _with_others(ours: Sequence[Any], theirs: Sequence[Any], key: Any) -> list[Any]:
    known = {key(entry) for entry in ours}
    return [*ours, *(entry for entry in theirs if isinstance(entry, dict) and key(entry) not in known)]


def _target(key: Json) -> str:
    return str(key["reference"].get("resource", ""))


def _columns(key: Json) -> list[str]:
    columns = key.get("fields", [])
    return [columns] if isinstance(columns, str) else list(columns)
