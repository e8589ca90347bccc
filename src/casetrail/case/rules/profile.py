"""The profile: what a package that calls itself a Case Data Package has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casetrail.case.schemas import table_schema
from casetrail.case.tables import MODELS, PROFILE_VERSION
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.package.package import Package
from casetrail.standard.schema import FieldDescriptor, TableSchema

CODES = {
    "profile-unknown-version": "The package follows a version of the profile that this tool does not know.",
    "profile-table-missing": "A table of the profile is missing.",
    "profile-column-missing": "A table lacks a column of the profile.",
    "profile-column-differs": "A column is declared otherwise than the profile has it.",
    "profile-key-differs": "The keys of a table are declared otherwise than the profile has them.",
}

_OF_A_COLUMN = ("type", "format", "rdfType", "categoriesOrdered")


def profile_findings(package: Package) -> Iterator[Finding]:
    """What keeps the package from being a Case Data Package of this version, found before any data is read.

    A package may add tables and columns; what the profile has must be there as it has it.
    """
    declared = package.descriptor.case_profile
    if declared != PROFILE_VERSION:
        yield Finding(
            "profile-unknown-version",
            f"the profile has the version {declared!r}; this tool knows {PROFILE_VERSION!r}",
            Place(path=package.files.descriptor, field="caseProfile", value=declared),
            hint="install a newer casetrail, or set `caseProfile` to a version that it knows",
        )
        return
    resources = {resource.name: resource for resource in package.resources}
    for model in MODELS:
        name = model.TABLE.name
        if name not in resources:
            yield Finding(
                "profile-table-missing",
                f"a Case Data Package has a table {name!r}; this one does not",
                Place(path=package.files.descriptor, table=name),
                hint="add the table; its heading alone will do where there is nothing to say",
            )
        elif resources[name].schema is not None:
            schema = resources[name].schema
            assert schema is not None
            place = resources[name].schema_path or package.files.descriptor
            yield from _columns(TableSchema.model_validate(table_schema(model)), schema, name, place)


def _columns(profile: TableSchema, schema: TableSchema, table: str, path: str) -> Iterator[Finding]:
    for expected in profile.fields:
        found = schema.field(expected.name)
        if found is None:
            yield Finding(
                "profile-column-missing",
                f"in the profile {table} has a column {expected.name!r}; here it is missing",
                Place(table=table, path=path, field=expected.name),
                hint="run `casetrail schemas`, and add the column to the file",
            )
        elif (difference := _difference(expected, found)) is not None:
            yield Finding(
                "profile-column-differs",
                f"{difference} of the column {expected.name!r} is not as the profile has it",
                Place(table=table, path=path, field=expected.name),
                hint="run `casetrail schemas`; a column of your own needs a name of its own",
            )
    missing_keys = [key for key in profile.foreign_keys if key not in schema.foreign_keys]
    if schema.primary_key != profile.primary_key or missing_keys:
        keys = ", ".join(profile.primary_key)
        yield Finding(
            "profile-key-differs",
            f"the primary key of {table} is {keys}, and its references are those of the profile",
            Place(table=table, path=path, field=profile.primary_key[0]),
            hint="run `casetrail schemas`",
        )


def _difference(expected: FieldDescriptor, found: FieldDescriptor) -> str | None:
    ours, theirs = expected.to_json(), found.to_json()
    for name in _OF_A_COLUMN:
        if ours.get(name) != theirs.get(name):
            return f"`{name}`"
    if _constraints(ours) != _constraints(theirs):
        return "`constraints`"
    return None


def _constraints(field: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in field.get("constraints", {}).items() if value is not None}
