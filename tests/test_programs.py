"""A test whose program is missing is skipped aloud, and fails where every program must be there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import programs
import pytest

@pytest.mark.program("no-such-program-anywhere")
def test_needs_it():
    raise AssertionError("this must not run")

def test_needs_a_package_of_r():
    programs.need_for_r("tables <- noSuchPackage::read(1)")
    raise AssertionError("this must not run")

def test_needs_nothing():
    pass
"""


def run(
    folder: Path, root: Path, *arguments: str, require_all: bool = False
) -> subprocess.CompletedProcess[str]:
    for name in ("conftest.py", "programs.py"):
        shutil.copy(root / "tests" / name, folder / name)
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = program(name): needs a program\npythonpath = .\n")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_XDIST")}
    environment["CASETRAIL_REQUIRE_ALL"] = "1" if require_all else ""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_it_is_skipped_and_named_at_the_end(tmp_path: Path, root: Path, workers: tuple[str, ...]) -> None:
    done = run(tmp_path, root, *workers)
    assert done.returncode == 0, done.stdout
    listed = done.stdout.partition("tests that did not run: a program is missing")[2]
    assert "no-such-program-anywhere:\n    test_suite.py::test_needs_it" in listed
    assert "1 passed, 2 skipped" in done.stdout
    name = "R with its package noSuchPackage" if shutil.which("Rscript") else "Rscript"
    assert f"{name}:\n    test_suite.py::test_needs_a_package_of_r" in listed


def test_it_fails_where_every_program_must_be_there(tmp_path: Path, root: Path) -> None:
    done = run(tmp_path, root, require_all=True)
    assert done.returncode == 1
    assert "no-such-program-anywhere is not on this machine" in done.stdout
    assert "1 failed, 1 passed, 1 error" in done.stdout
