"""The report as JUnit XML: a suite for each table, a test case for each check."""

from __future__ import annotations

from collections import defaultdict
from xml.etree.ElementTree import Comment, Element, SubElement, indent, tostring

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import CheckRun, ReportContent
from casetrail.findings.sentences import (
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


def render(report: ReportContent, options: RenderOptions) -> str:
    """One `testsuites` element. Errors are failures; warnings and notes are in the output of their case.

    The first suite is for the package itself. A check that did not run is skipped in each table; why is an
    error of the package's suite. A finding whose code no check claims has a case by the name of its code.
    The properties hold the exact counts, also of findings that are not listed.
    """
    findings: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.table].append(finding)
    names = dict.fromkeys(
        [table.name for table in report.tables] + [name for name in findings if name is not None]
    )
    checks = {code: check.name for check in report.checks for code in (check.name, *check.codes)}
    root = _element("testsuites", name=title(report))
    if report.counts:
        properties = SubElement(root, "properties")
        for code, number in report.counts.items():
            properties.append(_element("property", name=f"count of {code}", value=str(number)))
    root.append(_suite("the package", findings[None], (), checks, options))
    root.extend(_suite(name, findings[name], report.checks, checks, options) for name in names)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root.iter("testsuite"))))
    # XML forbids two hyphens in a comment.
    root.append(Comment(f" {verdict(report).replace('--', '‐‐')} "))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(
    name: str,
    findings: list[Finding],
    runs: tuple[CheckRun, ...],
    checks: dict[str, str],
    options: RenderOptions,
) -> Element:
    cases: dict[str, list[Finding]] = {run.name: [] for run in runs}
    for finding in findings:
        cases.setdefault(checks.get(finding.code, finding.code), []).append(finding)
    stopped = {run.name for run in runs if not run.ran}
    suite = _element("testsuite", name=name)
    for case_name, of_case in cases.items():
        case = _element("testcase", classname=name, name=case_name)
        suite.append(case)
        if not of_case and case_name in stopped:
            case.append(_element("skipped", message="the check did not run"))
        failures = [finding for finding in of_case if finding.severity is Severity.ERROR]
        others = [finding for finding in of_case if finding.severity is not Severity.ERROR]
        if failures:
            message = message_of(failures[0])
            if len(failures) > 1:
                message = f"{counted(len(failures), 'error')}; the first: {message}"
            failure = _element("failure", message=message, type=failures[0].code)
            failure.text = "\n".join(_sentence(finding, options) for finding in failures)
            case.append(failure)
        if others:
            output = SubElement(case, "system-out")
            output.text = "\n".join(_sentence(finding, options) for finding in others)
    counts = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, tag in counts.items():
        suite.set(attribute, str(sum(1 for _ in suite.iter(tag))))
    return suite


def _sentence(finding: Finding, options: RenderOptions) -> str:
    place = place_of(options.path(finding.path), finding.place)
    sentence = (f"{place}: " if place else "") + f"{finding.severity.value}: {message_of(finding)}"
    record = record_of(finding)
    if record:
        sentence += f" [{record}]"
    if finding.related is not None:
        path = options.path(finding.related.path)
        sentence += f" (see also {related_of(finding.related, path)})"
    hint = hint_of(finding)
    return f"{sentence} → {hint}" if hint else sentence


def _element(tag: str, **attributes: str) -> Element:
    return Element(tag, {name: visible(value) for name, value in attributes.items()})
