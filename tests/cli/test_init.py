"""`casetrail init`: an empty case is valid at once, and releases after its first source, party and event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casetrail.case.profile import profile
from casetrail.cli.main import main

SOURCE = (
    "--kind news --publisher Gazette --language en --title Opening --read full --accessed 2026-02 "
    "--published 2026-01-02"
)
SETTINGS = ["--created", "2026-02-03", "--title", "My case", "--contributor", "Port watchers"]


def test_a_new_case_is_valid_and_canonical(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    monkeypatch.chdir("my-case")
    assert main(["validate"]) == 0
    assert main(["format", "--check"]) == 0
    assert main(["schemas", "--check"]) == 0
    assert sorted(path.stem for path in Path("data").glob("*.csv")) == sorted(profile().names)
    descriptor = json.loads(Path("datapackage.json").read_text(encoding="utf-8"))
    assert (descriptor["name"], descriptor["title"]) == ("my-case", "My case")
    for path in (".github/workflows/check.yml", ".pre-commit-config.yaml", ".gitattributes", ".gitignore"):
        assert Path(path).is_file()
    assert "Port watchers" in Path("CITATION.cff").read_text(encoding="utf-8")
    assert "## my-case 0.1.0 (2026-02-03)" in Path("CHANGELOG.md").read_text(encoding="utf-8")
    assert not [
        path for path in Path().rglob("*") if path.is_file() and b"@" in path.read_bytes().replace(b"@v", b"")
    ]


def test_it_releases_after_its_first_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my-case", *SETTINGS]) == 0
    monkeypatch.chdir("my-case")
    evidence = ["--source", "so-gazette-20260102-opening", "--locator", "title"]
    assert main(["new", "source", *SOURCE.split()]) == 0
    party = ["--kind", "public_body", "--name", "District Court", "--description", "The court."]
    assert main(["new", "party", *party, "--disclosure", "public_role", *evidence]) == 0
    hearing = ["--title", "Opening", "--date", "2026-01-02", "--status", "held"]
    court = ["--with", "participation", "party_id=pa-district-court", "role=court"]
    assert main(["new", "hearing", *hearing, *court, *evidence]) == 0
    assert main(["validate"]) == 0, capsys.readouterr().out
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


def test_the_day_must_be_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["init", str(tmp_path / "x"), "--created", "3 February"])
    assert "is no day" in capsys.readouterr().err
