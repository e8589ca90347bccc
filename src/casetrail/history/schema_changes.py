"""Schema changes: what happened to tables, columns, terms and constraints, and the step that each asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from casetrail.history.step import Step
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.schema import FieldDescriptor, TableSchema


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of the description of the data; `sentence` says it in words.

    `table` is empty for the package as a whole, `column` for a table as a whole.
    """

    table: str
    column: str
    kind: str
    step: Step
    sentence: str


_LOWER_BOUNDS = {"min_length": "minLength", "minimum": "minimum", "exclusive_minimum": "exclusiveMinimum"}
_UPPER_BOUNDS = {"max_length": "maxLength", "maximum": "maximum", "exclusive_maximum": "exclusiveMaximum"}
_MEANING = (
    "rdf_type",
    "decimal_char",
    "group_char",
    "bare_number",
    "true_values",
    "false_values",
    "delimiter",
)


def compare_schemas(old: Package, new: Package) -> Iterator[SchemaChange]:
    """What differs in the descriptors and schemas of two versions, tables in the order of the new one."""
    yield from _compare_packages(old, new)
    before = {resource.name: resource for resource in old.tables}
    after = {resource.name: resource for resource in new.tables}
    for name in before:
        if name not in after:
            yield SchemaChange(name, "", "table-removed", Step.MAJOR, f"the table '{name}' is gone")
    for name, resource in after.items():
        if name not in before:
            yield SchemaChange(name, "", "table-added", Step.MINOR, f"the table '{name}' is new")
        else:
            yield from _compare_tables(before[name], resource)


def _compare_packages(old: Package, new: Package) -> Iterator[SchemaChange]:
    one, other = old.descriptor, new.descriptor
    if one.name != other.name:
        sentence = f"the package is called '{other.name}' and was called '{one.name}'"
        yield SchemaChange("", "", "package-renamed", Step.MAJOR, sentence)
    if [part.to_json() for part in one.licenses] != [part.to_json() for part in other.licenses]:
        yield SchemaChange("", "", "licence-changed", Step.MAJOR, "the licence of the data changed")
    for name in ("title", "description", "keywords", "homepage"):
        if getattr(one, name) != getattr(other, name):
            sentence = f"the {name} of the package changed"
            yield SchemaChange("", "", "wording-changed", Step.PATCH, sentence)
    for label, mine, its in (
        ("contributors", one.contributors, other.contributors),
        ("sources", one.sources, other.sources),
    ):
        if [part.to_json() for part in mine] != [part.to_json() for part in its]:
            sentence = f"the {label} of the package changed"
            yield SchemaChange("", "", "wording-changed", Step.PATCH, sentence)


def _compare_tables(old: Resource, new: Resource) -> Iterator[SchemaChange]:
    name = new.name
    if old.paths != new.paths:
        sentence = f"the file is {', '.join(new.paths)} and was {', '.join(old.paths)}"
        yield SchemaChange(name, "", "file-renamed", Step.MAJOR, sentence)
    if old.dialect.delimiter != new.dialect.delimiter:
        yield SchemaChange(name, "", "dialect-changed", Step.MAJOR, "the delimiter of the file changed")
    if old.schema is None or new.schema is None:
        if new.schema is not None:
            yield SchemaChange(name, "", "constraint-tightened", Step.MAJOR, "the table now has a schema")
        elif old.schema is not None:
            yield SchemaChange(name, "", "table-changed", Step.MAJOR, "the table has no schema any more")
        return
    yield from _compare_columns(name, old.schema, new.schema)
    yield from _compare_keys(name, old.schema, new.schema)
    yield from _compare_row_rules(name, _extra(old.schema, "rowRules"), _extra(new.schema, "rowRules"))
    if (old.schema.title, old.schema.description) != (new.schema.title, new.schema.description):
        yield SchemaChange(name, "", "wording-changed", Step.PATCH, "the description of the table changed")


def _compare_columns(table: str, old: TableSchema, new: TableSchema) -> Iterator[SchemaChange]:
    before, after = old.field_names, new.field_names
    for column in before:
        if column not in after:
            sentence = f"the column '{column}' is gone"
            yield SchemaChange(table, column, "column-removed", Step.MAJOR, sentence)
    for column in after:
        if column not in before:
            sentence = f"the column '{column}' is new"
            yield SchemaChange(table, column, "column-added", Step.MINOR, sentence)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        sentence = "the columns stand in another order"
        yield SchemaChange(table, "", "columns-moved", Step.MINOR, sentence)
    for field in new.fields:
        earlier = old.field(field.name)
        if earlier is not None:
            yield from _Column(table, field.name).compare(old, earlier, new, field)


class _Column:
    def __init__(self, table: str, name: str) -> None:
        self.table = table
        self.name = name

    def _change(self, kind: str, step: Step, sentence: str) -> SchemaChange:
        return SchemaChange(self.table, self.name, kind, step, sentence)

    def _tight(self, sentence: str) -> SchemaChange:
        return self._change("constraint-tightened", Step.MAJOR, sentence)

    def _loose(self, sentence: str) -> SchemaChange:
        return self._change("constraint-loosened", Step.MINOR, sentence)

    def compare(
        self, old_schema: TableSchema, old: FieldDescriptor, new_schema: TableSchema, new: FieldDescriptor
    ) -> Iterator[SchemaChange]:
        """What changed in one column."""
        if (old.type, old.format) != (new.type, new.format):
            sentence = f"the type is {_typed(new)} and was {_typed(old)}"
            yield self._change("type-changed", Step.MAJOR, sentence)
        if old_schema.missing(old) != new_schema.missing(new):
            yield self._change("missing-changed", Step.MAJOR, "other texts stand for a missing value")
        for name in _MEANING:
            if getattr(old, name) != getattr(new, name):
                label = type(new).model_fields[name].alias or name
                yield self._change("meaning-changed", Step.MAJOR, f"{label} changed")
        if _extra(old, "unit") != _extra(new, "unit"):
            yield self._change("meaning-changed", Step.MAJOR, "the unit changed")
        yield from self._switches(old_schema.required(old), new_schema.required(new), "required")
        yield from self._switches(old.constraints.unique, new.constraints.unique, "unique")
        yield from self._terms(_terms(old), _terms(new))
        yield from self._bounds(old, new)
        if _reworded(old, new):
            yield self._change("wording-changed", Step.PATCH, "the description of the column changed")
        if old.categories_ordered != new.categories_ordered:
            yield self._change("meaning-changed", Step.MINOR, "whether its terms have an order changed")

    def _switches(self, before: bool, after: bool, word: str) -> Iterator[SchemaChange]:
        if after and not before:
            yield self._tight(f"its value is now {word}")
        elif before and not after:
            yield self._loose(f"its value is no longer {word}")

    def _terms(self, before: Sequence[str] | None, after: Sequence[str] | None) -> Iterator[SchemaChange]:
        if before == after:
            return
        if before is None:
            yield self._tight("only certain terms may now stand in it")
        elif after is None:
            yield self._loose("any text may now stand in it, not terms only")
        else:
            for term in before:
                if term not in after:
                    yield self._change("term-removed", Step.MAJOR, f"the term '{term}' is gone")
            for term in after:
                if term not in before:
                    yield self._change("term-added", Step.MINOR, f"the term '{term}' is new")
            if [term for term in before if term in after] != [term for term in after if term in before]:
                yield self._change("terms-moved", Step.MINOR, "its terms stand in another order")

    def _bounds(self, old: FieldDescriptor, new: FieldDescriptor) -> Iterator[SchemaChange]:
        before, after = old.constraints, new.constraints
        for bounds, upper in ((_LOWER_BOUNDS, False), (_UPPER_BOUNDS, True)):
            for name, label in bounds.items():
                yield from self._bound(label, getattr(before, name), getattr(after, name), upper)
        for label, was, is_now in (
            ("pattern", before.pattern, after.pattern),
            ("jsonSchema", before.json_schema, after.json_schema),
        ):
            if was == is_now:
                continue
            if is_now is None:
                yield self._loose(f"{label} is gone")
            else:
                # Whether one pattern accepts all that another does is not told by looking: the larger step.
                yield self._tight(f"{label} changed" if was is not None else f"{label} is new")

    def _bound(self, label: str, was: Any, now: Any, upper: bool) -> Iterator[SchemaChange]:
        if was == now:
            return
        if now is None:
            yield self._loose(f"{label} is gone (it was {was})")
        elif was is None:
            yield self._tight(f"{label} {now} is new")
        else:
            grew = _grew(was, now)
            looser = grew is not None and grew == upper
            sentence = f"{label} is {now} and was {was}"
            yield self._loose(sentence) if looser else self._tight(sentence)


def _compare_keys(table: str, old: TableSchema, new: TableSchema) -> Iterator[SchemaChange]:
    if old.primary_key != new.primary_key:
        sentence = f"the primary key is ({', '.join(new.primary_key)}) and was ({', '.join(old.primary_key)})"
        yield SchemaChange(table, "", "key-changed", Step.MAJOR, sentence)
    for keys, others, kind, step, words in (
        (new.unique_keys, old.unique_keys, "constraint-tightened", Step.MAJOR, "must now be unique"),
        (old.unique_keys, new.unique_keys, "constraint-loosened", Step.MINOR, "need no longer be unique"),
    ):
        for names in keys:
            if names not in others:
                yield SchemaChange(table, "", kind, step, f"({', '.join(names)}) {words}")
    before = [(key.fields, key.reference.resource, key.reference.fields) for key in old.foreign_keys]
    after = [(key.fields, key.reference.resource, key.reference.fields) for key in new.foreign_keys]
    for fields, resource, _ in [key for key in after if key not in before]:
        sentence = f"({', '.join(fields)}) must now stand in '{resource or table}'"
        yield SchemaChange(table, "", "constraint-tightened", Step.MAJOR, sentence)
    for fields, resource, _ in [key for key in before if key not in after]:
        sentence = f"({', '.join(fields)}) need no longer stand in '{resource or table}'"
        yield SchemaChange(table, "", "constraint-loosened", Step.MINOR, sentence)


def _compare_row_rules(table: str, old: Any, new: Any) -> Iterator[SchemaChange]:
    before, after = _rules(old), _rules(new)
    for name, rule in after.items():
        if name not in before:
            yield SchemaChange(table, "", "constraint-tightened", Step.MAJOR, f"the rule '{name}' is new")
        elif before[name].get("condition") != rule.get("condition"):
            yield SchemaChange(table, "", "constraint-tightened", Step.MAJOR, f"the rule '{name}' changed")
        elif before[name] != rule:
            yield SchemaChange(table, "", "wording-changed", Step.PATCH, f"the rule '{name}' is reworded")
    for name in before:
        if name not in after:
            yield SchemaChange(table, "", "constraint-loosened", Step.MINOR, f"the rule '{name}' is gone")


def _rules(rules: Any) -> dict[str, Mapping[str, Any]]:
    listed = rules if isinstance(rules, list) else []
    return {str(rule["name"]): rule for rule in listed if isinstance(rule, dict) and "name" in rule}


def _extra(model: TableSchema | FieldDescriptor, name: str) -> Any:
    return (model.model_extra or {}).get(name)


def _terms(field: FieldDescriptor) -> list[str] | None:
    """What may stand in the column: the enum, else the categories (the enum may narrow them)."""
    if field.constraints.enum is not None:
        return [str(term) for term in field.constraints.enum]
    if field.categories is not None:
        return [str(category.value) for category in field.categories]
    return None


def _reworded(old: FieldDescriptor, new: FieldDescriptor) -> bool:
    if any(getattr(old, name) != getattr(new, name) for name in ("title", "description", "example")):
        return True
    before = {str(part.value): part.to_json() for part in old.categories or ()}
    after = {str(part.value): part.to_json() for part in new.categories or ()}
    # Terms that come or go are changes of their own; here counts what is said of those that stay.
    return any(after[term] != before[term] for term in before.keys() & after.keys())


def _typed(field: FieldDescriptor) -> str:
    return field.type if field.format == "default" else f"{field.type} ({field.format})"


def _grew(was: Any, now: Any) -> bool | None:
    """Whether a bound grew; `None` where it cannot be told."""
    try:
        return Decimal(str(now)) > Decimal(str(was))
    except InvalidOperation:
        # Dates and times of one length are in the order of their texts.
        same = isinstance(was, str) and isinstance(now, str) and len(was) == len(now)
        return now > was if same else None
