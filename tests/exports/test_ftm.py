"""The entities of a case: every row that can be one, with numbers, roles and doubts as they are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casetrail.case.case import Case
from casetrail.exports.ftm import write_ftm
from casetrail.package.package import open_package


@pytest.fixture
def case(harbour_case: Path) -> Case:
    return Case.load(open_package(harbour_case))


def changed(case: Case, table: str, row_id: str, **cells: str) -> Case:
    rows = {key: {**one, **cells} if key == row_id else one for key, one in case[table].items()}
    return Case(case.name, {**case.tables, table: rows})


def entities(case: Case, tmp_path: Path) -> dict[str, dict[str, Any]]:
    target = tmp_path / "ftm.json"
    count = write_ftm(case, target, dataset="x")
    made = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(made) == count == len({one["id"] for one in made})
    return {one["id"].removeprefix("x-"): {"schema": one["schema"], **one["properties"]} for one in made}


def test_every_row_that_says_something_has_an_entity(case: Case, tmp_path: Path) -> None:
    made = entities(case, tmp_path)
    tables = ("sources", "parties", "charges", "events", "responses", "measures", "participations")
    for table in (*tables, "signatories", "relations", "disagreements"):
        assert set(case[table]) <= set(made), table
    evidenced = set(made) - set(case["sources"])
    assert [key for key in evidenced if not made[key].get("proof")] == []


@pytest.mark.parametrize(
    ("kind", "party", "related", "schema", "ends"),
    [
        ("spouse_of", "pa-accused-1", "pa-relative-1", "Family", ("person", "relative", "relationship")),
        ("relative_of", "pa-relative-1", "pa-accused", "UnknownLink", ("subject", "object", "role")),
        ("defends", "pa-accused-1", "pa-accused", "Representation", ("agent", "client", "role")),
        ("member_of", "pa-accused-1", "pa-harbour-watch", "Membership", ("member", "organization", "role")),
        ("member_of", "pa-accused-1", "pa-accused", "UnknownLink", ("subject", "object", "role")),
        ("leads", "pa-accused-1", "pa-harbour-watch", "Directorship", ("director", "organization", "role")),
        ("distinct_from", "pa-accused-1", "pa-relative-1", "UnknownLink", ("subject", "object", "role")),
    ],
)
def test_a_tie_is_what_its_ends_can_be(
    case: Case, tmp_path: Path, kind: str, party: str, related: str, schema: str, ends: tuple[str, str, str]
) -> None:
    tied = changed(case, "relations", "rl-accused-1-member", kind=kind, party_id=party, related_id=related)
    tie = entities(tied, tmp_path)["rl-accused-1-member"]
    assert tie["schema"] == schema
    assert [tie[end] for end in ends] == [[f"x-{party}"], [f"x-{related}"], [kind.replace("_", " ")]]


def test_an_inexact_number_is_said_so_wherever_it_is(case: Case, tmp_path: Path) -> None:
    inexact = changed(case, "charges", "ch-12-1", people_precision="at_least")
    inexact = changed(inexact, "measures", "me-custody", people_precision="about")
    made = entities(inexact, tmp_path)
    assert "at least 5 people" in made["ch-12-1"]["notes"]
    assert made["me-custody"]["summary"] == ["about 5 people"]


def test_a_spokesperson_is_no_maker_and_keeps_the_role(case: Case, tmp_path: Path) -> None:
    spoken = changed(case, "signatories", "si-20250320-author", capacity="spokesperson")
    made = entities(spoken, tmp_path)
    assert "involved" not in made["re-20250320-harbour-watch"]
    link = made["si-20250320-author"]
    assert link["role"] == ["spokesperson"] and link["object"] == ["x-re-20250320-harbour-watch"]


def test_a_disagreement_is_a_note_with_its_versions(case: Case, tmp_path: Path) -> None:
    made = entities(case, tmp_path)
    note = made["di-accused"]
    assert note["entity"] == ["x-ch-12-1"]
    assert note["description"][0].startswith(
        "5 (preferred, 1 independent origin); 6 (rejected, 1 independent origin)."
    )
    assert "entity" not in made["di-banner"]
    part = next(iter(case["participations"]))
    about = Case(
        case.name,
        {
            **case.tables,
            "evidence": {
                key: {**one, "table": "participations", "row_id": part, "field": "people"}
                if one["disagreement_id"] == "di-banner"
                else one
                for key, one in case["evidence"].items()
            },
        },
    )
    assert entities(about, tmp_path)["di-banner"]["entity"] == [
        f"x-{case['participations'][part]['event_id']}"
    ]


def test_what_is_asked_is_noted_and_a_rejected_source_is_no_proof(case: Case, tmp_path: Path) -> None:
    made = entities(case, tmp_path)
    assert "Asks for: drop charges" in [
        text.lower().replace("asks", "Asks") for text in made["re-20250320-harbour-watch"]["notes"]
    ]
    assert "x-so-herald" not in made["ch-12-1"]["proof"]
    assert made["pa-relative-1"]["name"] == ["A relative of one of the accused"]
    assert "name withheld" in made["pa-relative-1"]["notes"]


def test_an_empty_case_has_no_entity(tmp_path: Path) -> None:
    assert entities(Case("empty", {}), tmp_path) == {}
