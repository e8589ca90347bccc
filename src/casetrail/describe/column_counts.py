"""Column counts: how many cells of each column are empty, and how often each term is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow.compute as pc

from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.types.arrow_arrays import text_array


@dataclass(slots=True)
class TableCounts:
    """Of one table: its rows, the cells without a value by column, the cells of each term by column."""

    rows: int = 0
    empty: Counter[str] = field(default_factory=Counter)
    terms: dict[str, Counter[str]] = field(default_factory=dict)


def column_counts(package: Package) -> Mapping[str, TableCounts]:
    """The counts of each table that has a schema; where a part cannot be read, of the rest."""
    return {table.name: _of_table(table) for table in package.tables if table.schema is not None}


def _of_table(table: Resource) -> TableCounts:
    counts, schema = TableCounts(), table.schema
    assert schema is not None
    if table.obstacle is not None:
        return counts
    missing = {field.name: text_array(schema.missing(field)) for field in schema.fields}
    vocabularies = [field.name for field in schema.fields if field.terms]
    for name in vocabularies:
        counts.terms[name] = Counter()
    for batch in table.batches(ReportBuilder(limit=0)):
        counts.rows += batch.cells.num_rows
        for name, texts in missing.items():
            column = batch.cells.column(name)
            empty = pc.or_(pc.is_null(column), pc.is_in(column, value_set=texts))
            counts.empty[name] += pc.sum(empty).as_py() or 0
            if name in counts.terms:
                for value in pc.value_counts(column.filter(pc.invert(empty))).to_pylist():
                    counts.terms[name][value["values"]] += value["counts"]
    return counts
