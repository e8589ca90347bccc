"""Names that are in a case though nobody may show them: no view shows them, no export passes them on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from casetrail.case.profile import TableSpec, tables_of
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.types.arrow_arrays import text_array

if TYPE_CHECKING:
    from casetrail.package.package import Package

UNDISCLOSED = ("unnamed", "withheld")
"""Why a party has no name: no source gives one, or we leave it out."""

_WITH_NAMES = {"parties": ("name",), "names": ("name", "romanization"), "evidence": ("value", "as_written")}
"""The tables that say how somebody is called, and in which columns."""

_Row = Mapping[str, str]


def disclosed_terms(parties: TableSpec) -> frozenset[str]:
    """What `disclosure` says of a party that is shown: what is no term may be a misspelt `withheld`.

    Where the column is missing nobody is shown.
    """
    if "disclosure" not in parties.columns:
        return frozenset()
    return frozenset({*parties.columns["disclosure"].vocabulary, ""} - set(UNDISCLOSED))


def leave_names_out(tables: Mapping[str, MutableMapping[str, _Row]], parties: TableSpec) -> None:
    """Take out what must not be there, which `validate` finds and which no view may show meanwhile."""
    rows = {name: tables.get(name, {}).items() for name in _WITH_NAMES}
    for table, row_id in list(_rows_with_names(rows, disclosed_terms(parties))):
        if table == "names":
            del tables[table][row_id]
        else:
            tables[table][row_id] = {**tables[table][row_id], **dict.fromkeys(_WITH_NAMES[table], "")}


def refuse_names(package: Package) -> None:
    """Refuse to pass on a case that names somebody who is not to be named.

    Raises:
        CasetrailError: It does, and in which row; the name is not said.
    """
    specs = tables_of(package)
    if "parties" not in specs:
        return
    if "disclosure" not in specs["parties"].columns:
        raise CasetrailError(
            "nothing is exported: the table 'parties' lacks the column 'disclosure' of the profile, which "
            "says who may be named; add it",
            exit_code=1,
        )
    rows: dict[str, list[tuple[str, _Row]]] = {name: [] for name in _WITH_NAMES}
    for resource in package.tables:
        if resource.name not in rows or resource.name not in specs:
            continue
        if not specs[resource.name].primary_key:
            raise CasetrailError(f"the table '{resource.name}' lacks a primary key; give it one", exit_code=1)
        key = specs[resource.name].key
        for batch in resource.batches(ReportBuilder(limit=0)):
            records = batch.cells
            if resource.name == "evidence" and "table" in batch.positions:
                of_names = pc.is_in(records.column("table"), value_set=text_array(("parties", "names")))
                records = records.filter(of_names)
            rows[resource.name] += ((cells.get(key) or "", cells) for cells in records.to_pylist())
    for table, row_id in _rows_with_names(rows, disclosed_terms(specs["parties"])):
        raise CasetrailError(
            f"nothing is exported: the row {row_id!r} of {table} names somebody who is not to be named; "
            "take the name out, `casetrail validate` says all that is wrong",
            exit_code=1,
        )


def _rows_with_names(
    rows: Mapping[str, Iterable[tuple[str, _Row]]], shown: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """The table and id of each row that names somebody whose name is not to be shown."""
    nameless = {party for party, row in rows["parties"] if (row.get("disclosure") or "") not in shown}
    spellings = [name for name, row in rows["names"] if row.get("subject_id") in nameless]
    for party, row in rows["parties"]:
        if party in nameless and row.get("name"):
            yield "parties", party
    for name in spellings:
        yield "names", name
    for claim, row in rows["evidence"]:
        of_name = row.get("row_id") in nameless and row.get("field") == "name"
        if (of_name or row.get("row_id") in spellings) and (row.get("value") or row.get("as_written")):
            yield "evidence", claim
