"""Known since: the case as sources published by a day knew it, and from which day each row was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from casetrail.case.case import Case, TextRow
from casetrail.case.views.date_words import parse_date
from casetrail.findings.error import CasetrailError

MAX_DAYS_TIMES_ROWS = 3_000_000
"""Of a case with more days times rows, some days are passed over, evenly."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The case on a day.

    `case` holds what sources published by then knew, with the cells that such a source supports or of which
    none speaks by itself. `undated` are the sources of which it is not known whether they were
    out by then; what they say is not in `case`. `later` are those published after.
    """

    day: dt.date
    case: Case
    known: tuple[str, ...]
    undated: tuple[str, ...]
    later: tuple[str, ...]


def as_of(case: Case, day: dt.date) -> AsOf:
    """Show the case as of the end of a day.

    A row is known when a source of then speaks for it, or for a row that names it. What was still to come is
    scheduled, whatever became of it. A disagreement is one only when two of its versions were known, and open
    until all were; its summary, written later, is left out.
    """
    known: list[str] = []
    undated: list[str] = []
    later: list[str] = []
    for source_id, cells in case["sources"].items():
        if cells["read"] == "not_seen":
            continue
        out = published_by(cells["published"], day)
        (known if out else undated if out is None else later).append(source_id)
    voices = frozenset(known)
    tables = _spoken_rows(case, voices)
    _add_speakers(case, tables, voices)
    _add_named_rows(case, tables, voices)
    tables["events"] = _as_still_to_come(case, tables["events"], day)
    tables["disagreements"] = _disagreements(case, tables["evidence"])
    tables["sources"] = _with_originals(case, known)
    tables["retired"] = dict(case["retired"])
    shown = tables["parties"].keys() | tables["places"].keys()
    tables["names"] = {key: cells for key, cells in case["names"].items() if cells["subject_id"] in shown}
    return AsOf(day, Case(case.name, tables, case.specs), tuple(known), tuple(undated), tuple(later))


def _spoken_rows(case: Case, voices: frozenset[str]) -> dict[str, dict[str, TextRow]]:
    evidence = {key: claim for key, claim in case["evidence"].items() if claim["source_id"] in voices}
    spoken = {claim["row_id"] for claim in evidence.values()}
    tables: dict[str, dict[str, TextRow]] = {"evidence": evidence}
    for table, spec in case.specs.items():
        if spec.evidenced:
            rows = case[table]
            tables[table] = {key: _as_known(case, key, rows[key], voices) for key in rows if key in spoken}
    return tables


def _add_named_rows(case: Case, tables: dict[str, dict[str, TextRow]], voices: frozenset[str]) -> None:
    """Add the rows that known rows name, and those that these name in turn."""
    pending = [(table, key) for table in tables if table != "evidence" for key in tables[table]]
    while pending:
        table, key = pending.pop()
        for column in case.specs[table].pointers:
            named = tables[table][key][column]
            target = case.table_with_prefix(named)
            if target in tables and named in case[target] and named not in tables[target]:
                tables[target][named] = _as_known(case, named, case[target][named], voices)
                pending.append((target, named))
    for table in tables:
        tables[table] = {key: tables[table][key] for key in case[table] if key in tables[table]}


def _as_still_to_come(case: Case, events: dict[str, TextRow], day: dt.date) -> dict[str, TextRow]:
    replaced = {cells["replaces"] for cells in events.values()}
    shown: dict[str, TextRow] = {}
    for key, cells in events.items():
        date = parse_date(cells["date"])
        ahead = date is not None and date.earliest is not None and date.earliest > day
        moved = cells["status"] == "postponed"
        if (moved and key not in replaced) or (ahead and not moved):
            cells = {**cells, "status": "scheduled"}
        shown[key] = cells
    return shown


def _disagreements(case: Case, evidence: dict[str, TextRow]) -> dict[str, TextRow]:
    shown: dict[str, TextRow] = {}
    for key, cells in case["disagreements"].items():
        claims = case.rows_with("evidence", "disagreement_id", key)
        versions = {claim["value"] for claim in claims}
        then = {claim["value"] for claim in claims if claim["evidence_id"] in evidence}
        if len(then) > 1:
            state = cells["state"] if then == versions else "open"
            shown[key] = {**cells, "state": state, "summary": "", "note": ""}
    return shown


def _as_known(case: Case, row_id: str, cells: TextRow, voices: frozenset[str]) -> TextRow:
    """The row, with the cells emptied for which only later sources speak."""
    by_field: dict[str, list[TextRow]] = {}
    for claim in case.evidence_rows(row_id):
        by_field.setdefault(claim["field"], []).append(claim)
    return {
        field: value if _was_known(value, by_field.get(field, []), voices) else ""
        for field, value in cells.items()
    }


def _was_known(value: str, claims: list[TextRow], voices: frozenset[str]) -> bool:
    """A cell of which no source speaks by itself goes with its row."""
    for_it = [claim for claim in claims if claim["value"] in ("", value)]
    return not for_it or any(claim["source_id"] in voices for claim in for_it)


def _add_speakers(case: Case, tables: dict[str, dict[str, TextRow]], voices: frozenset[str]) -> None:
    """Add the parties whose claims are reported, and those who passed them on."""
    for claim in tables["evidence"].values():
        for speaker in (claim["attributed_to"], claim["relayed_by"]):
            if speaker in case["parties"] and speaker not in tables["parties"]:
                tables["parties"][speaker] = _as_known(case, speaker, case["parties"][speaker], voices)


def _with_originals(case: Case, known: list[str]) -> dict[str, TextRow]:
    """The sources that were out, and the originals that are known only through them."""
    shown = set(known)
    for key in known:
        original = case["sources"][key]["derived_from"]
        while case["sources"].get(original, {}).get("read") == "not_seen" and original not in shown:
            shown.add(original)
            original = case["sources"][original]["derived_from"]
    return {key: cells for key, cells in case["sources"].items() if key in shown}


def published_by(published: str, day: dt.date) -> bool | None:
    """Whether a source was published by the end of the day; `None` where that is not known."""
    date = parse_date(published)
    if date is None:
        return None
    if date.latest is not None and date.latest <= day and not date.qualified:
        return True
    if date.earliest is not None and date.earliest > day:
        return False
    return None


def parse_day(text: str) -> dt.date:
    """A full day as the user writes it.

    Raises:
        CasetrailError: For anything else.
    """
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
        and (date := parse_date(cells["published"])) is not None
        and date.is_day
        and date.latest is not None
    ]
    return max(days, default=None)


@dataclass(slots=True)
class KnownSince:
    """The case over the days on which sources came out.

    `rows` has for each row the number of the day, in `days`, from which it is known; a row that no day shows
    is not in it. `cells` has, by row and column, for each cell that was not always as it is now, the numbers
    of the days from which it was otherwise, with its value then.
    """

    days: tuple[dt.date, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    cells: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)


def known_since(case: Case, visit: Callable[[AsOf], None] = lambda then: None) -> KnownSince:
    """`as_of` for all days; `visit` is called with the case as of each day, in order."""
    known = KnownSince(_thinned(case, _days(case)))
    for number, day in enumerate(known.days):
        then = as_of(case, day)
        for key, cells, now in (
            (key, cells, case[table][key])
            for table, rows in then.case.tables.items()
            for key, cells in rows.items()
        ):
            known.rows.setdefault(key, number)
            if cells is not now:
                _note_changes(known, number, key, cells, now)
        visit(then)
    return known


def _note_changes(known: KnownSince, number: int, key: str, cells: TextRow, now: TextRow) -> None:
    for column, value in cells.items():
        past = known.cells.get(key, {}).get(column)
        if value != (past[-1][1] if past else now[column]):
            known.cells.setdefault(key, {}).setdefault(column, []).append((number, value))


def _days(case: Case) -> list[dt.date]:
    """The days by whose end one more source was out for certain, and between them those of the events.

    On no other day does `as_of` differ from what it was on the day before.
    """
    days: set[dt.date] = set()
    for cells in case["sources"].values():
        date = parse_date(cells["published"])
        if (
            date is not None
            and date.latest is not None
            and cells["read"] != "not_seen"
            and published_by(cells["published"], date.latest)
        ):
            days.add(date.latest)
    began = {date.earliest for cells in case["events"].values() if (date := parse_date(cells["date"]))}
    if days:
        days |= {day for day in began if day is not None and min(days) <= day <= max(days)}
    return sorted(days)


def _thinned(case: Case, days: list[dt.date]) -> tuple[dt.date, ...]:
    rows = sum(len(table) for table in case.tables.values())
    most = max(MAX_DAYS_TIMES_ROWS // max(rows, 1), 12)
    if len(days) <= most:
        return tuple(days)
    return tuple(days[round(number * (len(days) - 1) / (most - 1))] for number in range(most))
