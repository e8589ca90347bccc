"""The part of a schema that makes sense, for those who check data by it.

What `schema_checks` finds is an error already; here it is left out, so that nothing behind has to expect a
type that does not exist or a key of unknown fields.
"""

from __future__ import annotations

from collections.abc import Mapping

from casetrail.standard.schema import FieldDescriptor, MissingValue, TableSchema
from casetrail.types.registry import class_of, type_names


def usable(schema: TableSchema) -> TableSchema:
    """Without unknown types (read as `any`), inapplicable constraints and keys of unknown fields."""
    names = frozenset(schema.field_names)
    return schema.model_copy(
        update={
            "fields": tuple(_usable_field(field) for field in schema.fields),
            "primary_key": schema.primary_key if names.issuperset(schema.primary_key) else (),
            "unique_keys": tuple(key for key in schema.unique_keys if names.issuperset(key)),
            "foreign_keys": tuple(
                key
                for key in schema.foreign_keys
                if names.issuperset(key.fields) and len(key.fields) == len(key.reference.fields)
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
    fields: dict[str, frozenset[str]] = {}
    for key in schema.foreign_keys:
        name = key.reference.resource
        target = schemas.get(name) if name else schema
        if target is None:
            continue
        if name not in fields:
            fields[name] = frozenset(target.field_names)
        if fields[name].issuperset(key.reference.fields):
            good.append(key)
    return schema.model_copy(update={"foreign_keys": tuple(good)})


def _usable_field(field: FieldDescriptor) -> FieldDescriptor:
    if field.type not in type_names():
        field = field.model_copy(update={"type": "any"})
    idle = class_of(field).idle_constraints(field.constraints)
    if idle:
        constraints = field.constraints.model_copy(update=dict.fromkeys(idle))
        field = field.model_copy(update={"constraints": constraints})
    return field
