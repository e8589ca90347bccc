"""What once ended in a raw exception, or reached a terminal, a page, R or a build service as it was."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main
from casetrail.describe.citation import doi_of
from casetrail.describe.markdown_text import link, paragraph

pty = pytest.importorskip("pty")

Captured = pytest.CaptureFixture[str]
HOSTILE = "T\x1b]0;PWN\x07\x1b[31m\x9b1m\u202e"
ABOUT = {
    "name": "x",
    "title": "t",
    "version": "1.0.0",
    "created": "2026-01-01T00:00:00Z",
    "contributors": [{"title": "c"}],
}


def package(folder: Path, field: dict[str, Any], text: str = "a\n1\n", **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    schema = {"fields": [{"name": "a", "type": "integer", **field}], **more.pop("schema", {})}
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema, **more.pop("resource", {})}
    descriptor = {**ABOUT, **more, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["{", "{}", "{0}", "{x!r}"])
def test_a_name_with_braces(tmp_path: Path, capfd: Captured, name: str) -> None:
    folder = package(tmp_path / "p", {"name": name}, f"{name}\n1\n1\n", schema={"uniqueKeys": [[name]]})
    assert main(["validate", str(folder)]) == 1
    assert "must be unique, but '1' is already in row 2" in capfd.readouterr().out


@pytest.mark.parametrize("form", ["sqlite", "json", "parquet", "r"])
@pytest.mark.parametrize("text", ["a\nx\n", "a\n1,2\n", "b\n1\n"])
def test_content_that_cannot_be_exported_is_no_fault_of_the_machine(
    tmp_path: Path, capfd: Captured, form: str, text: str
) -> None:
    folder = package(tmp_path / "p", {}, text)
    assert main(["export", str(folder), "--to", form, "--output", str(tmp_path / "out")]) == 1
    error = capfd.readouterr().err
    assert error.startswith("casetrail: t.csv") and error.count("\n") == 1


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"type": "any", "constraints": {"enum": [[1], {"x": 1}]}}, "constraint-enum"),
        ({"type": "string", "constraints": {"minLength": 2**63}}, "constraint-min-length"),
    ],
)
def test_a_constraint_beyond_measure(
    tmp_path: Path, capfd: Captured, field: dict[str, Any], code: str
) -> None:
    assert main(["validate", str(package(tmp_path / "p", field)), "--format", "json"]) == 1
    assert json.loads(capfd.readouterr().out)["counts"] == {code: 1}


def test_a_format_that_cannot_be_read_is_no_mistake_of_export(tmp_path: Path, capfd: Captured) -> None:
    folder = package(tmp_path / "p", {"type": "date", "format": "%Q"})
    assert main(["export", str(folder), "--to", "json", "--output", str(tmp_path / "o")]) == 1
    assert "the values of 'a' in 't' cannot be read as declared" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ({}, {"contributors": [{"title": "c", "email": "none"}]}),
        ({}, {"resource": {"type": "x"}}),
        ({}, {"profile": "x"}),
        ({"example": "x"}, {}),
        ({"constraints": {"foo": 1}}, {}),
        ({}, {"schema": {"fieldsMatch": ["exact"]}}),
        ({}, {"resource": {"name": "Ta Ble"}}),
        ({}, {"created": "2150-01-01T00:00:00Z"}),
    ],
)
def test_what_validate_accepts_is_released(
    tmp_path: Path, field: dict[str, Any], more: dict[str, Any]
) -> None:
    folder = package(tmp_path / "p", field, **more)
    assert main(["validate", str(folder)]) == 0
    assert main(["release", str(folder), "--output", str(tmp_path / "dist")]) == 0
    assert main(["verify", str(tmp_path / "dist" / "x-1.0.0.zip")]) == 0


def test_a_repository_without_an_object(harbour_case: Path, capfd: Captured) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        return subprocess.run(command, cwd=harbour_case, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")
    blob = git("rev-parse", "HEAD:data/events.csv").strip()
    (harbour_case / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert main(["diff", "HEAD", str(harbour_case)]) == 2
    assert "the repository lacks the file 'data/events.csv'" in capfd.readouterr().err


def test_a_partial_clone_says_how_to_get_the_rest(
    harbour_case: Path, tmp_path: Path, capfd: Captured
) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", *arguments]
        subprocess.run(command, capture_output=True, check=True)

    origin, clone = str(harbour_case), str(tmp_path / "clone")
    git(origin, "init", "-q")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "x")
    events = harbour_case / "data" / "events.csv"
    events.write_text("\n".join(events.read_text(encoding="utf-8").split("\n")[:-2]) + "\n", encoding="utf-8")
    git(origin, "commit", "-qam", "y")
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(".", "clone", "-q", "--filter=blob:none", harbour_case.as_uri(), clone)
    assert main(["diff", "HEAD~1", clone]) == 2
    said = capfd.readouterr().err
    assert "lacks" in said and said.count("\n") == 1
    git(clone, *said.split("`git ")[1].split("`")[0].split())
    assert main(["diff", "HEAD~1", clone]) == 1
    assert "rows removed: 1 in events" in capfd.readouterr().err


@pytest.mark.parametrize(
    "command", ["new party {}", "show ev-20250401-hearing --package {}", "page {}", "schemas {}"]
)
def test_a_table_of_the_profile_without_a_schema(command: str, harbour_case: Path, capfd: Captured) -> None:
    path = harbour_case / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    events = next(resource for resource in descriptor["resources"] if resource["name"] == "events")
    del events["schema"]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert main(command.format(harbour_case).split()) == 1
    said = capfd.readouterr().err
    assert "the table 'events' has no schema" in said and said.count("\n") == 1
    assert 'give its resource "schema": "schemas/events.json" and run `casetrail schemas`' in said


def at_a_terminal(*arguments: str) -> str:
    """What the command writes to a terminal."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen([sys.executable, "-m", "casetrail", *arguments], stdout=theirs, stderr=theirs)
    os.close(theirs)
    data = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:
            break
        if not part:
            break
        data += part
    os.close(ours)
    program.wait()
    return data.decode(errors="replace")


def test_no_command_lets_a_title_give_the_terminal_commands(harbour_case: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(harbour_case, before)
    for path in (harbour_case / "data" / "events.csv", harbour_case / "datapackage.json"):
        text = path.read_text(encoding="utf-8").replace("March at the harbour", HOSTILE)
        path.write_text(
            text.replace('"title": "', f'"title": {json.dumps(HOSTILE)[:-1]}', 1), encoding="utf-8"
        )
    case = str(harbour_case)
    for command in (
        ["cite", case],
        ["cite", case, "--style", "bibtex"],
        ["cite", case, "--style", "ris"],
        ["codebook", case],
        ["show", "ev-20250301-march", "--package", case],
        ["show", "--as-of", "2026-01-01", "--package", case],
        ["diff", str(before), case, "--format", "csv"],
        ["diff", str(before), case],
        ["validate", case],
    ):
        text = at_a_terminal(*command)
        assert "⟨U+001B⟩" in text or command[0] == "validate", command
        for unseen in ("\x1b]", "\x07", "\x9b", "\u202e"):
            assert unseen not in text, command


def test_a_doi_and_a_licence_stay_what_they_are() -> None:
    assert doi_of("https://doi.org/10.1234/abc.(1)") == "10.1234/abc.(1)"
    for text in ('10.1234/"><script>', "10.1234/x},note={PWN", "10.1234/a\\b"):
        assert doi_of(text) is None
    assert link("a](http://x)<b>", "http://x/) <s>") == r"[a\](http://x)&lt;b>](http://x/%29%20%3Cs%3E)"
    assert paragraph("![x](http://x) `![y]`") == r"!\[x](http://x) `![y]`"


def test_no_text_breaks_the_script_for_r(tmp_path: Path) -> None:
    folder = package(tmp_path / "p", {}, title="A\0B")
    assert main(["release", str(folder), "--output", str(tmp_path / "dist")]) == 0
    script = (tmp_path / "dist" / "x-1.0.0" / "load.R").read_text(encoding="utf-8")
    assert "\\u0000" not in script and "A\\ufffdB" in script


def test_no_name_in_a_zip_is_a_command_to_a_build_service(tmp_path: Path, capfd: Captured) -> None:
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("::set-env name=A::b", "x")
        archive.writestr("##[set-env name=A]b", "x")
    assert main(["verify", str(tmp_path / "y.zip")]) == 1
    out = capfd.readouterr().out
    lines = out.splitlines()
    assert "##[" not in out
    assert main(["validate", str(tmp_path / "##[error]x")]) == 2
    assert "##[" not in capfd.readouterr().err
    assert lines and not [line for line in lines if line.lstrip().startswith(("::", "##["))]


@pytest.mark.parametrize("command", ["validate {}", "validate {} --format json"])
def test_a_reader_that_is_gone_changes_no_exit_code(tmp_path: Path, command: str) -> None:
    folder = package(tmp_path / "p", {}, "a\nx\n")
    line = f"{sys.executable} -m casetrail {command.format(folder)} | true; exit ${{PIPESTATUS[0]}}"
    assert subprocess.run(["bash", "-c", line], capture_output=True).returncode == 1


@pytest.mark.parametrize("column", ["event_id", "kind", "date", "title"])
@pytest.mark.parametrize(
    "command",
    [
        ["show", "ch-12-1", "--package", "."],
        ["page", ".", "--output", "p.html"],
        ["export", ".", "--to", "ftm", "--output", "x.ftm"],
        ["export", ".", "--to", "ical", "--output", "x.ics"],
    ],
)
def test_a_missing_column_is_named(
    harbour_case: Path, column: str, command: list[str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(harbour_case)
    path = harbour_case / "data" / "events.csv"
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    at = lines[0].index(column)
    path.write_text(
        "".join(",".join(cells[:at] + cells[at + 1 :]) + "\n" for cells in lines), encoding="utf-8"
    )
    assert main(command) == 1
    err = capsys.readouterr().err
    assert "data/events.csv:1" in err
    assert column in err
    assert "mistake in casetrail" not in err


@pytest.mark.parametrize("table", ["events", "parties", "evidence", "sources"])
def test_a_column_that_the_schema_lacks_too_is_named(
    harbour_case: Path, table: str, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each column of the tables that every view reads: no view and no rule takes it for there."""
    monkeypatch.chdir(harbour_case)
    data, file = Path(f"data/{table}.csv"), Path(f"schemas/{table}.json")
    records, schema = data.read_text(encoding="utf-8"), json.loads(file.read_text(encoding="utf-8"))
    for field in schema["fields"]:
        rows = list(csv.reader(records.splitlines()))
        at = rows[0].index(field["name"])
        with data.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([row[:at] + row[at + 1 :] for row in rows])
        rest = [other for other in schema["fields"] if other is not field]
        file.write_text(json.dumps({**schema, "fields": rest}), encoding="utf-8")
        for command in (["show", "--disputed"], ["page"], ["export", "--to", "ftm", "--output", "x.ftm"]):
            assert main(command) == 1, (field["name"], command)
            said = capfd.readouterr().err
            assert f"the table '{table}' lacks" in said and said.count("\n") == 1
            assert f"the column '{field['name']}' of the profile" in said or "a primary key" in said
        assert main(["validate"]) == 1, field["name"]
        said = capfd.readouterr().out
        assert "profile-column-missing" in said and "could not run" not in said


def test_a_remedy_where_no_value_is_allowed_ends(tmp_path: Path, capfd: Captured) -> None:
    field = {"name": "a", "type": "string", "categories": []}
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": [field]}}
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "x", "resources": [resource]}))
    assert main(["validate", str(tmp_path)]) == 1
    assert "→ write no value\n" in capfd.readouterr().out


@pytest.mark.parametrize("kind", ["json", "parquet", "sqlite", "r"])
def test_two_tables_of_one_name_are_not_exported(kind: str, tmp_path: Path, capfd: Captured) -> None:
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}}
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "x", "resources": [table, table]}))
    assert main(["export", str(tmp_path), "--to", kind, "--output", str(tmp_path / "out")]) == 1
    assert "2 resources have the name 't'; give each a name of its own" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
