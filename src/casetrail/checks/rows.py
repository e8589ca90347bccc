"""Row rules: proved for whole batches by their kernels, explained row by row (see `row_rules`).

A rule says nothing of a row in which it reads a cell that is no value of its field: the cell has its finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.checks.check import PackageCheck, TableCheck
from casetrail.checks.missing import Missing
from casetrail.checks.row_rules import RowRule
from casetrail.checks.rule_descriptor import CODES, rule_meanings, rules_of
from casetrail.checks.table import Table, WrongCells
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import Package
from casetrail.package.resource import Resource
from casetrail.standard.model import DescriptorLocation
from casetrail.tables.batch import TextBatch
from casetrail.types.arrow_arrays import distinct, text_array, true_indices, whole_numbers
from casetrail.types.problem import FieldProblem, ValueProblem, quoted
from casetrail.types.registry import field_type


class RowRules(PackageCheck):
    """Each row keeps the `rules` of its schema. A rule that cannot be checked is reported at once."""

    name = "row-rules"

    def __init__(self) -> None:
        self._meanings: dict[str, str] = {}

    @property
    def codes(self) -> Mapping[str, str]:
        """What each rule asks, and what can be wrong with one."""
        return {**CODES, **self._meanings}

    def open(self, package: Package, builder: ReportBuilder) -> None:
        """Note the names of all rules: they are the codes of the findings."""
        for resource in package.tables:
            if resource.schema is not None:
                self._meanings |= rule_meanings(resource.schema)

    def on_table(self, resource: Resource, table: Table) -> Iterable[TableCheck]:
        """The rules of the table, if it has any."""
        rules, broken = rules_of(table.schema, DescriptorLocation(table.schema_path, table=table.name))
        for finding in broken:
            table.builder.add(finding)
        return (_RulesOfTable(table, rules),) if rules else ()


class _RulesOfTable(TableCheck):
    def __init__(self, table: Table, rules: tuple[RowRule, ...]) -> None:
        self._table, self._rules = table, rules
        columns = dict.fromkeys(name for rule in rules for name in rule.columns)
        self._missing = {
            name: Missing(table.schema, table.schema.fields[table.position(name)]) for name in columns
        }

    def look(self, batch: TextBatch, table: Table) -> None:
        """Look at the records that a kernel does not prove."""
        columns = {
            name: missing.without(batch.cells.column(self._table.position(name)))
            for name, missing in self._missing.items()
        }
        for rule in self._rules:
            if any(self._table.lacks(batch, self._table.position(name)) for name in rule.columns):
                continue
            proved = rule.mask(columns)
            if proved.true_count < len(proved):
                broken = pc.invert(proved) if rule.exact else _broken(rule, columns, pc.invert(proved))
                for name in rule.value_columns:
                    broken = self._of_values(name, columns[name], broken)
                describe = partial(_describe, batch, table, rule, columns)
                column = table.position(rule.columns[0])
                table.report_cells(batch, [WrongCells(rule.name, column, broken, describe)])

    def _of_values(self, name: str, texts: pa.StringArray, broken: pa.BooleanArray) -> pa.BooleanArray:
        """Of the records that break a rule, those whose cell in a column is empty or a value of its field."""
        field = self._table.schema.fields[self._table.position(name)]
        terms = [category.value for category in field.categories or ()] or field.constraints.enum or ()
        values = {term for term in terms if isinstance(term, str)} if field.type == "string" else set()
        invalid = []
        for text in distinct(texts.filter(broken).drop_null()):
            try:
                field_type(field).parse(text)
            except (FieldProblem, ValueProblem):
                invalid.append(text)
            else:
                if values and text not in values:
                    invalid.append(text)
        return pc.and_not(broken, pc.is_in(texts, value_set=text_array(invalid))) if invalid else broken


def _broken(rule: RowRule, columns: dict[str, pa.StringArray], unproved: pa.BooleanArray) -> pa.BooleanArray:
    """Of the records that the kernel does not prove, those that break the rule."""
    verdicts: dict[tuple[str | None, ...], bool] = {}
    broken: list[int] = []
    cells_of = zip(*(columns[name].filter(unproved).to_pylist() for name in rule.columns), strict=True)
    for index, cells in zip(true_indices(unproved), cells_of, strict=True):
        if cells not in verdicts:
            verdicts[cells] = rule.holds(dict(zip(rule.columns, cells, strict=True)))
        if not verdicts[cells]:
            broken.append(index)
    return pc.is_in(whole_numbers(range(len(unproved))), value_set=whole_numbers(broken))


def _describe(
    batch: TextBatch,
    table: Table,
    rule: RowRule,
    columns: dict[str, pa.StringArray],
    index: int,
    text: str,
) -> tuple[str, str | None]:
    cells = [columns[name][index].as_py() for name in rule.columns]
    sensitive = [table.is_sensitive(batch, index, name) for name in rule.columns]
    shown = tuple("…" if hidden and cell else cell for hidden, cell in zip(sensitive, cells, strict=True))
    return _message(rule, shown), rule.hint


def _message(rule: RowRule, cells: tuple[str | None, ...]) -> str:
    """The rule as a clause, and what the cells of which it speaks hold."""
    clause = rule.description[0].lower() + rule.description[1:].removesuffix(".")
    held = [
        f"'{name}' is {quoted(text) if text else 'empty'}"
        for name, text in zip(rule.columns, cells, strict=True)
    ]
    return f"{clause}; here {' and '.join(held)}"
