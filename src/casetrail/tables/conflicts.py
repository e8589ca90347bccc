"""Conflicts of git: the marks in a file that belong to one conflict are one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casetrail.findings.finding import Finding


def join_conflicts(marks: Sequence[Finding]) -> list[Finding]:
    """One finding for each conflict, at its first mark, with the lines of the others."""
    conflicts: list[list[Finding]] = []
    for finding in marks:
        mark = _mark(finding)
        starts = not conflicts or mark.startswith("<") or finding.path != conflicts[-1][0].path
        if starts or _mark(conflicts[-1][-1]).startswith(">"):
            conflicts.append([])
        conflicts[-1].append(finding)
    return [_joined(first, others) for first, *others in conflicts]


def _joined(first: Finding, others: Sequence[Finding]) -> Finding:
    if not others:
        return first
    parts = [f"{_mark(finding)} in line {finding.line:,}" for finding in others]
    where = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    return replace(first, message=f"{first.message}; of the same conflict {_are(parts)} {where}")


def _are(parts: Sequence[str]) -> str:
    return "are" if parts[1:] else "is"


def _mark(finding: Finding) -> str:
    return (finding.value or "").partition(" ")[0]
