"""What a schema says must make sense: known types, constraints that apply, names that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casetrail.findings.finding import Finding
from casetrail.standard.model import DescriptorLocation
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.types.problem import FieldProblem
from casetrail.types.registry import class_of, type_class, type_names

CODES = {
    "schema-property": "A property of a schema is missing or has the wrong form.",
    "schema-near-miss": "A property of a schema is unknown and looks like a misspelt known one.",
    "schema-no-fields": "A schema has no field.",
    "schema-field-duplicate": "Two fields of a schema have the same name.",
    "schema-type-unknown": "A field has a type that the standard does not know.",
    "schema-constraint-not-applicable": "A field has a constraint that does not exist for its type.",
    "schema-property-not-applicable": "A field has a property that has no effect on its type.",
    "schema-constraint-contradiction": "Two constraints of a field exclude every value.",
    "schema-value-duplicate": "A list of a schema holds the same value twice.",
    "schema-enum-not-in-categories": "An enum has a value that the categories do not have.",
    "schema-reference-unknown": "A key names a field or a resource that does not exist.",
    "schema-reference-length": "A foreign key and its reference have not the same number of fields.",
    "schema-reference-not-unique": "A foreign key refers to fields that no key declares unique.",
}

_MOST_NAMES = 20


def check_schema(schema: TableSchema, location: DescriptorLocation) -> Iterator[Finding]:
    """What a schema says of its own fields and keys that cannot be so."""
    if not schema.fields:
        yield location.into("fields").finding(
            "schema-no-fields", "there is no field; name every column of the table"
        )
    seen: set[str] = set()
    for index, field in enumerate(schema.fields):
        at = location.into("fields", index, field=field.name)
        if field.name in seen:
            # Version 1 allowed it, so it is no error; columns are then told apart by their order alone.
            message = f"the field name '{field.name}' stands twice; keys and rules cannot tell the two apart"
            yield at.finding("schema-field-duplicate", message, value=field.name, warning=True)
        seen.add(field.name)
        yield from _check_field(field, at)
    yield from _repeated([entry.value for entry in schema.missing_values], location.into("missingValues"))
    fields = dict.fromkeys(schema.field_names)
    yield from _known(schema.primary_key, fields, location.into("primaryKey"))
    for index, names in enumerate(schema.unique_keys):
        yield from _known(names, fields, location.into("uniqueKeys", index))
    for index, key in enumerate(schema.foreign_keys):
        at = location.into("foreignKeys", index)
        yield from _known(key.fields, fields, at.into("fields"))
        here, there = len(key.fields), len(key.reference.fields)
        if here != there:
            message = f"{here} field(s) here refer to {there} field(s) there; each needs its counterpart"
            yield at.finding("schema-reference-length", message)


def check_references(
    schema: TableSchema, location: DescriptorLocation, schemas: Mapping[str, TableSchema | None]
) -> Iterator[Finding]:
    """Foreign keys against the schemas of all resources; `None` stands for one whose schema is not known."""
    known: dict[str, dict[str, None]] = {}
    unique: dict[str, list[set[str]]] = {}
    for index, key in enumerate(schema.foreign_keys):
        at = location.into("foreignKeys", index, "reference")
        name = key.reference.resource
        if name and name not in schemas:
            message = f"there is no resource '{name}' in the package"
            hint = did_you_mean(name, schemas)
            yield at.into("resource").finding("schema-reference-unknown", message, hint=hint, value=name)
            continue
        target = schemas[name] if name else schema
        if target is None:
            continue
        if name not in known:
            known[name], unique[name] = dict.fromkeys(target.field_names), _declared_unique(target)
        unknown = list(_known(key.reference.fields, known[name], at.into("fields"), of=name))
        yield from unknown
        referred = set(key.reference.fields)
        if not unknown and not any(names <= referred for names in unique[name]):
            names = ", ".join(key.reference.fields)
            message = f"no primary key, unique key or unique constraint makes '{names}' unique there"
            hint = "declare it as the primary key of " + (f"'{name}'" if name else "this table")
            yield at.into("fields").finding("schema-reference-not-unique", message, hint=hint, warning=True)


def _check_field(field: FieldDescriptor, at: DescriptorLocation) -> Iterator[Finding]:
    try:
        known = class_of(field)
    except FieldProblem as problem:
        other = next((name for name in type_names() if field.type.lower() in type_class(name).aliases), None)
        hint = f"write '{other}'" if other else did_you_mean(field.type, type_names())
        yield at.into("type").finding("schema-type-unknown", problem.reason, hint=hint, value=field.type)
        return
    constraints = field.constraints
    for name in known.idle_constraints(constraints):
        label = type(constraints).model_fields[name].alias or name
        message = f"'{label}' does not exist for the type '{field.type}', so it would check nothing"
        hint = "give the field a type" if field.type == "any" else None
        yield at.into("constraints", label).finding(
            "schema-constraint-not-applicable", message, hint=hint, value=label
        )
    for name in known.idle_properties(field):
        label = type(field).model_fields[name].alias or name
        message = f"'{label}' has no effect on the type '{field.type}'"
        yield at.into(label).finding("schema-property-not-applicable", message, value=label, warning=True)
    low, high = constraints.min_length, constraints.max_length
    if low is not None and high is not None and low > high:
        message = f"no value is at least {low} and at most {high} long"
        yield at.into("constraints").finding("schema-constraint-contradiction", message)
    yield from _check_values(field, at)


def _check_values(field: FieldDescriptor, at: DescriptorLocation) -> Iterator[Finding]:
    if field.missing_values is not None:
        yield from _repeated([entry.value for entry in field.missing_values], at.into("missingValues"))
    enum = field.constraints.enum
    if enum is not None:
        yield from _repeated(enum, at.into("constraints", "enum"))
    if field.categories is not None:
        values = [category.value for category in field.categories]
        yield from _repeated(values, at.into("categories"))
        labels = [category.label for category in field.categories if category.label is not None]
        yield from _repeated(labels, at.into("categories"))
        texts = {str(value) for value in values}
        for value in enum or ():
            if str(value) not in texts:
                message = f"'{value}' is not one of the categories, which the enum may only narrow"
                yield at.into("constraints", "enum").finding(
                    "schema-enum-not-in-categories",
                    message,
                    hint=did_you_mean(str(value), texts),
                    value=value,
                )
    both = sorted(set(field.true_values or ()) & set(field.false_values or ()))
    if both:
        message = f"'{both[0]}' stands for true and for false"
        yield at.finding("schema-constraint-contradiction", message, value=both[0])


def _repeated(values: Sequence[object], at: DescriptorLocation) -> Iterator[Finding]:
    seen: set[str] = set()
    for value in values:
        # JSON tells 1 from true and from "1"; Python's equality does not.
        written = repr(value)
        if written in seen:
            yield at.finding("schema-value-duplicate", f"the value {written} stands twice", value=value)
        seen.add(written)


def _known(
    names: Sequence[str], fields: Mapping[str, None], at: DescriptorLocation, *, of: str = ""
) -> Iterator[Finding]:
    where = f" in '{of}'" if of else ""
    unknown = [name for name in names if name not in fields]
    for name in unknown[:_MOST_NAMES]:
        message = f"there is no field '{name}'{where}"
        yield at.finding("schema-reference-unknown", message, hint=did_you_mean(name, fields), value=name)
    if len(unknown) > _MOST_NAMES:
        message = f"there are {len(unknown) - _MOST_NAMES} more names that are no fields{where}"
        yield at.finding("schema-reference-unknown", message)
    if len(set(names)) < len(names):
        yield at.finding("schema-value-duplicate", "a field stands twice in the key", value=", ".join(names))


def _declared_unique(schema: TableSchema) -> list[set[str]]:
    """The sets of fields that a key or a constraint makes unique."""
    keys = [set(schema.primary_key), *(set(names) for names in schema.unique_keys)]
    keys += [{field.name} for field in schema.fields if field.constraints.unique]
    return [names for names in keys if names]
