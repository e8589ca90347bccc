"""The report as a page of HTML that a person reads, prints and passes on; it loads and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casetrail.findings.excerpt import excerpt_of, window
from casetrail.findings.groups import SHOWN, Group, Mistake, grouped, under_roots, unlisted
from casetrail.findings.render_options import RenderOptions
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import (
    about,
    counted,
    hint_of,
    message_of,
    named_path,
    only_counted,
    related_of,
    severity_counted,
    tally,
    title,
)
from casetrail.findings.visible import visible

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER = Path(__file__).parent

OPENED = 100
"""How many mistakes of a group the page holds, the first of them shown and the others to open."""

GROUPS = 50
"""How many groups of findings a notebook shows."""

_EXCERPT_WIDTH = 110


def render(report: ReportContent, options: RenderOptions) -> str:
    """The whole page. Its policy allows the page's own style by its hash and nothing else."""
    style, style_hash = style_and_hash()
    groups = grouped(report)
    return html_template(_FOLDER / "report.html.jinja").render(
        style=style,
        style_hash=style_hash,
        title=title(report),
        verdict=report.verdict,
        tally=tally(report),
        tables=[_table(report, number) for number in range(len(report.tables))],
        stopped=[visible(check.name) for check in report.checks if not check.ran],
        ran=[visible(check.name) for check in report.checks if check.ran],
        groups=[
            {
                **_group(root, options, report.meanings.get(root.first.code)),
                "following": [_group(group, options, None) for group in following],
                "elsewhere": counted(sum(group.total for group in following), "more finding"),
            }
            for root, following in under_roots(groups)
        ],
        unlisted=[only_counted(number, visible(code)) for code, number in unlisted(report, groups).items()],
        tool_version=options.tool_version,
    )


def render_fragment(report: ReportContent) -> str:
    """The report as a piece of a page, as notebooks show it: the verdict, and a row for each group."""
    return html_template(_FOLDER / "report_fragment.html.jinja").render(
        style=(_FOLDER / "report_fragment.css").read_text(encoding="utf-8"),
        title=title(report),
        verdict=report.verdict,
        tally=tally(report),
        groups=[_group(group, RenderOptions(), None) for group in grouped(report)],
        most=GROUPS,
        stopped=[visible(check.name) for check in report.checks if not check.ran],
    )


def style_and_hash(*more: Path) -> tuple[str, str]:
    """The style of every page of this kind, with what these files add, and its hash for the page's policy."""
    files = (_FOLDER / "report.css", *more)
    style = "".join(file.read_text(encoding="utf-8") for file in files)
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@cache
def html_template(path: Path) -> Template:
    """The template in a file. What it prints is escaped, and a name that it is not given is an error."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(path.read_text(encoding="utf-8"))


def _table(report: ReportContent, number: int) -> dict[str, Any]:
    table = report.tables[number]
    return {"name": visible(table.name), "path": named_path(table.path), "rows": f"{table.rows:,}"}


def _group(group: Group, options: RenderOptions, meaning: str | None) -> dict[str, Any]:
    first = group.first
    mistakes = group.mistakes[:OPENED]
    listed = [_mistake(mistake, options) for mistake in mistakes]
    says_no_more = meaning is not None and message_of(first).lower() in meaning.lower()
    left = group.total - sum(len(mistake.findings) for mistake in mistakes)
    return {
        "about": about(first.table, first.field, first.path),
        "number": severity_counted(group.total, first.severity),
        "severity": first.severity.value,
        "code": visible(first.code),
        "url": options.url_of(first.code),
        "meaning": visible(meaning) if meaning and not says_no_more else None,
        "hint": hint_of(first) if group.hint else None,
        "shown": listed[:SHOWN],
        "more": listed[SHOWN:],
        "opened": counted(len(listed) - SHOWN, "more", "more"),
        "left": f"{left:,}" if left else None,
        "own_hints": group.hint is None,
    }


def _mistake(mistake: Mistake, options: RenderOptions) -> dict[str, Any]:
    finding = mistake.first
    excerpt = excerpt_of(finding, options.source)
    place = []
    if finding.row is not None:
        place.append(f"Row {finding.row:,}")
    if finding.path is not None:
        place.append(
            named_path(finding.path)
            + (f", line {finding.line:,}" if finding.line is not None else "")
            + (f", {finding.place.part}" if finding.place.part else "")
        )
    return {
        "place": " · ".join(place),
        "message": message_of(finding),
        "elsewhere": mistake.elsewhere,
        "hint": hint_of(finding),
        "related": related_of(finding.related, finding.related.path) if finding.related is not None else None,
        "excerpt": window(excerpt, finding.column, _EXCERPT_WIDTH) if excerpt else None,
        "key": visible(finding.key) if finding.key and finding.key not in (finding.value, "…") else None,
        "value": None if finding.value is None else visible(finding.value),
    }
