"""Where the modules that only Unix has are missing, every test is collected still."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WITHOUT_UNIX = """
import os, sys
import platformdirs, playwright.sync_api, psutil, pytest, xdist
for name in ("fcntl", "pty", "termios", "resource", "grp", "pwd"):
    sys.modules[name] = None
for name in ("fork", "geteuid", "getuid", "mkfifo"):
    delattr(os, name)
others = ["--ignore", "tests/oracles", "--ignore", "tests/fuzz", "-m", "not program"]
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *others]))
"""


def test_every_test_is_collected_without_what_only_unix_has() -> None:
    # This process lacks what some tests need, so they are skipped in it, which CI forbids elsewhere.
    environment = {name: value for name, value in os.environ.items() if name != "CASETRAIL_REQUIRE_ALL"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_UNIX],
        cwd=Path(__file__).parents[1],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
