"""The report as JUnit XML: a suite for each table, a test case for each check."""

from __future__ import annotations

from collections import defaultdict
from xml.sax.saxutils import escape, quoteattr

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.manner import Manner
from casetrail.findings.report import CheckRun, Report
from casetrail.findings.sentences import (
    VALUE_LIMIT,
    counted,
    hint_of,
    message_of,
    place_of,
    record_of,
    related_of,
    title,
    verdict,
)
from casetrail.findings.visible import visible


def render(report: Report, manner: Manner) -> str:
    """One `testsuites` element. Errors are failures; warnings and notes stand in the output of their case.

    The first suite is for the package itself. A check that did not run is skipped in each table; why is an
    error of the package's suite. A finding whose code no check claims has a case by the name of its code.
    The properties hold the exact counts, also of findings that are not listed.
    """
    found: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.table].append(finding)
    names = dict.fromkeys(
        [table.name for table in report.tables] + [name for name in found if name is not None]
    )
    checks = {code: check.name for check in report.checks for code in (check.name, *check.codes)}
    counts = [(f"count of {code}", number) for code, number in report.counts.items()]
    suites = [_Suite("the package", found[None], (), checks, manner)]
    suites += [_Suite(name, found[name], report.checks, checks, manner) for name in names]
    total = _attributes(
        name=title(report),
        tests=sum(len(suite.cases) for suite in suites),
        failures=sum(suite.failures for suite in suites),
        errors=0,
        skipped=sum(suite.skipped for suite in suites),
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{total}>"]
    if counts:
        lines.append("  <properties>")
        lines += [f"    <property{_attributes(name=name, value=number)}/>" for name, number in counts]
        lines.append("  </properties>")
    for suite in suites:
        lines += suite.lines()
    lines += [f"  <!-- {_comment(verdict(report))} -->", "</testsuites>"]
    return "\n".join(lines) + "\n"


class _Suite:
    def __init__(
        self,
        name: str,
        findings: list[Finding],
        runs: tuple[CheckRun, ...],
        checks: dict[str, str],
        manner: Manner,
    ) -> None:
        self.name = name
        self.manner = manner
        self.ran = {run.name: run.ran for run in runs}
        self.cases: dict[str, list[Finding]] = {run.name: [] for run in runs}
        for finding in findings:
            self.cases.setdefault(checks.get(finding.code, finding.code), []).append(finding)
        self.failures = sum(any(map(_fails, case)) for case in self.cases.values())
        self.skipped = sum(not case and not self.ran.get(name, True) for name, case in self.cases.items())

    def lines(self) -> list[str]:
        counts = _attributes(
            name=self.name, tests=len(self.cases), failures=self.failures, errors=0, skipped=self.skipped
        )
        lines = [f"  <testsuite{counts}>"]
        for name, findings in self.cases.items():
            lines += self._case(name, findings)
        return [*lines, "  </testsuite>"]

    def _case(self, name: str, findings: list[Finding]) -> list[str]:
        case = f"    <testcase{_attributes(classname=self.name, name=name)}"
        if not findings and self.ran.get(name, True):
            return [f"{case}/>"]
        lines = [f"{case}>"]
        failures = [finding for finding in findings if _fails(finding)]
        others = [finding for finding in findings if not _fails(finding)]
        if not findings:
            lines.append('      <skipped message="the check did not run"/>')
        if failures:
            message = message_of(failures[0])
            if len(failures) > 1:
                message = f"{counted(len(failures), 'error')}; the first: {message}"
            start = _attributes(message=message, type=failures[0].code)
            lines.append(f"      <failure{start}>{self._listed(failures)}</failure>")
        if others:
            lines.append(f"      <system-out>{self._listed(others)}</system-out>")
        return [*lines, "    </testcase>"]

    def _listed(self, findings: list[Finding]) -> str:
        return escape("\n".join(self._sentence(finding) for finding in findings))

    def _sentence(self, finding: Finding) -> str:
        place = place_of(self.manner.path(finding.path), finding.line)
        sentence = (f"{place}: " if place else "") + f"{finding.severity.value}: {message_of(finding)}"
        record = record_of(finding)
        if record:
            sentence += f" [{record}]"
        if finding.related is not None:
            path = self.manner.path(finding.related.path)
            sentence += f" (see also {related_of(finding.related, path)})"
        hint = hint_of(finding)
        return f"{sentence} → {hint}" if hint else sentence


def _fails(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _attributes(**attributes: str | int) -> str:
    return "".join(
        f" {name}={quoteattr(visible(value, VALUE_LIMIT * 10) if isinstance(value, str) else str(value))}"
        for name, value in attributes.items()
    )


def _comment(text: str) -> str:
    # XML forbids two hyphens in a comment, and one at its end.
    return text.replace("-", "‐") if "--" in text or text.endswith("-") else text
