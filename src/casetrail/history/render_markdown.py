"""A comparison as Markdown (GitHub flavour), to be read as a comment on a change that is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from casetrail.curate.row_changes import count_changes
from casetrail.findings.markdown import escaped
from casetrail.findings.sentences import counted
from casetrail.findings.visible import visible
from casetrail.history.change_table import change_lines
from casetrail.history.compare import Comparison
from casetrail.history.render_text import MAX_ROWS, tally, verdict
from casetrail.history.version_bump import ReleaseBump, findings_of

SIZE_LIMIT = 60_000
"""Characters that are written; GitHub refuses a comment of more than 65,536."""

_CELL_LIMIT = 200


def render_markdown(
    comparison: Comparison,
    reason: str = "",
    release: ReleaseBump | None = None,
    *,
    limit: int | None = MAX_ROWS,
) -> str:
    """A heading, the verdict, the schema changes, and one table of cells per table of rows."""
    written: list[str] = []
    size = 0
    for line in _lines(comparison, reason, release, limit):
        size += len(line) + 1
        if size > SIZE_LIMIT:
            written += ["", "There is more than fits here; `casetrail diff --format csv` lists all of it."]
            break
        written.append(line)
    return "\n".join(written).rstrip("\n") + "\n"


def _lines(
    comparison: Comparison, reason: str, release: ReleaseBump | None, limit: int | None
) -> Iterator[str]:
    yield f"## Changes: {_cell(comparison.old.label)} → {_cell(comparison.new.label)}"
    yield ""
    yield from (escaped(sentence) for sentence in verdict(comparison, release))
    yield ""
    for finding in findings_of(comparison, release):
        hint = f" → {escaped(finding.hint)}" if finding.hint else ""
        yield f"- **{finding.severity.value}**: {escaped(finding.message)}{hint}"
        yield ""
    if comparison.schema_changes:
        yield "### Schema"
        yield ""
        yield "| Bump | Table | Column | Change |"
        yield "| --- | --- | --- | --- |"
        for change in comparison.schema_changes:
            yield _row(change.bump.word, change.table, change.column, change.sentence)
        yield ""
    counts = count_changes(comparison.row_changes)
    for table, lines in groupby(change_lines(comparison, reason), lambda line: line.table):
        yield f"### {_cell(table)}: {tally(counts[table])}"
        yield ""
        yield "| | Id | Column | Old | New | Reason |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for _, cells in islice(groupby(lines, lambda line: (line.kind, line.key)), limit):
            for line in cells:
                yield _row(line.kind, line.key, line.column, line.old, line.new, line.reason)
        yield ""
        if limit is not None and (more := counts[table].total() - limit) > 0:
            yield f"… and {counted(more, 'more row')}; `casetrail diff --limit 0` lists all."
            yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return escaped(visible(text, _CELL_LIMIT))
