"""Programs, and packages of R, that tests need: without them a test says that it did not run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache

import pytest

NEEDS = "needs the program "
_OF_R = re.compile(r"\b([A-Za-z][A-Za-z0-9.]*):::?[A-Za-z.]|\b(?:library|require)\(([A-Za-z][A-Za-z0-9.]*)\)")


def need(name: str, present: bool) -> None:
    """Skip the test where a program is missing; fail it where every program must be there."""
    if present:
        return
    if os.environ.get("CASETRAIL_REQUIRE_ALL") == "1":
        pytest.fail(f"the program {name} is not on this machine, and CASETRAIL_REQUIRE_ALL=1 wants all")
    pytest.skip(NEEDS + name)


def need_program(name: str) -> None:
    """The test needs a program."""
    need(name, shutil.which(name) is not None)


def need_for_r(code: str) -> None:
    """The test runs this R code: it needs R, and each package that the code names."""
    need_program("Rscript")
    for name in sorted({one or other for one, other in _OF_R.findall(code)}):
        need(f"R with its package {name}", _has_package(name))


@cache
def _has_package(name: str) -> bool:
    command = ["Rscript", "--vanilla", "-e", f"quit(status = !requireNamespace('{name}', quietly = TRUE))"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
