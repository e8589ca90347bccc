"""Whole processes, measured: wall time, processor time and peak memory of each, several runs in turn."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass
class Measure:
    """What one command took, over all its runs. Times in seconds, memory in MiB."""

    walls: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: int = 0
    code: int = 0

    @property
    def wall(self) -> float:
        """The median wall time."""
        return statistics.median(self.walls)

    @property
    def best(self) -> float:
        """The shortest wall time: what the machine can do when nothing else runs on it."""
        return min(self.walls)

    @property
    def busy(self) -> float:
        """The median processor time of all cores together."""
        return statistics.median(self.processor)


def measure(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Measure]:
    """Run the commands in turn, so that what else the machine does falls on all of them alike."""
    found = {name: Measure() for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            print(f"  run {number + 1} of {runs}: {name}", file=sys.stderr, flush=True)
            started = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
            )
            _, status, usage = os.wait4(process.pid, 0)
            one = found[name]
            one.walls.append(time.perf_counter() - started)
            one.processor.append(usage.ru_utime + usage.ru_stime)
            one.memory = max(one.memory, usage.ru_maxrss // 1024)
            one.code = os.waitstatus_to_exitcode(status)
    return found


def rival(module: str, descriptor: Path) -> list[str]:
    """The command that runs one of the others."""
    return [sys.executable, "-m", f"benchmarks.rivals.{module}", str(descriptor)]


def casetrail(descriptor: Path, *arguments: str) -> list[str]:
    """The command that runs casetrail."""
    return [str(Path(sys.executable).parent / "casetrail"), "validate", str(descriptor), *arguments]


def frictionless(descriptor: Path, *, limit: int | None = 10_000_000) -> list[str]:
    """The command that runs frictionless; by itself (`None`) it stops at the thousandth error."""
    program = str(Path(sys.executable).parent / "frictionless")
    limited = [] if limit is None else ["--limit-errors", str(limit)]
    return [program, "validate", str(descriptor), "--json", *limited]
