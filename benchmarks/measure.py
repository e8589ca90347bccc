"""Whole processes, measured: wall time, processor time and peak memory of each, several runs in turn."""

from __future__ import annotations

import compileall
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


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
        """The least processor time of all cores together: other work on the machine only adds to it."""
        return min(self.processor)


def measure(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Measure]:
    """Run the commands in turn, so that what else the machine does falls on all of them alike.

    The package is compiled first, as an installer does with all others.
    """
    compileall.compile_dir(ROOT / "src", quiet=2)
    measures = {name: Measure() for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            print(f"  run {number + 1} of {runs}: {name}", file=sys.stderr, flush=True)
            started = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
            )
            _, status, usage = os.wait4(process.pid, 0)
            run = measures[name]
            run.walls.append(time.perf_counter() - started)
            run.processor.append(usage.ru_utime + usage.ru_stime)
            run.memory = max(run.memory, usage.ru_maxrss // 1024)
            run.code = os.waitstatus_to_exitcode(status)
    return measures


def table(title: str, measures: Mapping[str, Measure]) -> str:
    """The measures as a table in Markdown; `times` is against the first of them."""
    base = next(iter(measures.values()))
    lines = [
        f"**{title}**",
        "",
        "| | wall, median | wall, best | times | processor, least | times | peak memory | exit |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {run.wall:.2f} s | {run.best:.2f} s | {run.best / base.best:.2f} | {run.busy:.2f} s "
        f"| {run.busy / base.busy:.2f} | {run.memory:,} MiB | {run.code} |"
        for name, run in measures.items()
    ]
    return "\n".join(lines)


def machine(*packages: str) -> str:
    """What it was measured on, and the versions of these packages."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, {cores} cores"
    return f"{system}, Python {platform.python_version()}; {versions}."


def write(document: Path, text: str) -> None:
    """Put the tables into a document, between its marks."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    document.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def rival(module: str, descriptor: Path) -> list[str]:
    """The command that runs one of the others."""
    return [sys.executable, "-m", f"benchmarks.rivals.{module}", str(descriptor)]


def casetrail(command: str, *arguments: str | Path) -> list[str]:
    """The command line of a command of casetrail."""
    return [str(Path(sys.executable).parent / "casetrail"), command, *map(str, arguments)]


def frictionless(descriptor: Path, *, limit: int | None = 10_000_000) -> list[str]:
    """The command that runs frictionless; by itself (`None`) it stops at the thousandth error."""
    program = str(Path(sys.executable).parent / "frictionless")
    limited = [] if limit is None else ["--limit-errors", str(limit)]
    return [program, "validate", str(descriptor), "--json", *limited]
