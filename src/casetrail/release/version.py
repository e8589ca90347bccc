"""The version of a release against the version before: what changed says how far it must have moved."""

from __future__ import annotations

from pathlib import Path

from casetrail.findings.error import CasetrailError
from casetrail.findings.finding import Severity
from casetrail.package.package import Package


def refuse_small_step(package: Package, previous: Path | None = None) -> None:
    """Raise a `CasetrailError` where the version moved less far than the changes ask, or an id was misused.

    The version before is the package at `previous`, else the newest tag of the git repository; the first
    version has none, and any number is large enough.
    """
    from casetrail.history.version_bump import predecessor, release_bump

    for finding in release_bump(package, predecessor(package, previous)).findings:
        if finding.severity is Severity.ERROR:
            place = f"{finding.path}: " if finding.path else ""
            hint = f"; {finding.hint}" if finding.hint else ""
            raise CasetrailError(f"{place}{finding.message}{hint}", exit_code=1)
