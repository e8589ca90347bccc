from __future__ import annotations

import pytest

from casetrail.case.case import Case
from casetrail.case.profile import TableSpec
from casetrail.case.views.lede import lede
from casetrail.case.views.lineage import lineages, supported
from casetrail.package.package import open_package


@pytest.fixture
def case(harbour_case) -> Case:
    return Case.load(open_package(harbour_case))


def changed(case: Case, table: str, row_id: str, **cells: str) -> Case:
    rows = {key: {**one, **cells} if key == row_id else one for key, one in case[table].items()}
    return Case(case.name, {**case.tables, table: rows})


def decided(case: Case, outcome: str) -> Case:
    return changed(case, "decisions", "dc-20250310-custody", kind="verdict", outcome=outcome)


def sentences(case: Case) -> list[str]:
    return ["".join(one.text for one in sentence) for sentence in lede(case)]


def test_the_case_is_told_in_three_sentences_and_accusations_are_called_so(case):
    assert sentences(case) == [
        "5 people are accused of “Blocking a harbour” under Article 12 part 1, Penal Code of Saltland, for "
        "“March at the harbour” (1 March 2025); an accusation is not a finding of guilt.",
        "Custody: 5 people; the last known hearing, “Trial opens” (3 April 2025, Saltmouth), was closed to "
        "the public, and no outcome is known.",
        "All of it rests on 3 sources that were read, the newest of 4 April 2025; they differ on 2 "
        "questions, of which 1 is open.",
    ]


def test_what_a_sentence_says_leads_to_the_row_that_says_it(case):
    linked = {one.text: one.row_id for sentence in lede(case) for one in sentence if one.row_id}
    assert linked["Article 12 part 1, Penal Code of Saltland"] == "ch-12-1"
    assert linked["5 people"] == "me-custody" and linked["“Trial opens”"] == "ev-20250403-hearing"
    assert all(case.row(row_id) for row_id in linked.values())


def test_precision_is_said(case):
    told = sentences(changed(case, "charges", "ch-12-1", people="12", people_precision="at_least"))
    assert told[0].startswith("At least 12 people are accused")
    told = sentences(changed(case, "measures", "me-custody", people_precision="about"))
    assert told[1].startswith("Custody: about 5 people;")
    told = sentences(changed(case, "charges", "ch-12-1", people="1"))
    assert told[0].startswith("1 person is accused")


def test_where_a_number_or_an_act_is_not_known_none_is_told(case):
    told = sentences(changed(case, "charges", "ch-12-1", people="", people_precision="", conduct_event_id=""))
    assert told[0] == (
        "People are accused of “Blocking a harbour” under Article 12 part 1, Penal Code of Saltland; an "
        "accusation is not a finding of guilt."
    )


def test_an_outcome_is_told(case):
    convicted = sentences(decided(case, "convicted"))
    assert convicted[0].endswith("; a court has found guilt.")
    assert convicted[1].endswith("; the accused were convicted.")
    acquitted = sentences(decided(case, "acquitted"))
    assert "found guilt" not in acquitted[0] and acquitted[1].endswith("; the accused were acquitted.")


def test_an_outcome_of_the_case_counts_as_what_it_narrows(case):
    known = case.specs["decisions"]
    own = [
        {"value": "convicted_in_absence", "description": "Nobody was there.", "narrows": "convicted"},
        {"value": "left_alone", "description": "Nothing was done.", "narrows": "refused"},
    ]
    schema = known.to_json()
    field = next(field for field in schema["fields"] if field["name"] == "outcome")
    field["categories"] += own
    specs = {**case.specs, "decisions": TableSpec.of(schema)}

    def told(outcome: str) -> list[str]:
        other = decided(case, outcome)
        return sentences(Case(other.name, other.tables, specs))

    assert told("convicted_in_absence")[0].endswith("; a court has found guilt.")
    assert told("left_alone")[0].endswith("; an accusation is not a finding of guilt.")
    assert "no outcome is known" not in told("convicted")[1]


def test_a_hearing_that_was_postponed_or_of_another_time_is_not_the_last_one(case):
    rows = {
        **case["events"],
        "ev-early": {**case["events"]["ev-20250403-hearing"], "event_id": "ev-early", "date": "2024-01-01"},
    }
    del rows["ev-20250403-hearing"]
    told = sentences(Case(case.name, {**case.tables, "events": rows}))
    assert "hearing" not in told[1]


@pytest.mark.parametrize("kind", ["house_arrest", "travel_ban"])
def test_any_kind_of_measure_of_the_main_charge_is_told(case, kind):
    told = sentences(changed(case, "measures", "me-custody", kind=kind))
    assert told[1].startswith(f"{kind.replace('_', ' ').capitalize()}: 5 people;")
    told = sentences(changed(case, "measures", "me-custody", charge_id="ch-other"))
    assert told[1].startswith("The last known hearing")


def test_the_newest_row_of_a_measure_counts_not_the_largest(case):
    later = {**case["measures"]["me-custody"], "measure_id": "me-later", "date": "2025-04", "people": "3"}
    grown = Case(case.name, {**case.tables, "measures": {**case["measures"], "me-later": later}})
    assert sentences(grown)[1].startswith("Custody: 3 people;")
    ended = {**later, "date": "", "replaces": "me-custody"}
    grown = Case(case.name, {**case.tables, "measures": {**case["measures"], "me-later": ended}})
    assert sentences(grown)[1].startswith("Custody: 3 people;")


def test_persons_who_each_have_a_row_are_counted(case):
    row = {**case["measures"]["me-custody"], "kind": "travel_ban", "people": "", "people_precision": ""}
    rows = {
        key: {**row, "measure_id": key, "party_id": party}
        for key, party in (("me-1", "pa-accused-1"), ("me-2", "pa-relative-1"), ("me-3", "pa-accused-1"))
    }
    assert sentences(Case(case.name, {**case.tables, "measures": rows}))[1].startswith(
        "Travel ban: 2 people;"
    )


def test_an_empty_case_says_what_is_not_known():
    assert sentences(Case("empty", {})) == [
        "No accusation is recorded.",
        "No hearing, measure or outcome is known.",
        "All of it rests on 0 sources that were read.",
    ]


def test_sources_stand_under_what_they_were_made_from(case):
    assert [(one.source_id, [child.source_id for child in one.derived]) for one in lineages(case)] == [
        ("so-courier", ["so-courier-copy"]),
        ("so-herald", []),
    ]
    assert sum(one.size for one in lineages(case)) == len(case["sources"])


def test_sources_in_a_circle_are_each_shown_once(case):
    turned = changed(case, "sources", "so-courier", derived_from="so-courier-copy")
    shown = lineages(turned)
    assert sum(one.size for one in shown) == 3


def test_what_a_source_speaks_for_is_counted(case):
    assert supported(case) == {"so-courier": 23, "so-courier-copy": 1, "so-herald": 3}
