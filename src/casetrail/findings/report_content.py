"""Report content: what a run found, in a form that every rendering is made from, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from casetrail.findings.finding import Finding


class TableSummary(NamedTuple):
    """One table that was read: its name, its path in the package and how many records it holds."""

    name: str
    path: str
    rows: int


class CheckRun(NamedTuple):
    """One kind of check and whether it ran; one that did not has a finding `check-not-run` with the cause.

    `codes` are the finding codes that the check can report; renderings that list checks (JUnit) put each
    finding under its check by them.
    """

    name: str
    ran: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What a report says.

    `counts` says how many findings there are of each code, `findings` lists them up to a limit for each code.
    `meanings` says of a finding code in one sentence what it means, for those who look a code up; a code may
    be missing there. Findings of a higher rank (0 where `ranks` has none) may follow from those of a lower.
    """

    package: str
    version: str | None
    tables: tuple[TableSummary, ...] = ()
    checks: tuple[CheckRun, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    meanings: dict[str, str] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """True when nothing of severity error was found."""
        return self.errors == 0

    @property
    def verdict(self) -> str:
        """`valid`, `not valid`, or `not judged`: without an error, but not all could be looked at."""
        if self.errors:
            return "not valid"
        return "valid" if all(check.ran for check in self.checks) else "not judged"
