"""The equivalent command: the call of `casetrail new` that adds an entry without a question."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casetrail.case.profile import TableSpec
from casetrail.curate.additions import EVIDENCE, FIELDS
from casetrail.curate.new_kind import NewRowKind, singular


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
