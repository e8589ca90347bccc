"""Every block of the README does what it shows, in a release built from this repository."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from casetrail.cli.main import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the paragraph before it."""

    language: str
    text: str
    intro: str
    line: int


def blocks() -> Iterator[Block]:
    intro = ""
    for token in MarkdownIt().parse(README):
        if token.type == "inline":
            intro = token.content
        if token.type == "fence":
            yield Block(token.info, token.content, intro, (token.map or [0])[0] + 1)


def of(language: str) -> list[pytest.param]:  # type: ignore[valid-type]
    return [pytest.param(one, id=f"line {one.line}") for one in blocks() if one.language == language]


@pytest.fixture
def folder(release: Path, tmp_path: Path) -> Path:
    """The folder of a release, with its zip in it."""
    target = tmp_path / release.name
    shutil.copytree(release, target)
    shutil.copy(release.with_name(f"{release.name}.zip"), target)
    return target


@pytest.fixture
def checkout(release: Path, tmp_path: Path) -> Path:
    """What a checkout has of the dataset, after `make release`."""
    target = tmp_path / "checkout"
    target.mkdir()
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("datapackage.json", "CHANGELOG.md", "LICENSE-DATA", "CITATION.cff"):
        shutil.copy(ROOT / name, target)
    shutil.copytree(release, target / "dist" / release.name)
    shutil.copy(release.with_name(f"{release.name}.zip"), target / "dist")
    return target


def test_every_block_is_in_a_language_that_is_tried() -> None:
    assert {one.language for one in blocks()} <= {"sh", "python", "sql", "r"}


def test_the_version_that_is_shown_is_the_one_that_is_built(release: Path) -> None:
    name = release.name.rpartition("-")[0]
    assert set(re.findall(rf"{name}-\d[0-9.]*\d", README)) == {release.name}


@pytest.mark.parametrize("block", of("sh"))
def test_commands(block: Block, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    for line in block.text.splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] == "make":
            # CI runs the two commands themselves; here only that the targets are there.
            done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        else:
            assert words[0] == "casetrail", f"this line is not tried: {line}"
            assert main(words[1:]) == 0, line


@pytest.mark.parametrize("block", of("python"))
def test_python(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "readme"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(block.text, "README.md", "exec"), names)
        for line in block.text.splitlines():
            shown = re.fullmatch(r"(\S.*?)  # ('[^']*')", line)
            if shown:
                assert repr(eval(shown[1], names)) == shown[2], line


@pytest.mark.parametrize("block", of("sql"))
def test_sql(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    statements = [one for one in block.text.split(";") if one.strip()]
    for statement in statements:
        assert rows(block.intro, statement), f"nothing comes of it: {statement}"


def rows(intro: str, statement: str) -> list[tuple[object, ...]]:
    if intro.startswith("**DuckDB**"):
        import duckdb

        with duckdb.connect() as connection:
            return connection.execute(statement).fetchall()  # type: ignore[no-any-return]
    assert intro.startswith("**SQLite**"), "the paragraph before it does not say which database is meant"
    with closing(sqlite3.connect(next(Path().glob("*.sqlite")))) as database:
        return database.execute(statement).fetchall()


@pytest.mark.program("Rscript")
@pytest.mark.parametrize("block", of("r"))
def test_r(block: Block, folder: Path) -> None:
    (folder / "readme.R").write_text(block.text, encoding="utf-8")
    # What nobody can install here is read by R at least.
    tried = "not tested here" not in block.intro
    code = "options(warn = 2); source('readme.R')" if tried else "invisible(parse('readme.R'))"
    command = ["Rscript", "--vanilla", "-e", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
