"""The invented case with a table, a term and a column of its own: what a case may add to the profile."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from casetrail.case.schema_files import schema_text

OBSERVATIONS = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "name": "observations",
    "title": "Observations",
    "description": "What an observer found of the fairness of a hearing.",
    "idPrefix": "ob",
    "label": "{finding} at “{event_id}”",
    "evidenced": True,
    "fields": [
        {
            "name": "observation_id",
            "type": "string",
            "title": "Observation",
            "description": "The id.",
            "example": "ob-1",
            "constraints": {"required": True, "pattern": "ob-[a-z0-9]+(-[a-z0-9]+)*"},
        },
        {
            "name": "event_id",
            "type": "string",
            "title": "Event",
            "description": "The hearing.",
            "example": "ev-20250403-hearing",
            "constraints": {"required": True, "pattern": "ev-[a-z0-9]+(-[a-z0-9]+)*"},
        },
        {
            "name": "finding",
            "type": "string",
            "title": "Finding",
            "description": "What was found.",
            "example": "no_interpreter",
            "constraints": {"required": True, "enum": ["no_interpreter", "no_seats"]},
            "categories": [
                {"value": "no_interpreter", "label": "No interpreter", "description": "Nobody interpreted."},
                {"value": "no_seats", "label": "No seats", "description": "No room for the public."},
            ],
        },
        {"name": "date", "type": "string", "title": "Date", "description": "When.", "example": "2025-04-03",
         "rdfType": "http://id.loc.gov/datatypes/edtf/EDTF", "evidenced": True},
        {"name": "minutes", "type": "integer", "title": "Minutes", "description": "For how long.",
         "example": "20", "unit": "minutes", "constraints": {"minimum": 1}},
    ],
    "missingValues": [""],
    "primaryKey": ["observation_id"],
    "foreignKeys": [{"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}],
    "rules": [
        {
            "name": "observation-minutes-of-an-interpreter",
            "description": "Minutes are counted where nobody interpreted.",
            "when": {"column": "minutes", "filled": True},
            "then": {"column": "finding", "oneOf": ["no_interpreter"]},
        }
    ],
    "dateOrders": [
        {
            "name": "observation-before-hearing",
            "description": "An observation is not made before the hearing.",
            "earlier": "event_id.date",
            "later": "date",
        }
    ],
}  # fmt: skip
BOAT_BAN = {
    "value": "boat_ban",
    "label": "Boat ban",
    "description": "Kept from boats.",
    "narrows": "ban_on_activity",
}


def append(path: Path, *rows: dict[str, str]) -> None:
    """Add rows to a table."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *records = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *records, *([row.get(name, "") for name in columns] for row in rows)])


def extend(harbour_case: Path) -> Path:
    """Give the invented case a table `observations`, a term of `measures.kind` and a column of `events`."""
    descriptor = json.loads((harbour_case / "datapackage.json").read_text("utf-8"))
    like = next(one for one in descriptor["resources"] if one["name"] == "events")
    own = {**like, "name": "observations", "path": "data/observations.csv", "title": "Observations"}
    descriptor["resources"].append({**own, "schema": "schemas/observations.json"})
    (harbour_case / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    schemas, data = harbour_case / "schemas", harbour_case / "data"
    (schemas / "observations.json").write_text(schema_text(OBSERVATIONS), encoding="utf-8")
    (data / "observations.csv").write_text(
        "observation_id,event_id,finding,date,minutes\n"
        "ob-interpreter,ev-20250403-hearing,no_interpreter,2025-04-03,\n",
        encoding="utf-8",
    )
    measures = json.loads((schemas / "measures.json").read_text("utf-8"))
    kind = next(one for one in measures["fields"] if one["name"] == "kind")
    kind["categories"].append(BOAT_BAN)
    kind["constraints"]["enum"].append("boat_ban")
    (schemas / "measures.json").write_text(schema_text(measures), encoding="utf-8")
    ban = {"measure_id": "me-boats", "kind": "boat_ban", "party_id": "pa-accused-1", "charge_id": "ch-12-1"}
    append(data / "measures.csv", ban)
    claim = {"source_id": "so-herald", "locator": "paragraph 2", "certainty": "stated"}
    minutes = {"table": "observations", "row_id": "ob-interpreter", "field": "minutes"}
    append(
        data / "evidence.csv",
        {"evidence_id": "ec-0101", "table": "observations", "row_id": "ob-interpreter", **claim},
        {"evidence_id": "ec-0102", **minutes, "field": "date", "value": "2025-04-03", **claim},
        {"evidence_id": "ec-0103", **minutes, "disagreement_id": "di-minutes", "value": "20", **claim},
        {"evidence_id": "ec-0104", **minutes, "disagreement_id": "di-minutes", "value": "45", **claim,
         "source_id": "so-courier"},
        {"evidence_id": "ec-0105", "table": "measures", "row_id": "me-boats", **claim},
    )  # fmt: skip
    question = {
        "question": "For how long did nobody interpret?",
        "state": "open",
        "summary": "Twenty or more.",
    }
    append(data / "disagreements.csv", {"disagreement_id": "di-minutes", **question})
    return harbour_case
