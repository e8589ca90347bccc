"""Report: what a run found, exact in its counts and bounded in its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from casetrail.findings.finding import Finding, Severity

DEFAULT_LIMIT = 1000
"""How many findings of one code a report carries in full; all are counted."""


@dataclass(frozen=True, slots=True)
class TableSummary:
    """One table that was read: its name, its path in the package and how many records it holds."""

    name: str
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One kind of check and whether it ran; one that did not has a finding `check-not-run` with the cause.

    `codes` are the finding codes that the check can report; renderings that list checks (JUnit) put each
    finding under its check by them.
    """

    name: str
    ran: bool
    codes: tuple[str, ...] = ()


class ReportBuilder:
    """Collects findings: keeps the first `limit` of each code and counts every one.

    A check that knows how many cells are wrong without describing each asks `remaining` first, adds that many
    findings, and counts the others with `count`. Checks that run side by side have a `part` each.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self._numbers: Counter[tuple[str, Severity]] = Counter()
        self._kept: dict[str, list[Finding]] = {}
        self._parts: list[ReportBuilder] = []

    def part(self) -> ReportBuilder:
        """A new builder for a check that runs by the side of others; `merged` puts it and this together."""
        part = ReportBuilder(self.limit)
        self._parts.append(part)
        return part

    def merged(self) -> ReportBuilder:
        """One builder of this and its parts: of each code the first findings by place are kept."""
        merged = ReportBuilder(self.limit)
        kept: list[Finding] = []
        pending = [self]
        while pending:
            part = pending.pop()
            pending += part._parts
            merged._numbers.update(part._numbers)
            kept += [finding for group in part._kept.values() for finding in group]
        for finding in sorted(kept, key=_order):
            merged._keep(finding)
        return merged

    @property
    def counts(self) -> Counter[str]:
        """How many findings there are of each code."""
        counts: Counter[str] = Counter()
        for (code, _), number in self._numbers.items():
            counts[code] += number
        return counts

    @property
    def severities(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        severities: Counter[Severity] = Counter()
        for (_, severity), number in self._numbers.items():
            severities[severity] += number
        return severities

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings kept, in the order of package, table, row and column."""
        kept = [finding for group in self._kept.values() for finding in group]
        return tuple(sorted(kept, key=_order))

    def remaining(self, code: str) -> int:
        """How many more findings of this code are kept in full."""
        return max(0, self.limit - len(self._kept.get(code, ())))

    def add(self, finding: Finding) -> None:
        """Count the finding, and keep it while there is room for its code."""
        self._numbers[finding.code, finding.severity] += 1
        self._keep(finding)

    def count(self, code: str, number: int, severity: Severity = Severity.ERROR) -> None:
        """Count `number` findings of this code that nobody will describe."""
        if number > 0:
            self._numbers[code, severity] += number

    def _keep(self, finding: Finding) -> None:
        if self.remaining(finding.code):
            self._kept.setdefault(finding.code, []).append(finding)


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str]:
    return (
        finding.table is not None,
        finding.path or "",
        finding.row or 0,
        finding.column or 0,
        finding.code,
        finding.value or "",
    )


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation. Every rendering is made from this and nothing else.

    `meanings` says for a finding code in one sentence what it means, for those who look a code up; a code may
    be missing there.
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

    @property
    def valid(self) -> bool:
        """True when nothing of severity error was found."""
        return self.errors == 0

    @classmethod
    def of(
        cls,
        builder: ReportBuilder,
        *,
        package: str,
        version: str | None,
        tables: tuple[TableSummary, ...] = (),
        checks: tuple[CheckRun, ...] = (),
        meanings: Mapping[str, str] | None = None,
    ) -> Report:
        """Close a builder: `counts` by code in alphabetical order, `findings` by place.

        Of the `meanings` given, those of the codes that were found are kept.
        """
        severities = builder.severities
        return cls(
            package=package,
            version=version,
            tables=tables,
            checks=checks,
            counts=dict(sorted(builder.counts.items())),
            findings=builder.findings,
            errors=severities[Severity.ERROR],
            warnings=severities[Severity.WARNING],
            notes=severities[Severity.NOTE],
            meanings={
                code: meanings[code] for code in sorted(builder.counts) if meanings and code in meanings
            },
        )
