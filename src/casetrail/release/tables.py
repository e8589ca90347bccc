"""The tables of a release: each as one canonical CSV file, and the hash of what it says."""

from __future__ import annotations

from pathlib import Path

from casetrail.curate.format import read_rows, row_order
from casetrail.findings.report import Ledger
from casetrail.package.csv_text import composed, csv_bytes
from casetrail.package.resource import Resource


def write_canonical_csv(resource: Resource, target: Path, ledger: Ledger) -> int:
    """Write the table as `casetrail format` does, whatever dialect it came in; the number of its rows.

    Only a Case Data Package, whose words say so, has its texts composed (Normalization Form C): of another's
    values a release changes not one.
    """
    names, rows = read_rows(resource, ledger)
    if resource.case_package:
        rows = [tuple(map(composed, row)) for row in rows]
    if resource.schema is not None and resource.schema.primary_key:
        rows.sort(key=row_order(resource.schema, names))
    target.write_bytes(csv_bytes(names, rows))
    return len(rows)
