"""Entries as JSON: a row, or a list of rows, each an object with columns and, under tables, lists of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casetrail.curate.additions import FIELDS
from casetrail.findings.error import CasetrailError
from casetrail.standard.json_reader import JsonError, json_kind, read_document


def entries_from_json(text: str) -> list[dict[str, Any]]:
    """The rows that a JSON text gives.

    Raises:
        CasetrailError: It is no JSON, or not of rows; with exit code 1 all that is of another form is named.
    """
    try:
        document = read_document(text.encode("utf-8", "surrogateescape"))
    except JsonError as error:
        raise CasetrailError(f"the standard input is no JSON: {error.reason}") from None
    rows = document.value if isinstance(document.value, list) else [document.value]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise CasetrailError("the JSON is neither a row nor a list of rows: write an object with columns")
    problems = [f"{name}: it is there twice; leave one" for _, name in document.duplicates]
    problems += [problem for row in rows for problem in _problems(row, "")]
    if problems:
        raise CasetrailError("; ".join(["the JSON has not the form of rows", *problems]), exit_code=1)
    return rows


def _problems(row: dict[str, Any], place: str) -> Iterator[str]:
    """What in a row is neither a text or number nor a list of rows."""
    for name, value in row.items():
        where = f"{place}{name}"
        if name == FIELDS:
            if not (isinstance(value, list) and all(isinstance(column, str) for column in value)):
                yield f"{where}: write a list of columns"
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    yield from _problems(part, f"{where}, ")
                else:
                    yield f"{where}: write each of its rows as an object with columns"
        elif isinstance(value, bool | dict):
            yield f"{where}: write a text or number, or a list of rows, instead of {json_kind(value)}"
