"""Every fact that was found is carried by rows, with evidence that names its own source."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from casetrail.case.case import Case
from casetrail.case.row_model import CaseRow as Evidence
from casetrail.package.package import open_package

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, str]]:
    return {row["fact_id"]: row for row in _rows(HERE / "dossier-facts.csv")}


@pytest.fixture(scope="module")
def evidence() -> dict[str, Evidence]:
    return {row["evidence_id"]: row for row in Case.load(open_package(ROOT)).rows("evidence")}


@pytest.fixture(scope="module")
def coverage() -> list[tuple[str, str]]:
    return [(row["fact_id"], row["evidence_id"]) for row in _rows(HERE / "coverage.csv")]


def test_every_fact_of_the_first_document_and_of_the_case_is_carried(
    facts: dict[str, dict[str, str]], coverage: list[tuple[str, str]]
) -> None:
    due = {key for key, row in facts.items() if row["is_seed"] == "true" or row["topic"] != "background"}
    assert due - {fact for fact, _ in coverage} == set()


def test_coverage_names_facts_and_evidence_that_are_there_and_each_pair_once(
    facts: dict[str, dict[str, str]], evidence: dict[str, Evidence], coverage: list[tuple[str, str]]
) -> None:
    assert [pair for pair in coverage if pair[0] not in facts or pair[1] not in evidence] == []
    assert [pair for pair, times in Counter(coverage).items() if times > 1] == []
    assert coverage == sorted(coverage)


def test_evidence_cites_the_source_of_its_fact(
    facts: dict[str, dict[str, str]], evidence: dict[str, Evidence], coverage: list[tuple[str, str]]
) -> None:
    wrong = [(fact, key) for fact, key in coverage if evidence[key].source_id != facts[fact]["source_id"]]
    assert wrong == []


def test_at_least_one_fact_of_every_source_is_carried(
    facts: dict[str, dict[str, str]], coverage: list[tuple[str, str]]
) -> None:
    sources = {row["source_id"] for row in facts.values()}
    assert len(sources) == 81
    assert sources - {facts[fact]["source_id"] for fact, _ in coverage} == set()


def test_every_source_that_was_read_supports_something_and_no_other_does(
    evidence: dict[str, Evidence],
) -> None:
    sources = _rows(ROOT / "data" / "sources.csv")
    read = {row["source_id"] for row in sources if row["read"] != "not_seen"}
    assert {row.source_id for row in evidence.values()} == read


def test_each_claim_of_the_first_document_is_carried(evidence: dict[str, Evidence]) -> None:
    """The claims were counted sentence by sentence; each has rows that cite its paragraph."""
    rows = _rows(HERE / "seed-claims.csv")
    assert {int(row["claim"]) for row in rows} == set(range(1, 68))
    for row in rows:
        claim = evidence[row["evidence_id"]]
        assert claim.source_id == "so-redcensor-nd-p99298-postponed", row
        assert claim.locator == f"paragraph {row['paragraph']}", row


def test_nothing_is_inferred_or_alleged_without_saying_how_or_by_whom(evidence: dict[str, Evidence]) -> None:
    for key, row in evidence.items():
        assert row.certainty != "inferred" or row.reason, key
        assert (row.certainty == "alleged") <= (row.attributed_to is not None), key
