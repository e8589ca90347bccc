"""A case adds a table, a column and a term in its own folder, and every part of the program knows them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.schema_files import schema_text
from casetrail.case.views.figures import figures
from casetrail.cli.main import main
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.describe.codebook import codebook
from casetrail.describe.dataset import dataset_of
from casetrail.package.package import open_package

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
Show = Callable[..., str]


def append(path: Path, *rows: dict[str, str]) -> None:
    """Add rows to a table."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *records = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *records, *([row.get(name, "") for name in columns] for row in rows)])


@pytest.fixture
def extended(harbour_case: Path) -> Path:
    """The invented case with a table `observations`, a term of `measures.kind` and a column of `events`."""
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


def codes(package: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["validate", str(package), "--format", "json"])
    return [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]


def test_it_is_valid_and_its_rules_are_kept(extended: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(extended, capsys) == []
    table = extended / "data" / "observations.csv"
    table.write_text(table.read_text().replace("no_interpreter,2025-04-03,", "no_seats,2025-04-01,20"))
    assert sorted(codes(extended, capsys)) == [
        "disagreement-cell-filled",
        "evidence-value-differs",
        "observation-before-hearing",
        "observation-minutes-of-an-interpreter",
    ]


def test_its_evidence_is_held_to_its_columns(extended: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = extended / "data" / "evidence.csv"
    evidence.write_text(evidence.read_text().replace("stated,20,", "stated,-5,"))
    assert codes(extended, capsys) == ["evidence-value-type"]


def test_schemas_are_refreshed_and_what_is_added_stays(extended: Path) -> None:
    path = extended / "schemas" / "measures.json"
    before = path.read_text("utf-8")
    assert write_schemas(open_package(extended)) == []
    path.write_text(before.replace("What kind of restraint or penalty.", "What kind."), encoding="utf-8")
    assert write_schemas(open_package(extended)) == ["schemas/measures.json"]
    assert path.read_text("utf-8") == before and "boat_ban" in before


@pytest.fixture
def show(extended: Path, capsys: pytest.CaptureFixture[str]) -> Show:
    def run(*arguments: str) -> str:
        capsys.readouterr()
        assert main(["show", *arguments, "--package", str(extended)]) == 0
        return " ".join(capsys.readouterr().out.split())

    return run


def test_show_tells_it_and_its_disagreement(show: Show) -> None:
    said = show("ob-interpreter")
    assert said.startswith("No interpreter at “Trial opens” ob-interpreter, in observations")
    assert "The Herald: Six on trial, paragraph 2" in said
    assert "For how long did nobody interpret?" in said
    assert "20" in show("di-minutes") and "45" in show("di-minutes")
    assert "Trial opens" in show("ob-interpreter") and "ob-interpreter" in show("ev-20250403-hearing")


def test_as_of_a_day_it_is_known_or_not(extended: Path, show: Show) -> None:
    assert "Observations (1 of 1)" in show("--as-of", "2025-04-05")
    assert "Observations (1 of 1)" in show("--as-of", "2025-03-15")
    evidence = extended / "data" / "evidence.csv"
    evidence.write_text(evidence.read_text().replace("di-minutes,so-courier", "di-minutes,so-herald"))
    assert "Observations (0 of 1)" in show("--as-of", "2025-03-15")


def test_an_added_term_counts_as_what_it_narrows(extended: Path) -> None:
    case = Case.load(open_package(extended))
    kind = case.specs["measures"].columns["kind"]
    assert kind.within("ban_on_activity") == {"ban_on_activity", "boat_ban"}
    assert "boat_ban" in {one.name for one in figures(case)}
    (row,) = [one for one in case.rows("measures") if one["measure_id"] == "me-boats"]
    assert row["kind"] == "boat_ban"


def test_python_users_get_it_typed(extended: Path) -> None:
    opened = casetrail.open(extended)
    assert opened["observations"].schema.field("minutes").type == "int64"
    (row,) = opened.rows("observations")
    assert row["date"].earliest == dt.date(2025, 4, 3) and row["minutes"] is None
    claims = opened.claims().to_pylist()
    assert {"20", "45"} <= {one["value"] for one in claims if one["row_id"] == "ob-interpreter"}


def test_every_export_has_it(extended: Path, tmp_path: Path) -> None:
    def export(form: str, output: str) -> Path:
        assert main(["export", str(extended), "--to", form, "--output", str(tmp_path / output)]) == 0
        return tmp_path / output

    with sqlite3.connect(export("sqlite", "case.sqlite")) as database:
        assert database.execute("SELECT finding FROM observations").fetchall() == [("no_interpreter",)]
        claims = database.execute("SELECT * FROM claims WHERE row_id = 'ob-interpreter'").fetchall()
        assert len(claims) == 4
    parquet = next(export("parquet", "parquet").rglob("observations.parquet"))
    assert pq.read_table(parquet).column("date_earliest").to_pylist() == [dt.date(2025, 4, 3)]
    text = next(export("json", "json").rglob("observations.json")).read_text("utf-8")
    assert "no_interpreter" in text


def test_a_hearing_of_a_kind_of_the_case_is_in_the_calendar(harbour_case: Path, tmp_path: Path) -> None:
    def hearings() -> int:
        target = tmp_path / "hearings.ics"
        assert main(["export", str(harbour_case), "--to", "ical", "--output", str(target), "--force"]) == 0
        return target.read_text("utf-8").count("BEGIN:VEVENT")

    before = hearings()
    path = harbour_case / "schemas" / "events.json"
    schema = json.loads(path.read_text("utf-8"))
    kind = next(field for field in schema["fields"] if field["name"] == "kind")
    own = {"label": "Bail hearing", "description": "A hearing on bail.", "narrows": "hearing"}
    kind["categories"].append({"value": "bail_hearing", **own})
    kind["constraints"]["enum"].append("bail_hearing")
    path.write_text(schema_text(schema), encoding="utf-8")
    data = harbour_case / "data" / "events.csv"
    data.write_text(data.read_text("utf-8").replace(",hearing,", ",bail_hearing,"), encoding="utf-8")
    assert before and hearings() == before


def test_codebook_and_workbook_have_it(extended: Path, tmp_path: Path, capsys: Any) -> None:
    said = codebook(dataset_of(open_package(extended)))
    for text in (
        "## observations",
        "Nobody interpreted.",
        "`observation-minutes-of-an-interpreter`",
        "boat_ban",
    ):
        assert text in said
    assert main(["workbook", "write", str(extended), "--output", str(tmp_path / "case.xlsx")]) == 0
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(tmp_path / "case.xlsx") as book:
        assert "ob-interpreter" in book.get_sheet_by_name("observations").to_python()[1]


def test_the_page_has_every_row_and_its_evidence(extended: Path, tmp_path: Path) -> None:
    assert main(["page", str(extended), "--output", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    case = Case.load(open_package(extended))
    for _, row_id, _ in case.every_row():
        assert f'id="{row_id}"' in page, row_id
    assert "No interpreter at “Trial opens”" in page


def test_a_difference_in_it_is_told(extended: Path, tmp_path: Path, capsys: Any) -> None:
    import shutil

    older = tmp_path / "older"
    shutil.copytree(extended, older)
    seats = {"observation_id": "ob-seats", "event_id": "ev-20250403-hearing", "finding": "no_seats"}
    append(extended / "data" / "observations.csv", seats)
    capsys.readouterr()
    assert main(["diff", str(older), str(extended)]) == 1
    assert "ob-seats" in capsys.readouterr().out
