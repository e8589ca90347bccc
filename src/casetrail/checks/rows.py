"""Row rules: proved for whole batches by their kernels, explained row by row (see `row_rules`)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import TableCheck
from casetrail.checks.row_rules import RowRule, unknown_columns
from casetrail.checks.table import Table
from casetrail.findings.error import CasetrailError
from casetrail.tables.batch import TextBatch
from casetrail.types.arrays import true_indices
from casetrail.types.problem import quoted


class RowRules(TableCheck):
    """The row rules of one table. A rule on a column that the table does not have is refused at once."""

    def __init__(self, table: Table, rules: Sequence[RowRule]) -> None:
        unknown = unknown_columns(rules, table.schema.field_names)
        if unknown:
            rule, column = unknown[0]
            raise CasetrailError(
                f"the rule '{rule.name}' speaks of the column '{column}', which '{table.name}' does not have"
            )
        self._table, self._rules = table, tuple(rules)

    def feed(self, batch: TextBatch) -> None:
        """Look at the records that a kernel does not prove."""
        for rule in self._rules:
            if any(self._table.lacks(batch, self._table.position(name)) for name in rule.columns):
                continue
            proved = pc.fill_null(rule.mask(batch.cells), False)
            if proved.true_count < len(proved):
                self._explain(batch, rule, pc.invert(proved))

    def _explain(self, batch: TextBatch, rule: RowRule, unproved: pa.BooleanArray) -> None:
        columns = [(name, batch.cells.column(self._table.position(name))) for name in rule.columns]
        builder = self._table.builder
        verdicts: dict[tuple[str, ...], bool] = {}
        counted = 0
        taken = [column.filter(unproved).to_pylist() for _, column in columns]
        for index, cells in zip(true_indices(unproved), zip(*taken, strict=True), strict=True):
            if cells not in verdicts:
                names = (name for name, _ in columns)
                verdicts[cells] = rule.holds(dict(zip(names, cells, strict=True)))
            if verdicts[cells]:
                continue
            if not builder.remaining(rule.name):
                counted += 1
                continue
            sensitive = [self._table.is_sensitive(batch, index, name) for name, _ in columns]
            shown = tuple(
                "…" if hidden and cell else cell for hidden, cell in zip(sensitive, cells, strict=True)
            )
            self._table.report(
                rule.name,
                _message(rule, shown),
                self._table.place(batch, index, self._table.position(rule.columns[0])),
                hint=rule.hint,
            )
        builder.count(rule.name, counted)


def _message(rule: RowRule, cells: tuple[str, ...]) -> str:
    """The rule as a clause, and what stands in the cells of which it speaks."""
    clause = rule.sentence[0].lower() + rule.sentence[1:].removesuffix(".")
    held = [
        f"'{name}' is {quoted(text) if text else 'empty'}"
        for name, text in zip(rule.columns, cells, strict=True)
    ]
    return f"{clause}; here {' and '.join(held)}"
