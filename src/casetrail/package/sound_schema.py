"""The sound part of a schema: known types, constraints that apply, keys of fields that exist.

Whatever is left out is a finding, so that nothing behind has to expect a type or a field that does not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TypeVar

from casetrail.findings.finding import Finding, Severity
from casetrail.standard.model import DescriptorLocation
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor, ForeignKey, MissingValue, TableSchema
from casetrail.types.problem import FieldProblem
from casetrail.types.registry import class_of, type_class, type_names

CODES = {
    "schema-property": "A property of a schema is missing or has the wrong form. "
    "Give it the form that the message names.",
    "schema-near-miss": "A property of a schema is unknown and looks like a misspelt known one. "
    "Write it as the standard does; the hint names the known property.",
    "schema-no-fields": "A schema has no field. Describe every column of the table in `fields`.",
    "schema-field-duplicate": "Two fields of a schema have the same name. Give each a name of its own.",
    "schema-type-unknown": "A field has a type that the standard does not know. "
    "Use one of the types of the standard; the hint names the near one.",
    "schema-constraint-not-applicable": "A field has a constraint that does not exist for its type. "
    "Remove the constraint, or change the type of the field.",
    "schema-property-not-applicable": "A field has a property that has no effect on its type. "
    "Remove the property, or change the type of the field.",
    "schema-constraint-contradiction": "Two constraints of a field exclude every value. "
    "Change one of the two.",
    "schema-value-duplicate": "A list of a schema holds the same value twice. Remove one of the two.",
    "schema-enum-not-in-categories": "An enum has a value that the categories do not have. "
    "Add it to the categories, or remove it from the enum.",
    "schema-reference-unknown": "A key names a field or a resource that does not exist. "
    "Mend the name, or add the field or resource.",
    "schema-reference-length": "A foreign key and its reference have not the same number of fields. "
    "Name as many fields on the one side as on the other.",
    "schema-reference-not-unique": "A foreign key refers to fields that no key declares unique. "
    "Declare these fields as the primary key of that table, or as one of its unique keys.",
}

NO_SCHEMA = TableSchema(fields=())
"""Stands for the schema of a resource that has none."""
_MAX_NAMES = 20

T = TypeVar("T")
Judged = Generator[Finding, None, T]
"""Findings one by one, and at the end the part of what was judged that is sound."""


def judge_schema(schema: TableSchema, location: DescriptorLocation) -> Judged[TableSchema]:
    """The schema without unknown types (read as `any`), idle constraints and keys of unknown fields."""
    if not schema.fields:
        message = "there is no field; name every column of the table"
        yield location.into("fields").finding("schema-no-fields", message)
    names: dict[str, None] = {}
    fields: list[FieldDescriptor] = []
    for index, field in enumerate(schema.fields):
        at = location.into("fields", index, field=field.name)
        if field.name in names:
            # Version 1 allowed it, so it is no error; columns are then told apart by their order alone.
            message = f"two fields have the name '{field.name}'; keys and rules cannot tell the two apart"
            yield at.finding("schema-field-duplicate", message, value=field.name, severity=Severity.WARNING)
        names[field.name] = None
        fields.append((yield from _sound_field(field, at)))
    yield from _repeated_missing_values(schema.missing_values, location)
    primary_key_is_known = yield from _are_known(schema.primary_key, names, location.into("primaryKey"))
    unique_keys: list[tuple[str, ...]] = []
    for index, key in enumerate(schema.unique_keys):
        if (yield from _are_known(key, names, location.into("uniqueKeys", index))):
            unique_keys.append(key)
    foreign_keys: list[ForeignKey] = []
    for index, foreign_key in enumerate(schema.foreign_keys):
        at = location.into("foreignKeys", index)
        known = yield from _are_known(foreign_key.fields, names, at.into("fields"))
        here, there = len(foreign_key.fields), len(foreign_key.reference.fields)
        if here != there:
            message = f"{here} field(s) here refer to {there} field(s) there; each needs its counterpart"
            yield at.finding("schema-reference-length", message)
        elif known:
            foreign_keys.append(foreign_key)
    return _changed(
        schema,
        fields=tuple(fields),
        primary_key=schema.primary_key if primary_key_is_known else (),
        unique_keys=tuple(unique_keys),
        foreign_keys=tuple(foreign_keys),
    )


def judge_references(
    schema: TableSchema,
    location: DescriptorLocation,
    schemas: Mapping[str, TableSchema | None],
    *,
    alone: bool = False,
    referring: Counter[str] | None = None,
) -> Judged[TableSchema]:
    """The schema without foreign keys that refer to what is not there.

    `schemas` are those of all resources: `None` where one cannot be read, `NO_SCHEMA` where there is none.
    `alone` says that other tables are not meant to be there. `referring` counts the foreign keys of the
    package by the resource that they name; one that is not there is said once, and taken out.
    """
    if referring is None:
        referring = Counter(key.reference.resource for key in schema.foreign_keys)
    known: dict[str, dict[str, None]] = {}
    unique: dict[str, list[set[str]]] = {}
    foreign_keys: list[ForeignKey] = []
    for index, key in enumerate(schema.foreign_keys):
        at = location.into("foreignKeys", index, "reference")
        name = key.reference.resource
        if name and name not in schemas and alone:
            message = f"the table is read by itself, so whether its keys are in '{name}' is not checked"
            yield at.into("resource").finding(
                "schema-reference-unknown", message, value=name, severity=Severity.NOTE
            )
            continue
        if name and name not in schemas:
            number = referring.pop(name, 0)
            if number:
                more = f", to which {number} foreign keys refer" if number > 1 else ""
                message = f"there is no resource '{name}' in the package{more}"
                hint = did_you_mean(name, schemas)
                yield at.into("resource").finding("schema-reference-unknown", message, hint=hint, value=name)
            continue
        target = schemas[name] if name else schema
        if target is None:
            continue
        if target is NO_SCHEMA:
            message = f"the resource '{name}' has no schema, so it has no fields that a key can refer to"
            hint = f"give '{name}' a schema"
            yield at.into("resource").finding("schema-reference-unknown", message, hint=hint, value=name)
            continue
        if name not in known:
            known[name], unique[name] = dict.fromkeys(target.field_names), _declared_unique(target)
        if not (yield from _are_known(key.reference.fields, known[name], at.into("fields"), of=name)):
            continue
        foreign_keys.append(key)
        referred = set(key.reference.fields)
        if not any(names <= referred for names in unique[name]):
            names = ", ".join(key.reference.fields)
            message = f"no primary key, unique key or unique constraint makes '{names}' unique there"
            hint = "declare it as the primary key of " + (f"'{name}'" if name else "this table")
            yield at.into("fields").finding(
                "schema-reference-not-unique", message, hint=hint, severity=Severity.WARNING
            )
    return _changed(schema, foreign_keys=tuple(foreign_keys))


def with_null_sequence(schema: TableSchema, text: str) -> TableSchema:
    """The schema with the `nullSequence` of the dialect as one more missing value of every field.

    The dialect says how "no value" is written in the file, the schema which values count as none; a cell that
    is either holds nothing (standard: `table-dialect.mdx`, "nullSequence").
    """
    more = (MissingValue(value=text),)
    fields = tuple(
        field if field.missing_values is None else field.but(missing_values=field.missing_values + more)
        for field in schema.fields
    )
    return schema.but(fields=fields, missing_values=schema.missing_values + more)


def _changed(schema: TableSchema, **parts: object) -> TableSchema:
    """The schema with other parts; what is as it was is not written where it was not."""
    changes = {name: part for name, part in parts.items() if part != getattr(schema, name)}
    return schema.but(**changes) if changes else schema


def _sound_field(field: FieldDescriptor, at: DescriptorLocation) -> Judged[FieldDescriptor]:
    try:
        type_of_field = class_of(field)
    except FieldProblem as problem:
        other = next((name for name in type_names() if field.type.lower() in type_class(name).aliases), None)
        hint = f"write '{other}'" if other else did_you_mean(field.type, type_names())
        yield at.into("type").finding("schema-type-unknown", problem.reason, hint=hint, value=field.type)
        field = field.but(type="any")
        return _without(field, type_class("any").idle_constraints(field.constraints))
    constraints = field.constraints
    idle = type_of_field.idle_constraints(constraints)
    for name in idle:
        label = constraints.properties[name].json
        message = f"'{label}' does not exist for the type '{field.type}', so it would check nothing"
        hint = "give the field a type" if field.type == "any" else None
        yield at.into("constraints", label).finding(
            "schema-constraint-not-applicable", message, hint=hint, value=label
        )
    for name in type_of_field.idle_properties(field):
        label = field.properties[name].json
        message = f"'{label}' has no effect on the type '{field.type}'"
        yield at.into(label).finding(
            "schema-property-not-applicable", message, value=label, severity=Severity.WARNING
        )
    low, high = constraints.min_length, constraints.max_length
    if low is not None and high is not None and low > high:
        message = f"no value is at least {low} and at most {high} long"
        yield at.into("constraints").finding("schema-constraint-contradiction", message)
    yield from _check_values(field, at)
    return _without(field, idle)


def _without(field: FieldDescriptor, constraints: Sequence[str]) -> FieldDescriptor:
    if not constraints:
        return field
    kept = field.constraints.but(**dict.fromkeys(constraints))
    return field.but(constraints=kept)


def _check_values(field: FieldDescriptor, at: DescriptorLocation) -> Iterator[Finding]:
    yield from _repeated_missing_values(field.missing_values or (), at)
    enum = field.constraints.enum or ()
    yield from _repeated(enum, at.into("constraints", "enum"))
    if field.categories is not None:
        values = [category.value for category in field.categories]
        yield from _repeated(values, at.into("categories"))
        labels = [category.label for category in field.categories if category.label is not None]
        yield from _repeated(labels, at.into("categories"))
        texts = {str(value) for value in values}
        for value in enum:
            if str(value) not in texts:
                message = f"'{value}' is not one of the categories, which the enum may only narrow"
                hint = did_you_mean(str(value), texts)
                yield at.into("constraints", "enum").finding(
                    "schema-enum-not-in-categories", message, hint=hint, value=value
                )
    both = sorted(set(field.true_values or ()) & set(field.false_values or ()))
    if both:
        message = f"'{both[0]}' means both true and false"
        yield at.finding("schema-constraint-contradiction", message, value=both[0])


def _repeated_missing_values(values: Sequence[MissingValue], at: DescriptorLocation) -> Iterator[Finding]:
    at = at.into("missingValues")
    yield from _repeated([entry.value for entry in values], at)
    yield from _repeated([entry.label for entry in values if entry.label is not None], at)


def _repeated(values: Sequence[object], at: DescriptorLocation) -> Iterator[Finding]:
    seen: set[str] = set()
    for value in values:
        # JSON tells 1 from true and from "1"; Python's equality does not.
        written = repr(value)
        if written in seen:
            yield at.finding("schema-value-duplicate", f"the value {written} is listed twice", value=value)
        seen.add(written)


def _are_known(
    names: Sequence[str], fields: Mapping[str, None], at: DescriptorLocation, *, of: str = ""
) -> Judged[bool]:
    """Whether all names are fields."""
    where = f" in '{of}'" if of else ""
    unknown = [name for name in names if name not in fields]
    for name in unknown[:_MAX_NAMES]:
        message = f"there is no field '{name}'{where}"
        yield at.finding("schema-reference-unknown", message, hint=did_you_mean(name, fields), value=name)
    if len(unknown) > _MAX_NAMES:
        message = f"there are {len(unknown) - _MAX_NAMES} more names that are no fields{where}"
        yield at.finding("schema-reference-unknown", message)
    if len(set(names)) < len(names):
        yield at.finding("schema-value-duplicate", "a field is twice in the key", value=", ".join(names))
    return not unknown


def _declared_unique(schema: TableSchema) -> list[set[str]]:
    """The sets of fields that a key or a constraint makes unique."""
    keys = [set(schema.primary_key), *(set(names) for names in schema.unique_keys)]
    keys += [{field.name} for field in schema.fields if field.constraints.unique]
    return [names for names in keys if names]
