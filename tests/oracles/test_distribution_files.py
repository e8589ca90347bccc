"""The files that a registry takes: twine accepts both, and the sdist has the program and its papers."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TWINE = ROOT / ".venv-oracles-twine" / "bin" / "python"
PAPERS = {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "PKG-INFO", ".gitignore"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist and the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_twine_accepts_both(built: Path) -> None:
    if not TWINE.exists():
        if os.environ.get("CASETRAIL_REQUIRE_ALL") == "1":
            pytest.fail(f"{TWINE} is not there, and CASETRAIL_REQUIRE_ALL=1 wants all; run `make oracles`")
        pytest.skip("needs the program twine (make oracles)")
    files = [str(path) for path in sorted(built.iterdir())]
    assert len(files) == 2
    done = subprocess.run([TWINE, "-m", "twine", "check", "--strict", *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sdist_has_no_strays(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    listed = subprocess.run(["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name for name in names if not name.startswith("src/")} <= PAPERS
    source = {name for name in names if name.startswith("src/")}
    assert source == {name for name in listed.stdout.split() if (ROOT / name).exists()}
