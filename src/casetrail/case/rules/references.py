"""References: an id that may belong to one of several tables belongs to a row of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pyarrow as pa

from casetrail.case.rules.base import CaseRules, joined, keys_of, not_in
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean


class ReferenceRules(CaseRules):
    """What a foreign key cannot say: the id is a key of one of several tables."""

    name = "references"
    codes: ClassVar = {"reference-unknown": "A cell holds an id that no row of its tables has."}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of such ids, and the keys of the tables that they name."""
        pointing = [(name, column, tables) for name, column, tables in self._pointing()]
        keys = keys_of(self.specs)
        targets = {table: keys[table] for _, _, tables in pointing for table in tables}
        return joined(targets, *({name: (self.specs[name].key, column)} for name, column, _ in pointing))

    def _pointing(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        known = keys_of(self.specs)
        for name, spec in self.specs.items():
            for field in spec.fields if spec.primary_key else ():
                if field.key_of:
                    yield name, field.name, tuple(table for table in field.key_of if table in known)

    def run(self, builder: ReportBuilder) -> None:
        """Look up each id."""
        for name, column, tables in self._pointing():
            rows = self.table(name)
            chunks = [chunk for table in tables for chunk in self.column_of_keys(table).chunks]
            keys = pa.chunked_array(chunks, type=pa.string())
            for index in rows.where(not_in(rows.column(column), keys)):
                text = rows.cell(index, column)
                builder.add(
                    rows.finding(
                        "reference-unknown",
                        f"no row of {' or '.join(tables) or 'this case'} has the id {text!r}",
                        index,
                        field=column,
                        hint=did_you_mean(text, keys.to_pylist()),
                    )
                )
