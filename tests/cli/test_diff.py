"""`casetrail diff` as it is called."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from casetrail.cli.main import main


def git(*commands: list[str]) -> None:
    who = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org")
    who |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "A")
    for command in commands:
        extra = ["--allow-empty"] if command[0] == "commit" else []
        subprocess.run(["git", *command, *extra], check=True, env=os.environ | who)


@pytest.fixture
def changed(harbour_case: Path, tmp_path: Path) -> tuple[str, str]:
    """Two folders: the case, and the case with a cell changed, a row added and one removed."""
    new = tmp_path / "new"
    shutil.copytree(harbour_case, new)
    for table, old, text in [
        ("events", "March at the harbour", "The *march* | <b>"),
        ("places", "\npl-saltland,", "\npl-port,town,Port,,PT,,,\npl-saltland,"),
        ("demands", "de-20250320-drop,re-20250320-harbour-watch,,,,drop_charges,,\n", ""),
        ("retired", "version,note\n", "version,note\nrt-1,de-20250320-drop,,No such demand.,2.0.0,\n"),
    ]:
        path = new / "data" / f"{table}.csv"
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, text), encoding="utf-8")
    return str(harbour_case), str(new)


def test_nothing_differs(harbour_case: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(harbour_case), str(harbour_case)]) == 0
    assert "Nothing differs." in capfd.readouterr().out


def test_text(changed: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *changed]) == 1
    said = capfd.readouterr().out
    assert "events: 1 row changed\n  ~ ev-20250301-march\n" in said
    assert "title: March at the harbour → The *march* | <b>" in said
    assert "  - de-20250320-drop  (No such demand.)" in said
    ending = "the changes ask for a major version bump, 1.0.0 → 2.0.0; version 1.0.0 may not be released."
    assert said.endswith(f"\nSince {changed[0]} {ending}\n")
    assert "\x1b" not in said


def test_colours(
    changed: tuple[str, str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["diff", *changed]) == 1
    said = capfd.readouterr().out
    assert "\x1b[31m- de-20250320-drop\x1b[0m" in said
    assert "\x1b[32m+ pl-port\x1b[0m" in said
    assert "\x1b[31;9mMarch at the harbour\x1b[0m → \x1b[32mThe *march* | <b>\x1b[0m" in said
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["diff", *changed]) == 1
    assert "\x1b" not in capfd.readouterr().out


def test_long_lists_are_cut_and_counted(changed: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    old, new = changed
    places = Path(new, "data", "places.csv")
    rows = "".join(f"pl-x{number:03},town,X,,PT,,,\n" for number in range(150))
    places.write_text(places.read_text(encoding="utf-8") + rows, encoding="utf-8")
    assert main(["diff", old, new]) == 1
    said = capfd.readouterr().out
    assert "places: 151 rows added\n" in said
    assert said.count("  + pl-") == 50
    assert "\n  … and 101 more rows\n" in said
    assert main(["diff", old, new, "--format", "markdown", "--limit", "10"]) == 1
    said = capfd.readouterr().out
    assert said.count("| place&#95;id |") == 10
    assert "… and 141 more rows" in said
    assert main(["diff", old, new, "--html", "--limit", "10"]) == 1
    said = capfd.readouterr().out
    assert "<summary>Show 100 more</summary>" in said
    assert "… and 41 more rows" in said
    assert main(["diff", old, new, "--limit", "0"]) == 1
    assert capfd.readouterr().out.count("  + pl-") == 151


def test_the_page_for_reviewers(changed: tuple[str, str], tmp_path: Path) -> None:
    page = tmp_path / "changes.html"
    assert main(["diff", *changed, "--html", "--output", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    assert "<b>" not in text
    assert (
        "<del><bdi>March at the harbour</bdi></del> → <ins><bdi>The *march* | &lt;b&gt;</bdi></ins>" in text
    )
    assert "1.0.0 → 2.0.0; version 1.0.0 may not be released." in text
    assert "No such demand." in text
    assert "<script" not in text


def test_a_branch_is_no_release_but_the_only_version_there_is(
    harbour_case: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(harbour_case)
    git(["init", "-qb", "main"], ["add", "."], ["commit", "-qm1"])
    places = Path("data/places.csv")
    places.write_text(places.read_text(encoding="utf-8") + "pl-x,town,X,,PT,,,\n", encoding="utf-8")
    assert main(["diff", "main"]) == 1
    assert "Since main the changes ask for a minor version bump, 1.0.0 → 1.1.0;" in capfd.readouterr().out
    git(["tag", "v1.0.0"], ["commit", "-qam2"], ["switch", "-qc", "more"])
    text = places.read_text(encoding="utf-8")
    places.write_text(text.replace("Saltmouth", "Saltmouth Town"), encoding="utf-8")
    assert main(["diff", "main"]) == 1
    said = capfd.readouterr().out
    assert "These changes ask for a patch version bump." in said
    assert "Since v1.0.0 the changes ask for a minor version bump, 1.0.0 → 1.1.0;" in said


def test_the_change_table(changed: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *changed, "--format", "csv", "--reason", "Read again."]) == 1
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert list(rows[0]) == ["version", "table", "key", "column", "old", "new", "kind", "reason"]
    assert rows[0] == {
        "version": "1.0.0",
        "table": "events",
        "key": "ev-20250301-march",
        "column": "title",
        "old": "March at the harbour",
        "new": "The *march* | <b>",
        "kind": "changed",
        "reason": "Read again.",
    }
    removed = [row for row in rows if row["kind"] == "removed"]
    assert {row["reason"] for row in removed} == {"No such demand."}
    assert {row["column"]: row["old"] for row in removed}["demand"] == "drop_charges"


def test_json_and_the_release(changed: tuple[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *changed, "--format", "json", "--previous", changed[0]]) == 1
    shown = json.loads(capfd.readouterr().out)
    assert shown["bump"] == "major"
    assert (shown["release"]["minimum"], shown["release"]["enough"]) == ("2.0.0", False)
    assert [change["table"] for change in shown["row_changes"]] == ["events", "demands", "places", "retired"]
    (finding,) = shown["release"]["findings"]
    assert (finding["code"], finding["severity"]) == ("version-bump-too-small", "error")
    assert (finding["path"], finding["value"]) == ("datapackage.json", "1.0.0")


def test_markdown_takes_nothing_of_the_data_for_markup(changed: tuple[str, str], tmp_path: Path) -> None:
    output = tmp_path / "summary.md"
    assert main(["diff", *changed, "--format", "markdown", "--output", str(output)]) == 1
    text = output.read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "*march*" not in text
    rows = [line for line in text.split("\n") if line.startswith("| changed")]
    assert rows
    assert all(row.count("|") == 7 for row in rows)


def test_without_old_the_newest_tag_is_the_old_one(
    harbour_case: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(harbour_case)
    assert main(["diff"]) == 2
    assert "no earlier version" in capfd.readouterr().err
    git(["init", "-q"], ["add", "."], ["commit", "-qm1"], ["tag", "v1.0.0"], ["commit", "-qm2"])
    assert main(["diff"]) == 0
    assert "v1.0.0 → datapackage.json" in capfd.readouterr().out


def test_bad_input_is_one_line(harbour_case: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    events = harbour_case / "data" / "events.csv"
    lines = events.read_text().splitlines(keepends=True)
    twice = tmp_path / "twice"
    shutil.copytree(harbour_case, twice)
    (twice / "data" / "events.csv").write_text("".join([*lines, lines[1]]))
    for old, new, word in [
        (str(harbour_case), str(twice), "is twice in the table"),
        (str(harbour_case), "nowhere", "neither a folder or zip nor a git revision"),
        (str(events), str(harbour_case), "is a file of a package"),
    ]:
        assert main(["diff", old, new]) == 2
        said = capfd.readouterr()
        assert said.out == ""
        assert word in said.err
        assert said.err.count("\n") == 1
