"""A comparison as Markdown (GitHub flavour), to be read as a comment on a change that is proposed."""

from __future__ import annotations

from collections.abc import Iterator

from casetrail.curate.row_changes import count_changes
from casetrail.findings.markdown import escaped
from casetrail.findings.visible import visible
from casetrail.history.change_table import Line, change_lines
from casetrail.history.compare import Comparison
from casetrail.history.render_text import tally, verdict
from casetrail.history.version_bump import ReleaseBump

SIZE_LIMIT = 60_000
"""Characters that are written; GitHub refuses a comment of more than 65,536."""

_CELL_LIMIT = 200


def render_markdown(comparison: Comparison, reason: str = "", release: ReleaseBump | None = None) -> str:
    """A heading, the verdict, the schema changes, and one table of cells per table of rows."""
    written: list[str] = []
    size = 0
    for line in _lines(comparison, reason, release):
        size += len(line) + 1
        if size > SIZE_LIMIT:
            written += ["", "There is more than fits here; `casetrail diff --format csv` lists all of it."]
            break
        written.append(line)
    return "\n".join(written).rstrip("\n") + "\n"


def _lines(comparison: Comparison, reason: str, release: ReleaseBump | None) -> Iterator[str]:
    yield f"## Changes: {_cell(comparison.old.label)} → {_cell(comparison.new.label)}"
    yield ""
    yield verdict(comparison)
    if release is not None:
        yield escaped(release.sentence)
    yield ""
    # The findings since the last release hold those on the ids; without it, those between the two versions.
    findings = comparison.findings if release is None or release.previous is None else release.findings
    for finding in findings:
        hint = f" → {escaped(finding.hint)}" if finding.hint else ""
        yield f"- **{finding.severity.value}**: {escaped(finding.message)}{hint}"
    if findings:
        yield ""
    if comparison.schema_changes:
        yield "### Schema"
        yield ""
        yield "| Bump | Table | Column | Change |"
        yield "| --- | --- | --- | --- |"
        for change in comparison.schema_changes:
            yield _row(change.bump.word, change.table, change.column, change.sentence)
        yield ""
    tables: dict[str, list[Line]] = {}
    for line in change_lines(comparison, reason):
        tables.setdefault(line.table, []).append(line)
    counts = count_changes(comparison.row_changes)
    for table, lines in tables.items():
        yield f"### {_cell(table)}: {tally(counts[table])}"
        yield ""
        yield "| | Id | Column | Old | New | Reason |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for line in lines:
            yield _row(line.kind, line.key, line.column, line.old, line.new, line.reason)
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return escaped(visible(text, _CELL_LIMIT))
