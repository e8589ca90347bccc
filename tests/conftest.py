"""What all tests share: the programs that some of them need, and where the repository is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from casetrail.curate.refresh_schemas import write_schemas
from casetrail.package.folder_lock import locked
from casetrail.package.package import open_package
from programs import NEEDS, need_for_r, need_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A machine that is busy is no mistake: times belong in benchmarks/.
hypothesis.settings.register_profile("casetrail", deadline=None)
hypothesis.settings.load_profile("casetrail")

ROOT = Path(__file__).parent.parent


# What the commands write in the tests is noted apart from what they wrote for whoever runs the tests.
_STATE = tempfile.TemporaryDirectory(prefix="casetrail-state-")
os.environ["XDG_STATE_HOME"] = _STATE.name


_CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; two Playwrights in one process get in each other's way."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_CHROMIUM)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest) -> None:
    """Skip a test whose system program is missing; fail it where every program must be there."""
    for marker in request.node.iter_markers("program"):
        for name in marker.args:
            need_program(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Read from the reports, which reach this process from every worker that ran tests.
    missing: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NEEDS in reason:
            missing.setdefault(reason.partition(NEEDS)[2], []).append(report.nodeid)
    if missing:
        terminalreporter.section("tests that did not run: a program is missing")
        for name, tests in sorted(missing.items()):
            terminalreporter.write_line(f"{name}:")
            for test in sorted(tests):
                terminalreporter.write_line(f"    {test}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where all tests have to run, one that was skipped for whatever reason is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and os.environ.get("CASETRAIL_REQUIRE_ALL") == "1":
        skipped = reporter.stats.get("skipped", [])
        for report in skipped:
            reporter.write_line(f"skipped, though all tests have to run: {report.nodeid}")
        if skipped:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture
def harbour_case(tmp_path: Path) -> Path:
    """A folder of its own with a small valid Case Data Package, invented from end to end."""
    folder = tmp_path / "harbour-case"
    shutil.copytree(ROOT / "tests" / "mistakes" / "_case", folder)
    write_schemas(open_package(folder))
    return folder


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the dataset, its zip beside it; built once, not to be touched."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    output = shared / "dataset-release"
    with locked(shared, "another worker builds the release", wait=600):
        found = sorted(output.glob("*.zip"))
        if not found:
            command = [sys.executable, "-m", "casetrail", "release", str(ROOT), "--output", str(output)]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            found = sorted(output.glob("*.zip"))
    return found[0].with_suffix("")


@pytest.fixture
def r_columns(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Run R code that leaves a list of data frames in `tables`; their cells come back bit by bit.

    Each column is a dictionary with `class`, `levels`, `attributes` and `values`: texts, numbers as
    hexadecimal floats, days and microseconds since 1970 as whole numbers, `None` where there is NA.
    """

    def run(code: str) -> dict[str, Any]:
        script, output = tmp_path / "run.R", tmp_path / "tables.json"
        dump = (ROOT / "tests" / "dump.R").read_text(encoding="utf-8")
        need_for_r(dump + code)
        script.write_text(
            f"{dump}\n{code}\ndump_tables(tables, {json.dumps(str(output))})\n", encoding="utf-8"
        )
        done = subprocess.run(
            ["Rscript", "--vanilla", str(script)], capture_output=True, text=True, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return json.loads(output.read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    return run
