"""Known since: the day from which `as_of` shows each row, cell and claim, computed once for all days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from casetrail.case.case import Case, Cells
from casetrail.case.tables import TABLES
from casetrail.case.terms import Read
from casetrail.package.edtf import parse_edtf
from casetrail.package.values.problem import ValueProblem

Day = dt.date | None
"""`None`: no source of a known day speaks for it, so that no day shows it."""


@dataclass(slots=True)
class KnownSince:
    """The first day on which each thing was known.

    `cells` holds those that became known later than their row, as (row, column). `days` are all days on
    which something became known, in order.
    """

    rows: dict[str, Day] = field(default_factory=dict)
    cells: dict[tuple[str, str], Day] = field(default_factory=dict)
    days: tuple[dt.date, ...] = ()


def known_since(case: Case) -> KnownSince:
    """The case over time: a row is in `as_of(case, day)` if and only if its day here is not later.

    Retired ids are always shown, from the first day that there is.
    """
    since = KnownSince()
    out = {key: _out(cells) for key, cells in case["sources"].items()}
    since.rows.update(out)
    spoken: dict[str, list[Day]] = defaultdict(list)
    for key, one in case["evidence"].items():
        day = out.get(one["source_id"])
        since.rows[key] = day
        for subject in {one["row_id"], one["disagreement_id"]}:
            spoken[subject].append(day)
    for table, model in TABLES.items():
        if model.TABLE.evidenced or table == "disagreements":
            for key, cells in case[table].items():
                since.rows[key] = _first(spoken.get(key, ()))
                _cells_since(case, key, cells, out, since)
    for key, cells in case["names"].items():
        since.rows[key] = since.rows.get(cells["subject_id"])
    since.days = tuple(sorted({day for day in out.values() if day is not None}))
    for key in case["retired"]:
        since.rows[key] = since.days[0] if since.days else None
    return since


def _cells_since(case: Case, key: str, cells: Cells, out: dict[str, Day], since: KnownSince) -> None:
    claims: dict[str, list[Day]] = defaultdict(list)
    for one in case.evidence_rows(key):
        column = one["field"]
        if column and one["value"] in ("", cells.get(column)):
            claims[column].append(out.get(one["source_id"]))
    for column, days in claims.items():
        day = _first(days)
        if cells.get(column) and day != since.rows[key]:
            since.cells[key, column] = day


def _first(days: Iterable[Day]) -> Day:
    return min((day for day in days if day is not None), default=None)


def _out(source: Cells) -> Day:
    """The day by whose end the source was out for certain."""
    if source["read"] == Read.NOT_SEEN or not source["published"]:
        return None
    try:
        date = parse_edtf(source["published"])
    except ValueProblem:
        return None
    return None if date.qualified else date.latest
