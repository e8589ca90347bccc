"""The plain words that every rendering for people shares: the verdict, counted things, places."""

from __future__ import annotations

import re

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.place import Place
from casetrail.findings.report_content import ReportContent
from casetrail.findings.visible import MAX_VALUE, visible

_PLAIN_NAME = re.compile(r"\w[\w.-]{0,199}")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 error`, `1,234 errors`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def named(text: str) -> str:
    """A name as it is when it is plain; in quotation marks, shortened and with nothing unseen, when not."""
    return text if _PLAIN_NAME.fullmatch(text) else f"“{visible(text, MAX_VALUE)}”"


def title(report: ReportContent) -> str:
    """The package and its version: `atajurt-case 1.0.0`."""
    return named(report.package) + (f" {named(report.version)}" if report.version is not None else "")


def verdict(report: ReportContent) -> str:
    """The last line: `atajurt-case 1.0.0: valid. 15 tables, 1,234 rows, 0 errors, 2 warnings`."""
    return f"{title(report)}: {report.verdict}. {tally(report)}"


def tally(report: ReportContent) -> str:
    """What was read and how much was found: `15 tables, 1,234 rows, 0 errors, 2 warnings`."""
    parts = [
        counted(len(report.tables), "table"),
        counted(sum(table.rows for table in report.tables), "row"),
        counted(report.errors, "error"),
        counted(report.warnings, "warning"),
    ]
    if report.notes:
        parts.append(counted(report.notes, "note"))
    stopped = sum(not check.ran for check in report.checks)
    if stopped:
        parts.append(f"{counted(stopped, 'check')} did not run")
    return ", ".join(parts)


def severity_counted(number: int, severity: Severity) -> str:
    """`3 warnings`."""
    return counted(number, severity.value)


def only_counted(number: int, code: str) -> str:
    """What is said of findings that the report counts without describing them."""
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'more finding')} of the kind {code} {verb} counted but not listed."


def about(table: str | None, field: str | None, path: str | None) -> str:
    """What a finding is about: `Table events, column kind`, `datapackage.json`, `The package`."""
    if table is None:
        return named_path(path) if path else "The package"
    return f"Table {named(table)}" + (f", column {named(field)}" if field is not None else "")


def named_path(path: str) -> str:
    """A path with nothing unseen in it, never one that a build service would take for a command (`::…`)."""
    shown = visible(path, MAX_VALUE)
    return f"./{shown}" if shown.startswith(":") else shown


def message_of(finding: Finding) -> str:
    """The message on one line."""
    return visible(finding.message)


def message_in_part_of(finding: Finding) -> str:
    """The message behind the part of a file without lines, for annotations, whose place is a line."""
    part = finding.place.part
    return f"{visible(part)}: {message_of(finding)}" if part else message_of(finding)


def hint_of(finding: Finding) -> str | None:
    """The hint on one line."""
    return visible(finding.hint) if finding.hint else None


def record_of(finding: Finding) -> str:
    """The record and cell in words: `row 3, ev-first, kind: “protset”`; empty where there is neither.

    A value that the message quotes already is not said again.
    """
    parts = []
    if finding.row is not None:
        parts.append(f"row {finding.row:,}")
    if finding.key:
        parts.append(named(finding.key))
    record = ", ".join(parts)
    if finding.value is None or (finding.value and finding.value in finding.message):
        return record
    shown = f"“{visible(finding.value)}”" if finding.value else "(empty)"
    cell = f"{named(finding.field)}: {shown}" if finding.field is not None else shown
    return f"{record}, {cell}" if record else cell


def place_of(path: str | None, place: Place) -> str:
    """A file and line as editors open them, `data/events.csv:3`; empty where there is no path."""
    if path is None:
        return ""
    part = f":{place.line}" if place.line is not None else f", {place.part}" if place.part else ""
    return named_path(path) + part


def related_of(related: Place, path: str | None) -> str:
    """The other place in words, `data/events.csv:2, row 2, ev-first`; `path` is the one its reader opens."""
    parts = []
    if path is not None:
        parts.append(place_of(path, related))
    elif related.table is not None:
        parts.append(f"table {named(related.table)}")
    if related.row is not None:
        parts.append(f"row {related.row:,}")
    if related.key:
        parts.append(named(related.key))
    if related.field is not None:
        parts.append(f"column {named(related.field)}")
    if related.value:
        parts.append(f"“{visible(related.value)}”")
    return ", ".join(parts)
