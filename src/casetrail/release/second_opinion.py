"""The second opinion: what the `frictionless` library holds of a staged release, independently of us."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from casetrail.findings.error import CasetrailError

MAX_TOLD = 5
SMALL = 500
"""Up to how many rows a package is judged in this process."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A validator's verdict: its name and version, how many errors and warnings, and the first errors in its
    words.
    """

    tool: str
    version: str
    errors: int
    warnings: int
    first: Sequence[str] = ()

    @property
    def valid(self) -> bool:
        """Whether it accepts the package."""
        return self.errors == 0


class SecondOpinion:
    """Asks frictionless about the package in a folder that we wrote ourselves; use it as a context.

    It follows links and fetches addresses, so it is given nothing but a staged release, in which every path
    is ours. A package of many rows is judged by a program of its own, while other work goes on; for a small
    one the start of Python would cost more than the judgement.
    """

    def __init__(self, root: Path, rows: int) -> None:
        self._root = root
        self._program: subprocess.Popen[bytes] | None = None
        if rows > SMALL:
            command = [sys.executable, "-m", "casetrail.release.second_opinion", str(root)]
            self._program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self) -> SecondOpinion:
        return self

    def __exit__(self, *_: object) -> None:
        if self._program is not None and self._program.poll() is None:
            self._program.kill()
            self._program.communicate()

    def wait(self) -> Opinion:
        """The verdict, once it is there. Raises `CasetrailError` where frictionless could not run."""
        if self._program is None:
            return judge(self._root)
        out, err = self._program.communicate()
        if self._program.returncode != 0:
            last = (err.decode(errors="replace").strip().splitlines() or ["it did not say why"])[-1]
            raise CasetrailError(f"frictionless could not judge the release: {last}")
        return Opinion(**json.loads(out))


def judge(root: Path) -> Opinion:
    """Let frictionless validate the package, in this process."""
    from frictionless import Package, system

    logging.getLogger("frictionless").setLevel(logging.ERROR)
    with system.use_context(trusted=False, onerror="ignore"):
        here = Path.cwd()
        # It takes paths relative to the working folder for safe, and absolute ones not.
        os.chdir(root)
        try:
            report = Package("datapackage.json").validate()
        finally:
            os.chdir(here)
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    told = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors[:MAX_TOLD]]
    told += [error.message for error in report.errors]
    return Opinion(
        "frictionless",
        version("frictionless"),
        errors=report.stats.get("errors") or len(errors),
        warnings=report.stats.get("warnings") or 0,
        first=tuple(told[:MAX_TOLD]),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(judge(Path(sys.argv[1])))))
