"""Conformance: what a package that calls itself a Case Data Package has, found before any data is read.

It has every required table, and of each table that it has every column, key and rule of the profile, with
constraints at least as tight. It may add columns, terms where a vocabulary is extensible, and tables. What it
adds must make sense: a term has a definition and says which known term it narrows, a prefix is free, a label
names columns that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casetrail.case.label_template import Slot, label_parts
from casetrail.case.profile import SLUG, FieldSpec, Profile, TableSpec, profile, profile_versions, schema_json
from casetrail.case.rules.date_orders import date_path
from casetrail.case.standard_codes import CODE_LISTS
from casetrail.checks.rule_descriptor import BrokenRule, condition_of
from casetrail.findings.finding import Finding
from casetrail.package.package import Package
from casetrail.standard.model import DescriptorLocation, read_model
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import TableSchema

CODES = {
    "profile-unknown-version": "The package follows a version of the profile that this tool does not know.",
    "profile-table-missing": "A required table of the profile is missing, or a table of it has no schema.",
    "profile-column-missing": "A table lacks a column of the profile.",
    "profile-column-differs": "A column is declared otherwise than the profile has it.",
    "profile-constraint-loosened": "A column allows more than the profile does.",
    "profile-key-differs": "The keys of a table are declared otherwise than the profile has them.",
    "profile-rule-differs": "A table lacks a rule of the profile, or has another of the same name.",
    "profile-property": "A property of ours in a schema has the wrong form or names what is not there. "
    "Give it the form that the message names, or mend the name of the column or table.",
    "profile-near-miss": "A property of a schema looks like a misspelt one of the profile. "
    "Write it as the profile does; the hint names the known property.",
    "profile-prefix": "The ids of an added table have no prefix of their own.",
    "profile-term-missing": "A vocabulary lacks a term of the profile.",
    "profile-term-added": "A term is added to a vocabulary that is complete. "
    "Use a term that is there, or write it in another column.",
    "profile-term-undefined": "An added term has no definition, or does not say which term it narrows. "
    "Give the term a `description`, and name in `narrows` the term of the profile that it narrows.",
    "profile-narrows-unknown": "A term narrows one that the vocabulary does not have. "
    "Name a term that the vocabulary has.",
    "profile-narrows-circle": "Terms narrow one another in a circle. "
    "Let the first of them narrow a term of the profile.",
}

_SCHEMAS = "run `casetrail schemas`, which writes what the profile has and keeps what the case adds"
_SAME = ("type", "format", "rdf_type", "categories_ordered", "code_list", "counts", "key_of")
_KEPT = ("free_text", "evidenced")


def conformance(
    package: Package, stated: Mapping[str, TableSpec], specs: Mapping[str, TableSpec]
) -> Iterator[Finding]:
    """What keeps the package from being a Case Data Package of the version that it declares.

    `stated` are its tables as `tables_of` reads them, `specs` those of the package `completed`: what is
    missing is said, and nothing else for want of it.
    """
    declared = package.case_profile or ""
    if declared not in profile_versions():
        known = ", ".join(profile_versions())
        yield DescriptorLocation(package.files.descriptor, field="caseProfile").finding(
            "profile-unknown-version",
            f"the profile has the version {declared!r}; this tool knows {known}",
            value=declared,
            hint="install a newer casetrail, or set `caseProfile` to a version that it knows",
        )
        return
    known_profile = profile(declared)
    schemas = {resource.name: resource.schema for resource in package.tables}
    for name in known_profile.names:
        # Where a schema cannot be read, that is said already.
        if name in known_profile.required and name not in schemas:
            other = _of_prefix(known_profile.tables[name].id_prefix, specs)
            yield DescriptorLocation(package.files.descriptor, table=name).finding(
                "profile-table-missing",
                f"a Case Data Package has a table {name!r} with its schema; this one does not",
                hint=f"call the resource {other!r} {name!r} again: its ids are those of this table"
                if other
                else "add the table; its heading alone will do where there is nothing to say",
            )
    for resource in package.tables:
        if resource.schema is None:
            if resource.name in known_profile.names and not resource.has_unreadable_schema:
                yield DescriptorLocation(package.files.descriptor, table=resource.name).finding(
                    "profile-table-missing",
                    f"the table {resource.name!r} of a Case Data Package has a schema; this one has none",
                    hint=f'give the resource "schema": "schemas/{resource.name}.json", and run '
                    "`casetrail schemas`, which writes it",
                )
            continue
        location = DescriptorLocation(resource.schema_path or package.files.descriptor, table=resource.name)
        spec = stated.get(resource.name)
        if spec is not None and spec is known_profile.tables.get(resource.name):
            # Word for word the profile's: nothing can differ.
            continue
        raw = schema_json(resource.name, resource.schema)
        _, findings = read_model(TableSpec, raw, location, kind="profile")
        if findings:
            # What is no property of the standard either was said when the package was opened.
            reported = {
                finding.message for finding in read_model(TableSchema, raw, location, kind="profile")[1]
            }
            yield from (finding for finding in findings if finding.message not in reported)
        if spec is not None:
            yield from _table(spec, known_profile, specs, location)


def _of_prefix(prefix: str | None, specs: Mapping[str, TableSpec]) -> str | None:
    """The table whose ids have this prefix."""
    return next((name for name, spec in specs.items() if prefix and spec.id_prefix == prefix), None)


def _table(
    stated: TableSpec, known: Profile, specs: Mapping[str, TableSpec], location: DescriptorLocation
) -> Iterator[Finding]:
    expected, spec = known.tables.get(stated.name), specs.get(stated.name, stated)
    if expected is not None:
        yield from _columns(expected, stated, location)
        yield from _keys(expected, spec, specs, location)
        yield from _rules(expected, stated, location)
    else:
        yield from _prefix(stated, known, specs, location)
    for index, field in enumerate(stated.fields):
        at = location.into("fields", index, field=field.name)
        ours = expected.columns.get(field.name) if expected is not None else None
        yield from _terms(field, ours, at)
        if ours is None:
            yield from _names(field, spec, specs, at)
    yield from _templates(spec, specs, location)
    for index, order in enumerate(spec.date_orders):
        at = location.into("dateOrders", index)
        try:
            date_path(order.earlier, spec, specs)
            date_path(order.later, spec, specs)
            if order.when is not None:
                condition_of(order.when, spec, at.into("when"))
        except BrokenRule as broken:
            yield broken.finding
        except ValueError as error:
            yield at.finding("profile-property", str(error))


def _columns(expected: TableSpec, spec: TableSpec, location: DescriptorLocation) -> Iterator[Finding]:
    positions = {name: index for index, name in reversed(list(enumerate(spec.field_names)))}
    for name, ours in expected.columns.items():
        theirs = spec.columns.get(name)
        if theirs is None:
            yield location.into("fields", field=name).finding(
                "profile-column-missing",
                f"in the profile {spec.name} has a column {name!r}; this schema lacks it",
                hint=_SCHEMAS,
            )
            continue
        at = location.into("fields", positions[name], field=name)
        for label in _SAME:
            if getattr(ours, label) != getattr(theirs, label):
                yield at.finding(
                    "profile-column-differs",
                    f"`{_json_name(label)}` of the column {name!r} is not as the profile has it",
                    hint=f"{_SCHEMAS}; a column of your own needs a name of its own",
                )
                break
        for label, reason in _loosened(ours, theirs):
            yield at.into(label).finding(
                "profile-constraint-loosened", f"the column {name!r} {reason}", hint=_SCHEMAS
            )


def _loosened(ours: FieldSpec, theirs: FieldSpec) -> Iterator[tuple[str, str]]:
    """Where a column allows more than the profile, and what the profile asks."""
    for label in _KEPT:
        if getattr(ours, label) and not getattr(theirs, label):
            yield _json_name(label), f"has `{_json_name(label)}` in the profile"
    limits, asked = ours.constraints, theirs.constraints
    for label in ("required", "unique"):
        if getattr(limits, label) and not getattr(asked, label):
            yield f"constraints.{label}", f"is {label} in the profile"
    if limits.pattern is not None and asked.pattern != limits.pattern:
        yield "constraints.pattern", f"has the pattern {limits.pattern} in the profile"
    for label, sign in (("minimum", 1), ("maximum", -1), ("min_length", 1), ("max_length", -1)):
        bound, other = getattr(limits, label), getattr(asked, label)
        if bound is not None and (not isinstance(other, int | float) or sign * other < sign * bound):
            yield (
                f"constraints.{_json_name(label)}",
                f"has the {label.replace('_', ' ')} {bound} in the profile",
            )


def _keys(
    expected: TableSpec, spec: TableSpec, specs: Mapping[str, TableSpec], location: DescriptorLocation
) -> Iterator[Finding]:
    # A table that the case does not have cannot be referred to.
    wanted = [key for key in expected.foreign_keys if (key.reference.resource or spec.name) in specs]
    lost = [key for key in wanted if key not in spec.foreign_keys]
    if spec.primary_key != expected.primary_key or spec.id_prefix != expected.id_prefix or lost:
        what = (
            f"`{lost[0].fields[0]}` refers to {lost[0].reference.resource or spec.name}"
            if lost
            else (f"the key of {spec.name} is {expected.key}, with ids that begin with {expected.id_prefix}-")
        )
        yield location.into("foreignKeys" if lost else "primaryKey", field=expected.key).finding(
            "profile-key-differs", f"in the profile {what}", hint=_SCHEMAS
        )


def _rules(expected: TableSpec, spec: TableSpec, location: DescriptorLocation) -> Iterator[Finding]:
    orders = [[order.to_json() for order in table.date_orders] for table in (expected, spec)]
    pairs = (
        ("rules", list(expected.rules or ()), list(spec.rules or ())),
        ("dateOrders", orders[0], orders[1]),
    )
    for place, ours, theirs in pairs:
        stated = {rule.get("name"): rule for rule in theirs if isinstance(rule, dict)}
        for rule in ours:
            name = rule["name"]
            if name not in stated or _asks(stated[name]) != _asks(rule):
                verb = "lacks the rule" if name not in stated else "has another rule of the name"
                yield location.into(place).finding(
                    "profile-rule-differs", f"the table {spec.name} {verb} {name!r}", hint=_SCHEMAS
                )
    if spec.starts_at != expected.starts_at:
        yield location.into("startsAt").finding(
            "profile-rule-differs", "`startsAt` is not as the profile has it", hint=_SCHEMAS
        )


def _asks(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule without its words, which a case may put in its own."""
    return {name: value for name, value in rule.items() if name not in ("description", "hint")}


def _prefix(
    spec: TableSpec, known: Profile, specs: Mapping[str, TableSpec], location: DescriptorLocation
) -> Iterator[Finding]:
    if spec.id_prefix is None:
        if spec.evidenced:
            yield location.into("idPrefix").finding(
                "profile-prefix",
                "an evidenced table needs a prefix for its ids, so that evidence can name its rows",
                hint='add "idPrefix", two small letters that no other table uses',
            )
        return
    tables = {**known.tables, **specs}
    by_prefix = {table.id_prefix: name for name, table in tables.items() if name != spec.name}
    at = location.into("idPrefix")
    owner = by_prefix.get(spec.id_prefix)
    if owner is not None and owner in known.required and owner not in specs:
        # This is that table by another name, and that it is missing is said.
        return
    if owner is not None:
        yield at.finding(
            "profile-prefix",
            f"the prefix {spec.id_prefix!r} belongs to the table {owner}",
            hint=f"call the resource {owner!r}, or choose two small letters that no other table uses",
            value=spec.id_prefix,
        )
    elif len(spec.primary_key) != 1 or spec.key not in spec.columns:
        yield location.into("primaryKey").finding(
            "profile-prefix",
            "a table with a prefix has one column of ids as its primary key",
            hint='name that column in "primaryKey"',
        )
    elif spec.columns[spec.key].constraints.pattern != f"{spec.id_prefix}-{SLUG}":
        yield location.into(
            "fields", spec.field_names.index(spec.key), "constraints", field=spec.key
        ).finding(
            "profile-prefix",
            f"ids that begin with {spec.id_prefix}- have a pattern that says so",
            hint=f'set "pattern" to "{spec.id_prefix}-{SLUG}"',
        )


def _terms(field: FieldSpec, ours: FieldSpec | None, at: DescriptorLocation) -> Iterator[Finding]:
    known = ours.vocabulary if ours is not None else {}
    allowed = field.constraints.enum
    for value in known:
        if value not in field.vocabulary or (allowed is not None and value not in allowed):
            message = f"the profile has the term {value!r}; here it is missing"
            yield at.into("categories").finding("profile-term-missing", message, hint=_SCHEMAS, value=value)
    for index, (value, term) in enumerate(field.vocabulary.items()):
        here = at.into("categories", index)
        if term.narrows is not None and term.narrows not in field.vocabulary:
            yield here.into("narrows").finding(
                "profile-narrows-unknown",
                f"the term {value!r} narrows {term.narrows!r}, which the vocabulary does not have",
                hint=did_you_mean(term.narrows, field.vocabulary),
                value=term.narrows,
            )
        elif value in _wider(field, value):
            message = f"the term {value!r} narrows itself, by way of {term.narrows!r}"
            yield here.into("narrows").finding("profile-narrows-circle", message, value=term.narrows)
        if value in known:
            continue
        if ours is not None and not ours.extensible:
            yield here.finding(
                "profile-term-added",
                f"the vocabulary of {field.name!r} is complete, so {value!r} cannot be added",
                hint=f"use one of {', '.join(known)}",
                value=value,
            )
            continue
        lacks = [] if term.description else ["a definition (`description`)"]
        if ours is not None and term.narrows is None:
            lacks.append("the known term that it `narrows`, so that figures still count it")
        if lacks:
            message = f"the added term {value!r} lacks {' and '.join(lacks)}"
            yield here.finding("profile-term-undefined", message, value=value)


def _wider(field: FieldSpec, value: str) -> list[str]:
    """The terms that a term narrows, one after the other; in a circle the term itself is among them."""
    wider: list[str] = []
    broader = field.vocabulary[value].narrows
    while broader is not None and broader in field.vocabulary and broader not in wider:
        wider.append(broader)
        broader = field.vocabulary[broader].narrows
    return wider


def _names(
    field: FieldSpec, spec: TableSpec, specs: Mapping[str, TableSpec], at: DescriptorLocation
) -> Iterator[Finding]:
    """What a column of the case's own names: lists of codes, tables, other columns."""
    if field.code_list is not None and field.code_list not in CODE_LISTS:
        yield at.into("codeList").finding(
            "profile-property",
            f"there is no list of codes {field.code_list!r}",
            hint=did_you_mean(field.code_list, CODE_LISTS) or f"use one of {', '.join(CODE_LISTS)}",
            value=field.code_list,
        )
    for table in field.key_of:
        if table not in specs or specs[table].id_prefix is None:
            yield at.into("keyOf").finding(
                "profile-property",
                f"there is no table {table!r} whose rows have ids",
                hint=did_you_mean(table, specs),
                value=table,
            )
    if field.counts is not None and spec.references.get(field.counts) != "parties":
        yield at.into("counts").finding(
            "profile-property",
            f"{field.counts!r} is no column that refers to parties, so nobody is counted",
            hint=did_you_mean(field.counts, spec.columns),
            value=field.counts,
        )


def _templates(
    spec: TableSpec, specs: Mapping[str, TableSpec], location: DescriptorLocation
) -> Iterator[Finding]:
    """The label and `startsAt` name columns that are there."""
    for name in spec.starts_at or ():
        if name not in spec.columns:
            yield _no_column(name, spec, location.into("startsAt"))
    for template in spec.label:
        try:
            slots = [part for part in label_parts(template) if isinstance(part, Slot)]
        except ValueError as error:
            yield location.into("label").finding("profile-property", f"{error} in the label", value=template)
            continue
        for slot in slots:
            holder = spec if not slot.table else specs.get(slot.table)
            # A label may speak of a table of the profile that this case does not have.
            if holder is not None:
                for name in (*slot.columns, *([slot.where] if slot.where else [])):
                    if name not in holder.columns:
                        yield _no_column(name, holder, location.into("label"))


def _no_column(name: str, spec: TableSpec, at: DescriptorLocation) -> Finding:
    return at.finding(
        "profile-property",
        f"the table {spec.name} has no column {name!r}",
        hint=did_you_mean(name, spec.columns),
        value=name,
    )


def _json_name(label: str) -> str:
    head, *rest = label.split("_")
    return head + "".join(part.capitalize() for part in rest)
