"""The part of a schema that makes sense, for those who check data by it.

What `schema_checks` finds is an error already; here it is left out, so that nothing behind has to expect a
type that does not exist or a key of unknown fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casetrail.package.schema import FIELD_TYPES, FieldDescriptor, MissingValue, TableSchema
from casetrail.package.schema_checks import CONSTRAINT_TYPES


def usable(schema: TableSchema) -> TableSchema:
    """Without unknown types (read as `any`), inapplicable constraints and keys of unknown fields."""
    return schema.model_copy(
        update={
            "fields": tuple(_usable_field(field) for field in schema.fields),
            "primary_key": schema.primary_key if _all_there(schema.primary_key, schema) else (),
            "unique_keys": tuple(names for names in schema.unique_keys if _all_there(names, schema)),
            "foreign_keys": tuple(
                key
                for key in schema.foreign_keys
                if _all_there(key.fields, schema) and len(key.fields) == len(key.reference.fields)
            ),
        }
    )


def with_null_sequence(schema: TableSchema, text: str) -> TableSchema:
    """The schema with the `nullSequence` of the dialect as one more missing value of every field.

    The dialect says how "no value" is written in the file, the schema which values count as none; a cell that
    is either holds nothing (standard: `table-dialect.mdx`, "nullSequence").
    """
    more = (MissingValue(value=text),)
    fields = tuple(
        field
        if field.missing_values is None
        else field.model_copy(update={"missing_values": field.missing_values + more})
        for field in schema.fields
    )
    return schema.model_copy(update={"fields": fields, "missing_values": schema.missing_values + more})


def referring(schema: TableSchema, schemas: Mapping[str, TableSchema | None]) -> TableSchema:
    """The schema without foreign keys that refer to unknown resources, schemas or fields."""
    good = []
    for key in schema.foreign_keys:
        target = schemas.get(key.reference.resource) if key.reference.resource else schema
        if target is not None and _all_there(key.reference.fields, target):
            good.append(key)
    return schema.model_copy(update={"foreign_keys": tuple(good)})


def _usable_field(field: FieldDescriptor) -> FieldDescriptor:
    if field.type not in FIELD_TYPES:
        field = field.model_copy(update={"type": "any"})
    given = field.constraints
    idle = [
        name
        for name, types in CONSTRAINT_TYPES.items()
        if getattr(given, name) is not None and field.type not in types
    ]
    if idle:
        field = field.model_copy(update={"constraints": given.model_copy(update=dict.fromkeys(idle))})
    return field


def _all_there(names: Sequence[str], schema: TableSchema) -> bool:
    fields = schema.field_names
    return all(name in fields for name in names)
