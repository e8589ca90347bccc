"""Staged: the release while it is being made, as the writers of its files see it, and its tables as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from casetrail.describe.citation import Citation
from casetrail.describe.dataset import Dataset, FileFacts, dataset_of
from casetrail.describe.typed_tables import typed_table
from casetrail.exports.export import ExportSource
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.release.seal import Seal
from casetrail.tables.csv_writer import canonical_csv, text_table


@dataclass
class Staged:
    """The release while it is being made.

    `package` is the released package, opened from the staging folder: its tables are the canonical CSV files,
    and everything else is made from them. `source` is the folder from which the release is built, for the
    texts that are copied (licence, changelog); `rows` counts the rows of each table. `seal` has the files
    made so far; `planned` all that the release is to have, without sizes; `missing` why some of those are not
    made.
    """

    package: Package
    citation: Citation
    source: Path
    rows: Mapping[str, int]
    seal: Seal
    planned: tuple[FileFacts, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the package."""
        return self.package.name

    @property
    def root(self) -> Path:
        """The staging folder."""
        return self.seal.root

    @cached_property
    def export_source(self) -> ExportSource:
        """The tables with their types, their derived columns and what the package says of them."""
        return ExportSource(self.package, typed_table, self.root)

    @property
    def dataset(self) -> Dataset:
        """What the descriptors describe, with the files made so far and, without sizes, those to come."""
        known = {file.path for file in self.seal.files} | set(self.missing)
        to_come = [file for file in self.planned if file.path not in known]
        return dataset_of(self.package, files=[*self.seal.files, *to_come], rows=self.rows)

    @property
    def largest_table(self) -> tuple[str, int]:
        """The name and the rows of the largest table."""
        return max(self.rows.items(), key=lambda item: item[1], default=("", 0))


def write_canonical_csv(resource: Resource, target: Path, builder: ReportBuilder) -> int:
    """Write the table as `casetrail format` does, whatever dialect it came in; the number of its rows.

    Only a Case Data Package, whose words say so, has its texts composed (Normalization Form C): of another's
    values a release changes not one.
    """
    batches = [batch.cells for batch in resource.batches(builder)]
    names = resource.schema.field_names if resource.schema is not None else ()
    rows = sum(int(batch.num_rows) for batch in batches)
    # No name holds the table or its batches: the writer has them once.
    parts = canonical_csv(_table(batches, names), resource.schema, compose=resource.case_package)
    with target.open("wb") as file:
        file.writelines(parts)
    return rows


def _table(batches: list[pa.RecordBatch], names: Sequence[str]) -> pa.Table:
    """The batches as a table; the list is empty thereafter."""
    table = pa.Table.from_batches(batches) if batches else text_table(names, ())
    batches.clear()
    return table
