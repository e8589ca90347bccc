"""A comparison as a page of HTML for reviewers: it loads and runs nothing, and prints well."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from casetrail.curate.row_changes import ChangeKind, RowChange, count_changes
from casetrail.findings.html import html_template, style_and_hash
from casetrail.findings.sentences import counted, hint_of, message_of
from casetrail.findings.visible import visible
from casetrail.history.change_table import key_text, reason_of
from casetrail.history.compare import Comparison
from casetrail.history.render_text import MAX_ROWS, tally, verdict
from casetrail.history.version_bump import ReleaseBump, findings_of

_FOLDER = Path(__file__).parent
_CELL_LIMIT = 2_000


def render_html(
    comparison: Comparison,
    reason: str = "",
    release: ReleaseBump | None = None,
    *,
    limit: int | None = MAX_ROWS,
) -> str:
    """The verdict, what speaks against a release, the schema changes, and each row by its table.

    Of each table so many rows are open as `limit` says, and as many again as ten times that can be opened.
    """
    style, style_hash = style_and_hash(_FOLDER / "diff.css")
    counts = count_changes(comparison.row_changes)
    return html_template(_FOLDER / "diff.html.jinja").render(
        style=style,
        style_hash=style_hash,
        title=f"{visible(comparison.old.label)} → {visible(comparison.new.label)}",
        verdict=[visible(sentence) for sentence in verdict(comparison, release)],
        findings=[
            {"severity": item.severity.value, "message": message_of(item), "hint": hint_of(item)}
            for item in findings_of(comparison, release)
        ],
        schema=[
            {
                "bump": change.bump.word,
                "place": visible(".".join(part for part in (change.table, change.column) if part)),
                "sentence": visible(change.sentence),
            }
            for change in comparison.schema_changes
        ],
        tables=[
            {"name": visible(table), "tally": tally(counts[table])} | _shown(list(rows), limit)
            for table, rows in groupby(_rows(comparison, reason), lambda row: row["table"])
        ],
    )


def _rows(comparison: Comparison, reason: str) -> Iterator[dict[str, Any]]:
    for exact, change in zip(comparison.row_changes, comparison.published(), strict=True):
        yield _row(change) | {"reason": visible(reason_of(comparison, exact) or reason)}


def _row(change: RowChange) -> dict[str, Any]:
    return {
        "table": change.table,
        "kind": change.kind.value,
        "key": visible(key_text(change)) or "row without a key",
        "cells": [
            {
                "column": visible(cell.column),
                "old": None if change.kind is ChangeKind.ADDED else visible(cell.old, _CELL_LIMIT),
                "new": None if change.kind is ChangeKind.REMOVED else visible(cell.new, _CELL_LIMIT),
            }
            for cell in change.cells
        ],
    }


def _shown(rows: list[dict[str, Any]], limit: int | None) -> dict[str, Any]:
    limit = len(rows) if limit is None else limit
    left = len(rows) - 11 * limit
    return {
        "rows": rows[:limit],
        "more": rows[limit : 11 * limit],
        "left": counted(left, "more row") if left > 0 else None,
    }
