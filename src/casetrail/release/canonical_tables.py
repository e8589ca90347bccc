"""The tables of a release: each as one canonical CSV file, the form of `casetrail format`."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from casetrail.findings.report import ReportBuilder
from casetrail.package.resource import Resource
from casetrail.tables.csv_writer import canonical_csv, text_table


def write_canonical_csv(resource: Resource, target: Path, builder: ReportBuilder) -> int:
    """Write the table as `casetrail format` does, whatever dialect it came in; the number of its rows.

    Only a Case Data Package, whose words say so, has its texts composed (Normalization Form C): of another's
    values a release changes not one.
    """
    batches = [batch.cells for batch in resource.batches(builder)]
    names = resource.schema.field_names if resource.schema is not None else ()
    table = pa.Table.from_batches(batches) if batches else text_table(names, ())
    with target.open("wb") as file:
        file.writelines(canonical_csv(table, resource.schema, compose=resource.case_package))
    return int(table.num_rows)
