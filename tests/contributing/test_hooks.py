"""The hooks for git: whatever folder a case is in, a commit that breaks it is held back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).parents[2] / "src" / "casetrail" / "curate" / "case_template"
BIN = Path(sys.executable).parent


class Repository:
    """A repository whose hooks are installed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = os.environ | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(root.parent / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        for who in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.org"}

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command at the root: its exit code and what it prints."""
        done = subprocess.run(command, cwd=self.root, env=self.environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def commit(self) -> tuple[int, str]:
        """Commit everything."""
        assert self.run("git", "add", "--all")[0] == 0
        return self.run("git", "commit", "-q", "-m", "Change")


@pytest.fixture
def repository(tmp_path: Path, harbour_case: Path) -> Repository:
    """Two cases in folders of a repository, one of which is broken from the start."""
    root = tmp_path / "many"
    root.mkdir()
    shutil.copytree(harbour_case, root / "cases" / "harbour")
    shutil.copytree(harbour_case, root / "cases" / "broken")
    (root / "cases" / "broken" / "data" / "events.csv").write_text("nothing\n")
    (root / "README.md").write_text("Cases.\n")
    repository = Repository(root)
    assert repository.run("git", "init", "-q", "-b", "main")[0] == 0
    assert repository.commit()[0] == 0
    shutil.copy(TEMPLATE / ".pre-commit-config.yaml", root)
    code, text = repository.run("pre-commit", "install")
    assert code == 0, text
    return repository


def test_a_commit_that_breaks_a_case_in_a_folder_is_held_back(repository: Repository) -> None:
    events = repository.root / "cases" / "harbour" / "data" / "events.csv"
    good = events.read_text()
    events.write_text(good.replace(",protest,", ",protset,"))
    code, text = repository.commit()
    assert code == 1
    assert "cases/harbour/data/events.csv:2: 'protset'" in text and "broken" not in text
    events.write_text(good.replace("March at the harbour", "The march"))
    code, text = repository.commit()
    assert code == 0, text


def test_a_table_that_is_deleted_or_not_canonical_is_held_back(repository: Repository) -> None:
    events = repository.root / "cases" / "harbour" / "data" / "events.csv"
    good = events.read_text()
    events.unlink()
    code, text = repository.commit()
    assert code == 1 and "there is no such file" in text
    header, *rows = good.splitlines(keepends=True)
    events.write_text("".join([header, *reversed(rows)]))
    code, text = repository.commit()
    assert code == 1 and events.read_text() == good


def test_a_descriptor_that_cannot_be_read_is_held_back(repository: Repository) -> None:
    descriptor = repository.root / "cases" / "harbour" / "datapackage.json"
    descriptor.write_text("{")
    assert repository.commit()[0] == 1
    (repository.root / "cases" / "harbour" / "data" / "events.csv").write_text("x\n")
    assert repository.run("git", "add", "cases/harbour/data")[0] == 0
    assert repository.run("git", "commit", "-q", "-m", "Table")[0] == 1


def test_a_commit_without_tables_passes(repository: Repository) -> None:
    (repository.root / "README.md").write_text("More cases.\n")
    code, text = repository.commit()
    assert code == 0, text


def test_all_files_are_all_cases(repository: Repository) -> None:
    code, text = repository.run("pre-commit", "run", "--all-files", "casetrail-validate")
    assert code == 1 and "cases/broken/data/events.csv" in text
