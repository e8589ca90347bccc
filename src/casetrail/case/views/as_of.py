"""As of a day: the case as sources published by then knew it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from casetrail.case.case import Case, Cells
from casetrail.case.tables import TABLES
from casetrail.findings.error import CasetrailError
from casetrail.package.edtf import EdtfDate, parse_edtf
from casetrail.package.values.problem import ValueProblem


@dataclass(frozen=True, slots=True)
class AsOf:
    """The case on a day.

    `case` holds the rows for which a source published by then speaks, with the cells that such a source
    supports or that nobody disputes. `undated` are the sources of which it is not known whether they were
    out by then; what they say is not in `case`. `later` are those published after.
    """

    day: dt.date
    case: Case
    known: tuple[str, ...]
    undated: tuple[str, ...]
    later: tuple[str, ...]


def as_of(case: Case, day: dt.date) -> AsOf:
    """Show the case as of the end of a day."""
    known: list[str] = []
    undated: list[str] = []
    later: list[str] = []
    for source_id, cells in case["sources"].items():
        if cells["read"] == "not_seen":
            continue
        out = published_by(cells["published"], day)
        (known if out else undated if out is None else later).append(source_id)
    voices = frozenset(known)
    evidence = {key: one for key, one in case["evidence"].items() if one["source_id"] in voices}
    spoken = {one["row_id"] for one in evidence.values()} | {
        one["disagreement_id"] for one in evidence.values()
    }
    tables: dict[str, dict[str, Cells]] = {"evidence": dict(evidence)}
    for table, model in TABLES.items():
        if table == "evidence":
            continue
        if table == "sources":
            tables[table] = {key: cells for key, cells in case[table].items() if key in voices}
        elif model.TABLE.evidenced or table == "disagreements":
            tables[table] = {
                key: _as_known(case, key, cells, voices)
                for key, cells in case[table].items()
                if key in spoken
            }
        elif table == "retired":
            tables[table] = dict(case[table])
    shown = tables["parties"].keys() | tables["places"].keys()
    tables["names"] = {key: cells for key, cells in case["names"].items() if cells["subject_id"] in shown}
    return AsOf(day, Case(case.name, tables), tuple(known), tuple(undated), tuple(later))


def _as_known(case: Case, row_id: str, cells: Cells, voices: frozenset[str]) -> Cells:
    """The row, with the cells emptied for which only later sources speak."""
    by_field: dict[str, list[Cells]] = {}
    for one in case.evidence_rows(row_id):
        by_field.setdefault(one["field"], []).append(one)
    return {
        field: value if _was_known(value, by_field.get(field, []), voices) else ""
        for field, value in cells.items()
    }


def _was_known(value: str, claims: list[Cells], voices: frozenset[str]) -> bool:
    """A cell of which no source speaks by itself goes with its row."""
    for_it = [one for one in claims if one["value"] in ("", value)]
    return not for_it or any(one["source_id"] in voices for one in for_it)


def published_by(published: str, day: dt.date) -> bool | None:
    """Whether a source was published by the end of the day; `None` where that is not known."""
    date = _date(published)
    if date is None:
        return None
    if date.latest is not None and date.latest <= day and not date.qualified:
        return True
    if date.earliest is not None and date.earliest > day:
        return False
    return None


@lru_cache(maxsize=4096)
def _date(text: str) -> EdtfDate | None:
    try:
        return parse_edtf(text) if text else None
    except ValueProblem:
        return None


def parse_day(text: str) -> dt.date:
    """A full day as the user writes it. Raises `CasetrailError` for anything else."""
    try:
        if len(text) == 10:
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise CasetrailError(f"{text!r} is not a day: write year, month and day, for example 2026-01-20.")


def newest_day(case: Case) -> dt.date | None:
    """The last day on which a source that was read is known to have been published."""
    days = [
        date.latest
        for cells in case["sources"].values()
        if cells["read"] != "not_seen"
        and (date := _date(cells["published"])) is not None
        and date.is_day
        and date.latest is not None
    ]
    return max(days, default=None)
