"""Rules of a schema: the property `rules` that any Table Schema may have, read and held against its fields.

The standard has no rule that spans two columns; it lets a schema have properties of its own (glossary,
"Custom Properties"). A rule has a `name`, which is its finding code, a `description`, a `hint`, perhaps a
condition `when`, and what must hold: a condition `then`, or one of the shapes `together`, `atMostOne`,
`exactlyOne`, `differ` and `ordered`, which name columns. A condition is about a `column` (`filled`, `oneOf`,
or a `pattern` with its `meaning`), or joins others (`allOf`, `anyOf`). A rule that cannot be checked is an
error, found before any data is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casetrail.checks.conditions import AllOf, AnyOf, Condition, Filled, Matches, OneOf
from casetrail.checks.patterns import CompiledPattern
from casetrail.checks.row_rules import AtMostOne, Differ, ExactlyOne, Ordered, RowRule, Together
from casetrail.checks.xml_schema_regex import PatternProblem
from casetrail.findings.finding import Finding
from casetrail.standard.json_reader import Steps
from casetrail.standard.model import DescriptorLocation, DescriptorModel, read_model
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.property import Notes, anything, array_of, property_of, string, true_or_false
from casetrail.standard.schema import Category, FieldDescriptor, TableSchema
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.registry import field_type

CODES = {
    "rule-property": "A property of a rule is missing, unknown or has the wrong form.",
    "rule-near-miss": "A property of a rule is unknown and looks like a misspelt known one. "
    "Write it as rules have it; the hint names the known property.",
    "rule-unknown-column": "A rule speaks of a column that its table does not have. "
    "Mend the name of the column.",
    "rule-value": "A rule asks for a value that its column cannot have. "
    "Write a value of the column's type, or one of its terms.",
    "rule-not-applicable": "A rule asks of a column what its type cannot give.",
    "rule-name-duplicate": "Two rules of a table have the same name. Give each a name of its own.",
}

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NEEDS = {"filled": "column", "one_of": "column", "pattern": "column", "any_of": None, "all_of": None}
_COUNTING: dict[str, Callable[[tuple[str, ...]], Condition]] = {
    "together": Together,
    "at_most_one": AtMostOne,
    "exactly_one": ExactlyOne,
}
_SHAPES = ("together", "at_most_one", "exactly_one", "differ", "ordered")


def _read_condition(value: Any, steps: Steps, notes: Notes) -> Any:
    return ConditionDescriptor.read(value, steps, notes)


class ConditionDescriptor(DescriptorModel):
    """A condition as JSON has it."""

    column: str | None = property_of(string, default=None)
    filled: bool | None = property_of(true_or_false, default=None)
    one_of: tuple[Any, ...] | None = property_of(array_of(anything), default=None)
    pattern: str | None = property_of(string, default=None)
    meaning: str | None = property_of(string, default=None)
    any_of: tuple[ConditionDescriptor, ...] | None = property_of(array_of(_read_condition), default=None)
    all_of: tuple[ConditionDescriptor, ...] | None = property_of(array_of(_read_condition), default=None)


class RuleDescriptor(DescriptorModel):
    """A rule as JSON has it."""

    name: str = property_of(string)
    description: str = property_of(string)
    hint: str | None = property_of(string, default=None)
    when: ConditionDescriptor | None = property_of(_read_condition, default=None)
    then: ConditionDescriptor | None = property_of(_read_condition, default=None)
    together: tuple[str, ...] | None = property_of(array_of(string), default=None)
    at_most_one: tuple[str, ...] | None = property_of(array_of(string), default=None)
    exactly_one: tuple[str, ...] | None = property_of(array_of(string), default=None)
    differ: tuple[str, ...] | None = property_of(array_of(string), default=None)
    ordered: tuple[str, ...] | None = property_of(array_of(string), default=None)
    translations: Any = property_of(anything, default=None)


def _stated_rules(schema: TableSchema) -> Any:
    """The rules as they are stated: a property of a case's own schemas, and one of others' all the same."""
    return getattr(schema, "rules", schema.extra.get("rules"))


class BrokenRule(ValueError):
    """Why a rule cannot be checked: the code, the place within the rule, a clause and perhaps a hint."""

    def __init__(
        self, code: str, at: DescriptorLocation, message: str, hint: str | None = None, value: str = ""
    ) -> None:
        super().__init__(message)
        self.finding = at.finding(f"rule-{code}", message, hint=hint, value=value or None)


def rules_of(
    schema: TableSchema, location: DescriptorLocation
) -> tuple[tuple[RowRule, ...], tuple[Finding, ...]]:
    """The rules of a schema that can be checked, and what is wrong with the others."""
    stated = _stated_rules(schema)
    if stated is None:
        return (), ()
    at = location.into("rules")
    if not isinstance(stated, list | tuple):
        return (), (at.finding("rule-property", "the rules of a table are an array of objects"),)
    rules: dict[str, RowRule] = {}
    findings: list[Finding] = []
    for index, raw in enumerate(stated):
        here = at.into(index)
        read, problems = read_model(RuleDescriptor, raw, here, kind="rule")
        findings += problems
        if read is None or problems:
            continue
        try:
            rule = _rule(read, schema, here)
            if rule.name in rules:
                message = f"two rules have the name '{rule.name}'; a finding could not say which it means"
                raise BrokenRule("name-duplicate", here.into("name"), message, value=rule.name)
            rules[rule.name] = rule
        except BrokenRule as broken:
            findings.append(broken.finding)
        except FieldProblem:
            # The field cannot have values, and the check of its type says so.
            continue
    return tuple(rules.values()), tuple(findings)


def condition_of(read: ConditionDescriptor, schema: TableSchema, at: DescriptorLocation) -> Condition:
    """A condition on the rows of a table; a `BrokenRule` where it cannot be checked."""
    return _condition(read, schema, at)


def rule_meanings(schema: TableSchema) -> dict[str, str]:
    """What each rule of a schema asks, by its name: the codes of its findings."""
    stated = _stated_rules(schema)
    return {
        rule["name"]: rule["description"]
        for rule in (stated if isinstance(stated, list | tuple) else ())
        if isinstance(rule, dict)
        and isinstance(rule.get("name"), str)
        and isinstance(rule.get("description"), str)
    }


def narrower_terms(categories: Sequence[Category]) -> Mapping[str, tuple[str, ...]]:
    """For each term that others narrow, those others, directly or by way of one another.

    `narrows` is a property of ours: an added term says which known term it is a kind of, so that rules and
    figures about the known one hold for it too.
    """
    narrowed: dict[str, list[str]] = defaultdict(list)
    for category in categories:
        broader = getattr(category, "narrows", None)
        if isinstance(broader, str):
            narrowed[broader].append(str(category.value))

    def below(term: str) -> list[str]:
        reached, pending = dict.fromkeys(narrowed.get(term, ())), list(narrowed.get(term, ()))
        while pending:
            for other in narrowed.get(pending.pop(0), ()):
                if other not in reached and other != term:
                    reached[other] = None
                    pending.append(other)
        return list(reached)

    return {term: tuple(below(term)) for term in narrowed}


def _rule(read: RuleDescriptor, schema: TableSchema, at: DescriptorLocation) -> RowRule:
    _no_other(read, at)
    if not _NAME.fullmatch(read.name):
        message = f"the name '{read.name}' is not lower-case words joined by hyphens"
        raise BrokenRule("property", at.into("name"), message, value=read.name)
    if not read.description.strip():
        raise BrokenRule("property", at.into("description"), "the description says nothing")
    asked = [name for name in ("then", *_SHAPES) if getattr(read, name) is not None]
    if len(asked) != 1:
        count = "nothing" if not asked else " and ".join(map(_label, asked))
        message = f"a rule asks one thing, but this one asks {count}"
        raise BrokenRule("property", at, message, f"use one of then, {', '.join(map(_label, _SHAPES))}")
    when = _condition(read.when, schema, at.into("when")) if read.when is not None else None
    if read.then is not None:
        then = _condition(read.then, schema, at.into("then"))
    else:
        then = _shape(asked[0], getattr(read, asked[0]), schema, at.into(_label(asked[0])))
    return RowRule(read.name, read.description, then, when, read.hint)


def _condition(read: ConditionDescriptor, schema: TableSchema, at: DescriptorLocation) -> Condition:
    _no_other(read, at)
    asked = [name for name in _NEEDS if getattr(read, name) is not None]
    if len(asked) != 1:
        count = "nothing" if not asked else " and ".join(map(_label, asked))
        message = f"a condition asks one thing, but this one asks {count}"
        raise BrokenRule("property", at, message, f"use one of {', '.join(map(_label, _NEEDS))}")
    if (read.column is not None) != (_NEEDS[asked[0]] is not None):
        message = f"'{_label(asked[0])}' {'needs' if read.column is None else 'goes without'} a 'column'"
        raise BrokenRule("property", at, message)
    if read.meaning is not None and read.pattern is None:
        raise BrokenRule("property", at.into("meaning"), "only a 'pattern' has a meaning")
    joined = read.any_of if read.any_of is not None else read.all_of
    if joined is not None:
        if not joined:
            message = "this is empty, but at least one entry is needed"
            raise BrokenRule("property", at.into(_label(asked[0])), message)
        inner = at.into(_label(asked[0]))
        parts = tuple(_condition(part, schema, inner.into(index)) for index, part in enumerate(joined))
        return AnyOf(parts) if read.any_of is not None else AllOf(parts)
    assert read.column is not None
    field = _field(read.column, schema, at.into("column"))
    if read.filled is not None:
        return Filled(field.name, read.filled)
    if read.one_of is not None:
        return _one_of(field, read.one_of, at.into("oneOf"))
    return _pattern(field, read.pattern or "", read.meaning, at.into("pattern"))


def _one_of(field: FieldDescriptor, values: Sequence[Any], at: DescriptorLocation) -> OneOf:
    if not values:
        raise BrokenRule("property", at, "this is empty, but at least one value is needed")
    categories = field.categories or ()
    terms = [category.value for category in categories] or list(field.constraints.enum or ())
    for index, value in enumerate(values):
        if terms and str(value) not in {str(term) for term in terms}:
            message = f"'{value}' is not one of the terms of '{field.name}', so it would never hold"
            hint = did_you_mean(str(value), [str(term) for term in terms])
            raise BrokenRule("value", at.into(index), message, hint, str(value))
    narrower = narrower_terms(categories)
    every = dict.fromkeys(term for value in values for term in (value, *narrower.get(str(value), ())))
    try:
        return OneOf(field, tuple(every), field_type(field))
    except ValueProblem as problem:
        message = f"a value is none of '{field.name}': {problem.reason}"
        raise BrokenRule("value", at, message, problem.hint) from None


def _pattern(field: FieldDescriptor, pattern: str, meaning: str | None, at: DescriptorLocation) -> Matches:
    try:
        return Matches(field.name, CompiledPattern(pattern), meaning or f"of the form {pattern}")
    except PatternProblem as problem:
        message = f"the pattern '{pattern}' cannot be used: {problem}"
        raise BrokenRule("property", at, message, value=pattern) from None


def _shape(name: str, columns: Sequence[str], schema: TableSchema, at: DescriptorLocation) -> Condition:
    fields = [_field(column, schema, at.into(index)) for index, column in enumerate(columns)]
    pair = name in ("differ", "ordered")
    if len(set(columns)) < len(columns) or len(columns) < 2 or (pair and len(columns) > 2):
        message = f"this needs {'two' if pair else 'two or more'} different columns"
        raise BrokenRule("property", at, message, value=", ".join(columns))
    if name == "differ":
        return Differ(columns[0], columns[1])
    if name == "ordered":
        return _ordered(fields, at)
    return _COUNTING[name](tuple(columns))


def _ordered(fields: Sequence[FieldDescriptor], at: DescriptorLocation) -> Ordered:
    low, high = fields
    parsers = (field_type(low), field_type(high))
    kinds = {"number" if field.type == "integer" else field.type for field in fields}
    if len(kinds) > 1 or low.is_edtf != high.is_edtf:
        message = f"'{low.name}' and '{high.name}' are of different types, so neither is the greater"
        raise BrokenRule("not-applicable", at, message)
    if not low.is_edtf and not all("minimum" in parser.constraints for parser in parsers):
        message = f"values of the type '{low.type}' have no order"
        raise BrokenRule("not-applicable", at, message, "use it for numbers, dates and times", low.type)
    return Ordered(low, high, parsers)


def _field(name: str, schema: TableSchema, at: DescriptorLocation) -> FieldDescriptor:
    field = schema.field(name)
    if field is None:
        message = f"the table has no column '{name}'"
        raise BrokenRule("unknown-column", at, message, did_you_mean(name, schema.field_names), name)
    return field


def _no_other(read: DescriptorModel, at: DescriptorLocation) -> None:
    """A property without effect would make a rule look stricter than it is."""
    for name in read.extra:
        message = (
            f"'{name}' is not a property of a {'rule' if isinstance(read, RuleDescriptor) else 'condition'}"
        )
        raise BrokenRule("property", at, message, value=name)


def _label(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
