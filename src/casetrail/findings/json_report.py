"""The report as JSON: one object with every key always present, for programs."""

from __future__ import annotations

import json
from typing import Any

from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.visible import encodable

_MANY = 500
"""For fewer findings the import of the quicker writer does not pay."""


def render(report: ReportContent, options: RenderOptions) -> str:
    """One JSON object, indented by two spaces, characters beyond ASCII as themselves."""
    content = _report(report)
    if len(report.findings) < _MANY:
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    from pydantic_core import to_json

    return to_json(content, indent=2).decode() + "\n"


def _report(report: ReportContent) -> dict[str, Any]:
    return {
        "package": _text(report.package),
        "version": _text(report.version),
        "valid": report.valid,
        "tables": [
            {"name": _text(table.name), "path": _text(table.path), "rows": table.rows}
            for table in report.tables
        ],
        "checks": [{"name": _text(check.name), "ran": check.ran} for check in report.checks],
        "counts": {encodable(code): number for code, number in report.counts.items()},
        "findings": [finding_json(finding) for finding in report.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it in every command, every key present but `part`."""
    place = finding.place
    return {
        "code": _text(finding.code),
        "severity": finding.severity.value,
        "table": _text(place.table),
        "path": _text(place.path),
        "row": place.row,
        "line": place.line,
        **_part(place),
        "column": place.column,
        "field": _text(place.field),
        "key": _text(place.key),
        "value": _text(place.value),
        "message": _text(finding.message),
        "hint": _text(finding.hint),
        "related": _related(finding.related),
    }


def _related(related: Place | None) -> dict[str, Any] | None:
    if related is None:
        return None
    return {
        "table": _text(related.table),
        "path": _text(related.path),
        "row": related.row,
        "line": related.line,
        **_part(related),
        "field": _text(related.field),
        "key": _text(related.key),
        "value": _text(related.value),
    }


def _part(place: Place) -> dict[str, str]:
    """Of a file without lines the part; elsewhere nothing."""
    return {} if place.part is None else {"part": place.part}


def _text(text: str | None) -> str | None:
    return text if text is None or text.isascii() else encodable(text)
