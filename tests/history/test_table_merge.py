"""Two branches that each change the tables, merged by real git with `casetrail merge` as its driver."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from casetrail.cli.main import main

WHO = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org")
WHO |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "A")
WHO |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(*arguments: str, code: int = 0) -> str:
    """What git says; it must end with this code."""
    done = subprocess.run(
        ["git", *arguments], capture_output=True, text=True, check=False, env=os.environ | WHO
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def edit(table: str, old: str, new: str) -> None:
    path = Path("data", f"{table}.csv")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def commit() -> None:
    git("add", ".")
    git("commit", "-qm", "A change.")


@pytest.fixture
def case(harbour_case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder is a repository whose tables casetrail merges; it is on the branch `theirs`."""
    monkeypatch.chdir(harbour_case)
    git("init", "-q", "-b", "main")
    assert main(["merge", "--install"]) == 0
    Path(".gitattributes").write_text("data/*.csv merge=casetrail\n")
    commit()
    git("branch", "ours")
    git("switch", "-qc", "theirs")


def add_hearing(day: str) -> None:
    hearing = ["new", "hearing", "--title", f"Hearing of {day}", "--date", day, "--status", "held"]
    assert main([*hearing, "--source", "so-courier", "--locator", "title"]) == 0


@pytest.mark.usefixtures("case")
def test_two_people_each_add_a_hearing_and_correct_a_cell() -> None:
    add_hearing("2025-04-21")
    edit("events", "March at the harbour", "March along the harbour")
    commit()
    git("switch", "-q", "ours")
    add_hearing("2025-04-22")
    edit("events", "March at the harbour,,", "March at the harbour,A long march.,")
    commit()
    git("merge", "theirs", "-m", "Both.")
    assert main(["validate"]) == 0
    assert main(["format", "--check"]) == 0
    events = Path("data/events.csv").read_text(encoding="utf-8")
    for text in ("ev-20250421-hearing,", "ev-20250422-hearing,", ",March along the harbour,A long march.,"):
        assert text in events


@pytest.mark.usefixtures("case")
def test_one_cell_changed_twice_is_a_conflict_with_its_three_values() -> None:
    edit("events", "March at the harbour,,", "March along the harbour,A long march.,")
    edit("places", "Saltmouth", "Saltmouth Town")
    commit()
    git("switch", "-q", "ours")
    edit("events", "March at the harbour", "March by the harbour")
    commit()
    output = git("merge", "theirs", code=1)
    assert "data/events.csv:2: ev-20250301-march, title: it was “March at the harbour”; ours says" in output
    assert "ours says “March by the harbour”, theirs “March along the harbour”" in output
    lines = Path("data/events.csv").read_text(encoding="utf-8").split("\n")
    assert [line[:60] for line in lines[1:6]] == [
        "<<<<<<< ours",
        "ev-20250301-march,protest,March by the harbour,A long march.",
        "=======",
        "ev-20250301-march,protest,March along the harbour,A long mar",
        ">>>>>>> theirs",
    ]
    assert git("diff", "--name-only", "--diff-filter=U").split() == ["data/events.csv"]
    assert main(["validate"]) != 0
    Path("data/events.csv").write_text("\n".join([lines[0], lines[4], *lines[6:]]), encoding="utf-8")
    assert main(["validate"]) == 0


@pytest.mark.usefixtures("case")
def test_a_row_deleted_by_one_and_changed_by_the_other(capfd: pytest.CaptureFixture[str]) -> None:
    edit("demands", "de-20250320-drop,re-20250320-harbour-watch,,,,drop_charges,,\n", "")
    commit()
    git("switch", "-q", "ours")
    edit("demands", "drop_charges,,", "drop_charges,,Read again.")
    commit()
    output = git("merge", "theirs", code=1)
    assert "de-20250320-drop: theirs deleted the row, and ours changed it" in output
    text = Path("data/demands.csv").read_text(encoding="utf-8")
    assert "<<<<<<< ours\nde-20250320-drop," in text
    assert ",Read again.\n=======\n>>>>>>> theirs\n" in text
    git("merge", "--abort")
    git("switch", "-q", "theirs")
    git("merge", "ours", code=1)
    text = Path("data/demands.csv").read_text(encoding="utf-8")
    assert "<<<<<<< ours\n=======\nde-20250320-drop," in text


@pytest.mark.usefixtures("case")
def test_rows_and_columns_that_one_side_removes_or_adds() -> None:
    edit("demands", "de-20250320-drop,re-20250320-harbour-watch,,,,drop_charges,,\n", "")
    edit("places", "place_id,kind,", "place_id,sort,kind,")
    path = Path("data/places.csv")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *(row.replace(",", ",x,", 1) for row in rows), ""]), encoding="utf-8")
    commit()
    git("switch", "-q", "ours")
    edit("places", "Saltmouth", "Saltmouth Town")
    edit("places", "\npl-saltland,", "\npl-port,town,Port,,PT,,,\npl-saltland,")
    commit()
    git("merge", "theirs", "-m", "Both.")
    assert "de-20250320-drop" not in Path("data/demands.csv").read_text(encoding="utf-8")
    places = path.read_text(encoding="utf-8")
    assert places.startswith("place_id,sort,kind,")
    assert "\npl-port,,town,Port," in places
    assert ",x,town,Saltmouth Town," in places


@pytest.mark.usefixtures("case")
@pytest.mark.usefixtures("case")
def test_a_column_that_one_side_renames_keeps_the_corrections_of_the_other() -> None:
    edit("events", ",note\n", ",remark\n")
    commit()
    git("switch", "-q", "ours")
    edit("events", "March at the harbour", "March along the harbour")
    commit()
    git("merge", "-q", "theirs")
    text = Path("data/events.csv").read_text(encoding="utf-8")
    assert text.partition("\n")[0].endswith(",remark")
    assert "March along the harbour" in text
    assert "<<<<<<<" not in text


def test_where_there_is_no_repository_one_has_to_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["merge", "--install"]) == 2
    assert "run `git init` first" in capsys.readouterr().err


@pytest.mark.usefixtures("case")
def test_no_conflict_shows_who_is_withheld() -> None:
    edit("parties", "public_role", "withheld")
    party = Path("data/parties.csv").read_text(encoding="utf-8").partition("withheld")[0].split("\n")[-1]
    name = party.split(",")[2]
    edit("parties", name, "")
    commit()
    git("switch", "-q", "ours")
    edit("parties", name, f"{name} Junior")
    commit()
    output = git("merge", "theirs", code=1)
    assert "the values are not shown" in output
    assert name not in output


@pytest.mark.usefixtures("case")
def test_what_is_no_table_with_a_key_is_merged_by_line() -> None:
    def number_twice(day: str) -> None:
        edit("demands", "\n", f"\nde-twice,,,,,,{day},\nde-twice,,,,,,{day},\n")

    number_twice("1")
    commit()
    git("switch", "-q", "ours")
    number_twice("2")
    commit()
    output = git("merge", "theirs", code=1)
    assert "merged line by line: de-twice is twice in the table 'demands' of ours" in output
    assert "<<<<<<< ours\nde-twice" in Path("data/demands.csv").read_text(encoding="utf-8")


def test_by_hand_the_result_is_printed_and_the_first_column_is_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in [
        ("base", 'id,a,b\n1,"x, y",\n2,p,q\n'),
        ("ours", 'id,a,b\n1,"x, y",z\n2,p,q\n'),
        ("theirs", 'id,a,b\n1,"x, z",\n3,é,\n'),
    ]:
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    files = ["base.csv", "ours.csv", "theirs.csv"]
    assert main(["merge", *files]) == 0
    merged = 'id,a,b\n1,"x, z",z\n3,é,\n'
    assert capfd.readouterr() == (merged, "")
    assert Path("ours.csv").read_text(encoding="utf-8") != merged
    assert main(["merge", *files, "--output", "ours.csv"]) == 2
    assert main(["merge", *files, "--output", "merged.csv"]) == 0
    assert Path("merged.csv").read_text(encoding="utf-8") == merged
    Path("base.csv").write_bytes(b"")
    capfd.readouterr()
    assert main(["merge", *files]) == 1
    assert "1, a: both added this row; ours says “x, y”, theirs “x, z”" in capfd.readouterr().err
    assert main(["merge", "base.csv", "ours.csv"]) == 2
    assert "give BASE, OURS and THEIRS" in capfd.readouterr().err


@pytest.mark.usefixtures("case")
def test_no_module_of_the_repository_is_run_and_no_name_is_an_option() -> None:
    """git runs the driver in the folder of the repository, with the names that its files have."""
    for name in ("json", "casetrail", "argparse", "re"):
        Path(f"{name}.py").write_text("open('ran', 'a').write('x')\n")
    Path(".gitattributes").write_text("*.csv merge=casetrail\n")
    option = "--output=x.csv"
    Path(option).write_text("id,a\n1,x\n2,x\n3,x\n")
    commit()
    Path(option).write_text("id,a\n1,x\n2,x\n3,theirs\n")
    commit()
    git("switch", "-q", "ours")
    git("merge", "-q", "theirs~1")
    Path(option).write_text("id,a\n1,ours\n2,x\n3,x\n")
    commit()
    git("merge", "-q", "--no-edit", "theirs")
    assert Path(option).read_text() == "id,a\n1,ours\n2,x\n3,theirs\n"
    assert not Path("x.csv").exists() and not Path("ran").exists()
