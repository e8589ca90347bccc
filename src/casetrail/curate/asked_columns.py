"""Asked columns: in which order a row is asked for, and which columns an earlier answer makes needless.

All of it follows from the rules in the table's document: `name` is not asked for where `disclosure` says that
the party is withheld, nor `timezone` where no time was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from casetrail.case.profile import FieldSpec, TableSpec, Term
from casetrail.checks.conditions import AllOf, AnyOf, Condition, Filled, OneOf
from casetrail.checks.row_rules import ExactlyOne, RowRule
from casetrail.curate.row_problems import rule_words, value_problem

Answers = Mapping[str, str]
"""The answers so far by column; a column that was left empty is `""`, one not yet asked for is not there."""


class AskedColumns:
    """The columns of one table. `counts_people` says of a party whether its people are counted."""

    def __init__(self, table: TableSpec, counts_people: Callable[[str], bool] = lambda party: True) -> None:
        self.table = table
        self._counts_people = counts_people

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The columns as the table has them, but a term that decides whether another is filled before it."""
        deciders: dict[str, list[str]] = {}
        for rule in self.table.row_rules:
            if isinstance(rule.when, OneOf):
                for column in _filled_columns(rule.then):
                    deciders.setdefault(column, []).append(rule.when.column)
        order: dict[str, None] = {}

        def put(name: str, waiting: tuple[str, ...]) -> None:
            for decider in deciders.get(name, ()):
                if decider not in order and decider not in waiting:
                    put(decider, (*waiting, name))
            order.setdefault(name)

        for name in self.table.columns:
            put(name, ())
        return tuple(order)

    def is_needless(self, name: str, answers: Answers) -> bool:
        """Whether no value could stand in the column, whatever it is, and none is needed."""
        field = self.table.columns[name]
        if field.counts and answers.get(field.counts) and not self._counts_people(answers[field.counts]):
            return True
        return self._fits(name, "", answers) and not any(
            self._fits(name, text, answers) for text in _samples(field)
        )

    def is_needed(self, name: str, answers: Answers) -> bool:
        """Whether the column must be filled, by itself or after these answers."""
        return self.table.required(self.table.columns[name]) or not self._fits(name, "", answers)

    def terms(self, name: str, answers: Answers) -> list[Term]:
        """The terms of the column that the answers leave possible."""
        vocabulary = self.table.columns[name].vocabulary
        return [term for value, term in vocabulary.items() if self._fits(name, value, answers)]

    def problem(self, name: str, text: str, answers: Answers) -> str | None:
        """Why the text cannot be the answer, as a clause; `None` where it can."""
        problem = value_problem(self.table, name, text)
        if problem is not None:
            return problem
        for rule in self._rules(name, answers):
            if not rule.holds(_cells(name, text, answers)):
                return rule_words(rule)
        return None

    def _fits(self, name: str, text: str, answers: Answers) -> bool:
        cells = _cells(name, text, answers)
        return all(rule.holds(cells) for rule in self._rules(name, answers))

    def _rules(self, name: str, answers: Answers) -> list[RowRule]:
        """The rules that the answer decides: of all their other columns the answers are there."""
        return [
            rule
            for rule in self.table.row_rules
            if name in rule.columns and all(column == name or column in answers for column in rule.columns)
        ]


def owner_columns(table: TableSpec) -> Sequence[str]:
    """The columns by which a row belongs to another: the first reference that must be filled, or two."""
    for rule in table.row_rules:
        if isinstance(rule.then, ExactlyOne) and set(rule.then.columns) <= set(table.pointers):
            return rule.then.columns
    return [name for name in table.pointers if table.required(table.columns[name])][:1]


def _filled_columns(condition: Condition) -> list[str]:
    """The columns that a condition wants filled or empty."""
    if isinstance(condition, AllOf | AnyOf):
        return [name for part in condition.parts for name in _filled_columns(part)]
    return [condition.column] if isinstance(condition, Filled) else []


def _samples(field: FieldSpec) -> list[str]:
    return list(field.vocabulary) or [str(field.example or "1")]


def _cells(name: str, text: str, answers: Answers) -> dict[str, str | None]:
    return {**{column: answer or None for column, answer in answers.items()}, name: text or None}
