"""The second real case: valid, released, on the page, and carrying every fact that was collected for it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.views.disagreements import disagreement
from casetrail.case.views.lede import lede
from casetrail.cli.main import main
from casetrail.package.package import open_package

ROOT = Path(__file__).parents[2]
AIRPORT = ROOT / "examples" / "almaty-airport"
ACCUSED = ("tleuzhan", "accused-2", "accused-3", "accused-4", "accused-5")


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.load(open_package(AIRPORT))


def test_it_is_valid_without_a_warning() -> None:
    report = casetrail.validate(AIRPORT)
    assert (report.errors, report.warnings) == (0, 0), report.counts


def test_what_is_covered_stays_covered(case: Case) -> None:
    """Of 240 facts all are carried but one, which explains another event; a row may add to the list."""
    with (AIRPORT / "coverage.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["fact_id"], row["evidence_id"]) for row in csv.DictReader(file)]
    assert {fact for fact, _ in pairs} >= {f"A{number:03}" for number in range(1, 241)} - {"A154"}
    assert {key for _, key in pairs} <= set(case["evidence"])
    read = {key for key, row in case["sources"].items() if row["read"] != "not_seen"}
    assert len(read) >= 50
    assert {case["evidence"][key]["source_id"] for _, key in pairs} == read


@pytest.mark.parametrize("accused", ACCUSED)
def test_each_accused_has_a_decision_at_each_instance_and_a_sentence(case: Case, accused: str) -> None:
    chain = [case["decisions"][f"dc-{name}-{accused}"] for name in ("verdict", "appeal", "cassation")]
    assert [one["instance"] for one in chain] == ["first_instance", "appeal", "cassation"]
    assert [one["outcome"] for one in chain] == ["convicted", "upheld", "upheld"]
    assert [one["reviews"] for one in chain[1:]] == [one["decision_id"] for one in chain[:-1]]
    sentence = case["measures"][f"me-imprisonment-{accused}"]
    assert (sentence["stage"], sentence["months"]) == ("imposed", "48" if accused == "tleuzhan" else "96")


def test_what_is_not_known_is_empty_and_what_is_concluded_says_why(case: Case) -> None:
    requested = case["measures"]["me-requested"]
    assert (requested["stage"], requested["months"]) == ("requested", "")
    appeal = case["events"]["ev-2023-appeal-decision"]
    assert appeal["date"] == "[2023-09-26..2024-07-15]"
    [year] = [
        row
        for row in case["evidence"].values()
        if (row["row_id"], row["field"]) == ("ev-20240715-supreme-court", "date")
    ]
    assert year["certainty"] == "inferred" and "last year" in year["reason"]
    arrest = case["measures"]["me-house-arrest-tleuzhan"]
    assert (arrest["date"], arrest["date_end"]) == ("2022-11-17", "2023-07-11")
    ends = {
        row["field"]: row["source_id"]
        for row in case["evidence"].values()
        if row["row_id"] == arrest["measure_id"] and row["field"]
    }
    assert ends["date"] != ends["date_end"]


def test_findings_that_no_source_calls_a_charge_are_no_charges(case: Case) -> None:
    assert {row["article"] for row in case["charges"].values()} == {"272", ""}
    for key in ("control-service", "vehicles", "radios"):
        event = case["events"][f"ev-20220105-{key}-alleged"]
        assert event["status"] == "alleged"
    press = [row for row in case["evidence"].values() if row["attributed_to"] == "pa-court-press-service"]
    assert press and {row["certainty"] for row in press} == {"alleged"}


def test_people_are_shown_by_the_rule(case: Case) -> None:
    by_rule = Counter(row["disclosure"] for row in case["parties"].values() if row["kind"] == "person")
    assert by_rule["named_by_court"] == 3
    hidden = {key for key, row in case["parties"].items() if row["disclosure"] in ("withheld", "unnamed")}
    assert {row["subject_id"] for row in case["names"].values()} & hidden == set()
    withheld = [row for row in case["parties"].values() if row["disclosure"] == "withheld"]
    assert len(withheld) >= 8
    neutral = re.compile(r"pa-(activist|witness|blogger)-[0-9]|pa-observers-2022|pa-accused-elsewhere")
    assert all(neutral.fullmatch(row["party_id"]) for row in withheld)


def test_origins_are_counted_by_whose_word_it_is(case: Case) -> None:
    numbers = {
        (version.value, version.precision): version.independent
        for version in disagreement(case, "di-people-at-airport").versions
    }
    assert numbers == {("45", ""): 1, ("45", "about"): 1, ("800", "about"): 1}
    court = {one.value: one.independent for one in disagreement(case, "di-first-court").versions}
    assert sorted(court.values()) == [1, 6]


def test_the_first_sentences_say_verdict_sentence_and_appeal(case: Case) -> None:
    accusation, progress, _ = ("".join(part.text for part in sentence) for sentence in lede(case))
    assert accusation.endswith("a court has given its verdict.")
    assert progress.startswith("Imprisonment: 5 people")
    assert progress.endswith(
        "“Verdict of the first instance” (11 July 2023): 5 convicted, then “Decision on the appeal” (between "
        "26 September 2023 and 15 July 2024): 5 upheld, then “Decision of the Supreme Court” (15 July 2024): "
        "5 upheld."
    )


def test_it_is_released_and_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", str(AIRPORT), "--output", str(tmp_path)]) == 0
    assert main(["verify", str(tmp_path / "almaty-airport-1.0.0")]) == 0
    released = casetrail.open(tmp_path / "almaty-airport-1.0.0.zip")
    assert released["decisions"].num_rows == len(Case.load(open_package(AIRPORT))["decisions"])


def test_the_page_has_every_decision_and_measure(case: Case, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["page", str(AIRPORT), "--output", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_000_000
    for table in ("decisions", "measures", "charges", "proceedings"):
        for key in case[table]:
            assert re.search(rf'\bid="?{key}[" >]', text), key


def test_both_cases_validate_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(ROOT), str(AIRPORT)]) == 0
    lines = capsys.readouterr().out.splitlines()
    valid = [line.partition(" ")[0] for line in lines if ": valid." in line]
    assert valid == ["atajurt-case", "almaty-airport"]


def test_tables_of_both_cases_are_put_together() -> None:
    tables = casetrail.concat([ROOT, AIRPORT])
    events = tables["events"]
    counts = Counter(events["case"].to_pylist())
    assert set(counts) == {"atajurt-case", "almaty-airport"}
    assert counts["almaty-airport"] == casetrail.open(AIRPORT)["events"].num_rows
    assert events.column_names[0] == "case"
    own = tables["measures"]
    assert "calculation_indices" in own.column_names
    alone = own.filter(own["case"].to_numpy(zero_copy_only=False) == "almaty-airport")
    assert alone["calculation_indices"].null_count == alone.num_rows


def test_the_program_names_neither_case() -> None:
    named = re.compile(r"atajurt|almaty|taldykorgan|tleuzhan|turganbay", re.IGNORECASE)
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src").rglob("*"))
        if path.suffix in (".py", ".json", ".jinja", ".js", ".css", ".R")
    }
    examples = re.compile(
        r"(atajurt-case|almaty-airport)(-1\.0\.0)?(\.zip)?|The Atajurt case: \.\.\.|Asia/Almaty"
    )
    hits = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path, text in texts.items()
        for line in text.splitlines()
        if named.search(examples.sub("", line))
    ]
    assert hits == []
