"""Schema changes: what happened to tables, columns, terms and constraints, and the bump that each asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from casetrail.history.bump import Bump
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.descriptor import Descriptor
from casetrail.standard.schema import FieldDescriptor, TableSchema

BUMPS = {
    "package-renamed": Bump.MAJOR,
    "licence-changed": Bump.MAJOR,
    "table-removed": Bump.MAJOR,
    "table-added": Bump.MINOR,
    "file-renamed": Bump.MAJOR,
    "dialect-changed": Bump.MAJOR,
    "schema-removed": Bump.MAJOR,
    "column-removed": Bump.MAJOR,
    "column-added": Bump.MINOR,
    "columns-moved": Bump.MINOR,
    "type-changed": Bump.MAJOR,
    "missing-changed": Bump.MAJOR,
    "meaning-changed": Bump.MAJOR,
    "key-changed": Bump.MAJOR,
    "constraint-tightened": Bump.MAJOR,
    "constraint-loosened": Bump.MINOR,
    "term-removed": Bump.MAJOR,
    "term-added": Bump.MINOR,
    "terms-moved": Bump.MINOR,
    "wording-changed": Bump.PATCH,
}
"""What each kind of schema change asks of the version: major is what may break somebody's query or merge."""

_BOUNDS = {
    "min_length": False,
    "minimum": False,
    "exclusive_minimum": False,
    "max_length": True,
    "maximum": True,
    "exclusive_maximum": True,
    "pattern": None,
    "json_schema": None,
}
"""Constraints, and whether a greater value allows more; `None` where that cannot be seen."""
_MEANING = [
    "rdf_type",
    "decimal_char",
    "group_char",
    "bare_number",
    "true_values",
    "false_values",
    "delimiter",
]

_WORDS = {"description": None, "hint": None}
"""The parts of a rule that only say it."""

_Rules = dict[str, dict[str, Any]]
_Change = tuple[str, str]
"""The kind of a change, a key of `BUMPS`, and the sentence that says it."""


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of the description of the data; `sentence` says it in words.

    `table` is empty for the package as a whole, `column` for a table as a whole; `kind` is a key of `BUMPS`.
    """

    table: str
    column: str
    kind: str
    sentence: str

    @property
    def bump(self) -> Bump:
        """What the change asks of the version."""
        return BUMPS[self.kind]


def compare_schemas(old: Package, new: Package) -> Iterator[SchemaChange]:
    """What differs in the descriptors and schemas of two versions, tables in the order of the new one."""
    before = {resource.name: resource for resource in old.tables}
    after = {resource.name: resource for resource in new.tables}
    yield from _at("", "", _package(old.descriptor, new.descriptor))
    for name in before:
        if name not in after:
            yield SchemaChange(name, "", "table-removed", f"the table '{name}' is gone")
    for name, resource in after.items():
        if name not in before:
            yield SchemaChange(name, "", "table-added", f"the table '{name}' is new")
            continue
        yield from _at(name, "", _file(before[name], resource))
        earlier, later = before[name].schema, resource.schema
        if earlier is not None and later is not None:
            for column in dict.fromkeys((*earlier.field_names, *later.field_names)):
                yield from _at(name, column, _column(column, earlier, later))
            yield from _at(name, "", _table(name, earlier, later))


def _at(table: str, column: str, changes: Iterable[_Change]) -> Iterator[SchemaChange]:
    return (SchemaChange(table, column, kind, sentence) for kind, sentence in changes)


def _package(old: Descriptor, new: Descriptor) -> Iterator[_Change]:
    if old.name != new.name:
        yield "package-renamed", f"the package is called '{new.name}' and was called '{old.name}'"
    if old.licenses != new.licenses:
        yield "licence-changed", "the licence of the data changed"
    for name in ("title", "description", "keywords", "homepage", "contributors", "sources"):
        if getattr(old, name) != getattr(new, name):
            yield "wording-changed", f"the {name} of the package changed"


def _file(old: Resource, new: Resource) -> Iterator[_Change]:
    if old.paths != new.paths:
        yield "file-renamed", f"the file is {', '.join(new.paths)} and was {', '.join(old.paths)}"
    if old.dialect.delimiter != new.dialect.delimiter:
        yield "dialect-changed", "the delimiter of the file changed"
    if old.schema is None and new.schema is not None:
        yield "constraint-tightened", "the table now has a schema"
    if old.schema is not None and new.schema is None:
        yield "schema-removed", "the table has no schema any more"


def _table(name: str, old: TableSchema, new: TableSchema) -> Iterator[_Change]:
    if _moved(old.field_names, new.field_names):
        yield "columns-moved", "the columns are in another order"
    if old.primary_key != new.primary_key:
        before, after = ", ".join(old.primary_key), ", ".join(new.primary_key)
        yield "key-changed", f"the primary key is ({after}) and was ({before})"
    yield from _demands(_keys(name, old), _keys(name, new))
    yield from _rules(_named_rules(old), _named_rules(new))
    if (old.title, old.description) != (new.title, new.description):
        yield "wording-changed", "the description of the table changed"


def _keys(table: str, schema: TableSchema) -> list[tuple[str, str]]:
    """What the keys of a table demand: the columns, and what their values must be."""
    unique = [(key, "unique") for key in schema.unique_keys]
    foreign = [
        (key.fields, f"in '{key.reference.resource or table}' ({', '.join(key.reference.fields)})")
        for key in schema.foreign_keys
    ]
    return [(f"({', '.join(names)})", demand) for names, demand in unique + foreign]


def _demands(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[_Change]:
    """Demands that came and went."""
    for what, demand in new:
        if (what, demand) not in old:
            yield "constraint-tightened", f"{what} must now be {demand}"
    for what, demand in old:
        if (what, demand) not in new:
            yield "constraint-loosened", f"{what} need no longer be {demand}"


def _rules(old: _Rules, new: _Rules) -> Iterator[_Change]:
    for name, rule in new.items():
        if name not in old:
            yield "constraint-tightened", f"the rule '{name}' is new"
        elif {**rule, **_WORDS} != {**old[name], **_WORDS}:
            yield "constraint-tightened", f"the rule '{name}' changed"
        elif rule != old[name]:
            yield "wording-changed", f"the rule '{name}' is reworded"
    for name in old:
        if name not in new:
            yield "constraint-loosened", f"the rule '{name}' is gone"


def _named_rules(schema: TableSchema) -> _Rules:
    """The rules of a row and the orders of dates, by their names."""
    extra = schema.extra
    listed = [rules for name in ("rules", "dateOrders") if isinstance(rules := extra.get(name), list)]
    rules = (rule for rules in listed for rule in rules if isinstance(rule, dict) and "name" in rule)
    return {str(rule["name"]): rule for rule in rules}


def _column(name: str, old_schema: TableSchema, new_schema: TableSchema) -> Iterator[_Change]:
    old, new = old_schema.field(name), new_schema.field(name)
    if new is None:
        yield "column-removed", f"the column '{name}' is gone"
        return
    if old is None:
        yield "column-added", f"the column '{name}' is new"
        return
    if (old.type, old.format) != (new.type, new.format):
        yield "type-changed", f"the type is {_type(new)} and was {_type(old)}"
    if old_schema.missing(old) != new_schema.missing(new):
        yield "missing-changed", "other texts mean that a value is missing"
    for attribute in _MEANING:
        if getattr(old, attribute) != getattr(new, attribute):
            yield "meaning-changed", f"{new.properties[attribute].json} changed"
    if old.extra.get("unit") != new.extra.get("unit"):
        yield "meaning-changed", "the unit changed"
    yield from _demands(_switches(old_schema, old), _switches(new_schema, new))
    yield from _terms(_vocabulary(old), _vocabulary(new))
    if old.categories_ordered != new.categories_ordered:
        yield "terms-moved", "whether its terms have an order changed"
    for attribute, upper in _BOUNDS.items():
        before, after = (getattr(field.constraints, attribute) for field in (old, new))
        yield from _bound(new.constraints.properties[attribute].json, before, after, upper)
    if _reworded(old, new):
        yield "wording-changed", "the description of the column changed"


def _switches(schema: TableSchema, field: FieldDescriptor) -> list[tuple[str, str]]:
    switches = (("filled", schema.required(field)), ("unique", field.constraints.unique))
    return [("its value", demand) for demand, on in switches if on]


def _terms(old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[_Change]:
    if old is None or new is None:
        if new is not None:
            yield "constraint-tightened", "only certain terms are now allowed"
        if old is not None:
            yield "constraint-loosened", "any text is now allowed, not terms only"
        return
    for term in old:
        if term not in new:
            yield "term-removed", f"the term '{term}' is gone"
    for term in new:
        if term not in old:
            yield "term-added", f"the term '{term}' is new"
    if _moved(old, new):
        yield "terms-moved", "its terms are in another order"


def _bound(label: str, old: Any, new: Any, upper: bool | None) -> Iterator[_Change]:
    if old == new:
        return
    if new is None:
        yield "constraint-loosened", f"{label} is gone (it was {old})"
    elif old is None:
        yield "constraint-tightened", f"{label} is new ({new})"
    elif upper is None:
        # Whether one pattern accepts all that another does cannot be seen: the larger bump.
        yield "constraint-tightened", f"{label} changed"
    else:
        kind = "constraint-loosened" if _grew(old, new) is upper else "constraint-tightened"
        yield kind, f"{label} is {new} and was {old}"


def _grew(old: Any, new: Any) -> bool | None:
    """Whether a bound grew; `None` where it cannot be told."""
    try:
        return Decimal(str(new)) > Decimal(str(old))
    except InvalidOperation:
        # Dates and times of one length are in the order of their texts.
        comparable = isinstance(old, str) and isinstance(new, str) and len(old) == len(new)
        return new > old if comparable else None


def _vocabulary(field: FieldDescriptor) -> list[str] | None:
    """The terms that are allowed in the column: the enum, else the categories (the enum may narrow them)."""
    if field.constraints.enum is not None:
        return [str(term) for term in field.constraints.enum]
    if field.categories is not None:
        return [str(category.value) for category in field.categories]
    return None


def _reworded(old: FieldDescriptor, new: FieldDescriptor) -> bool:
    if any(getattr(old, name) != getattr(new, name) for name in ("title", "description", "example")):
        return True
    before = {str(category.value): category for category in old.categories or ()}
    after = {str(category.value): category for category in new.categories or ()}
    # Terms that come or go are changes of their own; here counts what is said of those that stay.
    return any(after[term] != before[term] for term in before.keys() & after.keys())


def _moved(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what is in both is in another order."""
    return [name for name in old if name in new] != [name for name in new if name in old]


def _type(field: FieldDescriptor) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"
