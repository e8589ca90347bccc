"""What all tests share: the programs that some of them need, and where the repository is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIRE_ALL = os.environ.get("CASETRAIL_REQUIRE_ALL") == "1"
_MISSING: pytest.StashKey[dict[str, list[str]]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MISSING] = {}


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest) -> None:
    """Skip a test whose system program is missing, and remember it; fail it where every program must be there."""
    for marker in request.node.iter_markers("program"):
        for name in marker.args:
            if shutil.which(name) is None:
                request.config.stash[_MISSING].setdefault(name, []).append(request.node.nodeid)
                if REQUIRE_ALL:
                    pytest.fail(f"the program {name} is not on this machine, and CASETRAIL_REQUIRE_ALL=1 wants all")
                pytest.skip(f"needs the program {name}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[_MISSING]
    if missing:
        terminalreporter.section("tests that could not run here: a program is missing")
        for name, tests in sorted(missing.items()):
            terminalreporter.write_line(f"{name}:")
            for test in sorted(tests):
                terminalreporter.write_line(f"    {test}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT
