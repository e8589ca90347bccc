"""Ledgers of the parts of one validation, and how they become one.

Every check writes a ledger of its own, so that checks can run side by side and the report still does not
depend on which was faster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.report import DEFAULT_LIMIT, Ledger


class PartLedger(Ledger):
    """A ledger that also knows how often each code was found with each severity."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        super().__init__(limit)
        self.weighed: Counter[tuple[str, Severity]] = Counter()

    @property
    def kept(self) -> list[Finding]:
        """The findings kept, by code and as they came."""
        return [finding for group in self._kept.values() for finding in group]

    def add(self, finding: Finding) -> None:
        """Count the finding, and keep it while there is room for its code."""
        self.weighed[finding.code, finding.severity] += 1
        super().add(finding)

    def count_only(self, code: str, number: int, severity: Severity = Severity.ERROR) -> None:
        """Count findings that nobody will describe."""
        if number > 0:
            self.weighed[code, severity] += number
        super().count_only(code, number, severity)


def merged(parts: Iterable[PartLedger], limit: int) -> Ledger:
    """One ledger of all: of each code the first by place are kept, and every finding is counted."""
    parts = list(parts)
    every = Ledger(limit=sum(len(part.kept) for part in parts))
    left: Counter[tuple[str, Severity]] = Counter()
    for part in parts:
        left.update(part.weighed)
        for finding in part.kept:
            every.add(finding)
    whole = Ledger(limit)
    for finding in every.findings:
        whole.add(finding)
        left[finding.code, finding.severity] -= 1
    for (code, severity), number in sorted(left.items()):
        whole.count_only(code, number, severity)
    return whole
