"""What the oracle tests share: releases to be judged, and the judges, programs in an environment apart."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casetrail.cli.main import main
from casetrail.curate.refresh_schemas import write_schemas
from casetrail.package.package import open_package

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
REQUIRE_ALL = os.environ.get("CASETRAIL_REQUIRE_ALL") == "1"

Judge = Callable[[str, Path], Any]


def need(program: Path) -> str:
    """The path of a program of others; the test is skipped, or fails, where it is not there."""
    if not program.exists():
        if REQUIRE_ALL:
            pytest.fail(f"{program} is not there, and CASETRAIL_REQUIRE_ALL=1 wants all; run `make oracles`")
        pytest.skip("needs the program oracles (make oracles)")
    return str(program)


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Run a judge of `judges/` on a release, without a network to ask; what it says."""
    # Each worker gives the judges a home of their own: some keep caches there.
    home = tmp_path_factory.mktemp("home")

    def run(name: str, release: Path) -> Any:
        python = need(ROOT / ".venv-oracles" / "bin" / "python")
        nowhere = dict.fromkeys(
            ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"
        )
        done = subprocess.run(
            [python, str(HERE / "judges" / f"{name}.py"), str(release)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **nowhere, "HOME": str(home), "PYTHONUTF8": "1"},
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="session")
def cffconvert() -> Callable[[Path], str]:
    """Let cffconvert validate a CITATION.cff; what it says."""

    def run(path: Path) -> str:
        program = need(ROOT / ".venv-oracles-cff" / "bin" / "cffconvert")
        done = subprocess.run([program, "--validate", "-i", str(path)], capture_output=True, text=True)
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def tides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a package that has every type, DOIs, an ORCID, and hostile words."""
    output = tmp_path_factory.mktemp("tides")
    package = ROOT / "tests" / "release" / "packages" / "tides"
    assert main(["release", str(package), "--output", str(output)]) == 0
    return output / "tides-of-saltmouth-1.2.0"


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of a small Case Data Package."""
    folder = tmp_path_factory.mktemp("harbour")
    package = folder / "package"
    shutil.copytree(ROOT / "tests" / "mistakes" / "_case", package)
    write_schemas(open_package(package))
    (package / "CHANGELOG.md").write_text("## harbour-case 1.0.0 (2025-06-01)\n", encoding="utf-8")
    assert main(["release", str(package), "--output", str(folder / "dist")]) == 0
    return folder / "dist" / "harbour-case-1.0.0"


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the dataset of this repository."""
    output = tmp_path_factory.mktemp("dataset")
    assert main(["release", str(ROOT), "--output", str(output)]) == 0
    (folder,) = (one for one in output.iterdir() if one.is_dir())
    return folder


@pytest.fixture(params=["tides", "harbour", "dataset"])
def release(request: pytest.FixtureRequest) -> Path:
    """Each of the releases."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]
