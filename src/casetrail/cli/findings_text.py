"""Findings on standard error, for commands that are no validation but meet something wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from casetrail.findings.finding import Finding
from casetrail.findings.report import Report, ReportBuilder


def print_findings(findings: Iterable[Finding]) -> None:
    """Print the findings as `validate` does, grouped, to standard error."""
    from casetrail.findings.renderings import render
    from casetrail.findings.terminal import shows_colours

    builder = ReportBuilder()
    for finding in findings:
        builder.add(finding)
    report = Report.of(builder, package="", version=None)
    # The verdict, the last line, counts tables and rows that this command did not look at.
    lines = render(report, colour=shows_colours(sys.stderr)).rstrip("\n").split("\n")[:-1]
    print("\n".join(lines).rstrip("\n"), file=sys.stderr)
