"""FollowTheMoney: a case as entities, one JSON object a line, for Aleph, OpenAleph and their kin.

| table | entity |
|---|---|
| sources | Article |
| parties | Person, Organization, PublicBody; LegalEntity for a group, which is no organization |
| charges | CourtCase, with a CourtCaseParty for the accused and for each party of the event that brought it |
| events, responses | Event, with the parties that had a part in it as `involved` |
| relations | UnknownLink, with the kind of tie as its `role` |

`proof` leads from every entity to the articles in which it is evidenced, those aside whose version we reject.
FollowTheMoney has dates of a day, a month or a year, and intervals: a date that is uncertain, or one of
several, is not made into one of these; it stands as EDTF in `notes`. A party without a name is called by its
description, as everywhere in casetrail.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from casetrail.case.case import Case, Cells
from casetrail.case.terms import PartyKind, Rank
from casetrail.case.views.labels import disclosure_label, label, makers, people_words, term_label
from casetrail.exports.export import ExportSource, FileExport

_SCHEMATA = {
    PartyKind.PERSON.value: "Person",
    PartyKind.ORGANIZATION.value: "Organization",
    PartyKind.PUBLIC_BODY.value: "PublicBody",
}
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
        for one in case["names"].values():
            self._names[one["subject_id"]].append(one["name"])
        self._parties: dict[str, list[Cells]] = defaultdict(list)
        for one in case["participations"].values():
            self._parties[one["event_id"]].append(one)

    def all(self) -> Iterator[Entity]:
        """Every entity, in the order of the tables."""
        yield from map(self._source, self._case["sources"].values())
        yield from map(self._party, self._case["parties"].values())
        for charge in self._case["charges"].values():
            yield from self._charge(charge)
        yield from map(self._event, self._case["events"].values())
        yield from map(self._response, self._case["responses"].values())
        yield from map(self._relation, self._case["relations"].values())

    def _entity(self, row_id: str, schema: str, **properties: str | Iterable[str]) -> Entity:
        """An entity with those of the properties that have a value, each value once."""
        filled = {}
        for name, given in properties.items():
            values = [given] if isinstance(given, str) else given
            kept = list(dict.fromkeys(value for value in values if value))
            if kept:
                filled[name] = kept
        return {"id": self._id(row_id), "schema": schema, "properties": filled, "datasets": [self._dataset]}

    def _id(self, row_id: str) -> str:
        return f"{self._dataset}-{row_id}"

    def _proof(self, row_id: str) -> list[str]:
        rows = self._case.evidence_rows(row_id)
        return [self._id(one["source_id"]) for one in rows if one["rank"] != Rank.REJECTED]

    def _source(self, cells: Cells) -> Entity:
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
            keywords=term_label(cells["kind"]),
            publishedAt=dates.get("publishedAt", ""),
            notes=[dates.get("notes", ""), cells["note"]],
        )

    def _party(self, cells: Cells) -> Entity:
        name = label(self._case, cells["party_id"])
        return self._entity(
            cells["party_id"],
            _SCHEMATA.get(cells["kind"], "LegalEntity"),
            name=name,
            alias=[one for one in self._names[cells["party_id"]] if one != name],
            country=cells["country"].lower(),
            description=cells["description"],
            notes=[disclosure_label(cells), cells["note"]],
            proof=self._proof(cells["party_id"]),
        )

    def _charge(self, cells: Cells) -> Iterator[Entity]:
        brought = self._case["events"].get(cells["brought_event_id"], {})
        proof = self._proof(cells["charge_id"])
        people = people_words(cells)
        yield self._entity(
            cells["charge_id"],
            "CourtCase",
            name=label(self._case, cells["charge_id"]),
            category=cells["offence"],
            status=[term_label(cells["status"]), term_label(cells["outcome"])],
            fileDate=_dates(brought.get("date", ""), "fileDate").get("fileDate", ""),
            notes=[people, cells["note"]],
            proof=proof,
        )
        yield self._case_party(cells, cells["accused_id"], "accused", proof, people)
        for one in self._parties[cells["brought_event_id"]]:
            if one["party_id"] != cells["accused_id"]:
                proof = self._proof(one["participation_id"])
                yield self._case_party(cells, one["party_id"], term_label(one["role"]), proof, "")

    def _case_party(self, charge: Cells, party_id: str, role: str, proof: list[str], people: str) -> Entity:
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

    def _event(self, cells: Cells) -> Entity:
        dates = _dates(cells["date"], "date")
        place = self._case["places"].get(cells["place_id"], {})
        involved = [self._id(one["party_id"]) for one in self._parties[cells["event_id"]]]
        time = f"{cells['time']} ({cells['timezone']})" if cells["time"] else term_label(cells["part_of_day"])
        return self._entity(
            cells["event_id"],
            "Event",
            name=cells["title"],
            summary=cells["summary"],
            keywords=[term_label(cells["kind"]), term_label(cells["status"])],
            location=place.get("name", ""),
            country=place.get("country", "").lower(),
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            notes=[dates.get("notes", ""), time, cells["note"]],
            involved=involved,
            proof=self._proof(cells["event_id"]),
        )

    def _response(self, cells: Cells) -> Entity:
        dates = _dates(cells["date"], "date")
        return self._entity(
            cells["response_id"],
            "Event",
            name=label(self._case, cells["response_id"]),
            summary=cells["summary"],
            keywords=[term_label(cells["kind"]), term_label(cells["stance"])],
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            notes=[dates.get("notes", ""), cells["note"]],
            involved=map(self._id, makers(self._case, cells["response_id"])),
            proof=self._proof(cells["response_id"]),
        )

    def _relation(self, cells: Cells) -> Entity:
        dates = _dates(cells["date"], "date")
        people = people_words(cells)
        return self._entity(
            cells["relation_id"],
            "UnknownLink",
            subject=self._id(cells["party_id"]),
            object=self._id(cells["related_id"]),
            role=term_label(cells["kind"]),
            date=dates.get("date", ""),
            startDate=dates.get("startDate", ""),
            endDate=dates.get("endDate", ""),
            summary=[people, dates.get("notes", ""), cells["note"]],
            proof=self._proof(cells["relation_id"]),
        )


def _dates(text: str, name: str) -> dict[str, str]:
    """An EDTF date as properties: one that FollowTheMoney can hold under the name, else EDTF in `notes`."""
    if not text:
        return {}
    if _PREFIX.fullmatch(text):
        return {name: text}
    start, slash, end = text.partition("/")
    if slash and name == "date" and all(one in ("..", "") or _PREFIX.fullmatch(one) for one in (start, end)):
        found = {"startDate": start, "endDate": end}
        return {key: one for key, one in found.items() if one not in ("..", "")}
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
