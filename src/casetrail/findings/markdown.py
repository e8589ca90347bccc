"""The report as Markdown (GitHub flavour): a summary for a build step or a comment."""

from __future__ import annotations

import re

from casetrail.findings.finding import Severity
from casetrail.findings.groups import SHOWN, Group, Mistake, grouped, unlisted
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import (
    about,
    counted,
    hint_of,
    message_of,
    named_path,
    only_counted,
    place_of,
    related_of,
    severity_counted,
    tally,
    title,
)
from casetrail.findings.visible import visible

SIZE_LIMIT = 900_000
"""Bytes of groups that are written; GitHub refuses a step summary of more than 1 MiB."""

_SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "ℹ️"}
_SPECIAL = re.compile(r"[&<>|\\`*_\[\]~@#!$]|(?<=\w):(?=/)|(?<=www)\.")


def render(report: ReportContent, options: RenderOptions) -> str:
    """A heading with the verdict, a table of the tables, and a table of places for each group."""
    word = f"{'✅' if report.verdict == 'valid' else '❌'} {report.verdict}"
    lines = [f"## {escaped(title(report))}: {word}", "", f"{tally(report)}.", ""]
    groups = grouped(report)
    written = 0
    for position, group in enumerate(groups):
        section = _section(group)
        written += len("\n".join(section).encode())
        if written > SIZE_LIMIT:
            left = counted(len(groups) - position, "more group")
            lines += [f"{left} of findings do not fit here; the other formats list them.", ""]
            break
        lines += section
    for code, number in unlisted(report, groups).items():
        lines += [only_counted(number, escaped(code)), ""]
    stopped = [check.name for check in report.checks if not check.ran]
    if stopped:
        lines += ["Checks that did not run: " + ", ".join(map(escaped, stopped)) + ".", ""]
    if report.tables:
        lines += ["<details><summary>Tables</summary>", "", "| Table | File | Rows |", "| --- | --- | ---: |"]
        lines += [
            f"| {escaped(table.name)} | {escaped(named_path(table.path))} | {table.rows:,} |"
            for table in report.tables
        ]
        lines += ["", "</details>", ""]
    return "\n".join(lines[:-1] if lines[-1] == "" else lines) + "\n"


def _section(group: Group) -> list[str]:
    first = group.first
    heading = (
        f"{about(first.table, first.field, first.path)}: {severity_counted(group.total, first.severity)}"
    )
    lines = [f"### {_SIGNS[first.severity]} {escaped(heading)}", ""]
    lines += ["| Place | Row | Value | What is wrong |", "| --- | ---: | --- | --- |"]
    shown = group.mistakes[:SHOWN]
    lines += [_row(mistake, with_hint=group.hint is None) for mistake in shown]
    more = group.total - sum(len(mistake.findings) for mistake in shown)
    if more:
        lines += ["", f"… and {more:,} more like these."]
    hint = hint_of(first) if group.hint else None
    if hint:
        lines += ["", f"→ {escaped(hint)}"]
    return [*lines, "", f"<sub>{escaped(first.code)}</sub>", ""]


def _row(mistake: Mistake, *, with_hint: bool) -> str:
    finding = mistake.first
    place = place_of(finding.path, finding.place)
    row = "" if finding.row is None else f"{finding.row:,}"
    value = "" if finding.value is None else visible(finding.value) or "(empty)"
    words = escaped(message_of(finding))
    if mistake.elsewhere:
        words += f"<br>{escaped(mistake.elsewhere)}"
    if finding.related is not None:
        words += f"<br>see also {escaped(related_of(finding.related, finding.related.path))}"
    hint = hint_of(finding) if with_hint else None
    if hint:
        words += f"<br>→ {escaped(hint)}"
    return f"| {escaped(place)} | {row} | {escaped(value)} | {words} |"


def escaped(text: str) -> str:
    """The text as words: character references instead of anything that Markdown or HTML reads."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", visible(text))
