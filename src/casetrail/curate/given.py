"""What a contributor gives for a row: each value held against its column before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping

from casetrail.case.cell import CellType
from casetrail.case.profile import FieldSpec, TableSpec
from casetrail.findings.error import CasetrailError
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.csv_writer import composed
from casetrail.types.problem import ValueProblem


def value_problem(table: TableSpec, column: str, text: str) -> str | None:
    """Why a text may not stand in a column, as a clause; `None` where it may. An empty text is not given."""
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
        return f"{problem.reason}; {problem.hint or _example(field, 'an example is ')}"
    return None


def checked_row(table: TableSpec, cells: Mapping[str, str]) -> dict[str, str]:
    """The whole row as text, every column present; a `CasetrailError` says what is wrong with it."""
    row = {name: composed(cells.get(name, "").strip()) for name in table.columns}
    for name, text in row.items():
        problem = value_problem(table, name, text)
        if problem is not None:
            shown = f" '{text[:80]}'" if text else ""
            raise CasetrailError(f"{table.name}, {name}{shown}: {problem}")
    filled = {name: text or None for name, text in row.items()}
    for rule in table.row_rules:
        if not rule.holds(filled):
            hint = f"; {rule.hint}" if rule.hint else ""
            raise CasetrailError(f"{table.name}, {row[table.key]}: {rule.description.rstrip('.')}{hint}")
    return row


def _example(field: FieldSpec, before: str) -> str:
    return f"{before}{field.example}" if field.example else ""
