"""Output of commands: documents on standard output, and findings on standard error.

A document goes to a file or program as it is, and to a terminal with nothing unseen. Findings are printed
here by commands that are no validation but meet something wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casetrail.findings.finding import Finding


def for_stdout(text: str) -> str:
    """The text as it may be written there: a title could else give the terminal commands."""
    if not sys.stdout.isatty():
        return text
    from casetrail.findings.visible import visible_lines

    return visible_lines(text)


def print_findings(findings: Iterable[Finding]) -> None:
    """Print the findings as `validate` does, grouped, to standard error."""
    from casetrail.findings.renderings import render
    from casetrail.findings.report import Report, ReportBuilder
    from casetrail.findings.terminal import shows_colours

    builder = ReportBuilder()
    for finding in findings:
        builder.add(finding)
    report = Report.of(builder, package="", version=None)
    # The verdict, the last line, counts tables and rows that this command did not look at.
    lines = render(report, colour=shows_colours(sys.stderr)).rstrip("\n").split("\n")[:-1]
    print("\n".join(lines).rstrip("\n"), file=sys.stderr)
