"""The wheel and the sdist, built and installed into an empty environment, work without the repository."""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]


def build(source: Path, kind: str, output: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(output)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (made,) = output.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from the sdist alone: what is not in the sdist is missing here too."""
    folder = tmp_path_factory.mktemp("built")
    sdist = build(ROOT, "sdist", folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return build(folder / sdist.name.removesuffix(".tar.gz"), "wheel", folder / "wheel")


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a program of an environment in which nothing but the wheel is installed.

    Its dependencies are those of this environment, put on the path as they are: nothing is downloaded. The
    casetrail that is being edited here is not among them, since only its own `.pth` file leads to it.
    """
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "environment"
    uv = shutil.which("uv")
    quiet = {"check": True, "capture_output": True}
    if uv:
        subprocess.run([uv, "venv", "--offline", "--python", sys.executable, environment], **quiet)  # type: ignore[call-overload]
        install = [uv, "pip", "install", "--offline", "--python", environment / "bin" / "python", "--no-deps"]
    else:
        subprocess.run([sys.executable, "-m", "venv", environment], **quiet)  # type: ignore[call-overload]
        install = [environment / "bin" / "python", "-m", "pip", "install", "--no-index", "--no-deps"]
    subprocess.run([*install, wheel], **quiet)  # type: ignore[call-overload]
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")

    def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / program), *words]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)

    return run


def test_everything_that_is_no_code_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("casetrail/")}
    listed = subprocess.run(
        ["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    wanted = {name.removeprefix("src/") for name in listed if (ROOT / name).exists()}
    assert wanted <= packed
    assert "casetrail/py.typed" in packed and "casetrail/exports/load.R" in packed


def test_the_installed_one_is_the_one_that_runs(run: Run) -> None:
    done = run("python", "-c", "import casetrail; print(casetrail.__file__, casetrail.__version__)")
    assert "environment" in done.stdout and "site-packages" in done.stdout, done.stderr
    assert done.stdout.split()[-1] in run("casetrail", "--version").stdout


def test_a_case_is_begun_validated_released_and_loaded(run: Run, tmp_path: Path) -> None:
    assert (done := run("casetrail", "init", str(tmp_path / "my-case"))).returncode == 0, done.stderr
    assert (done := run("casetrail", "validate", str(tmp_path / "my-case"))).returncode == 0, done.stdout
    code = f"import casetrail; print(casetrail.open({str(tmp_path / 'my-case')!r})['events'].num_rows)"
    assert (done := run("python", "-c", code)).returncode == 0, done.stderr


def test_a_release_is_built_verified_and_exported(run: Run, harbour_case: Path, tmp_path: Path) -> None:
    (harbour_case / "CHANGELOG.md").write_text("## harbour-case 1.0.0 (2025-06-01)\n", encoding="utf-8")
    for words in (
        ("release", str(harbour_case), "--output", str(tmp_path / "dist")),
        ("verify", str(tmp_path / "dist" / "harbour-case-1.0.0.zip")),
        ("validate", str(harbour_case), "--format", "html"),
        ("cite", str(harbour_case)),
        ("export", str(harbour_case), "--to", "r", "--output", str(tmp_path / "load.R")),
        ("export", str(harbour_case), "--to", "sqlite", "--output", str(tmp_path / "case.sqlite")),
    ):
        assert (done := run("casetrail", *words)).returncode == 0, (words, done.stderr)


def test_types_reach_those_who_check_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        "import casetrail\n"
        "case = casetrail.open('x.zip')\n"
        "reveal_type(case.tables)\n"
        "reveal_type(case.to_pandas('events'))\n"
        "reveal_type(case.evidence('events', 'x').claims)\n",
        encoding="utf-8",
    )
    done = run("python", "-m", "mypy", "--no-incremental", str(tmp_path / "use.py"))
    assert re.search(r"tuple\[(builtins\.)?str, \.\.\.\]", done.stdout), done.stdout + done.stderr
    assert "DataFrame" in done.stdout and "CellClaims" in done.stdout
