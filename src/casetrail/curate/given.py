"""What a contributor gives for a row: each value held against its column before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from casetrail.case.row import Row
from casetrail.case.schemas import facts_of, vocabulary_of
from casetrail.findings.error import CasetrailError
from casetrail.standard.near_miss import did_you_mean
from casetrail.tables.csv_writer import composed


def value_problem(model: type[Row], column: str, text: str) -> str | None:
    """Why a text may not stand in a column, as a clause; `None` where it may. An empty text is not given."""
    info = model.model_fields[column]
    if text == "":
        return f"it must be filled, for example with {facts_of(info).example}" if info.is_required() else None
    vocabulary = vocabulary_of(info)
    if vocabulary is not None:
        terms = [term.value for term in vocabulary]
        if text in terms:
            return None
        return did_you_mean(text, terms) or f"it is one of {', '.join(terms)}"
    try:
        _adapter(model, column).validate_strings(text)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_context=False)[0]["msg"]
        if reason.startswith("String should match pattern"):
            reason = "it has another form"
        reason = reason.removeprefix("Value error, ")
        return f"{reason}; an example is {facts_of(info).example}"
    return None


def checked_row(model: type[Row], cells: Mapping[str, str]) -> dict[str, str]:
    """The whole row as text, every column present; a `CasetrailError` says what is wrong with it."""
    table = model.TABLE.name
    row = {name: composed(cells.get(name, "").strip()) for name in model.model_fields}
    for name, text in row.items():
        problem = value_problem(model, name, text)
        if problem is not None:
            shown = f" '{text[:80]}'" if text else ""
            raise CasetrailError(f"{table}, {name}{shown}: {problem}")
    for rule in model.TABLE.rules:
        if not rule.holds(row):
            hint = f"; {rule.hint}" if rule.hint else ""
            raise CasetrailError(f"{table}, {row[model.TABLE.key]}: {rule.sentence.rstrip('.')}{hint}")
    return row


@lru_cache(maxsize=512)
def _adapter(model: type[Row], column: str) -> TypeAdapter[Any]:
    info = model.model_fields[column]
    annotation: Any = info.annotation
    return TypeAdapter(Annotated[annotation, *info.metadata] if info.metadata else annotation)
