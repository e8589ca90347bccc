"""Findings on standard error, for commands that are no validation but meet something wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from casetrail.findings.finding import Finding
from casetrail.findings.report import Report, ReportBuilder
from casetrail.package.package import Package


def print_findings(package: Package, findings: Iterable[Finding]) -> None:
    """Print the findings as `validate` does, grouped, to standard error."""
    from casetrail.findings.renderings import render

    builder = ReportBuilder()
    for finding in findings:
        builder.add(finding)
    report = Report.of(builder, package=package.name, version=package.version)
    # The verdict, the last line, counts tables and rows that this command did not look at.
    lines = render(report).rstrip("\n").split("\n")[:-1]
    print("\n".join(lines).rstrip("\n"), file=sys.stderr)
