"""The report as workflow commands of GitHub Actions: each finding an annotation at its place in a file."""

from __future__ import annotations

from casetrail.findings.excerpt import span_of
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.groups import mistakes_first
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import about, hint_of, message_in_part_of, verdict
from casetrail.findings.visible import in_log, visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: ReportContent, options: RenderOptions) -> str:
    """One line for each finding, then the verdict as a plain line of the log.

    GitHub shows the first ten of a run: what only repeats a mistake in another row comes later.
    """
    lines = [_command(finding, options) for finding in mistakes_first(report)]
    lines.append(in_log(f"casetrail: {verdict(report)}"))
    return "\n".join(lines) + "\n"


def _command(finding: Finding, options: RenderOptions) -> str:
    properties: dict[str, str] = {}
    path = options.path(finding.path)
    if path is not None:
        properties["file"] = visible(path)
        span = span_of(finding, options.source)
        if span is not None:
            properties["line"] = str(span.line)
            if span.end_line == span.line:
                properties["col"] = str(span.column)
                properties["endColumn"] = str(max(span.column, span.end_column - 1))
            else:
                properties["endLine"] = str(span.end_line)
        elif finding.line:
            properties["line"] = str(finding.line)
    properties["title"] = f"{about(finding.table, finding.field, finding.path)} ({visible(finding.code)})"
    hint = hint_of(finding)
    message = message_in_part_of(finding) + (f"\n→ {hint}" if hint else "")
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
