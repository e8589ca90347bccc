"""`casetrail validate`: what it prints, where it writes, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import casetrail
import casetrail.case.validation
from casetrail.checks.table import TableProgress
from casetrail.cli.main import main
from casetrail.cli.progress import Progress
from casetrail.findings.error import CasetrailError
from casetrail.findings.renderings import FORMATS


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A package with two mistakes of one kind."""
    schema = {"fields": [{"name": "id"}, {"name": "n", "type": "integer"}], "primaryKey": ["id"]}
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "tried", "resources": [resource]}))
    (tmp_path / "t.csv").write_text("id,n\na,1\nb,x\nc,=y\n")
    return tmp_path


def test_a_sound_package_ends_with_0(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(harbour_case)]) == 0
    assert ": valid. 17 tables" in capsys.readouterr().out


def test_mistakes_end_with_1_and_are_explained(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(broken)]) == 1
    out = capsys.readouterr().out
    assert "2 errors (type-integer)" in out
    assert "t.csv:3: 'x' is not a whole number" in out


def test_the_default_is_the_package_of_this_folder(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(broken)
    assert main(["validate"]) == 1
    assert "\n  t.csv:3: " in capsys.readouterr().out


def test_no_package_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(tmp_path / "nothing")]) == 2
    assert capsys.readouterr().err.startswith("casetrail: there is no package at ")


def test_a_check_that_could_not_run_ends_with_2(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("casetrail.checks.fixity.Fixity.on_resource", fail)
    assert main(["validate", str(broken), "--format", "json"]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["check-not-run"] == 1
    assert [check["name"] for check in report["checks"] if not check["ran"]] == ["bytes-and-hash"]


def test_a_table_that_cannot_be_read_because_of_its_content_ends_with_1(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    descriptor = json.loads((broken / "datapackage.json").read_text())
    key = {"fields": ["n"], "reference": {"resource": "u", "fields": ["id"]}}
    descriptor["resources"][0]["schema"]["foreignKeys"] = [key]
    schema = {"fields": [{"name": "id"}], "primaryKey": "id"}
    other = {"name": "u", "type": "table", "path": "u.csv", "schema": schema}
    descriptor["resources"].append(other)
    (broken / "datapackage.json").write_text(json.dumps(descriptor))
    (broken / "u.csv").write_bytes(b"")
    assert main(["validate", str(broken), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"]["not-checked"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_to_a_file_or_printed(
    name: str, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(broken), "--format", name]) == 1
    printed = capsys.readouterr().out
    target = broken / "report"
    assert main(["validate", str(broken), "--format", name, "--output", str(target)]) == 1
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8") == printed
    assert "type-integer" in printed


def test_several_reports_are_made_of_one_run(
    broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken)
    alone = {}
    for name in FORMATS:
        assert main(["validate", "--format", name]) == 1
        alone[name] = capsys.readouterr().out
    calls = 0
    validate = casetrail.case.validation.validate_package

    def counted(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        return validate(*arguments)

    monkeypatch.setattr("casetrail.case.validation.validate_package", counted)
    arguments = ["--output", "github", "--output", "sarif=x.sarif", "--output", "markdown=out.md"]
    assert main(["validate", *arguments]) == 1
    assert calls == 1
    assert capsys.readouterr().out == alone["github"]
    assert Path("x.sarif").read_text(encoding="utf-8") == alone["sarif"]
    assert Path("out.md").read_text(encoding="utf-8") == alone["markdown"]


@pytest.mark.parametrize(
    ("arguments", "printed", "files"),
    [
        ([], "text", {}),
        (["--output", "report"], None, {"report": "text"}),
        (["--format", "json", "--output", "report"], None, {"report": "json"}),
        (["--format", "github", "--output", "json=report"], "github", {"report": "json"}),
        (["--output", "json=report"], None, {"report": "json"}),
        (["--output", "json=report", "--output", "text"], "text", {"report": "json"}),
        (["--output", "json=-"], "json", {}),
        (["--output", "a=b"], None, {"a=b": "text"}),
        (["--output", "./json"], None, {"json": "text"}),
    ],
)
def test_what_is_printed_and_what_is_written(
    arguments: list[str],
    printed: str | None,
    files: dict[str, str],
    broken: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(broken)
    before = {path.name for path in broken.iterdir()}
    forms = {}
    for name in FORMATS:
        main(["validate", "--format", name])
        forms[name] = capsys.readouterr().out
    assert main(["validate", *arguments]) == 1
    assert capsys.readouterr().out == (forms[printed] if printed else "")
    assert {path.name for path in broken.iterdir()} - before == files.keys()
    for file, form in files.items():
        assert Path(file).read_text(encoding="utf-8") == forms[form]


@pytest.mark.parametrize("outputs", [["text", "github"], ["json=a", "sarif=a"], ["text", "json=-"]])
def test_two_reports_in_one_place_are_refused(
    outputs: list[str], broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(broken), *(word for text in outputs for word in ("--output", text))]) == 2
    assert "several reports would go" in capsys.readouterr().err


def test_the_json_report_has_the_contract_of_the_design(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["validate", str(broken), "--format", "json", "--limit", "1", "--hygiene"])
    report = json.loads(capsys.readouterr().out)
    assert list(report) == ["package", "version", "valid", "tables", "checks", "counts", "findings"]
    assert report["tables"] == [{"name": "t", "path": "t.csv", "rows": 3}]
    assert report["counts"] == {"type-integer": 2}
    assert {"name": "hygiene", "ran": True} in report["checks"]
    (found,) = report["findings"]
    assert list(found) == [
        *("code", "severity", "table", "path", "row", "line", "column", "field", "key", "value"),
        *("message", "hint", "related"),
    ]


def test_hygiene_can_be_asked_for_and_left_out(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (broken / "t.csv").write_text("id,n\n=a,1\n")
    codes = []
    for arguments in ([], ["--hygiene"], ["--no-hygiene"]):
        codes.append(main(["validate", str(broken), *arguments]))
    assert codes == [0, 1, 0]
    capsys.readouterr()


def test_a_file_that_cannot_be_written_is_one_sentence(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(broken), "--output", str(broken / "no" / "where")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("seed", ["0", "77"])
def test_the_report_does_not_depend_on_the_process(seed: str, broken: Path) -> None:
    def run(**environment: str) -> bytes:
        command = [sys.executable, "-m", "casetrail.cli.main", "validate", str(broken), "--format", "json"]
        return subprocess.run(
            command, capture_output=True, env={**os.environ, **environment}, check=False
        ).stdout

    plain = run(PYTHONHASHSEED="1", LC_ALL="C", TZ="UTC")
    assert run(PYTHONHASHSEED=seed, LC_ALL="tr_TR.UTF-8", TZ="Asia/Almaty") == plain != b""


class Terminal:
    """A stream that keeps what is written."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""


def test_progress_is_shown_after_a_while_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casetrail.cli.progress._PATIENCE", 0.05)
    monkeypatch.setattr("casetrail.cli.progress._STEP", 0.01)
    terminal = Terminal()

    def wait_for(words: str) -> None:
        until = time.monotonic() + 20
        while words not in terminal.text:
            assert time.monotonic() < until, terminal.text
            time.sleep(0.005)

    with Progress(terminal) as progress:  # type: ignore[arg-type]
        progress(TableProgress("events", 10))
        assert terminal.text == ""
        progress(TableProgress("events", 1_000_000))
        wait_for("\rchecking events: 1,000,000 rows, 0 s")
        progress(TableProgress("events", 1_000_000, 0, 1))
        wait_for("\rcomparing keys of events: 0 s")
        progress(TableProgress("events", 1_000_000, 6, 8))
        wait_for("\rcomparing keys of events: part 7 of 8, 0 s")
        # Nothing is heard, and the time goes on all the same.
        wait_for("part 7 of 8, 1 s")
    *_, last, nothing = terminal.text.split("\r")
    assert nothing == last.strip() == ""


def test_a_short_run_shows_no_progress() -> None:
    terminal = Terminal()
    with Progress(terminal) as progress:  # type: ignore[arg-type]
        progress(TableProgress("events", 10))
    assert terminal.text == ""


def test_colour_is_for_terminals_only(broken: Path) -> None:
    def run(**environment: str) -> bytes:
        pty = pytest.importorskip("pty")
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "casetrail.cli.main", "validate", str(broken)]
        subprocess.run(command, stdout=slave, stderr=slave, env={**os.environ, **environment}, check=False)
        os.close(slave)
        shown = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(master)
        return shown

    assert b"\x1b[" in run(TERM="xterm")
    assert b"\x1b[" not in run(TERM="xterm", NO_COLOR="1")


@pytest.mark.parametrize("resource", [{"encoding": "utf-7"}, {"format": "dbf"}, {"compression": "bz2"}])
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_what_cannot_be_judged_is_not_called_wrong(
    resource: dict[str, str], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("id\n1\n")
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}]}, **resource}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    assert main(["validate", str(tmp_path), "--format", form]) == 2
    told = capsys.readouterr().out.lower()
    assert "not judged" in told
    assert "not valid" not in told
    with pytest.raises(CasetrailError, match="is not read"):
        casetrail.open(tmp_path)["t"]
