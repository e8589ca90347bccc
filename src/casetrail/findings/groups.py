"""Groups: equal findings put together, so that a person reads one mistake once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from casetrail.findings.finding import Finding, Severity
from casetrail.findings.report_content import ReportContent
from casetrail.findings.sentences import counted

SHOWN = 5
"""How many mistakes of a group people are shown."""

_ROWS_NAMED = 10
"""How many of the other rows with the same mistake are named."""

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»|`[^`]*`")
_NUMBER = re.compile(r"\d[\d,.]*")
_MARKS = (("'", "'"), ('"', '"'), ("“", "”"), ("‘", "’"), ("`", "`"))


class Mistake(NamedTuple):
    """Findings that say the very same of one value, each in another row: one mistake, to be mended once.

    A row that is not there is such a value: each row that refers to it has a finding of its own.
    """

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that is shown."""
        return self.findings[0]

    @property
    def elsewhere(self) -> str | None:
        """`the same in 110 more rows: 3, 4, 5, …`; `None` where it is in one row."""
        if len(self.findings) == 1:
            return None
        rows = [f"{finding.row:,}" for finding in self.findings[1 : _ROWS_NAMED + 1]]
        more = ", …" if len(self.findings) > _ROWS_NAMED + 1 else ""
        return f"the same in {counted(len(self.findings) - 1, 'more row')}: {', '.join(rows)}{more}"


class Group(NamedTuple):
    """Findings of one code, table and field that say the same but for the values they name.

    `total` counts those of the group that the report lists and, where the code has no other group, also those
    that it only counts.
    """

    findings: tuple[Finding, ...]
    total: int

    @property
    def first(self) -> Finding:
        """The finding that represents the group: it has its code, severity, table, path and field."""
        return self.findings[0]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The findings, those of one value in many rows together, in the order of their first rows."""
        gathered: dict[tuple[object, ...], list[Finding]] = {}
        for finding in self.findings:
            gathered.setdefault(_mistake(finding) or (len(gathered),), []).append(finding)
        return tuple(Mistake(tuple(findings)) for findings in gathered.values())

    @property
    def hint(self) -> str | None:
        """The hint where all findings of the group share it, to be said once."""
        hints = {finding.hint for finding in self.findings}
        return self.first.hint if len(hints) == 1 else None


def grouped(report: ReportContent) -> tuple[Group, ...]:
    """The groups of a report: causes first, then what is worse, by the order of tables and columns."""
    gathered: dict[tuple[str, Severity, str | None, str | None, str | None, str], list[Finding]] = {}
    for finding in report.findings:
        place = finding.table if finding.table is not None else finding.path
        key = (finding.code, finding.severity, finding.table, place, finding.field, _shape(finding))
        gathered.setdefault(key, []).append(finding)
    groups_of: dict[str, int] = {}
    for key in gathered:
        groups_of[key[0]] = groups_of.get(key[0], 0) + 1
    order = {table.name: number for number, table in enumerate(report.tables)}
    groups = [
        Group(
            tuple(findings),
            report.counts.get(findings[0].code, 0) if groups_of[findings[0].code] == 1 else len(findings),
        )
        for findings in gathered.values()
    ]
    return tuple(sorted(groups, key=lambda group: _rank(group.first, report.ranks, order)))


def under_roots(groups: Sequence[Group]) -> list[tuple[Group, tuple[Group, ...]]]:
    """Each group with those that follow from it: they say the same remedy of values that it names too.

    An id that no row has is wrong wherever it is named, and is mended once.
    """
    roots: list[tuple[Group, set[tuple[str | None, str | None]], list[Group]]] = []
    for group in groups:
        values = {(finding.value, finding.hint) for finding in group.findings}
        root = next((root for root in roots if values <= root[1] and all(all(pair) for pair in values)), None)
        if root is None:
            roots.append((group, values, []))
        else:
            root[2].append(group)
    return [(group, tuple(following)) for group, _, following in roots]


def mistakes_first(report: ReportContent) -> tuple[Finding, ...]:
    """The findings in the order of the report, but of each rank those that only repeat a mistake at the end.

    For a place that shows the first few only.
    """
    known: set[tuple[object, ...]] = set()
    order: list[tuple[int, bool, int]] = []
    for number, finding in enumerate(report.findings):
        mistake = _mistake(finding)
        order.append((report.ranks.get(finding.code, 0), mistake in known, number))
        if mistake is not None:
            known.add(mistake)
    return tuple(report.findings[number] for _, _, number in sorted(order))


def unlisted(report: ReportContent, groups: tuple[Group, ...]) -> dict[str, int]:
    """By code, how many findings no group counts: those that the report counts without describing them."""
    left = dict(report.counts)
    for group in groups:
        left[group.first.code] = left.get(group.first.code, 0) - group.total
    return {code: number for code, number in sorted(left.items()) if number > 0}


def _mistake(finding: Finding) -> tuple[object, ...] | None:
    """Equal for findings that say the very same of one value; `None` for what says nothing of its value."""
    if finding.row is None or not finding.value or finding.value not in finding.message:
        return None
    said = (finding.code, finding.severity, finding.message, finding.hint)
    return (*said, finding.table, finding.path, finding.field)


def _rank(finding: Finding, ranks: dict[str, int], order: dict[str, int]) -> tuple[int, int, int, int]:
    table = -1 if finding.table is None else order.get(finding.table, len(order))
    return ranks.get(finding.code, 0), _WEIGHT[finding.severity], table, finding.column or 0


def _shape(finding: Finding) -> str:
    shape = finding.message[:2000]
    for known in (finding.value, finding.key):
        if known:
            for left, right in _MARKS:
                shape = shape.replace(f"{left}{known}{right}", "…")
    return _NUMBER.sub("0", _QUOTED.sub("…", shape))
