"""What `how-to/large-tables.md` shows of a scheduler: it is started, given a worker, and asked."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casetrail.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "large-tables.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"^```text\n(.*?)^```", PAGE, re.M | re.S) for line in block.splitlines()
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler and a worker, started by the commands of the page."""
    from distributed import Client

    started: list[subprocess.Popen[bytes]] = []

    def start(command: str, *more: str) -> None:
        program, kind, *words = shlex.split(command)
        assert program == "dask"
        module = f"distributed.cli.dask_{kind}"
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", module, *words, *more],
                cwd=tmp_path,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    file = tmp_path / "scheduler.json"
    own = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0", "--scheduler-file", str(file)]
    try:
        start(COMMANDS[0], *own)
        with Client(scheduler_file=str(file), timeout=60, set_as_default=False) as client:
            scheduler = str(client.scheduler.address)
            worker = re.sub(r"tcp://\S+", scheduler, COMMANDS[1])
            start(worker.replace("--nworkers auto", "--nworkers 1"), "--no-dashboard")
            client.wait_for_workers(1, timeout=60)
        yield scheduler
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def test_the_commands_for_a_scheduler_run(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    program, *words = shlex.split(re.sub(r"tcp://\S+", address, COMMANDS[2]))
    assert program == "casetrail" and main(words) == 0
    assert "atajurt-case" in capsys.readouterr().out
