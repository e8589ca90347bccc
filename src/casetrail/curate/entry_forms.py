"""Forms of an entry: read from JSON, and written as the call of `casetrail new` that adds it unasked.

As JSON it is a row, or a list of rows, each an object with columns and, under tables, lists of rows.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casetrail.case.profile import TableSpec
from casetrail.curate.additions import EVIDENCE, FIELDS
from casetrail.curate.new_kind import NewRowKind, singular
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


def equivalent_command(kind: NewRowKind, entry: Mapping[str, Any], tables: Mapping[str, TableSpec]) -> str:
    """The command, one option a line; what is empty is left out."""
    return " \\\n  ".join([f"casetrail new {kind.name}", *_options(kind, entry, tables)])


def _options(kind: NewRowKind, entry: Mapping[str, Any], tables: Mapping[str, TableSpec]) -> Iterator[str]:
    if entry.get(kind.table.key):
        yield f"--id {shlex.quote(str(entry[kind.table.key]))}"
    for name in kind.table.columns:
        if entry.get(name) and name != kind.table.key:
            yield _option(name, entry[name])
    for name, parts in entry.items():
        if not isinstance(parts, list | tuple):
            continue
        if name == EVIDENCE and kind.table.evidenced:
            yield from _claims(parts)
            continue
        for part in parts:
            cells = (f"{column}={value}" for column, value in part.items() if value not in ("", None))
            yield " ".join(["--with", singular(tables[name]), *map(shlex.quote, cells)])


def _claims(claims: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The options of each claim; of several every one has every option, to tell them apart."""
    names = dict.fromkeys(name for claim in claims for name in claim if len(claims) > 1 or claim[name])
    for claim in claims:
        yield " ".join(
            _option("source", value)
            if name == "source_id"
            else _option(
                name, ("all" if value == "" else ",".join(value) or "row") if name == FIELDS else value
            )
            for name in names
            for value in (claim.get(name, ""),)
        )


def _option(name: str, value: object) -> str:
    return f"--{name.replace('_', '-')} {shlex.quote(str(value))}"
