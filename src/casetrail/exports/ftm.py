"""FollowTheMoney: a case as entities, one JSON object a line, for Aleph, OpenAleph and their kin.

| table | entity |
|---|---|
| sources | Article |
| parties | Person, Organization, PublicBody; LegalEntity for a group, which is no organization |
| charges | CourtCase, with a CourtCaseParty for the accused and for each party of the event that brought it |
| events, responses | Event, with the parties that had a part as `involved`, and what is asked in `notes` |
| measures, decisions | Event, with the party on whom it was laid, or about whom it is, as `involved` |
| participations, signatories | UnknownLink from the party to the event or response, with its `role` |
| relations | Family, Representation, Membership or Directorship where both ends allow it, else UnknownLink |
| disagreements | Note on the entity that it is about, with the versions and their independent origins |

`proof` leads from every entity to the articles in which it is evidenced, those aside whose version we reject.
FollowTheMoney has dates of a day, a month or a year, and intervals: a date that is uncertain, or one of
several, is not made into one of these; it is EDTF in `notes`. A party without a name is called by its
description, as everywhere in casetrail. Proceedings, places but for their names, and tables that a case adds
to the profile have no entity.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from casetrail.case.case import Case, TextRow
from casetrail.case.views.disagreements import Disagreement, Version, disagreements
from casetrail.case.views.figures import outcome
from casetrail.case.views.labels import (
    broad_term,
    cell_words,
    disclosure_label,
    label,
    makers,
    people_words,
    term_label,
)
from casetrail.exports.export import ExportSource, FileExport

_SCHEMATA = {
    "person": "Person",
    "organization": "Organization",
    "public_body": "PublicBody",
}
_ORGANIZED = ("organization", "public_body")
_THINGS = ("sources", "parties", "charges", "events", "responses", "measures", "decisions")
_PREFIX = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
Entity = dict[str, Any]


def write_ftm(case: Case, destination: Path, *, dataset: str) -> int:
    """Write the entities of the case to the file and return their number.

    Their ids begin with the name of the dataset, so that those of two cases cannot meet.
    """
    count = 0
    with destination.open("wb") as file:
        for entity in _Entities(case, dataset).all():
            file.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count


class _Entities:
    def __init__(self, case: Case, dataset: str) -> None:
        self._case = case
        self._dataset = dataset
        self._names: dict[str, list[str]] = defaultdict(list)
        for name in case["names"].values():
            self._names[name["subject_id"]].append(name["name"])
        self._parties: dict[str, list[TextRow]] = defaultdict(list)
        for part in case["participations"].values():
            self._parties[part["event_id"]].append(part)

    def all(self) -> Iterator[Entity]:
        """Every entity, in the order of the tables."""
        case = self._case
        yield from map(self._source, case["sources"].values())
        yield from map(self._party, case["parties"].values())
        for charge in case["charges"].values():
            yield from self._charge(charge)
        yield from map(self._event, case["events"].values())
        yield from map(self._response, case["responses"].values())
        for measure in case["measures"].values():
            yield self._about_party("measures", measure, measure["date"], "kind", "stage")
        for decision in case["decisions"].values():
            sitting = case["events"].get(decision["event_id"], {})
            yield self._about_party("decisions", decision, sitting.get("date", ""), "kind", "outcome")
        for part in case["participations"].values():
            yield self._part("participations", part, part["event_id"], "role")
        for part in case["signatories"].values():
            yield self._part("signatories", part, part["response_id"], "capacity")
        yield from map(self._relation, case["relations"].values())
        yield from map(self._disagreement, disagreements(case))

    def _entity(self, row_id: str, schema: str, **properties: str | Iterable[str]) -> Entity:
        """An entity with those of the properties that have a value, each value once."""
        filled = {}
        for name, value in properties.items():
            values = [value] if isinstance(value, str) else value
            kept = list(dict.fromkeys(value for value in values if value))
            if kept:
                filled[name] = kept
        return {"id": self._id(row_id), "schema": schema, "properties": filled, "datasets": [self._dataset]}

    def _id(self, row_id: str) -> str:
        return f"{self._dataset}-{row_id}"

    def _words(self, table: str, cells: TextRow, *fields: str) -> list[str]:
        """Cells of a row in words."""
        return [cell_words(self._case, table, cells, field) for field in fields]

    def _kind(self, table: str, cells: TextRow) -> str:
        """The kind of a row, or the one of the profile that it narrows."""
        return broad_term(self._case, table, "kind", cells["kind"])

    def _proof(self, row_id: str) -> list[str]:
        rows = self._case.evidence_rows(row_id)
        return [self._id(claim["source_id"]) for claim in rows if claim["rank"] != "rejected"]

    def _source(self, cells: TextRow) -> Entity:
        dates = _dates(cells["published"], "publishedAt")
        return self._entity(
            cells["source_id"],
            "Article",
            name=label(self._case, cells["source_id"]),
            title=cells["title"],
            publisher=cells["publisher"],
            author=cells["author"],
            sourceUrl=cells["url"],
            retrievedAt=_dates(cells["accessed"], "date").get("date", ""),
            keywords=self._words("sources", cells, "kind"),
            publishedAt=dates.get("publishedAt", ""),
            notes=[dates.get("notes", ""), cells["note"]],
        )

    def _party(self, cells: TextRow) -> Entity:
        name = label(self._case, cells["party_id"])
        return self._entity(
            cells["party_id"],
            _SCHEMATA.get(self._kind("parties", cells), "LegalEntity"),
            name=name,
            alias=[spelling for spelling in self._names[cells["party_id"]] if spelling != name],
            country=cells["country"].lower(),
            description=cells["description"],
            notes=[disclosure_label(cells), cells["note"]],
            proof=self._proof(cells["party_id"]),
        )

    def _charge(self, cells: TextRow) -> Iterator[Entity]:
        brought = self._case["events"].get(cells["brought_event_id"], {})
        proof = self._proof(cells["charge_id"])
        people = people_words(cells)
        result = term_label(self._case, "decisions", "outcome", outcome(self._case, cells))
        yield self._entity(
            cells["charge_id"],
            "CourtCase",
            name=label(self._case, cells["charge_id"]),
            category=cells["offence"],
            status=[*self._words("charges", cells, "status"), result],
            fileDate=_dates(brought.get("date", ""), "fileDate").get("fileDate", ""),
            notes=[people, cells["note"]],
            proof=proof,
        )
        yield self._case_party(cells, cells["accused_id"], "accused", proof, people)
        for part in self._parties[cells["brought_event_id"]]:
            if part["party_id"] != cells["accused_id"]:
                proof = self._proof(part["participation_id"])
                (role,) = self._words("participations", part, "role")
                yield self._case_party(cells, part["party_id"], role, proof, "")

    def _case_party(self, charge: TextRow, party_id: str, role: str, proof: list[str], people: str) -> Entity:
        entity = self._entity(
            f"{charge['charge_id']}-{party_id}-{role.replace(' ', '-')}",
            "CourtCaseParty",
            role=role,
            summary=people,
            proof=(),
            case=self._id(charge["charge_id"]),
            party=self._id(party_id),
        )
        if proof:
            entity["properties"]["proof"] = list(dict.fromkeys(proof))
        return entity

    def _event(self, cells: TextRow) -> Entity:
        dates = _dates(cells["date"], "date")
        place = self._case["places"].get(cells["place_id"], {})
        involved = [self._id(part["party_id"]) for part in self._parties[cells["event_id"]]]
        (time,) = self._words("events", cells, "part_of_day")
        if cells["time"]:
            time = f"{cells['time']} ({cells['timezone']})"
        return self._entity(
            cells["event_id"],
            "Event",
            name=cells["title"],
            summary=cells["summary"],
            keywords=self._words("events", cells, "kind", "status"),
            location=place.get("name", ""),
            country=place.get("country", "").lower(),
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            notes=[dates.get("notes", ""), time, *self._asked("event_id", cells["event_id"]), cells["note"]],
            involved=involved,
            proof=self._proof(cells["event_id"]),
        )

    def _response(self, cells: TextRow) -> Entity:
        dates = _dates(cells["date"], "date")
        return self._entity(
            cells["response_id"],
            "Event",
            name=label(self._case, cells["response_id"]),
            summary=cells["summary"],
            keywords=self._words("responses", cells, "kind", "stance"),
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            notes=[dates.get("notes", ""), *self._asked("response_id", cells["response_id"]), cells["note"]],
            involved=map(self._id, makers(self._case, cells["response_id"])),
            proof=self._proof(cells["response_id"]),
        )

    def _asked(self, field: str, row_id: str) -> list[str]:
        """What a response, or a party at an event, asks for."""
        return [
            f"Asks for: {label(self._case, demand['demand_id'])}"
            for demand in self._case.rows_with("demands", field, row_id)
        ]

    def _about_party(self, table: str, cells: TextRow, date: str, *terms: str) -> Entity:
        """What was laid on a party or decided about it."""
        dates = _dates(date, "date")
        row_id = cells[self._case.specs[table].key]
        return self._entity(
            row_id,
            "Event",
            name=label(self._case, row_id),
            summary=people_words(cells),
            keywords=self._words(table, cells, *terms),
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            notes=[dates.get("notes", ""), cells["note"]],
            involved=self._id(cells["party_id"]) if cells["party_id"] else "",
            proof=self._proof(row_id),
        )

    def _part(self, table: str, cells: TextRow, thing: str, role: str) -> Entity:
        """The part that a party had in an event or a response."""
        row_id = cells[self._case.specs[table].key]
        return self._entity(
            row_id,
            "UnknownLink",
            subject=self._id(cells["party_id"]),
            object=self._id(thing),
            role=self._words(table, cells, role),
            summary=[people_words(cells) if "people" in cells else "", cells["note"]],
            proof=self._proof(row_id),
        )

    def _relation(self, cells: TextRow) -> Entity:
        dates = _dates(cells["date"], "date")
        schema, source, target, name = self._tie(cells)
        return self._entity(
            cells["relation_id"],
            schema,
            **{
                source: self._id(cells["party_id"]),
                target: self._id(cells["related_id"]),
                name: self._words("relations", cells, "kind"),
            },
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            summary=[people_words(cells), dates.get("notes", ""), cells["note"]],
            proof=self._proof(cells["relation_id"]),
        )

    def _tie(self, cells: TextRow) -> tuple[str, str, str, str]:
        """The schema of a tie, the names of its two ends, and of the property that says what it is."""
        ends = [self._case["parties"].get(cells[end]) for end in ("party_id", "related_id")]
        party_kind, other = (self._kind("parties", party) if party else "" for party in ends)
        match self._kind("relations", cells):
            case "spouse_of" | "relative_of" if party_kind == other == "person":
                return "Family", "person", "relative", "relationship"
            case "defends" | "represents":
                return "Representation", "agent", "client", "role"
            case "member_of" if other in _ORGANIZED:
                return "Membership", "member", "organization", "role"
            case "leads" if other in _ORGANIZED:
                return "Directorship", "director", "organization", "role"
            case _:
                return "UnknownLink", "subject", "object", "role"

    def _disagreement(self, disagreement: Disagreement) -> Entity:
        versions = [
            f"{version.words} ({', '.join(filter(None, (version.rank, _origins(version))))})"
            for version in disagreement.versions
        ]
        claims = [claim for version in disagreement.versions for claim in version.claims]
        return self._entity(
            disagreement.disagreement_id,
            "Note",
            name=disagreement.question,
            description=f"{'; '.join(versions)}. {disagreement.summary}".strip(),
            keywords=disagreement.state,
            notes=disagreement.note,
            entity=self._thing(disagreement.row_id),
            proof=[self._id(claim.source_id) for claim in claims],
        )

    def _thing(self, row_id: str) -> str:
        """The entity that a note on a row is about: that of the row or, of a tie, that of its first end."""
        for thing in (row_id, *self._case.row(row_id).values()) if row_id else ():
            if any(thing in self._case.tables.get(table, {}) for table in _THINGS):
                return self._id(thing)
        return ""


def _origins(version: Version) -> str:
    return f"{version.independent} independent origin{'' if version.independent == 1 else 's'}"


def _dates(text: str, name: str) -> dict[str, str]:
    """An EDTF date as properties: one that FollowTheMoney can hold under the name, else EDTF in `notes`."""
    if not text:
        return {}
    if _PREFIX.fullmatch(text):
        return {name: text}
    start, slash, end = text.partition("/")
    if (
        slash
        and name == "date"
        and all(part in ("..", "") or _PREFIX.fullmatch(part) for part in (start, end))
    ):
        bounds = {"startDate": start, "endDate": end}
        return {key: value for key, value in bounds.items() if value not in ("..", "")}
    return {"notes": f"Date, in EDTF: {text}"}


def _write(source: ExportSource, destination: Path) -> str:
    return f"{write_ftm(source.case, destination, dataset=source.package.name):,} entities"


EXPORT = FileExport(
    "ftm",
    "The case as FollowTheMoney entities, one a line, for Aleph and OpenAleph",
    "ftm.json",
    "application/x-ndjson",
    _write,
)
