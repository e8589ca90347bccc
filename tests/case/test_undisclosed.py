"""Whatever else is wrong, nothing that a report can be turned into says who is not named in the case."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import casetrail
from casetrail.cli.main import main
from casetrail.findings.renderings import FORMATS
from casetrail.findings.report import Report

SECRETS = ("Secretov", "Секретов", "Sekretow")
SPELLINGS = ("Bereke Secretov", "Береке Секретов", "Bereke Sekretow")


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture
def case(harbour_case: Path) -> Path:
    """A case in which a withheld person has a name after all, in the list of parties and in spellings."""
    parties = read(harbour_case / "data" / "parties.csv")
    at = {name: index for index, name in enumerate(parties[0])}
    person = next(row for row in parties[1:] if row[at["kind"]] == "person")
    person[at["disclosure"]], person[at["name"]] = "withheld", SPELLINGS[0]
    person[at["note"]] = "the brother of Secretov"
    write(harbour_case / "data" / "parties.csv", parties)
    names = read(harbour_case / "data" / "names.csv")
    at = {name: index for index, name in enumerate(names[0])}
    row = [""] * len(names[0])
    row[at["name_id"]], row[at["subject_id"]] = "na-9001", person[0]
    row[at["name"]], row[at["romanization"]], row[at["language"]] = SPELLINGS[1], SPELLINGS[2], "ru"
    row[at["note"]] = "as Secretov signs"
    write(harbour_case / "data" / "names.csv", [*names, row])
    return harbour_case


def made_of(report: Report) -> dict[str, str]:
    made = {name: report.render(name) for name in FORMATS}
    made["github in a folder"] = report.render("github", base="cases/harbour")
    made["terminal"] = report.render("text", colour=True, width=60)
    return made | {"notebook": report._repr_html_(), "table": str(report.to_table().to_pydict())}


def assert_silent(case: Path) -> Report:
    report = casetrail.validate(case)
    assert report.errors
    for name, text in made_of(report).items():
        for secret in SECRETS:
            assert secret not in text and secret.lower() not in text.lower(), f"{secret} in {name}"
    return report


def test_a_second_finding_on_a_spelling_is_silent(case: Path) -> None:
    path = case / "data" / "names.csv"
    rows = read(path)
    rows[-1][rows[0].index("script")] = "Arab"
    rows[-1][rows[0].index("name")] = f" {SPELLINGS[1]}  "
    rows[-1].append("one cell more")
    write(path, [*rows, [*rows[-1][:-1]], rows[1]])
    report = assert_silent(case)
    assert "extra-cell" in report.counts and report.errors > 3


@pytest.mark.parametrize("seed", range(24))
def test_whatever_is_damaged_besides(seed: int, case: Path) -> None:
    chance = random.Random(seed)
    files = sorted((case / "data").glob("*.csv"))
    for path in [*chance.sample(files, 2), case / "data" / "names.csv", case / "data" / "parties.csv"]:
        rows = read(path)
        # Of a record that cannot be read nobody knows whose names it has, so those are left whole.
        whole = {"pa-accused-1", "na-9001"} if (how := chance.randrange(5)) in (2, 4) else set()
        row = chance.choice([row for row in rows[1:] if row and not whole & {*row}])
        spelling = chance.choice([*SPELLINGS, *SECRETS, "bereke-secretov", "BEREKE  SECRETOV", " Secretov "])
        column = chance.randrange(len(row))
        match how:
            case 0 | 1 if row[column] in SPELLINGS:
                pass
            case 0:
                row[column] = spelling
            case 1:
                row[column] = f"{chance.choice(['=', 'x' * 30, 'pa-'])}{spelling}"
            case 2:
                row.append(spelling)
            case 3:
                rows.append([*row])
            case _:
                del row[column]
        write(path, rows)
    assert_silent(case)


@pytest.mark.parametrize("name", ["parties", "names", "places", "events"])
@pytest.mark.parametrize("text", ["", "id\n", "\x00", 'a,"b\n'])
def test_a_table_that_cannot_be_read_shows_nobody(name: str, text: str, case: Path) -> None:
    spellings = case / "data" / "names.csv"
    rows = read(spellings)
    rows[-1][rows[0].index("language")] = "Russian of Secretov"
    write(spellings, rows)
    (case / "data" / f"{name}.csv").write_text(text)
    report = casetrail.validate(case)
    for rendering, made in made_of(report).items():
        for secret in SECRETS if name != "parties" else SECRETS[1:]:
            assert secret not in made, rendering


def with_an_open_quote(text: str) -> str:
    return text.replace("pa-accused-1,person", 'pa-accused-1,"person', 1)


def without_disclosure(text: str) -> str:
    rows = list(csv.reader(text.replace("pa-accused-1,person", "Pa-accused-1,person", 1).splitlines()))
    at = rows[0].index("disclosure")
    return "".join(",".join([*row[:at], *row[at + 1 :]]) + "\n" for row in rows)


def with_half_a_header(text: str) -> str:
    return text.replace("party_id,kind", "party_id;kind", 1)


def with_a_row_for_a_header(text: str) -> str:
    lines = text.splitlines(keepends=True)
    row = next(line for line in lines if line.startswith("pa-accused-1,"))
    return row + "".join(line for line in lines[1:] if line != row)


def with_a_name_in_the_mark_of_git(text: str) -> str:
    return f"<<<<<<< {SPELLINGS[0]}\n{text}"


@pytest.mark.parametrize(
    "damage",
    [
        with_an_open_quote,
        without_disclosure,
        with_half_a_header,
        with_a_row_for_a_header,
        with_a_name_in_the_mark_of_git,
    ],
)
def test_a_row_of_which_it_is_not_known_whose_it_is_shows_nobody(
    damage: Callable[[str], str], case: Path
) -> None:
    path = case / "data" / "parties.csv"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    names = case / "data" / "names.csv"
    write(names, read(names)[:-1])
    assert_silent(case)


def test_parties_in_several_files_show_nobody(case: Path) -> None:
    path = case / "data" / "parties.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    secret = next(row for row in rows if row.startswith("pa-accused-1,"))
    path.write_text(header + "".join(row for row in rows if row != secret), encoding="utf-8")
    (case / "data" / "more.csv").write_text(f"{header}{secret.rstrip()},more\n", encoding="utf-8")
    descriptor = json.loads((case / "datapackage.json").read_text(encoding="utf-8"))
    parties = next(resource for resource in descriptor["resources"] if resource["name"] == "parties")
    parties["path"] = ["data/parties.csv", "data/more.csv"]
    (case / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    names = case / "data" / "names.csv"
    write(names, read(names)[:-1])
    assert "extra-cell" in assert_silent(case).counts


def test_who_may_be_shown_is_shown(harbour_case: Path) -> None:
    path = harbour_case / "data" / "names.csv"
    rows = read(path)
    rows[1][rows[0].index("script")] = "Arab"
    write(path, rows)
    report = casetrail.validate(harbour_case)
    assert report.errors
    assert rows[1][rows[0].index("name")] in report.render("text")


def test_a_difference_says_no_name_that_was_put_in_by_mistake(
    case: Path, tmp_path: Path, harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "earlier"
    shutil.copytree(case, earlier)
    names = read(earlier / "data" / "names.csv")
    write(earlier / "data" / "names.csv", names[:-1])
    parties = read(earlier / "data" / "parties.csv")
    at = {name: index for index, name in enumerate(parties[0])}
    for row in parties[1:]:
        if row[at["disclosure"]] == "withheld":
            row[at["name"]] = row[at["note"]] = ""
    write(earlier / "data" / "parties.csv", parties)
    for form in ("text", "json", "markdown"):
        for old, new in ((earlier, case), (case, earlier)):
            assert main(["diff", str(old), str(new), "--format", form]) == 1
            printed = capsys.readouterr()
            for secret in SECRETS:
                assert secret not in printed.out + printed.err, (form, secret)
