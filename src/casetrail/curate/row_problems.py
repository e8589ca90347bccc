"""What is wrong with a row that somebody enters: its model judges it, and every reason is said at once."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from casetrail.case.cell import CellType
from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.case.row_model import row_model
from casetrail.case.rules.parties import hidden_columns
from casetrail.standard.near_miss import did_you_mean
from casetrail.types.problem import ValueProblem


class RowJudge:
    """Judges the rows of one table by their model."""

    def __init__(self, table: TableSpec) -> None:
        self._table = table
        self._model = row_model(table)

    def problems(self, row: Mapping[str, str]) -> list[str]:
        """Why the row, every column of which is there, may not be in the table; none where it may."""
        try:
            self._model.from_text(row)
        except ValidationError as error:
            return row_problems(self._table, row) or [str(error)]
        return []


def row_problems(table: TableSpec, row: Mapping[str, str]) -> list[str]:
    """What is wrong with each cell, then with the row as a whole, as clauses."""
    hidden = hidden_columns(table, row)
    problems = [
        f"{name}{f' “{text[:80]}”' if text and name not in hidden else ''}: {problem}"
        for name, text in row.items()
        if (problem := value_problem(table, name, text)) is not None
    ]
    cells = {name: text or None for name, text in row.items()}
    for rule in table.row_rules:
        if not rule.holds(cells):
            problems.append(rule.description.rstrip(".") + (f"; {rule.hint}" if rule.hint else ""))
    return problems


def value_problem(table: TableSpec, column: str, text: str) -> str | None:
    """Why a text may not be in a column, as a clause; `None` where it may. An empty text is no value."""
    field = table.columns[column]
    if text == "":
        return f"it must be filled{_example(field, ', for example with ')}" if table.required(field) else None
    if field.vocabulary:
        if text in field.vocabulary:
            return None
        return did_you_mean(text, field.vocabulary) or f"it is one of {', '.join(field.vocabulary)}"
    try:
        CellType(field).read(text)
    except ValueProblem as problem:
        return f"{problem.reason}; {problem.hint or _example(field, 'an example is ')}".removesuffix("; ")
    return None


def _example(field: FieldSpec, before: str) -> str:
    return f"{before}{field.example}" if field.example else ""
