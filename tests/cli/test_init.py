"""`casetrail init`: an empty case is valid at once, and releases after its first source, party and event."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import casetrail
from casetrail.case.profile import profile
from casetrail.cli.main import main
from casetrail.curate.new_case import PLACEHOLDERS

SOURCE = (
    "--kind news --publisher Gazette --language en --title Opening --read full --accessed 2026-02 "
    "--published 2026-01-02"
)
SETTINGS = ["--created", "2026-02-03", "--title", 'My "own" case', "--contributor", "Port watchers"]
SETTINGS += ["--court", "District Court No. 2", "--country", "KZ", "--language", "ru"]


def test_a_new_case_is_valid_and_canonical(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    monkeypatch.chdir("my-case")
    assert main(["validate"]) == 0
    assert main(["format", "--check"]) == 0
    assert main(["schemas", "--check"]) == 0
    assert "District Court No. 2" in Path("data/README.md").read_text(encoding="utf-8")
    assert "# Codebook: My" in Path("docs/codebook.md").read_text(encoding="utf-8")
    assert main(["codebook", "--write"]) == 0
    assert main(["show", "ev-worked-example-hearing"]) == 0
    assert sorted(path.stem for path in Path("data").glob("*.csv")) == sorted(profile().names)
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    assert (descriptor["name"], descriptor["title"]) == ("my-case", 'My "own" case')
    for path in (".github/workflows/check.yml", ".pre-commit-config.yaml", ".gitattributes", ".gitignore"):
        assert Path(path).is_file()
    assert "Port watchers" in Path("CITATION.cff").read_text(encoding="utf-8")
    assert "## my-case 0.1.0 (2026-02-03)" in Path("CHANGELOG.md").read_text(encoding="utf-8")
    marks = re.compile(rb"@[A-Z]+@")
    assert not [path for path in Path().rglob("*") if path.is_file() and marks.search(path.read_bytes())]
    check = Path(".github/workflows/check.yml").read_text(encoding="utf-8")
    assert f'pip install "casetrail=={casetrail.__version__}"\n' in check


def describe(*paths: str) -> None:
    """Write in one's own words what a new case leaves to be written."""
    for path in paths or PLACEHOLDERS:
        text = Path(path).read_text(encoding="utf-8")
        mended = re.sub(r"\s+".join(PLACEHOLDERS[path].split()), "The port of 2026", text)
        Path(path).write_text(mended, encoding="utf-8")


def test_it_releases_after_its_first_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    monkeypatch.chdir("my-case")
    assert main(["release"]) == 1
    assert "the worked example is still in the case" in capsys.readouterr().err
    assert main(["init", "--clean"]) == 0
    assert not [path for path in Path("data").glob("*.csv") if b"worked-example" in path.read_bytes()]
    evidence = ["--source", "so-gazette-20260102-opening", "--locator", "title"]
    assert main(["new", "source", *SOURCE.split()]) == 0
    party = ["--kind", "public_body", "--name", "District Court", "--description", "The court."]
    assert main(["new", "party", *party, "--disclosure", "public_role", *evidence]) == 0
    hearing = ["--title", "Opening", "--date", "2026-01-02", "--status", "held"]
    court = ["--with", "participation", "party_id=pa-district-court", "role=court"]
    assert main(["new", "hearing", *hearing, *court, *evidence]) == 0
    assert main(["validate"]) == 0, capsys.readouterr().out
    capsys.readouterr()
    for path, words in PLACEHOLDERS.items():
        # A case that nobody described is published by nobody.
        assert main(["release"]) == 1
        assert f"{path}: it still says '{words}'" in capsys.readouterr().err
        describe(path)
    assert main(["release"]) == 0, capsys.readouterr()
    release = Path("dist/my-case-0.1.0")
    assert (release / "SHA256SUMS").is_file()
    assert main(["verify", str(release)]) == 0
    assert main(["validate", str(release)]) == 0


@pytest.mark.parametrize("name", ["My Case", "-x", "ä"])
def test_a_name_that_cannot_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", f"./{name}"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_empty_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_of_a_folder_that_is_not_empty_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(sys.executable, ["-m", "casetrail", "init", str(tmp_path)], encoding="utf-8")
    child.expect("not empty")
    assert "Title" not in child.before
    child.close()


def test_the_day_must_be_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["init", str(tmp_path / "x"), "--created", "3 February"])
    assert "is no day" in capsys.readouterr().err


def test_what_rests_on_the_example_holds_its_removal_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    events = Path("my-case/data/events.csv")
    text = events.read_text(encoding="utf-8").replace("ev-worked-example-hearing", "ev-mine")
    events.write_text(text, encoding="utf-8")
    before = events.read_bytes()
    assert main(["init", "--clean", "my-case"]) == 1
    said = capsys.readouterr().err
    assert "Nothing was removed" in said
    assert events.read_bytes() == before


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        (["--country", "KK"], "--country KK"),
        (["--language", "xx-yy-zz"], "--language xx-yy-zz"),
        ([], "give the folder"),
    ],
)
def test_what_cannot_be_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str], reason: str
) -> None:
    folder = [str(tmp_path / "x")] if option else []
    assert main(["init", *folder, *option]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "casetrail", "init", "my-case"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    ) as process:
        os.close(theirs)
        os.write(ours, "Дело порта\nDistrict Court\nKK\nKZ\nru\n".encode())
        said = b""
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 4096):
                said += piece
        os.close(ours)
        assert process.wait() == 0, said.decode()
    assert "Country (a code of ISO 3166-1)" in said.decode()
    assert "'KK'" in said.decode()
    descriptor = json.loads((tmp_path / "my-case" / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["title"] == "Дело порта"
    places = (tmp_path / "my-case" / "data" / "places.csv").read_text(encoding="utf-8")
    assert "Example Town,,KZ" in places
    assert ",ru," in (tmp_path / "my-case" / "data" / "sources.csv").read_text(encoding="utf-8")


def test_the_first_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From nothing to a release with a hearing, by the commands that the README of a new case names."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    monkeypatch.chdir("my-case")
    assert main(["init", "--clean"]) == 0
    evidence = ["--source", "so-gazette-20260102-opening", "--locator", "title"]
    place = ["--kind", "town", "--name", "Harbourtown", "--country", "KZ"]
    court = ["--kind", "public_body", "--name", "District Court", "--description", "It tries the case."]
    accused = ["--kind", "person", "--description", "Accused.", "--disclosure", "withheld"]
    hearing = ["--title", "The trial opens", "--date", "2026-01-02", "--status", "held"]
    with_ = ["--with", "participation", "party_id=pa-district-court", "role=court"]
    for command in (
        ["source", *SOURCE.split()],
        ["place", *place, *evidence],
        ["party", *court, "--disclosure", "public_role", *evidence],
        ["party", *accused, *evidence],
        ["hearing", *hearing, "--place-id", "pl-harbourtown", *with_, *evidence],
    ):
        assert main(["new", *command]) == 0, capsys.readouterr()
    assert main(["validate"]) == 0, capsys.readouterr()
    assert "0 warnings" in capsys.readouterr().out
    assert main(["format", "--check"]) == 0
    assert main(["workbook", "write", "--output", "case.xlsx"]) == 0
    assert main(["page", "--output", "page.html"]) == 0
    describe()
    assert main(["release"]) == 0, capsys.readouterr()
