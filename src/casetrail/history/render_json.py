"""A comparison as one JSON object, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from casetrail.findings.json_report import finding_json
from casetrail.findings.visible import encodable
from casetrail.history.change_table import reason_of
from casetrail.history.compare import Comparison, Side
from casetrail.history.version_bump import ReleaseBump


def render_json(comparison: Comparison, reason: str = "", release: ReleaseBump | None = None) -> str:
    """`old`, `new`, `bump`, `schema_changes`, `row_changes`, `findings`, and `release` (or null)."""
    shown = {
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "same": comparison.same,
        "bump": comparison.bump.word,
        "schema_changes": [
            {
                "table": change.table or None,
                "column": change.column or None,
                "kind": change.kind,
                "bump": change.bump.word,
                "message": change.sentence,
            }
            for change in comparison.schema_changes
        ],
        "row_changes": [
            {
                "table": change.table,
                "key": list(change.key),
                "kind": change.kind.value,
                "cells": [asdict(cell) for cell in change.cells],
                "reason": reason_of(comparison, exact) or reason,
            }
            for exact, change in zip(comparison.row_changes, comparison.published(), strict=True)
        ],
        "findings": [finding_json(finding) for finding in comparison.findings],
        "release": None if release is None else _release(release),
    }
    return encodable(json.dumps(shown, ensure_ascii=False, indent=2)) + "\n"


def _side(side: Side) -> dict[str, str | None]:
    return {"label": side.label, "package": side.package, "version": side.version}


def _release(release: ReleaseBump) -> dict[str, Any]:
    return {
        "previous": release.previous,
        "earlier": release.earlier,
        "version": release.version,
        "bump": release.bump.word,
        "minimum": release.minimum,
        "enough": release.enough,
        "findings": [finding_json(finding) for finding in release.findings],
    }
