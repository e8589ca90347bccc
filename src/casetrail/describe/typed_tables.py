"""Typed tables that carry the words of their package: what exports write, each file readable by itself."""

from __future__ import annotations

from collections.abc import Sequence

from casetrail.describe.apa import apa
from casetrail.describe.citation import Citation, doi_url
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.derived import DerivedColumn, moment_column
from casetrail.tables.typed import TypedTable


def typed_table(package: Package, resource: Resource, cited: Citation | None) -> TypedTable:
    """The table with its types, its derived columns and, as metadata, `words_of` the package."""
    if resource.schema is None:
        raise CasetrailError(f"the table '{resource.name}' has no schema, which states its types; write one")
    metadata = words_of(package, resource, cited)
    return TypedTable(
        resource, resource.schema, derived=derived_columns(package, resource), metadata=metadata
    )


def derived_columns(package: Package, resource: Resource) -> Sequence[DerivedColumn]:
    """Columns beside those that every EDTF field has: of events of the profile the moment of their start."""
    if package.case_profile is None or resource.name != "events":
        return ()
    starts_at = moment_column(
        "date", "time", "timezone", name="starts_at", after="timezone", title="Starts at, in UTC"
    )
    return (starts_at,)


def words_of(package: Package, resource: Resource, cited: Citation | None) -> dict[str, str]:
    """What a file of one table says of itself: dataset, title, version, licence, citation, table.

    Only what the descriptor says; without a citation, as in a package that is not yet fit for one, less.
    """
    descriptor = package.descriptor
    licences = [one.name or one.title or one.path or "" for one in descriptor.licenses]
    words: dict[str, str | None] = {
        "dataset": package.name,
        "title": descriptor.title,
        "version": descriptor.version,
        "created": descriptor.created,
        "licence": ", ".join(filter(None, licences)) or None,
        "citation": None if cited is None else apa(cited).strip(),
        "doi": None if cited is None or cited.doi is None else doi_url(cited.doi),
        "table": resource.name,
        "table_title": resource.descriptor.title or (resource.schema.title if resource.schema else None),
        "table_description": resource.descriptor.description
        or (resource.schema.description if resource.schema else None),
    }
    return {name: text for name, text in words.items() if text}
