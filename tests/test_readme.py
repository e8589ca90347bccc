"""Every block of the README does what it shows, in a release built from this repository."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from casetrail.cli.main import main
from document_blocks import Block, blocks, run_commands, run_python, run_r, run_sql

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(ROOT / "README.md"))


def of(language: str) -> list[pytest.param]:  # type: ignore[valid-type]
    return [pytest.param(block, id=f"line {block.line}") for block in BLOCKS if block.language == language]


@pytest.fixture
def folder(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a release, with its zip in it."""
    target = tmp_path / release.name
    shutil.copytree(release, target)
    shutil.copy(release.with_name(f"{release.name}.zip"), target)
    monkeypatch.chdir(target)
    return target


@pytest.fixture
def checkout(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a checkout has of the dataset, after `make release`."""
    target = tmp_path / "checkout"
    target.mkdir()
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("datapackage.json", "CHANGELOG.md", "LICENSE-DATA", "CITATION.cff"):
        shutil.copy(ROOT / name, target)
    shutil.copytree(release, target / "dist" / release.name)
    shutil.copy(release.with_name(f"{release.name}.zip"), target / "dist")
    monkeypatch.chdir(target)
    return target


def test_it_is_short_and_every_block_is_in_a_language_that_is_tried() -> None:
    assert len(README.splitlines()) <= 110
    assert {block.language for block in BLOCKS} <= {"sh", "python", "sql", "r", "text"}


def test_the_version_that_is_shown_is_the_one_that_is_built(release: Path) -> None:
    name = release.name.rpartition("-")[0]
    assert set(re.findall(rf"{name}-\d[0-9.]*\d", README)) == {release.name}


@pytest.mark.parametrize("block", of("sh"))
def test_commands(block: Block, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_commands(block, monkeypatch)


@pytest.mark.parametrize("block", of("text"))
def test_what_is_shown_is_printed(block: Block, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "ev-20260123-hearing"]) == 0
    printed = capsys.readouterr().out.splitlines()
    # In the order in which they are printed; what is left out is marked.
    lines = iter(printed)
    assert all(line in lines for line in block.text.splitlines() if line != "…")


@pytest.mark.parametrize("block", of("python"))
def test_python(block: Block, folder: Path) -> None:
    run_python(block)


@pytest.mark.parametrize("block", of("sql"))
def test_sql(block: Block, folder: Path) -> None:
    run_sql(block)


@pytest.mark.program("Rscript")
@pytest.mark.parametrize("block", of("r"))
def test_r(block: Block, folder: Path) -> None:
    run_r(block)


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
