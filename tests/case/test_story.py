"""The story of a case: each number, date and name of a sentence is held to the rows that it rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.test_mistakes import sound_case

import casetrail


def words_not_said(folder: Path, text: str, *rows: str) -> list[str]:
    """What `validate` says that the rows of a sentence do not say."""
    package = folder / "package"
    sound_case(package)
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["story"] = {"headline": "A trial", "sentences": [{"text": text, "rows": list(rows)}]}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    report = casetrail.validate(package)
    assert {finding.code for finding in report.findings} <= {"story-disagrees"}
    return [finding.place.value or "" for finding in report.findings]


MARCH, CHARGE, HEARING = "ev-20250301-march", "ch-12-1", "ev-20250403-hearing"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("On 1 March 2025 people marched at Saltmouth.", [MARCH]),
        ("In March 2025, in spring, people marched.", [MARCH]),
        ("It began on 2025-03-01.", [MARCH]),
        ("In 2025 they marched, on 1 March.", [MARCH]),
        ("Five people are accused under Article 12 of the Penal Code.", [CHARGE]),
        ("5 people are accused and face up to 3 years.", [CHARGE]),
        ("Orla Venn is accused.", ["pa-accused-1"]),
        ("Two dates were set for the hearing.", [HEARING, "ev-20250401-hearing"]),
        ("Sources count 5 or 6 accused.", ["di-accused"]),
        ("They came from Saltland.", ["pl-saltmouth"]),
        ("5 were counted by one source.", ["di-accused"]),
        ("Sources count five or six.", ["di-accused"]),
        ("They were held for 5 to 10 days.", ["me-custody"]),
    ],
)
def test_a_sentence_may_say_what_its_rows_say(tmp_path: Path, text: str, rows: list[str]) -> None:
    assert words_not_said(tmp_path, text, *rows) == []


@pytest.mark.parametrize(
    ("text", "rows", "words"),
    [
        ("On 2 March 2025 people marched at Saltmouth.", [MARCH], ["2 March 2025"]),
        ("In April people marched.", [MARCH], ["April"]),
        ("It began on 2025-03-02.", [MARCH], ["2025-03-02"]),
        ("In 2024 people marched.", [MARCH], ["2024"]),
        ("Six people are accused, twenty-one in all.", [CHARGE], ["Six", "twenty-one"]),
        ("5 people face up to 30 years.", [CHARGE], ["30"]),
        ("1,005 people are accused.", [CHARGE], ["1,005"]),
        ("The people marched in Lisbon.", [MARCH], ["Lisbon"]),
        ("Orla Venn is accused.", [CHARGE], ["Orla", "Venn"]),
        ("Saltmouth saw a trial.", [CHARGE], ["Saltmouth"]),
        ("Three dates were set for the hearing.", [HEARING, "ev-20250401-hearing"], ["Three"]),
    ],
)
def test_what_no_row_says_is_a_finding(tmp_path: Path, text: str, rows: list[str], words: list[str]) -> None:
    assert words_not_said(tmp_path, text, *rows) == words


@pytest.mark.parametrize(
    ("date", "text", "words"),
    [
        ("[..2025-03-11]", "By 11 March 2025 a fine was laid.", []),
        ("[..2025-03-11]", "On 11 March 2025 a fine was laid.", ["11 March 2025"]),
        ("2025-03-11/2025-03-12", "From 11 March 2025 to 12 March 2025 it lasted.", []),
        ("2025-03~", "About March 2025 a fine was laid.", []),
        ("2025-03~", "In March 2025 a fine was laid.", ["March 2025"]),
        ("2025-03", "On 1 March 2025 a fine was laid.", ["1 March 2025"]),
        ("2025-03", "In March 2025 a fine was laid.", []),
    ],
)
def test_a_date_is_said_no_more_exactly_than_it_is_known(
    tmp_path: Path, date: str, text: str, words: list[str]
) -> None:
    assert not_said_of_fine(tmp_path, text, {"date": date}) == words


@pytest.mark.parametrize(
    ("precision", "text", "words"),
    [
        ("at_least", "At least 21 were fined.", []),
        ("at_least", "More than 20 were fined.", []),
        ("at_least", "21 were fined.", ["21"]),
        ("about", "About 21 were fined.", []),
        ("about", "Exactly 21 were fined.", ["21"]),
        ("at_most", "Up to 21 were fined.", []),
        ("at_most", "At least 21 were fined.", ["21"]),
    ],
)
def test_a_number_is_said_as_exactly_as_it_is_known(
    tmp_path: Path, precision: str, text: str, words: list[str]
) -> None:
    cells = {"party_id": "pa-accused", "people": "21", "people_precision": precision}
    assert not_said_of_fine(tmp_path, text, cells) == words


def not_said_of_fine(folder: Path, text: str, cells: dict[str, str]) -> list[str]:
    """What is not said of a fine with these cells; findings about the cells themselves do not count here."""
    from tests.test_mistakes import patch

    package = folder / "package"
    sound_case(package)
    story = {"headline": "A trial", "sentences": [{"text": text, "rows": ["me-fine"]}]}
    patch(package, {"measures": {"me-fine": cells}, "datapackage.json": {"story": story}})
    report = casetrail.validate(package)
    return [finding.place.value or "" for finding in report.findings if finding.code == "story-disagrees"]


def test_a_headline_is_held_to_the_rows_of_all_sentences(tmp_path: Path) -> None:
    package = tmp_path / "package"
    sound_case(package)
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["story"] = {
        "headline": "Five people, seven banners at Saltmouth",
        "sentences": [
            {"text": "People marched.", "rows": [MARCH]},
            {"text": "Five are accused.", "rows": [CHARGE]},
        ],
    }
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    (finding,) = casetrail.validate(package).findings
    assert finding.message == "story.headline: none of the rows of the sentences says 'seven'"
