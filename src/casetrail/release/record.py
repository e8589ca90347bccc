"""release.json: what made the release, who accepts it, what each table says, and what is missing and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import casetrail
from casetrail.describe.citation import Citation
from casetrail.describe.json_text import json_text
from casetrail.findings.report import Report
from casetrail.release.content_hash import DEFINITION
from casetrail.release.second_opinion import Opinion
from casetrail.release.staged import Staged

NAME = "release.json"
ABOUT = "What made this release, which validators accept it, the content hash of each table, what is missing"


def record(
    staged: Staged,
    *,
    content_hash: str,
    tables: Mapping[str, str],
    report: Report,
    opinion: Opinion,
    missing: Sequence[tuple[str, str]],
    withheld_searched: bool,
    signed: bool,
) -> str:
    """The text of `release.json`. It names no machine, no user and no time of building."""
    cited = staged.citation
    return json_text(
        {
            "name": staged.name,
            "version": cited.version,
            "date": cited.day.isoformat(),
            **_dois(cited),
            "contentHash": content_hash,
            "tool": {"name": "casetrail", "version": casetrail.__version__},
            # Of the libraries, the one whose version decides on bytes that are no content.
            "writers": {"pyarrow": version("pyarrow")},
            "validation": [_own(report), _other(opinion)],
            "withheldNames": {
                "searched": withheld_searched,
                "meaning": "every file was searched for the names in a private list; none was found"
                if withheld_searched
                else "no list of withheld names was given, so nothing was searched for",
            },
            "signature": "SHA256SUMS.sig" if signed else None,
            "tables": [
                {
                    "name": one.name,
                    "path": one.path,
                    "rows": staged.rows[one.name],
                    "contentHash": tables[one.name],
                }
                for one in staged.package.tables
            ],
            "contentHashDefinition": DEFINITION,
            "missing": [{"path": path, "reason": reason} for path, reason in missing],
        }
    )


def _dois(cited: Citation) -> dict[str, str]:
    found = {"doi": cited.doi, "conceptDoi": cited.concept_doi}
    return {name: doi for name, doi in found.items() if doi is not None}


def _own(report: Report) -> dict[str, Any]:
    return {
        "tool": "casetrail",
        "version": casetrail.__version__,
        "valid": report.valid,
        "errors": report.errors,
        "warnings": report.warnings,
        "notes": report.notes,
        "findings": report.counts,
        "checks": [check.name for check in report.checks if check.ran],
    }


def _other(opinion: Opinion) -> dict[str, Any]:
    return {
        "tool": opinion.tool,
        "version": opinion.version,
        "valid": opinion.valid,
        "errors": opinion.errors,
        "warnings": opinion.warnings,
    }
