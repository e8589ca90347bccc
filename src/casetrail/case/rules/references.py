"""References: an id that may belong to one of several tables belongs to a row of one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules, different, joined, keys_of, not_in
from casetrail.checks.foreign_keys import reference_hint
from casetrail.findings.report import ReportBuilder


class ReferenceRules(CaseRules):
    """What a foreign key cannot say: the id is a key of one of several tables."""

    name = "references"
    codes: ClassVar = {
        "reference-unknown": "A cell holds an id that no row of its tables has. Mend the id, or add the row."
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of such ids, and the keys of the tables that they name."""
        pointing = list(self._pointing())
        keys = keys_of(self.specs)
        targets = {table: keys[table] for _, _, tables in pointing for table in tables if table in keys}
        return joined(targets, *({name: (self.specs[name].key, column)} for name, column, _ in pointing))

    def _pointing(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for name, spec in self.specs.items():
            for field in spec.fields if spec.primary_key else ():
                if field.key_of:
                    yield name, field.name, field.key_of

    def run(self, builder: ReportBuilder) -> None:
        """Look up each id."""
        unreadable = self.without_schema()
        for name, column, named in self._pointing():
            rows = self.table(name)
            tables = [table for table in named if table in keys_of(self.specs)]
            chunks = [chunk for table in tables for chunk in self.column_of_keys(table).chunks]
            keys = pa.chunked_array(chunks, type=pa.string())
            unknown = not_in(rows.column(column), keys)
            incomplete = [table for table in named if table in unreadable]
            missing = different(rows.column(column), unknown)
            incomplete += [table for table in tables if self.table(table).explains(missing)]
            if incomplete:
                # The id may be that of a row that could not be read.
                self.not_checked(incomplete[0], "reference", pc.sum(unknown).as_py() or 0)
                continue
            for index in rows.where(unknown):
                text = rows.cell(index, column)
                builder.add(
                    rows.finding(
                        "reference-unknown",
                        f"no row of {' or '.join(tables) or 'this case'} has the id {text!r}",
                        index,
                        field=column,
                        hint=reference_hint(text, keys.to_pylist(), *tables),
                    )
                )
