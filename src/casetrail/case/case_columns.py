"""The columns that a case has beside those of its files, worked out from them."""

from __future__ import annotations

from collections.abc import Sequence

from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.derived import DerivedColumn, moment_column


def derived_columns(package: Package, resource: Resource) -> Sequence[DerivedColumn]:
    """Columns beside those that every EDTF field has: of the events of a case the moment of their start."""
    if package.case_profile is None or resource.name != "events":
        return ()
    starts_at = moment_column(
        "date", "time", "timezone", name="starts_at", after="timezone", title="Starts at, in UTC"
    )
    return (starts_at,)
