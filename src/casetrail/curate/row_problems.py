"""What is wrong with a row that somebody enters: its model judges it, and every reason is said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from casetrail.case.cell import CellType
from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.case.row_model import row_model
from casetrail.case.rules.parties import hidden_columns
from casetrail.checks.row_rules import RowRule
from casetrail.standard.near_miss import did_you_mean
from casetrail.types.problem import ValueProblem


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row may not be as somebody enters it: the reason as a clause, and what of the row it is about.

    `table` and `key` say which row, `column` which cell; each may be empty. `text` is what the cell holds,
    where that may be shown.
    """

    reason: str
    table: str = ""
    key: str = ""
    column: str = ""
    text: str = ""

    @property
    def within_row(self) -> str:
        """The problem in words for who knows which row it is."""
        cell = f"{self.column}{f' “{self.text[:80]}”' if self.text else ''}"
        return f"{cell}: {self.reason}" if self.column else self.reason

    def __str__(self) -> str:
        """The problem in words, with its table and row."""
        row = ", ".join(filter(None, (self.table, self.key)))
        separator = ", " if self.column else ": "
        return f"{row}{separator}{self.within_row}" if row else self.within_row


class RowJudge:
    """Judges the rows of one table by their model."""

    def __init__(self, table: TableSpec) -> None:
        self._table = table
        self._model = row_model(table)

    def problems(self, row: Mapping[str, str]) -> list[RowProblem]:
        """Why the row, every column of which is there, may not be in the table; none where it may."""
        try:
            self._model.from_text(row)
        except ValidationError as error:
            return row_problems(self._table, row) or [RowProblem(str(error), self._table.name)]
        return []


def row_problems(table: TableSpec, row: Mapping[str, str]) -> list[RowProblem]:
    """What is wrong with each cell, then with the row as a whole."""
    hidden, key = hidden_columns(table, row), row[table.key]
    problems = [
        RowProblem(problem, table.name, key, name, "" if name in hidden else text)
        for name, text in row.items()
        if (problem := value_problem(table, name, text)) is not None
    ]
    cells = {name: text or None for name, text in row.items()}
    return problems + [
        RowProblem(rule_words(rule), table.name, key) for rule in table.row_rules if not rule.holds(cells)
    ]


def rule_words(rule: RowRule) -> str:
    """What a rule asks, and what to do, as a clause."""
    return rule.description.rstrip(".") + (f"; {rule.hint}" if rule.hint else "")


def value_problem(table: TableSpec, column: str, text: str) -> str | None:
    """Why a text may not be in a column, as a clause; `None` where it may. An empty text is no value."""
    field = table.columns[column]
    if text == "":
        return f"it must be filled{_what_may_be_there(table, field)}" if table.required(field) else None
    if field.vocabulary:
        if text in field.vocabulary:
            return None
        return did_you_mean(text, field.vocabulary) or f"it is one of {', '.join(field.vocabulary)}"
    try:
        CellType(field).read(text)
    except ValueProblem as problem:
        return f"{problem.reason}; {problem.hint or _example(field, 'an example is ')}".removesuffix("; ")
    return None


def _what_may_be_there(table: TableSpec, field: FieldSpec) -> str:
    if field.vocabulary:
        return f" with one of {', '.join(field.vocabulary)}"
    tables = table.targets(field.name)
    # An example would be the id of a row that this case does not have.
    return (
        f" with the id of a row in {' or '.join(tables)}"
        if tables
        else _example(field, ", for example with ")
    )


def _example(field: FieldSpec, before: str) -> str:
    return f"{before}{field.example}" if field.example else ""
