"""Ctrl-C at whatever moment: one line, exit code 130, and nothing half written.

A moment is a number of what Python opens, imports, renames and the like, so that a failure can be repeated.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

if not hasattr(os, "killpg"):
    pytest.skip("Ctrl-C is sent as Unix sends it", allow_module_level=True)

ROOT = Path(__file__).parents[2]
MOMENTS = 3
COUNTER = """
import os, signal, sys
from casetrail.__main__ import main

last, number = int(sys.argv.pop(1)), 0

def count(event, _):
    global number
    number += 1
    if number == last:
        os.killpg(0, signal.SIGINT)

def end(code):
    print(number, file=sys.stderr, flush=True)
    leave(code)

leave, os._exit = os._exit, end
sys.addaudithook(count)
end(main())
"""
"""Runs the command, with Ctrl-C at the event of this number, and says last how many there were."""
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


def run(arguments: list[str], folder: Path, moment: int = 0) -> tuple[int, str, int]:
    """The exit code, the messages, and how many events there were."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTER, str(moment), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        start_new_session=True,
        # Who runs the tests in the background may have Ctrl-C ignored, which programs inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    *lines, events = done.stderr.splitlines()
    return done.returncode, "\n".join(lines), int(events)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below, but for what has no say in what a package or an output is."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case whose tables have their rows in another order, a workbook and a release of it."""
    folder = tmp_path_factory.mktemp("interrupts")
    shutil.copytree(ROOT / "examples" / "almaty-airport", folder / "case")
    assert run(["workbook", "write", "case", "--output", "case.xlsx"], folder)[0] == 0
    assert run(["release", "case", "--output", "dist"], folder)[0] == 0
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
    code, _, events = run(command, whole)
    assert code == 0 and events > MOMENTS
    after = content(whole)
    chance = random.Random(name)
    for moment in [1, *(chance.randrange(2, events) for _ in range(MOMENTS - 1))]:
        folder = fresh(str(moment))
        code, err, _ = run(command, folder, moment)
        if code != 0:
            assert (code, err) == (130, "casetrail: stopped by the keyboard"), (moment, events)
            assert content(folder) in (before, after), (moment, events)
        else:
            assert content(folder) == after, (moment, events)
        shutil.rmtree(folder)
