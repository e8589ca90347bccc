"""A case with a table, a column and a term of its own: nothing of it is missing from the page."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.views.derived_tables import derived_tables
from casetrail.case.views.disagreements import disagreement
from casetrail.case.views.figures import figures
from casetrail.case.views.labels import cell_words, column_label, label
from casetrail.case.views.prose import row_prose
from casetrail.cli.main import main
from casetrail.package.package import open_package
from casetrail.site.marks import mark_style
from casetrail.site.page import page_text

OBSERVATIONS: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "name": "observations",
    "title": "Observations",
    "description": "What an observer found about the fairness of a hearing.",
    "idPrefix": "ob",
    "label": "{finding} at “{event_id}”",
    "evidenced": True,
    "searchWeight": 11,
    "missingValues": [""],
    "primaryKey": ["observation_id"],
    "fields": [
        {
            "name": "observation_id",
            "type": "string",
            "title": "Observation",
            "description": "The id of the observation.",
            "example": "ob-late",
            "constraints": {"required": True, "pattern": "ob-[a-z0-9]+(-[a-z0-9]+)*"},
        },
        {
            "name": "event_id",
            "type": "string",
            "title": "Observed hearing",
            "description": "The hearing that was observed.",
            "example": "ev-20250403-hearing",
            "constraints": {"required": True},
        },
        {
            "name": "finding",
            "type": "string",
            "title": "Finding",
            "description": "What was found.",
            "example": "late_start",
            "constraints": {"required": True, "enum": ["late_start", "no_interpreter"]},
            "categories": [
                {"value": "late_start", "label": "Late start", "description": "It began late."},
                {"value": "no_interpreter", "label": "No interpreter", "description": "Nobody interpreted."},
            ],
        },
        {
            "name": "minutes",
            "type": "integer",
            "title": "Minutes",
            "description": "How long.",
            "example": "40",
            "unit": "minutes",
            "constraints": {"required": False, "minimum": 0},
        },
    ],
    "foreignKeys": [{"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}],
}


def add_rows(path: Path, *rows: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(rows)


def add_column(folder: Path, table: str, field: dict[str, Any], values: dict[str, str]) -> None:
    schema_path, path = folder / "schemas" / f"{table}.json", folder / "data" / f"{table}.csv"
    schema = json.loads(schema_path.read_text(encoding="utf-8"))
    schema["fields"].append(field)
    schema_path.write_text(json.dumps(schema), encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row[field["name"]] = values.get(row[next(iter(row))], "")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(harbour_case: Path) -> Path:
    """The invented case with a table of observations, a column `colour` of events and a term of measures."""
    (harbour_case / "schemas" / "observations.json").write_text(json.dumps(OBSERVATIONS), encoding="utf-8")
    (harbour_case / "data" / "observations.csv").write_text(
        "observation_id,event_id,finding,minutes\n"
        "ob-late,ev-20250403-hearing,late_start,40\n"
        "ob-words,ev-20250403-hearing,no_interpreter,\n",
        encoding="utf-8",
    )
    descriptor_path = harbour_case / "datapackage.json"
    descriptor = json.loads(descriptor_path.read_text(encoding="utf-8"))
    descriptor["resources"].append(
        {
            **descriptor["resources"][0],
            "name": "observations",
            "title": "Observations",
            "path": "data/observations.csv",
            "schema": "schemas/observations.json",
        }
    )
    descriptor_path.write_text(json.dumps(descriptor), encoding="utf-8")
    evidence = {"table": "observations", "locator": "paragraph 2", "certainty": "stated"}
    add_rows(
        harbour_case / "data" / "evidence.csv",
        {**evidence, "evidence_id": "ec-0101", "row_id": "ob-late", "source_id": "so-courier"},
        {**evidence, "evidence_id": "ec-0102", "row_id": "ob-words", "source_id": "so-herald"},
        *(
            {
                **evidence,
                "evidence_id": f"ec-010{number}",
                "row_id": "ob-late",
                "field": "minutes",
                "disagreement_id": "di-minutes",
                "source_id": source,
                "value": value,
                "rank": rank,
                "reason": "Was there with a watch.",
            }
            for number, source, value, rank in (
                (3, "so-courier", "40", "preferred"),
                (4, "so-herald", "90", "rejected"),
            )
        ),
    )
    add_rows(
        harbour_case / "data" / "disagreements.csv",
        {
            "disagreement_id": "di-minutes",
            "question": "How late did it begin?",
            "state": "settled",
            "summary": "Two watches.",
        },
    )
    colour = {
        "name": "colour",
        "type": "string",
        "title": "Colour of the banner",
        "description": "Its colour.",
    }
    add_column(harbour_case, "events", colour, {"ev-20250301-march": "deep turquoise"})
    measures_path = harbour_case / "schemas" / "measures.json"
    measures = json.loads(measures_path.read_text(encoding="utf-8"))
    kind = next(one for one in measures["fields"] if one["name"] == "kind")
    kind["constraints"]["enum"].append("cell_confinement")
    kind["categories"].append(
        {
            "value": "cell_confinement",
            "label": "Confinement in a cell",
            "description": "Held alone in a cell.",
            "narrows": "custody",
        }
    )
    measures_path.write_text(json.dumps(measures), encoding="utf-8")
    text = (harbour_case / "data" / "measures.csv").read_text(encoding="utf-8")
    (harbour_case / "data" / "measures.csv").write_text(
        text.replace("me-custody,custody,", "me-custody,cell_confinement,"), encoding="utf-8"
    )
    return harbour_case


@pytest.fixture
def case(folder: Path) -> Case:
    return Case.load(open_package(folder))


def test_it_is_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(folder)]) == 0, capsys.readouterr().out


def test_every_row_and_cell_of_every_table_is_on_the_page(folder: Path, case: Case) -> None:
    page = page_text(open_package(folder))
    ids = re.findall(r'\sid="?([^" >]+)', page)
    assert len(ids) == len(set(ids))
    assert {key for _, key, _ in case.every_row()} <= set(ids)
    links = set(re.findall(r"href=#([^\s>]+)", page))
    assert links <= set(ids)
    assert "Late start at “Trial opens”" in page and "deep turquoise" in page
    assert "Colour of the banner" in page and "Confinement in a cell" in page
    element = page[page.index("id=ob-late") :].partition("</article>")[0]
    for words in ("Observed hearing", "href=#ev-20250403-hearing", "href=#di-minutes", "ec-0101", ">40<"):
        assert words in element, words
    assert '"ob":["Observations",11]' in page


def test_a_kind_of_its_own_has_a_mark(harbour_case: Path) -> None:
    path = harbour_case / "schemas" / "events.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    kind = next(field for field in schema["fields"] if field["name"] == "kind")
    own = {"label": "Regatta", "description": "Boats on a show.", "narrows": "protest"}
    kind["categories"] += [
        {"value": "regatta", **own},
        {"value": "boat_parade", **own, "shape": "drop", "tone": "violet"},
    ]
    kind["constraints"]["enum"] += ["regatta", "boat_parade"]
    path.write_text(json.dumps(schema), encoding="utf-8")
    case = Case.load(open_package(harbour_case))
    marks = [mark_style(case, "events", "kind", term) for term in ("protest", "regatta", "boat_parade", "x")]
    assert [(mark.shape, mark.tone) for mark in marks] == [
        ("up", "t1"),
        ("up", "t1"),
        ("drop", "t4"),
        ("bar", "t5"),
    ]
    # Where no band is of the tone, there is one more.
    kind["bands"].pop(0)
    path.write_text(json.dumps(schema), encoding="utf-8")
    assert "#ev-20250301-march" in page_text(open_package(harbour_case))
    kind["categories"][-1]["shape"] = "dropp"
    path.write_text(json.dumps(schema), encoding="utf-8")
    hints = {finding.code: finding.hint for finding in casetrail.validate(harbour_case).findings}
    assert hints["profile-property"] == "did you mean 'drop'?"


def test_it_is_known_since_its_first_source(folder: Path) -> None:
    page = page_text(open_package(folder))
    assert re.search(r"id=ob-words class=card data-since=[1-9]", page)
    assert re.search(r"id=ob-late class=card>", page)


def test_it_is_called_and_asked_about_like_the_rest(case: Case) -> None:
    assert label(case, "ob-late") == "Late start at “Trial opens”"
    assert column_label(case, "observations", "event_id") == "observed hearing"
    assert cell_words(case, "measures", case["measures"]["me-custody"], "kind") == "confinement in a cell"
    question = disagreement(case, "di-minutes")
    assert question.place == "Late start at “Trial opens”: minutes"
    assert [(one.words, one.rank) for one in question.versions] == [("40", "preferred"), ("90", "rejected")]
    assert "observed hearing: Trial opens (ev-20250403-hearing)" in row_prose(case, "ob-late")
    claims = derived_tables(case)["claims"].to_pylist()
    assert {one["row_label"] for one in claims if one["row_table"] == "observations"} == {
        "Late start at “Trial opens”",
        "No interpreter at “Trial opens”",
    }
    assert next(one for one in figures(case) if one.label.startswith("people:")).label == (
        "people: confinement in a cell"
    )
