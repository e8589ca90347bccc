"""One root, one finding in a case: an emptied table, a damaged one or a misspelt schema is reported once."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT

import casetrail
from casetrail.cli.main import main
from casetrail.findings.finding import Severity
from casetrail.findings.renderings import FORMATS

Damage = Callable[[Path], None]


def text(name: str, change: Callable[[str], str]) -> Damage:
    def damage(case: Path) -> None:
        path = case / name
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return damage


def header(content: str) -> str:
    return content.partition("\n")[0] + "\n"


def extra_cell(content: str) -> str:
    lines = content.split("\n")
    return "\n".join([lines[0], lines[1] + ",x", *lines[2:]])


def without_first_column(content: str) -> str:
    rows = csv.reader(content.splitlines())
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row[1:]) + "\n" for row in rows)


def misspelt(content: str) -> str:
    return content.replace('"fields"', '"feilds"', 1)


TABLES = ("events", "parties", "charges", "sources", "evidence")
DAMAGES: dict[str, tuple[Damage, str]] = {
    **{f"emptied {name}": (text(f"data/{name}.csv", lambda content: ""), "file-empty") for name in TABLES},
    **{
        f"only the header of {name}": (text(f"data/{name}.csv", header), "referenced-table-empty")
        for name in ("events", "parties", "sources", "evidence")
    },
    **{f"one cell more in {name}": (text(f"data/{name}.csv", extra_cell), "extra-cell") for name in TABLES},
    **{
        f"semicolons in {name}": (
            text(f"data/{name}.csv", lambda content: content.replace(",", ";")),
            "wrong-delimiter",
        )
        for name in TABLES
    },
    **{
        f"no ids in {name}": (text(f"data/{name}.csv", without_first_column), "header-missing-column")
        for name in TABLES
    },
    **{f"feilds in {name}": (text(f"schemas/{name}.json", misspelt), "schema-property") for name in TABLES},
    **{
        f"no {name}.csv": (lambda case, name=name: (case / "data" / f"{name}.csv").unlink(), "path-missing")  # type: ignore[misc]
        for name in TABLES
    },
}


@pytest.mark.parametrize("name", DAMAGES)
def test_one_damage_is_one_error(name: str, harbour_case: Path) -> None:
    damage, root = DAMAGES[name]
    damage(harbour_case)
    report = casetrail.validate(harbour_case)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    assert [finding.code for finding in errors] == [root]
    assert report.findings[0].code == root
    assert report.errors == 1 and report.counts.get("not-checked", 0) <= 1
    assert all(check.ran for check in report.checks)


def test_it_is_said_how_much_was_not_checked(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    DAMAGES["emptied events"][0](harbour_case)
    assert main(["validate", str(harbour_case), "--format", "json"]) == 1
    note = json.loads(capsys.readouterr().out)["findings"][-1]
    assert note["code"] == "not-checked" and note["table"] == "events"
    for word in ("claims", "references", "rules", "'events'"):
        assert word in note["message"]


def test_a_key_that_is_no_value_is_one_error(harbour_case: Path) -> None:
    path = harbour_case / "data" / "events.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows[1][0] = "Nineteen"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    report = casetrail.validate(harbour_case)
    assert report.counts == {"constraint-pattern": 1, "not-checked": 1}


def test_what_is_written_of_a_withheld_party_is_in_no_rendering(harbour_case: Path) -> None:
    path = harbour_case / "data" / "parties.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    columns = {name: index for index, name in enumerate(rows[0])}
    person = next(row for row in rows[1:] if row[columns["kind"]] == "person")
    person[columns["disclosure"]] = "withheld"
    person[columns["name"]] = "Bereke Secretov"
    person[columns["note"]] = " Secretov lives in the old town "
    person[columns["kind"]] = "persoon"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    spellings = harbour_case / "data" / "names.csv"
    names = list(csv.reader(spellings.read_text(encoding="utf-8").splitlines()))
    names[1][names[0].index("subject_id")] = person[columns["party_id"]]
    names[1][names[0].index("name")] = "Bereke Secretov"
    with spellings.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(names)
    report = casetrail.validate(harbour_case)
    assert {"party-undisclosed-without-name", "name-of-undisclosed-party", "hygiene-edge-space"} <= set(
        report.counts
    )
    made = {name: report.render(name) for name in FORMATS}
    made |= {"notebook": report._repr_html_(), "table": str(report.to_table().to_pydict())}
    for name, text_made in made.items():
        assert "Secretov" not in text_made, name
    assert "'persoon' is not one of" in made["text"]


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The dataset of this repository, to be damaged."""
    folder = tmp_path / "dataset"
    folder.mkdir()
    shutil.copy(ROOT / "datapackage.json", folder)
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


IN_THE_DATASET: dict[str, tuple[Damage, str]] = {
    "emptied events": (text("data/events.csv", lambda content: ""), "file-empty"),
    "only the header of events": (text("data/events.csv", header), "referenced-table-empty"),
    "one cell more in charges": (text("data/charges.csv", extra_cell), "extra-cell"),
    "a number in words": (
        text("data/charges.csv", lambda content: content.replace(",on_trial,19,", ",on_trial,nineteen,")),
        "type-integer",
    ),
    "a place that is not there": (
        text("data/events.csv", lambda content: content.replace(",pl-qalzhat,held", ",pl-qalzhatt,held")),
        "foreign-key",
    ),
    "feilds": (text("schemas/charges.json", misspelt), "schema-property"),
    "a date in another form, which rules read too": (
        text("data/events.csv", lambda content: content.replace(",2026-01-23,", ",23.01.2026,", 1)),
        "type-edtf",
    ),
    "a misspelt term, which rules read too": (
        text("data/measures.csv", lambda content: content.replace(",fine,", ",fein,", 1)),
        "constraint-enum",
    ),
}


@pytest.mark.parametrize("name", IN_THE_DATASET)
def test_one_damage_of_a_large_case_with_a_story_is_one_error(name: str, dataset: Path) -> None:
    damage, code = IN_THE_DATASET[name]
    damage(dataset)
    findings = casetrail.validate(dataset).findings
    assert [f.code for f in findings if f.severity is Severity.ERROR] == [code]


def test_a_table_of_another_name_is_asked_of_once(dataset: Path) -> None:
    old, new = '"name": "charges"', '"name": "chargez"'
    text("datapackage.json", lambda content: content.replace(old, new))(dataset)
    report = casetrail.validate(dataset)
    assert report.findings[0].code == "profile-prefix"
    assert "'charges'" in (report.findings[0].hint or "")
    (finding,) = [f for f in report.findings if f.code == "evidence-unknown-table"]
    assert "142 more claims are about it" in finding.message


def test_a_table_that_must_be_there_is_asked_of_under_the_name_that_it_has(dataset: Path) -> None:
    old, new = '"name": "events"', '"name": "event"'
    text("datapackage.json", lambda content: content.replace(old, new))(dataset)
    table, keys, note = casetrail.validate(dataset).findings
    assert keys.code == "schema-reference-unknown" and "to which 7 foreign keys refer" in keys.message
    assert keys.hint == "did you mean 'event'?"
    assert table.code == "profile-table-missing"
    assert table.hint == "call the resource 'event' 'events' again: its ids are those of this table"
    assert note.code == "not-checked" and note.severity is Severity.NOTE


def test_a_row_that_was_deleted_is_one_paragraph(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each reference to it is a finding with its place, of which people see one and the others under it."""
    path = dataset / "data" / "events.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0] != "ev-20260123-hearing"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    assert main(["validate", str(dataset)]) == 1
    paragraphs = capsys.readouterr().out.split("\n\n")
    (about_it,) = (part for part in paragraphs if "ev-20260123-hearing" in part)
    assert "→ add its row to 'events', or name one that is there" in about_it
    assert re.search(r"Table evidence, column row_id: \d+ errors \(evidence-unknown-row\), first ", about_it)
    assert about_it.endswith("datapackage.json: 1 error (story-unknown-row)")


def test_a_story_is_told_of_after_the_cell_that_it_contradicts(dataset: Path) -> None:
    text("data/charges.csv", lambda content: content.replace(",on_trial,19,", ",on_trial,20,"))(dataset)
    codes = [f.code for f in casetrail.validate(dataset).findings]
    assert codes == ["evidence-value-differs", "story-disagrees"]


def test_a_cell_that_all_its_claims_contradict_is_the_one_mistake(dataset: Path) -> None:
    text("data/charges.csv", lambda content: content.replace(",on_trial,19,", ",on_trial,20,"))(dataset)
    findings = [f for f in casetrail.validate(dataset).findings if f.code == "evidence-value-differs"]
    (finding,) = findings
    assert (finding.table, finding.field, finding.value, finding.key) == (
        "charges",
        "people",
        "20",
        "ch-174-2",
    )
    assert finding.column is not None
    assert finding.related is not None
    assert (finding.related.table, finding.related.value) == ("evidence", "19")


def test_of_claims_that_contradict_one_another_each_that_differs_is_one(dataset: Path) -> None:
    text("data/evidence.csv", lambda content: content.replace(",stated,19,", ",stated,18,", 1))(dataset)
    report = casetrail.validate(dataset)
    (finding,) = [f for f in report.findings if f.code == "evidence-value-differs"]
    assert (finding.table, finding.value) == ("evidence", "18")
