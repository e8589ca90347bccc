"""The columns that a case has beside those of its files, worked out from them."""

from __future__ import annotations

from collections.abc import Sequence

from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.tables.derived import DerivedColumn, moment_column


def derived_columns(package: Package, resource: Resource) -> Sequence[DerivedColumn]:
    """Columns beside those that every EDTF field has: where a table of a case says by `startsAt` which of its
    columns hold the day, the time and the zone, the moment in UTC at which a row begins.
    """
    schema = resource.schema
    stated = schema.extra.get("startsAt") if package.case_profile and schema else None
    if not isinstance(stated, list) or len(stated) != 3 or schema is None:
        return ()
    if not set(map(str, stated)) <= set(schema.field_names):
        return ()
    date, time, zone = stated
    title = "Starts at, in UTC"
    return (moment_column(date, time, zone, name="starts_at", after=zone, title=title),)
