"""The fenced blocks of a Markdown page, and what runs them."""

from __future__ import annotations

import re
import shlex
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
from programs import need_for_r


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the paragraph before it, and its line in the page."""

    language: str
    text: str
    intro: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    intro = ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "inline":
            intro = token.content
        if token.type == "fence":
            yield Block(token.info.split(" ")[0], token.content, intro, (token.map or [0])[0] + 1)


def run_commands(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each line as a shell would; `cd` holds for the lines that follow."""
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words or words[0] == "$":
            continue
        if words[0] == "cd":
            monkeypatch.chdir(words[1])
        elif words[0] == "make":
            # CI runs the targets themselves; here only that they are there.
            done = subprocess.run(
                ["make", "-n", *words[1:]], cwd=Path(__file__).parent.parent, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        elif words[0] in ("sed", "echo"):
            subprocess.run(["bash", "-c", line], check=True)
        else:
            assert words[0] == "casetrail", f"this line is not tried: {line}"
            assert main(words[1:]) == 0, line


def run_python(block: Block) -> None:
    """Run it, and look at what its comments show."""
    names: dict[str, object] = {"__name__": "page"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(block.text, "page.md", "exec"), names)
        for line in block.text.splitlines():
            shown = re.fullmatch(r"(\S.*?)  # ('[^']*')", line)
            if shown:
                assert repr(eval(shown[1], names)) == shown[2], line


def run_sql(block: Block) -> None:
    """Run each statement in SQLite, or DuckDB where the paragraph before says so; something comes of it."""
    for statement in (part for part in block.text.split(";") if part.strip()):
        if block.intro.startswith("**DuckDB**"):
            import duckdb

            with duckdb.connect() as connection:
                rows = connection.execute(statement).fetchall()
        else:
            with closing(sqlite3.connect(next(Path().glob("*.sqlite")))) as database:
                rows = database.execute(statement).fetchall()
        assert rows, f"nothing comes of it: {statement}"


_SOURCED = re.compile(r'\bsource\("([^"]+)"\)')
"""The scripts that a block of R runs, whose packages it needs too."""


def run_r(block: Block) -> None:
    """Run it with real R, without a warning; what nobody can install here is read by R at least."""
    Path("page.R").write_text(block.text, encoding="utf-8")
    tried = "not tested here" not in block.intro
    if tried:
        scripts = [Path(name).read_text(encoding="utf-8") for name in _SOURCED.findall(block.text)]
        need_for_r("\n".join([block.text, *scripts]))
    code = "options(warn = 2); source('page.R')" if tried else "invisible(parse('page.R'))"
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
