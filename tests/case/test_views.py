"""The views: who says so, what others say instead, and what was known on a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from casetrail.case.case import Case
from casetrail.case.views.claims import claim, row_claims
from casetrail.case.views.disagreements import disagreements
from casetrail.case.views.figures import figures
from casetrail.case.views.known_since import as_of, newest_day, parse_day, published_by
from casetrail.case.views.labels import label
from casetrail.case.views.prose import as_of_prose, disagreements_prose, row_prose
from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package


@pytest.fixture
def case(harbour_case: Path) -> Case:
    return Case.load(open_package(harbour_case))


def test_copies_of_one_text_count_once(case: Case) -> None:
    people = next(cell for cell in row_claims(case, "ch-12-1").claims if cell.field == "people")
    assert [claim.source_id for claim in people.claims] == ["so-courier", "so-courier-copy", "so-herald"]
    assert people.independent == 2


def changed(case: Case, table: str, row_id: str, **cells: str) -> Case:
    rows = {key: {**one, **cells} if key == row_id else one for key, one in case[table].items()}
    return Case(case.name, {**case.tables, table: rows})


def origin_of(case: Case, evidence_id: str) -> str:
    return claim(case, case["evidence"][evidence_id]).origin


def test_an_origin_is_the_party_then_the_issuer_then_the_newsroom_then_the_root(case: Case) -> None:
    assert origin_of(case, "ec-0021") == "so-courier"
    newsroom = changed(case, "sources", "so-courier", newsroom="The Courier", issued_by="")
    assert origin_of(newsroom, "ec-0021") == "The Courier"
    issued = changed(newsroom, "sources", "so-courier", newsroom="The Courier", issued_by="pa-harbour-watch")
    assert origin_of(issued, "ec-0021") == "pa-harbour-watch"
    # The passage is from another text than the page.
    assert origin_of(changed(issued, "evidence", "ec-0022", origin_id="so-courier-copy"), "ec-0022") == (
        "pa-harbour-watch"
    )
    assert origin_of(changed(issued, "evidence", "ec-0021", attributed_to="pa-accused-1"), "ec-0021") == (
        "pa-accused-1"
    )


def test_sources_in_a_circle_are_one_origin_wherever_one_begins(case: Case) -> None:
    turned = changed(case, "sources", "so-courier", derived_from="so-courier-copy")
    assert origin_of(turned, "ec-0020") == origin_of(turned, "ec-0021") == "so-courier"


def test_a_claim_that_repeats_another_is_shown_and_not_counted(case: Case) -> None:
    repeated = changed(case, "evidence", "ec-0022", repeats="ec-0020")
    people = next(cell for cell in row_claims(repeated, "ch-12-1").claims if cell.field == "people")
    assert len(people.claims) == 3 and people.independent == 1
    assert "repeats ec-0020, not counted" in " ".join(row_prose(repeated, "ch-12-1").split())


def test_a_version_without_rank_is_an_alternative(case: Case) -> None:
    unranked = changed(case, "evidence", "ec-0022", rank="", reason="")
    _, second = disagreements(unranked)
    assert [(one.value, one.rank) for one in second.versions] == [("5", "preferred"), ("6", "")]


@pytest.mark.parametrize(
    ("precision", "words"),
    [("at_least", "at least 5 people"), ("at_most", "at most 5 people"), ("about", "about 5 people")],
)
def test_an_inexact_number_is_nowhere_said_as_exact(case: Case, precision: str, words: str) -> None:
    counted = changed(case, "charges", "ch-12-1", people_precision=precision)
    number = words.removesuffix(" people")
    assert f"people: {number}" in " ".join(row_prose(counted, "ch-12-1").split())
    assert f", {words}, on trial (ch-12-1)" in as_of_prose(as_of(counted, dt.date(2025, 4, 4)), counted)
    assert next(one for one in figures(counted) if one.name == "accused").words == number
    _, question = disagreements(counted)
    assert [one.words for one in question.versions] == [number, "6"]


def test_the_same_number_meant_otherwise_is_another_version(case: Case) -> None:
    meant = changed(case, "evidence", "ec-0022", value="5", value_precision="at_least")
    _, question = disagreements(meant)
    assert [one.words for one in question.versions] == ["5", "at least 5"]


def test_words_of_one_party_count_once_whoever_reports_them(case: Case) -> None:
    tables = {name: {key: dict(cells) for key, cells in rows.items()} for name, rows in case.tables.items()}
    for evidence_id in ("ec-0020", "ec-0022"):
        tables["evidence"][evidence_id]["attributed_to"] = "pa-harbour-watch"
    people = next(c for c in row_claims(Case("x", tables), "ch-12-1").claims if c.field == "people")
    assert {claim.origin for claim in people.claims} == {"pa-harbour-watch", "so-courier"}


def test_open_questions_come_first_and_the_preferred_version_leads(case: Case) -> None:
    first, second = disagreements(case)
    assert (first.disagreement_id, first.state) == ("di-banner", "open")
    assert [version.rank for version in first.versions] == ["", ""]
    assert [(version.value, version.rank, version.independent) for version in second.versions] == [
        ("5", "preferred", 1),
        ("6", "rejected", 1),
    ]
    assert second.versions[1].reasons == ("Counts a person who was a witness.",)
    assert (second.table, second.row_id, second.field) == ("charges", "ch-12-1", "people")


@pytest.mark.parametrize(
    ("published", "known"),
    [
        ("2026-01-20", True),
        ("2026-01-21", False),
        ("2026-01", None),
        ("2025", True),
        ("2026-02", False),
        ("2026-01-19?", None),
        ("[..2026-01-20]", True),
        ("[2026-01-15..2026-01-23]", None),
        ("[2026-01-21..]", False),
        ("", None),
    ],
)
def test_whether_a_source_was_out_by_a_day_is_yes_no_or_not_known(published: str, known: bool | None) -> None:
    assert published_by(published, dt.date(2026, 1, 20)) is known


def test_as_of_a_day_later_sources_are_silent(case: Case) -> None:
    view = as_of(case, dt.date(2025, 3, 12))
    assert view.known == ("so-courier",)
    assert view.later == ("so-courier-copy", "so-herald")
    assert set(view.case["sources"]) == {"so-courier"}
    assert view.case["charges"]["ch-12-1"]["people"] == "5"
    # Only the Herald, later, says where the hearing was.
    assert case["events"]["ev-20250403-hearing"]["place_id"] == "pl-saltmouth"
    assert view.case["events"]["ev-20250403-hearing"]["place_id"] == ""


def test_what_was_still_to_come_is_scheduled_whatever_became_of_it(case: Case) -> None:
    events = as_of(case, dt.date(2025, 3, 12)).case["events"]
    assert events["ev-20250403-hearing"]["status"] == "scheduled"
    assert events["ev-20250401-hearing"]["status"] == "postponed"
    assert events["ev-20250301-march"]["status"] == "held"
    tables = {name: dict(rows) for name, rows in case.tables.items()}
    tables["events"].pop("ev-20250403-hearing")
    alone = as_of(Case("x", tables), dt.date(2025, 3, 12)).case["events"]
    assert alone["ev-20250401-hearing"]["status"] == "scheduled"


def test_a_row_that_a_known_row_names_is_known(case: Case) -> None:
    tables = {name: dict(rows) for name, rows in case.tables.items()}
    tables["evidence"] = {
        key: {**one, "source_id": "so-herald"} if one["row_id"] == "pa-accused" else one
        for key, one in tables["evidence"].items()
    }
    assert "pa-accused" in as_of(Case("x", tables), dt.date(2025, 3, 12)).case["parties"]


def test_who_speaks_is_known_with_what_is_said_and_an_original_with_its_copy(case: Case) -> None:
    silent = {
        key: one
        for key, one in case["evidence"].items()
        if one["row_id"] not in ("pa-relative-1", "re-20250320")
    }
    told = Case("x", {**case.tables, "evidence": silent})
    told = changed(told, "evidence", "ec-0001", attributed_to="pa-relative-1")
    told = changed(told, "sources", "so-herald", read="not_seen", published="")
    told = changed(told, "sources", "so-courier", derived_from="so-herald")
    then = as_of(told, dt.date(2025, 3, 12))
    assert "pa-relative-1" in then.case["parties"]
    assert then.known == ("so-courier",) and set(then.case["sources"]) == {"so-courier", "so-herald"}


def test_a_question_begins_with_its_second_version(case: Case) -> None:
    assert not as_of(case, dt.date(2025, 3, 13)).case["disagreements"]
    later = as_of(case, dt.date(2025, 4, 4)).case["disagreements"]
    assert {key: cells["state"] for key, cells in later.items()} == {
        "di-accused": "settled",
        "di-banner": "open",
    }


def test_before_any_source_nothing_is_known(case: Case) -> None:
    view = as_of(case, dt.date(2025, 3, 1))
    assert not any(view.case[table] for table in ("events", "parties", "charges", "evidence", "names"))
    assert newest_day(case) == dt.date(2025, 4, 4)


def test_figures_are_numbers_of_one_row_and_never_sums(case: Case) -> None:
    by_name = {one.name: one for one in figures(case)}
    assert by_name["accused"].words == "5" and by_name["accused"].row_id == "ch-12-1"
    assert by_name["custody"].words == "5"
    assert by_name["open"].words == "1"
    assert by_name["hearings"].words == "1"  # the other was postponed
    evidenced = sum(len(case[t]) for t in case.tables) - sum(
        len(case[t]) for t in ("sources", "names", "evidence", "disagreements", "retired")
    )
    assert by_name["evidenced"].words == str(evidenced)


def test_a_row_in_words_tells_its_cells_pointers_and_voices(case: Case) -> None:
    text = row_prose(case, "ch-12-1", 80)
    assert text.startswith("Article 12 part 1, Penal Code of Saltland\nch-12-1, in charges\n")
    for line in (
        "  accused:          The accused (pa-accused)",
        "  me-custody: Custody: The accused (charge, measures)",
        "    How many are accused? [settled]",
        "      6 [rejected], 1 independent origin",
        "        why: Counts a person who was a witness.",
    ):
        assert line in text.splitlines()
    assert all(len(line) <= 80 for line in text.splitlines())


def test_withheld_parties_are_called_by_their_part(case: Case) -> None:
    assert label(case, "pa-relative-1") == "A relative of one of the accused"
    assert "name withheld" in row_prose(case, "pa-relative-1")


def test_the_lists_name_what_is_left_aside(case: Case) -> None:
    assert disagreements_prose(disagreements(case)).startswith("Which colour had the banner? [open]")
    tables = {name: dict(rows) for name, rows in case.tables.items()}
    tables["sources"] = {
        **tables["sources"],
        "so-herald": {**tables["sources"]["so-herald"], "published": ""},
    }
    text = as_of_prose(as_of(Case("x", tables), dt.date(2025, 3, 20)), case)
    assert "left aside (1)" in text and "(so-herald)" in text


def test_an_unknown_id_is_told_with_the_near_one(case: Case) -> None:
    with pytest.raises(CasetrailError, match="did you mean 'ch-12-1'"):
        row_prose(case, "ch-12-l")
    with pytest.raises(CasetrailError, match="an id begins with one of ev, pa"):
        row_prose(case, "hearing")
    with pytest.raises(CasetrailError, match="write year, month and day"):
        parse_day("2026-1-20")
