"""Derived tables: the answers about a case as tables, which every export writes and none works out again.

`claims` has what each source says, `versions` those of each disagreement,
`timeline` what happened in its order, `accused` who is accused of what. What each column means is in its
metadata. No table adds a group to its members: a number of people is in the row of the group alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from casetrail.case.case import Case, TextRow
from casetrail.case.views.claims import claims
from casetrail.case.views.date_words import parse_date, row_order
from casetrail.case.views.disagreements import disagreements
from casetrail.case.views.figures import is_kind, outcome
from casetrail.case.views.labels import label, people_words
from casetrail.types import zones
from casetrail.types.problem import ValueProblem

DerivedRow = dict[str, Any]
_DAY, _COUNT, _YES_NO = pa.date32(), pa.int64(), pa.bool_()
_MOMENT = pa.timestamp("us", "UTC")

_PLACE = {
    "row_table": "The table of the row that it is about; empty where it is about no cell.",
    "row_id": "The id of that row.",
    "row_label": "What that row is called.",
    "field": "The column that it is about; empty where it is about the row as a whole.",
}
_VALUE = {
    "value": "The value, as the cell would hold it.",
    "value_precision": "How a number is meant, as `people_precision` says it; empty where nothing says so.",
    "words": "The value as people read it, a reference by its label and a number with its precision.",
}
_PROVISION = {
    "charge_id": "The id of the charge.",
    "charge": "What the charge is called.",
    "offence": "What it says, in words.",
    "status": "How far it has come.",
    "outcome": "What became of it; empty where no outcome is known.",
}

_COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "claims": (
        "What each source says for a row, a cell or a disagreement, and whose word it is.",
        {
            "evidence_id": "The id of the claim, in the table of evidence.",
            **_PLACE,
            "disagreement_id": "The disagreement of which it is a version; empty where there is none.",
            **_VALUE,
            "as_written": "The words of the source.",
            "certainty": "In whose voice: stated, alleged or inferred.",
            "speaker_id": "The party whose claim the source reports; empty where it speaks itself.",
            "speaker": "What that party is called.",
            "relayed_by": "Who passed the claim on to the source; empty where nobody did.",
            "source_id": "The id of the source.",
            "source": "What the source is called.",
            "url": "Its address.",
            "published": "When it was published, in EDTF.",
            "locator": "Where in the source.",
            "origin": "Whose word it is: a party, a newsroom or a source. Claims of one origin count once.",
            "repeats": "The claim that it only repeats, so that it does not count; else empty.",
            "rank": "What is held of it as a version: preferred, alternative or rejected.",
            "reason": "Why.",
            "note": "What else is to be said of it.",
        },
    ),
    "versions": (
        "The versions of each disagreement, open ones and preferred versions first.",
        {
            "disagreement_id": "The id of the disagreement.",
            "question": "The question.",
            "state": "Whether it is open, settled or compatible.",
            "position": "The place of the version among those of its disagreement, from 1.",
            **_PLACE,
            **_VALUE,
            "rank": "What is held of it: preferred, alternative or rejected; empty where nothing is.",
            "reasons": "Why, one reason a line.",
            "origins": "How many independent origins it has.",
            "claims": "How many claims it has.",
        },
    ),
    "timeline": (
        "Events and responses in the order of the first day that is possible; those without a date last.",
        {
            "date": "The date, in EDTF.",
            "date_earliest": "The first day that it can mean; empty where it is open or missing.",
            "date_latest": "The last day that it can mean; empty where it is open or missing.",
            "starts_at": "The moment in UTC, of an event of one full day with a time and a time zone.",
            "row_table": "The table of the row: events or responses.",
            "row_id": "The id of the row.",
            "kind": "What kind of thing it is.",
            "row_label": "What the row is called.",
            "place": "Where it was.",
            "status": "How far an event is known to have come about.",
        },
    ),
    "accused": (
        "Who is accused of what: the accused of each charge, then those who are known to be members of it.",
        {
            "party_id": "The id of the party.",
            "party": "What the party is called.",
            "kind": "What the party is.",
            "disclosure": "Why it is named, or is not.",
            "member_of": "The accused group of which it is a member; empty for the accused of the charge.",
            **_PROVISION,
            "people": "The number of people of the charge; empty for a member, who is counted in it.",
            "people_precision": "How that number is meant.",
            "people_words": "Both in words.",
        },
    ),
}
_TYPES = {
    "date_earliest": _DAY,
    "date_latest": _DAY,
    "starts_at": _MOMENT,
    "position": _COUNT,
    "origins": _COUNT,
    "claims": _COUNT,
    "people": _COUNT,
}


DERIVED_TABLES: dict[str, str] = {name: about for name, (about, _) in _COLUMNS.items()}
"""The tables by name, each with what its rows are."""


def derived_schema(name: str) -> pa.Schema:
    """The schema of a derived table, each column with its `description`; `KeyError` for no such name."""
    about, columns = _COLUMNS[name]
    fields = [
        pa.field(column, _TYPES.get(column, pa.string()), metadata={"description": text})
        for column, text in columns.items()
    ]
    return pa.schema(fields, metadata={"table": name, "table_description": about})


def derived_tables(case: Case) -> dict[str, pa.Table]:
    """The four tables by name, in the order of the module. An empty text is null in them."""
    return {name: derived_table(case, name) for name in _ROWS}


def derived_table(case: Case, name: str) -> pa.Table:
    """One of the tables.

    Raises:
        KeyError: For no such name.
    """
    rows = [
        {column: None if value == "" else value for column, value in row.items()} for row in _ROWS[name](case)
    ]
    return pa.Table.from_pylist(rows, schema=derived_schema(name))


def _claims(case: Case) -> Iterable[DerivedRow]:
    for claim in claims(case):
        source = case["sources"].get(claim.source_id, {})
        yield {
            **{name: getattr(claim, name) for name in _COLUMNS["claims"][1] if hasattr(claim, name)},
            "row_table": claim.table,
            "row_label": label(case, claim.row_id) if claim.row_id else "",
            "value_precision": claim.precision,
            "url": source.get("url", ""),
            "published": source.get("published", ""),
        }


def _versions(case: Case) -> Iterable[DerivedRow]:
    for disagreement in disagreements(case):
        for position, version in enumerate(disagreement.versions, start=1):
            yield {
                "disagreement_id": disagreement.disagreement_id,
                "question": disagreement.question,
                "state": disagreement.state,
                "position": position,
                "row_table": disagreement.table,
                "row_id": disagreement.row_id,
                "row_label": disagreement.row,
                "field": disagreement.field,
                "value": version.value,
                "value_precision": version.precision,
                "words": version.words,
                "rank": version.rank,
                "reasons": "\n".join(version.reasons),
                "origins": version.independent,
                "claims": len(version.claims),
            }


def _timeline(case: Case) -> Iterable[DerivedRow]:
    rows = [
        (row_order(case, table, cells), _instant(cells), key, table, cells)
        for table in ("events", "responses")
        for key, cells in case[table].items()
    ]
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    rows.sort(key=lambda row: (row[0][0], row[1] or latest, *row[0][1:]))
    for _, moment, key, table, cells in rows:
        date = parse_date(cells["date"])
        place = cells.get("place_id", "")
        yield {
            "date": cells["date"],
            "date_earliest": date.earliest if date else None,
            "date_latest": date.latest if date else None,
            "starts_at": moment,
            "row_table": table,
            "row_id": key,
            "kind": cells["kind"],
            "row_label": label(case, key),
            "place": label(case, place) if place else "",
            "status": cells.get("status", ""),
        }


def _instant(event: TextRow) -> dt.datetime | None:
    """The moment at which an event begins, where it is known."""
    date = parse_date(event["date"])
    time, zone = event.get("time", ""), event.get("timezone", "")
    if date is None or not date.is_day or date.earliest is None or not time or not zone:
        return None
    try:
        return zones.instant(date.earliest, dt.time.fromisoformat(time), zone)
    except (ValueError, ValueProblem):
        return None


def _accused(case: Case) -> Iterable[DerivedRow]:
    for charge in sorted(case["charges"].values(), key=lambda row: row["charge_id"]):
        accused = charge["accused_id"]
        yield _accused_row(case, charge, accused, "")
        members = {
            tie["party_id"]
            for tie in case.rows_with("relations", "related_id", accused)
            if is_kind(case, "relations", tie, "member_of")
        }
        for party_id in sorted(members):
            yield _accused_row(case, charge, party_id, accused)


def _accused_row(case: Case, charge: TextRow, party_id: str, member_of: str) -> DerivedRow:
    party = case["parties"].get(party_id, {})
    people = charge["people"] if not member_of else ""
    return {
        "party_id": party_id,
        "party": label(case, party_id),
        "kind": party.get("kind", ""),
        "disclosure": party.get("disclosure", ""),
        "member_of": member_of,
        "charge_id": charge["charge_id"],
        "charge": label(case, charge["charge_id"]),
        "offence": charge["offence"],
        "status": charge["status"],
        "outcome": outcome(case, charge),
        "people": int(people) if people else None,
        "people_precision": charge["people_precision"] if people else "",
        "people_words": people_words(charge) if people else "",
    }


_ROWS: dict[str, Callable[[Case], Iterable[DerivedRow]]] = {
    "claims": _claims,
    "versions": _versions,
    "timeline": _timeline,
    "accused": _accused,
}
