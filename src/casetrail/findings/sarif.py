"""The report as SARIF 2.1.0 (OASIS, errata 01), for code scanning services and editors."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from casetrail.findings.catalogue import catalogue
from casetrail.findings.excerpt import span_of
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import hint_of, message_in_part_of, related_of
from casetrail.findings.visible import MAX_MESSAGE, MAX_VALUE, cut, encodable, visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

DESCRIPTOR = "datapackage.json"
"""The file that a finding is about when it names none: the package as a whole is described there."""


def render(report: ReportContent, options: RenderOptions) -> str:
    """One SARIF log with one run; a rule for every finding code, in alphabetical order."""
    codes = sorted({finding.code for finding in report.findings} | set(report.counts))
    index = {code: number for number, code in enumerate(codes)}
    driver: dict[str, Any] = {"name": "casetrail"}
    if options.tool_version is not None:
        driver["version"] = options.tool_version
    driver["rules"] = [_rule(code, report.meanings.get(code), options) for code in codes]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index[finding.code], options) for finding in report.findings],
        "properties": {
            "package": _text(report.package),
            "version": _text(report.version),
            "valid": report.valid,
            "counts": {encodable(code): number for code, number in report.counts.items()},
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, meaning: str | None, options: RenderOptions) -> dict[str, Any]:
    words = visible(code).replace("-", " ").replace("_", " ").strip()
    text = f"{words[:1].upper()}{words[1:]}." if words else "A finding without a name."
    if meaning:
        text = visible(meaning, MAX_MESSAGE)
    rule: dict[str, Any] = {"id": encodable(code), "shortDescription": {"text": text}}
    entry = catalogue().get(code)
    if entry is not None:
        said = f"For example:\n\n{entry.example}\n\nThen it says:\n\n{entry.said}" if entry.example else ""
        shown = f"```text\n{entry.example}\n```\n\nThen it says:\n\n```text\n{entry.said}\n```"
        rule["shortDescription"] = {"text": entry.meaning}
        rule["fullDescription"] = {"text": f"{entry.meaning} {entry.mend}"}
        rule["help"] = {
            "text": f"{entry.mend}\n\n{said}".strip(),
            "markdown": entry.mend + (f"\n\nFor example:\n\n{shown}" if entry.example else ""),
        }
        rule["defaultConfiguration"] = {"level": entry.severity}
    url = options.url_of(code)
    return rule if url is None else rule | {"helpUri": url}


def _invocation(report: ReportContent) -> dict[str, Any]:
    stopped = [check.name for check in report.checks if not check.ran]
    invocation: dict[str, Any] = {"executionSuccessful": not stopped}
    if stopped:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": f"The check “{visible(name)}” did not run."}}
            for name in stopped
        ]
    return invocation


def _result(finding: Finding, rule: int, options: RenderOptions) -> dict[str, Any]:
    hint = hint_of(finding)
    text = message_in_part_of(finding) + (f"\n→ {hint}" if hint else "")
    result: dict[str, Any] = {
        "ruleId": encodable(finding.code),
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": {"text": text or encodable(finding.code)},
        "locations": [_location(finding, options)],
    }
    if finding.related is not None:
        result["relatedLocations"] = [_related(finding.related, options)]
    properties = {
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "field": finding.field,
        "key": finding.key,
        "value": finding.value,
    }
    known = {
        name: _text(value) if isinstance(value, str) else value
        for name, value in properties.items()
        if value is not None
    }
    if finding.place.sensitive:
        known["sensitive"] = True
    return result | {"properties": known} if known else result


def _location(finding: Finding, options: RenderOptions) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(options.path(finding.path or DESCRIPTOR))}
    span = span_of(finding, options.source)
    if span is not None:
        location["physicalLocation"]["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    elif finding.line:
        location["physicalLocation"]["region"] = {"startLine": finding.line}
    names = [name for name in (finding.table, finding.field) if name is not None]
    if names:
        qualified = "/".join(visible(name, MAX_VALUE) for name in names)
        return location | {"logicalLocations": [{"fullyQualifiedName": qualified}]}
    return location


def _related(related: Place, options: RenderOptions) -> dict[str, Any]:
    location: dict[str, Any] = {"message": {"text": related_of(related, related.path) or "See also."}}
    if related.path is not None:
        location["physicalLocation"] = _physical(options.path(related.path))
        if related.line:
            location["physicalLocation"]["region"] = {"startLine": related.line}
    return location


def _physical(path: str | None) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(encodable(path or DESCRIPTOR), safe="/")}}


def _text(text: str | None) -> str | None:
    return None if text is None else encodable(cut(text, MAX_MESSAGE))
