"""Typed tables that carry what their package says: what exports write, each file readable by itself."""

from __future__ import annotations

from casetrail.case.case_columns import derived_columns
from casetrail.describe.apa import apa
from casetrail.describe.citation import citation, doi_url
from casetrail.findings.error import CasetrailError
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.schema import TableSchema
from casetrail.tables.typed import TypedTable
from casetrail.types.problem import FieldProblem
from casetrail.types.registry import field_type


def typed_table(package: Package, resource: Resource, schema: TableSchema | None = None) -> TypedTable:
    """The table with its types, its derived columns and the metadata of its files.

    `schema` takes the place of the one that the package gives.

    Raises:
        CasetrailError: There is none, or no value of a field can be read as it says.
    """
    schema = schema or resource.schema
    if schema is None:
        raise CasetrailError(f"the table '{resource.name}' has no schema, which states its types; write one")
    try:
        for field in schema.fields:
            field_type(field)
    except FieldProblem as problem:
        message = (
            f"the values of '{field.name}' in '{resource.name}' cannot be read as declared: {problem.reason}"
        )
        raise CasetrailError(message, exit_code=1) from None
    derived = derived_columns(package, resource)
    return TypedTable(resource, schema, derived=derived, metadata=file_metadata(package, resource))


def file_metadata(package: Package, resource: Resource) -> dict[str, str]:
    """What a file of one table says of itself: dataset, title, version, licence, citation, table.

    Only what the descriptor says; in a package that is not yet fit for a citation, less.
    """
    descriptor, schema = package.descriptor, resource.schema
    try:
        cited = citation(descriptor)
    except CasetrailError:
        cited = None
    metadata: dict[str, str | None] = {
        "dataset": package.name,
        "title": descriptor.title,
        "version": descriptor.version,
        "created": descriptor.created,
        "licence": ", ".join(
            licence.name or licence.title or licence.path or "" for licence in descriptor.licenses
        ),
        "citation": None if cited is None else apa(cited).strip(),
        "doi": None if cited is None or cited.doi is None else doi_url(cited.doi),
        "table": resource.name,
        "table_title": resource.descriptor.title or (schema.title if schema else None),
        "table_description": resource.descriptor.description or (schema.description if schema else None),
    }
    return {name: text for name, text in metadata.items() if text}
