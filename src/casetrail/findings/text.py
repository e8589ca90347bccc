"""The report as text for a terminal: grouped, each finding with its place, its reason and its row."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from casetrail.findings.excerpt import excerpt_of, window
from casetrail.findings.finding import Finding, Severity
from casetrail.findings.groups import SHOWN, Group, Mistake, grouped, under_roots, unlisted
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import (
    about,
    hint_of,
    message_of,
    only_counted,
    place_of,
    record_of,
    related_of,
    severity_counted,
    tally,
    title,
    verdict,
)
from casetrail.findings.terminal import BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint, plain
from casetrail.findings.visible import clipped, columns, in_log, visible

_WIDTH = 100
_COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.NOTE: CYAN}


def render(report: ReportContent, options: RenderOptions) -> str:
    """Groups of findings, what is worse first, and the verdict in plain words as the last line."""
    page = _Page(options)
    groups = grouped(report)
    for root, following in under_roots(groups):
        page.group(root, following)
    for code, number in unlisted(report, groups).items():
        page.line(page.dim(only_counted(number, visible(code, 100))))
    if page.lines and page.lines[-1]:
        page.line("")
    page.verdict(report)
    return "\n".join(page.lines) + "\n"


class _Page:
    def __init__(self, options: RenderOptions) -> None:
        self.options = options
        self.paint = paint if options.colour else plain
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(in_log(text))

    def dim(self, text: str) -> str:
        return self.paint(text, DIM)

    def heading(self, group: Group) -> str:
        first = group.first
        number = severity_counted(group.total, first.severity)
        return (
            self.paint(f"{about(first.table, first.field, first.path)}: ", BOLD)
            + self.paint(number, BOLD, _COLOURS[first.severity])
            + " "
            + self.dim(f"({visible(first.code, 100)})")
        )

    def group(self, group: Group, following: Sequence[Group]) -> None:
        self.line(self.heading(group))
        shown = group.mistakes[:SHOWN]
        for mistake in shown:
            self.mistake(mistake, with_hint=group.hint is None)
        more = group.total - sum(len(mistake.findings) for mistake in shown)
        if more:
            self.line(f"  … and {more:,} more like {'this' if SHOWN == 1 else 'these'}.")
        if group.hint:
            self.hint(group.first, "  ")
        if following:
            self.line("  with it are wrong:")
        for other in following:
            place = place_of(self.options.path(other.first.path), other.first.place)
            self.line("    " + self.heading(other) + (f", first {place}" if other.first.row else ""))
        self.line("")

    def mistake(self, mistake: Mistake, *, with_hint: bool) -> None:
        finding = mistake.first
        place = place_of(self.options.path(finding.path), finding.place)
        self.wrapped("  ", f"{place}: " if place else "", message_of(finding))
        self.record(finding)
        if mistake.elsewhere:
            self.wrapped("      ", "", mistake.elsewhere)
        if finding.related is not None:
            path = self.options.path(finding.related.path)
            self.wrapped("      ", "see also ", related_of(finding.related, path))
        if with_hint:
            self.hint(finding, "      ")

    def record(self, finding: Finding) -> None:
        excerpt = excerpt_of(finding, self.options.source)
        if excerpt is None:
            record = clipped(record_of(finding), max(40, (self.options.width or 2 * _WIDTH) - 7))
            if record:
                self.line("      " + self.dim(record))
            return
        gutter = f"      row {finding.row:,} │ " if finding.row is not None else "      │ "
        shown = window(excerpt, finding.column, max(40, (self.options.width or _WIDTH) - len(gutter) - 1))
        if shown.cell is None:
            self.line(self.dim(gutter) + shown.before)
            return
        colour = _COLOURS[finding.severity]
        self.line(self.dim(gutter) + shown.before + self.paint(shown.cell, BOLD, colour) + shown.after)
        marks = "^" * max(1, columns(shown.cell))
        margin = " " * (len(gutter) - 2) + "│ "
        self.line(self.dim(margin) + " " * columns(shown.before) + self.paint(marks, BOLD, colour))

    def hint(self, finding: Finding, indent: str) -> None:
        hint = hint_of(finding)
        if hint:
            self.wrapped(indent, "→ ", hint)

    def wrapped(self, indent: str, start: str, text: str) -> None:
        width = self.options.width
        lead = self.paint(start, BOLD) if start.endswith(": ") else self.dim(start)
        if width is None:
            self.line(indent + lead + text)
            return
        # The filler holds the place of `start`, which may be painted, while the words are laid out.
        filler = "x" * min(columns(start), width // 2)
        lines = textwrap.wrap(
            filler + text,
            max(40, width),
            initial_indent=indent,
            subsequent_indent=indent + "  " * (1 if start == "→ " else 2),
            break_on_hyphens=False,
        )
        self.line((lines or [indent + filler])[0].replace(indent + filler, indent + lead, 1))
        for line in lines[1:]:
            self.line(line)

    def verdict(self, report: ReportContent) -> None:
        if not self.options.colour:
            self.line(verdict(report))
            return
        word = self.paint(report.verdict, BOLD, GREEN if report.verdict == "valid" else RED)
        self.line(f"{self.paint(title(report), '1')}: {word}. {tally(report)}")
