"""A new row with what belongs to it: participations, signatories, demands, names, evidence of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from casetrail.case.case import Case
from casetrail.curate.draft import new_errors
from casetrail.curate.format import canonical_bytes
from casetrail.curate.given import checked_row
from casetrail.curate.keyed_table import read_texts
from casetrail.curate.kinds import NewKind, Values
from casetrail.curate.spelling import first_free, script_of, slug
from casetrail.curate.writing import folder_of, write_files
from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Finding
from casetrail.package.package import Package
from casetrail.tables.csv_writer import text_table

PENDING = frozenset({"source-without-evidence"})
"""Errors that the next addition mends: a source is there before what it supports."""


@dataclass(frozen=True)
class Attached:
    """What belongs to a new row, each as a mapping of columns; ids and the tie to the row are filled in."""

    participations: Sequence[Values] = ()
    signatories: Sequence[Values] = ()
    demands: Sequence[Values] = ()
    names: Sequence[Values] = ()
    evidence: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Addition:
    """The rows to be added, by table, the row itself first."""

    row_id: str
    rows: Mapping[str, list[dict[str, str]]]


def propose_id(case: Case, kind: NewKind, values: Values) -> str:
    """An id that is free and was never used; empty where nothing that was given can make one."""
    stem = kind.stem(values, case)
    return first_free(f"{case.specs[kind.table].id_prefix}-{stem}", _taken(case)) if stem else ""


def compose(case: Case, kind: NewKind, row_id: str, values: Values, attached: Attached) -> Addition:
    """Every row of an addition, each checked by itself; a `CasetrailError` says what is wrong with one."""
    spec = case.specs[kind.table]
    taken = _taken(case)
    if row_id in taken:
        state = (
            "stands in the case already" if row_id in case[kind.table] else "was used before and is retired"
        )
        raise CasetrailError(f"the id {row_id} {state}; give another with --id")
    row = checked_row(spec, {**kind.preset, **values, spec.key: row_id})
    rows: dict[str, list[dict[str, str]]] = {kind.table: [row]}
    rest = row_id.partition("-")[2]
    for table, tie, given in (
        ("participations", "event_id", attached.participations),
        ("signatories", "response_id", attached.signatories),
        ("demands", "response_id", attached.demands),
        ("names", "subject_id", attached.names),
    ):
        for cells in given:
            stem = f"{case.specs[table].id_prefix}-{rest}-{_distinction(table, cells)}".strip("-")
            key = first_free(stem, taken)
            taken.add(key)
            full = {**cells, tie: row_id, case.specs[table].key: key}
            rows.setdefault(table, []).append(checked_row(case.specs[table], full))
    if spec.evidenced:
        rows["evidence"] = _evidence(case, rows, rest, attached.evidence, taken)
    return Addition(row_id, rows)


def add(package: Package, addition: Addition, *, write: bool = True) -> list[Finding]:
    """Write the rows in canonical form; the findings are what is still to be done.

    Where the case would be less valid than it is, nothing is written and a `CasetrailError` says why.
    """
    root = folder_of(package.files, "new")
    contents = {
        package.resource(table).path: _with_rows(package, table, rows)
        for table, rows in addition.rows.items()
    }
    errors = new_errors(package, contents)
    blocking = [finding for finding in errors if finding.code not in PENDING]
    if blocking:
        first = blocking[0]
        place = ", ".join(part for part in (first.table, first.key, first.field) if part)
        hint = f"; {first.hint}" if first.hint else ""
        raise CasetrailError(f"{place}: {first.message.rstrip('.')}{hint}; nothing was written", exit_code=1)
    if write:
        write_files(root, contents)
    return errors


def named_spelling(text: str) -> dict[str, str]:
    """A spelling as it is given: `language:name`, or `language:name:romanization`; the script is seen."""
    language, _, rest = text.partition(":")
    name, _, romanization = rest.partition(":")
    if not name:
        raise CasetrailError(f"'{text[:80]}' is no spelling; write language:name, for example kk:Талдықорған")
    script = script_of(name)
    if script == "Hani":
        script = "Hant" if language.startswith("zh-Hant") or language in ("zh-TW", "zh-HK") else "Hans"
    if script is None or script == "Zyyy":
        raise CasetrailError(f"the script of '{name[:80]}' is not clear; add the spelling by hand")
    return {"name": name, "language": language, "script": script, "romanization": romanization}


def _evidence(
    case: Case, rows: Mapping[str, list[dict[str, str]]], rest: str, given: Values, taken: set[str]
) -> list[dict[str, str]]:
    """One row of evidence for each row that must have it."""
    if not given.get("source_id") or not given.get("locator"):
        raise CasetrailError(
            "say who says so: --source with the id of a source, and --locator with the place in it"
        )
    certainty = given.get("certainty") or ("alleged" if given.get("attributed_to") else "stated")
    found = []
    for table, added in rows.items():
        if not case.specs[table].evidenced:
            continue
        for row in added:
            key = first_free(f"ec-{rest}", taken)
            taken.add(key)
            cells = {
                **given,
                "evidence_id": key,
                "table": table,
                "row_id": row[case.specs[table].key],
                "certainty": certainty,
            }
            found.append(checked_row(case.specs["evidence"], cells))
    return found


def _distinction(table: str, cells: Values) -> str:
    """What tells rows of one table that belong to the same row apart."""
    if table == "names":
        return slug(cells.get("language", ""))
    if table == "demands":
        return slug(cells.get("demand", ""))
    return cells.get("party_id", "").partition("-")[2]


def _taken(case: Case) -> set[str]:
    """Every id that is in use or was ever used."""
    retired = {row["retired_key"] for row in case["retired"].values()}
    return retired.union(*(rows.keys() for rows in case.tables.values()))


def _with_rows(package: Package, table: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The table in canonical form with the rows added."""
    resource = package.resource(table)
    known = read_texts(resource, None)
    columns = known.column_names
    unknown = [name for row in rows for name, text in row.items() if text and name not in columns]
    if unknown:
        raise CasetrailError(f"the table '{table}' has no column '{unknown[0]}'; run `casetrail validate`")
    added = text_table(columns, ([row.get(name, "") for name in columns] for row in rows))
    return canonical_bytes(resource, pa.concat_tables([known, added]))
