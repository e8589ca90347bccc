"""CONTRIBUTING.md: both paths, from start to end, by the very commands that stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
IN_QUESTION = {
    "casetrail workbook merge case.xlsx --check": 1,
    "casetrail diff HEAD": 1,
    "casetrail diff main": 1,
}
"""Commands that end with 1 here, since there is something to see."""


def commands(heading: str) -> list[str]:
    """The commands below a heading of CONTRIBUTING.md, in order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return [line for block in blocks for line in block.strip().split("\n")]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of this repository as it stands: what is tracked, in a repository of its own."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout; there is nothing to clone")
    folder = tmp_path / "clone"
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "-z",
            "data",
            "schemas",
            "datapackage.json",
            ".pre-commit-config.yaml",
            ".gitattributes",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    for line in ("git init -q -b main", "git add .", "git commit -q -m Start"):
        assert run(folder, line).returncode == 0
    return folder


def run(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    environment |= {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def follow(folder: Path, line: str) -> str:
    done = run(folder, line)
    assert done.returncode == IN_QUESTION.get(line, 0), f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def edit(path: Path) -> None:
    """What a contributor does in the spreadsheet: correct a cell, add an event with its evidence, save."""
    with CalamineWorkbook.from_path(path) as book:
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }

    def add(sheet: str, **cells: str) -> None:
        sheets[sheet].append([cells.get(str(name), "") for name in sheets[sheet][0]])

    read = sheets["sources"][0].index("read")
    source = next(row[0] for row in sheets["sources"][1:] if row[read] == "full")
    add(
        "events",
        event_id="ev-20990131-hearing",
        kind="hearing",
        title="Example",
        date="2099-01-31",
        status="scheduled",
    )
    row = {"table": "events", "row_id": "ev-20990131-hearing", "source_id": source}
    add("evidence", evidence_id="ec-20990131-hearing", locator="paragraph 3", certainty="stated", **row)
    edited = Workbook(str(path))
    for name, rows in sheets.items():
        sheet = edited.add_worksheet(name)
        for index, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(index, column, str(text))
    edited.close()


def test_with_a_spreadsheet(clone: Path) -> None:
    write, check, *rest = commands("With a spreadsheet")
    follow(clone, write)
    edit(clone / "case.xlsx")
    said = follow(clone, check)
    assert "ev-20990131-hearing is a new row" in said
    said = "".join(follow(clone, line) for line in rest)
    assert "+ ev-20990131-hearing" in said
    assert "+ ec-20990131-hearing" in said
    assert "minor version bump" in said


def test_with_git(clone: Path) -> None:
    said = "".join(follow(clone, line) for line in commands("With git"))
    assert "+ ev-20990131-hearing" in said
    assert run(clone, "git log -1 --format=%s").stdout == "Add the example of a hearing\n"
    # The hooks hold back what is not right, and mend what is not canonical.
    events = clone / "data" / "events.csv"
    good = events.read_text(encoding="utf-8")
    events.write_text(good.replace(",hearing,", ",haering,", 1), encoding="utf-8")
    held = run(clone, "git commit -q -a -m Wrong")
    assert held.returncode == 1
    assert "did you mean 'hearing'" in held.stdout + held.stderr
    header, first, *others = good.splitlines(keepends=True)
    events.write_text("".join([header, *others, first]), encoding="utf-8")
    assert run(clone, "git commit -q -a -m Moved").returncode == 1
    assert events.read_text(encoding="utf-8") == good


def test_the_commands_are_the_ones_that_exist() -> None:
    for heading in ("With a spreadsheet", "With git"):
        for line in commands(heading):
            assert shlex.split(line)[0] in ("casetrail", "git", "pre-commit")
