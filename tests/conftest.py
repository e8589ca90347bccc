"""What all tests share: the programs that some of them need, and where the repository is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIRE_ALL = os.environ.get("CASETRAIL_REQUIRE_ALL") == "1"
NEEDS = "needs the program "


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest) -> None:
    """Skip a test whose system program is missing; fail it where every program must be there."""
    for marker in request.node.iter_markers("program"):
        for name in marker.args:
            if shutil.which(name) is None:
                if REQUIRE_ALL:
                    pytest.fail(
                        f"the program {name} is not on this machine, and CASETRAIL_REQUIRE_ALL=1 wants all"
                    )
                pytest.skip(NEEDS + name)


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


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture
def harbour_case(tmp_path: Path) -> Path:
    """A folder of its own with a small valid Case Data Package, invented from end to end."""
    folder = tmp_path / "harbour-case"
    shutil.copytree(ROOT / "tests" / "mistakes" / "_case", folder)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    return folder


@pytest.fixture
def small_case(tmp_path: Path, root: Path) -> Path:
    """A folder with the smallest whole Case Data Package: `tests/mistakes/_case`, all names invented."""
    folder = tmp_path / "harbour-case"
    shutil.copytree(root / "tests" / "mistakes" / "_case", folder)
    shutil.copytree(root / "schemas", folder / "schemas")
    return folder
