"""The derived tables say what the views say, of any case, an empty one too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from casetrail.case.case import Case
from casetrail.case.views.claims import claims
from casetrail.case.views.derived_tables import derived_schema, derived_tables
from casetrail.case.views.disagreements import disagreements
from casetrail.package.package import open_package


@pytest.fixture
def case(harbour_case: Path) -> Case:
    return Case.load(open_package(harbour_case))


def changed(case: Case, table: str, row_id: str, **cells: str) -> Case:
    rows = {key: {**one, **cells} if key == row_id else one for key, one in case[table].items()}
    return Case(case.name, {**case.tables, table: rows})


@pytest.mark.parametrize("name", ["claims", "versions", "timeline", "accused"])
def test_every_column_has_a_meaning_and_an_empty_case_has_every_table(name: str) -> None:
    schema = derived_schema(name)
    assert schema.metadata[b"table_description"]
    assert all(field.metadata[b"description"].endswith(b".") for field in schema)
    table = derived_tables(Case("empty", {}))[name]
    assert table.num_rows == 0 and table.schema.equals(schema, check_metadata=True)


def test_claims_and_versions_are_those_of_the_views(case: Case) -> None:
    made = derived_tables(case)
    assert [(row["evidence_id"], row["origin"]) for row in made["claims"].to_pylist()] == [
        (one.evidence_id, one.origin) for one in claims(case)
    ]
    assert [
        (row["disagreement_id"], row["position"], row["words"], row["rank"], row["origins"], row["claims"])
        for row in made["versions"].to_pylist()
    ] == [
        (
            one.disagreement_id,
            place,
            version.words,
            version.rank or None,
            version.independent,
            len(version.claims),
        )
        for one in disagreements(case)
        for place, version in enumerate(one.versions, start=1)
    ]


def test_a_version_without_rank_comes_before_a_rejected_one(case: Case) -> None:
    added = {**case["evidence"]["ec-0022"], "evidence_id": "ec-9", "value": "7", "rank": "", "reason": ""}
    grown = Case(case.name, {**case.tables, "evidence": {**case["evidence"], "ec-9": added}})
    rows = derived_tables(grown)["versions"].to_pylist()
    assert [(row["value"], row["rank"]) for row in rows if row["disagreement_id"] == "di-accused"] == [
        ("5", "preferred"),
        ("7", None),
        ("6", "rejected"),
    ]


def test_a_claim_calls_a_party_without_name_as_everything_else_does(case: Case) -> None:
    told = changed(case, "evidence", "ec-0022", attributed_to="pa-relative-1")
    (row,) = [one for one in derived_tables(told)["claims"].to_pylist() if one["evidence_id"] == "ec-0022"]
    assert row["speaker"] == "A relative of one of the accused" and row["origin"] == "pa-relative-1"


def test_the_timeline_has_every_event_and_response_in_order(case: Case) -> None:
    dated = changed(case, "events", "ev-20250301-march", date="[..2025-03-01]")
    rows = derived_tables(changed(dated, "events", "ev-20250401-hearing", date=""))["timeline"].to_pylist()
    assert {row["row_id"] for row in rows} == {*case["events"], *case["responses"]}
    assert (rows[0]["date_earliest"], rows[0]["date_latest"]) == (None, dt.date(2025, 3, 1))
    assert rows[-1]["row_id"] == "ev-20250401-hearing"
    timed = changed(
        case, "events", "ev-20250403-hearing", time="10:00", timezone="Europe/Lisbon", part_of_day=""
    )
    row = next(one for one in derived_tables(timed)["timeline"].to_pylist() if one["starts_at"])
    assert row["starts_at"] == dt.datetime(2025, 4, 3, 9, tzinfo=dt.UTC)


def test_no_table_adds_a_group_to_its_members(case: Case) -> None:
    inexact = changed(case, "charges", "ch-12-1", people_precision="at_least")
    group, member = derived_tables(inexact)["accused"].to_pylist()
    assert (group["party_id"], group["people"], group["people_words"]) == (
        "pa-accused",
        5,
        "at least 5 people",
    )
    assert (member["party_id"], member["member_of"], member["people"]) == ("pa-accused-1", "pa-accused", None)


def test_what_leads_nowhere_is_called_by_its_id(case: Case) -> None:
    broken = changed(case, "evidence", "ec-0022", source_id="so-gone", attributed_to="pa-gone")
    broken = changed(broken, "events", "ev-20250403-hearing", place_id="pl-gone")
    made = derived_tables(changed(broken, "charges", "ch-12-1", accused_id="pa-nobody"))
    assert {"so-gone"} <= {row["source"] for row in made["claims"].to_pylist()}
    assert {"pl-gone"} <= {row["place"] for row in made["timeline"].to_pylist()}
    assert [row["party"] for row in made["accused"].to_pylist()] == ["pa-nobody"]


def test_a_row_without_evidence_stays_in_its_tables(case: Case) -> None:
    silent = Case(case.name, {**case.tables, "evidence": {}})
    made = derived_tables(silent)
    assert made["claims"].num_rows == 0 and made["versions"].num_rows == 0
    assert made["timeline"].num_rows == len(case["events"]) + len(case["responses"])
