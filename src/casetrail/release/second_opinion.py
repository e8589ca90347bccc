"""The second opinion: what the `frictionless` library holds of a staged release, independently of us."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

MAX_TOLD = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    """A validator's verdict: its name and version, how many errors and warnings, and the first errors in its
    words.
    """

    tool: str
    version: str
    errors: int
    warnings: int
    first: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it accepts the package."""
        return self.errors == 0


def second_opinion(root: Path) -> Opinion:
    """Let frictionless validate the package in a folder that we wrote ourselves.

    It follows links and fetches addresses, so it is given nothing but a staged release, in which every path
    is ours. It is run here and not as a program of its own: a start of Python would cost more than the
    validation.
    """
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
