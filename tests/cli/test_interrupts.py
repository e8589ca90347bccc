"""Ctrl-C at whatever moment: one line, exit code 130, and nothing half written."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

if not hasattr(os, "killpg"):
    pytest.skip("Ctrl-C is sent as Unix sends it", allow_module_level=True)

ROOT = Path(__file__).parents[2]
MOMENTS = 2
COMMANDS = {
    "validate": ["validate", "case"],
    "format": ["format", "case"],
    "release": ["release", "case", "--output", "out"],
    "page": ["page", "case", "--output", "out/page.html"],
    "sqlite": ["export", "case", "--to", "sqlite", "--output", "out/case.sqlite"],
    "workbook write": ["workbook", "write", "case", "--output", "out/case.xlsx"],
    "workbook merge": ["workbook", "merge", "case.xlsx", "--package", "case"],
    "verify": ["verify", "dist/almaty-airport-1.0.0.zip"],
}


def start(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "casetrail", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Who runs the tests in the background may have Ctrl-C ignored, which programs inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def run(arguments: list[str], folder: Path) -> None:
    done = start(arguments, folder)
    _, err = done.communicate()
    assert done.returncode == 0, err


def content(folder: Path) -> dict[str, bytes]:
    """Every file below, but for what has no say in what a package or an output is."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case whose tables have their rows in another order, a workbook and a release of it."""
    folder = tmp_path_factory.mktemp("interrupts")
    shutil.copytree(ROOT / "examples" / "almaty-airport", folder / "case")
    run(["workbook", "write", "case", "--output", "case.xlsx"], folder)
    run(["release", "case", "--output", "dist"], folder)
    for name in ("events", "evidence", "parties"):
        path = folder / "case" / "data" / f"{name}.csv"
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(head + "".join(reversed(rows)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_the_work_ends_in_one_line(name: str, place: Path, tmp_path: Path) -> None:
    command = COMMANDS[name]

    def fresh(label: str) -> Path:
        folder = tmp_path / label
        shutil.copytree(place, folder)
        (folder / "out").mkdir()
        return folder

    whole = fresh("whole")
    before = content(whole)
    started = time.monotonic()
    run(command, whole)
    seconds = time.monotonic() - started
    after = content(whole)
    chance = random.Random()
    for number in range(MOMENTS):
        folder = fresh(str(number))
        process = start(command, folder)
        moment = chance.uniform(0, seconds if number % 2 else min(seconds, 0.3))
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=120)
        if process.returncode != 0:
            # Python that is not yet up ends in its own ways; whatever of ours has run is named in them.
            early = process.returncode in (-signal.SIGINT, 1) and "casetrail" not in err
            assert early or (process.returncode, err) == (130, "casetrail: stopped by the keyboard\n"), moment
            assert content(folder) in (before, after), moment
        else:
            assert content(folder) == after, moment
        shutil.rmtree(folder)
