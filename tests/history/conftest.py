"""A case under git, and ways to change it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]
Edit = Callable[[str, str, str], None]


@pytest.fixture
def git(harbour_case: Path) -> Git:
    """Run git in the folder of the case, apart from the settings of the machine."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=harbour_case,
            env=os.environ | settings,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    run("add", ".")
    run("commit", "--quiet", "--message=first")
    return run


@pytest.fixture
def edit(harbour_case: Path) -> Edit:
    """Replace a text in a table of the case; it must be there."""

    def replace(table: str, old: str, new: str) -> None:
        path = harbour_case / "data" / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def set_version(harbour_case: Path) -> Callable[[str], None]:
    """Give the case another version."""

    def write(version: str) -> None:
        path = harbour_case / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        descriptor["version"] = version
        path.write_text(json.dumps(descriptor, indent=2), encoding="utf-8")

    return write
