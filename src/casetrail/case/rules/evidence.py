"""Evidence: it points at what is there, and no row is without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules, CollectedColumns, different, joined, keys_of, not_in
from casetrail.checks.foreign_keys import reference_hint
from casetrail.checks.unchecked import NotChecked
from casetrail.findings.finding import Severity
from casetrail.findings.report import ReportBuilder
from casetrail.findings.sentences import counted
from casetrail.standard.near_miss import did_you_mean
from casetrail.types.arrow_arrays import are_filled, are_text, text_array

_POINTERS = ("evidence_id", "table", "row_id", "field")


class EvidenceRules(CaseRules):
    """Evidence points at a row and a column that are there, and each row of an evidenced table has some."""

    name = "evidence"
    codes: ClassVar = {
        "evidence-unknown-table": "Evidence names a table that the case does not have. "
        "Name a table of the case.",
        "evidence-unknown-row": "Evidence names a row that its table does not have. "
        "Mend the id, or restore the row.",
        "evidence-unknown-field": "Evidence names a column that its table does not have. "
        "Name a column of that table, or empty `field` for the whole row.",
        "evidence-field-without-claim": "Evidence is for a cell of which no source can say anything.",
        "evidence-missing": "A row has no evidence. "
        "Add a row to `evidence` with the table and the id of the row, or leave the row out.",
        "cell-without-evidence": "A filled cell that needs evidence of its own has none. "
        "Add a row to `evidence` with the id of the row and the name of the column in `field`.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """What evidence points with, every key that it can point at, and the cells that need some."""
        cells = {name: self._evidenced(name) for name in keys_of(self.specs)}
        return joined({"evidence": _POINTERS}, keys_of(self.specs), cells)

    def _evidenced(self, name: str) -> tuple[str, ...]:
        return tuple(field.name for field in self.specs[name].fields if field.evidenced)

    def run(self, builder: ReportBuilder) -> None:
        """Follow every pointer, then look for rows without evidence."""
        evidence = self.table("evidence")
        tables = evidence.column("table")
        known = keys_of(self.specs)
        self._of_unreadable_schemas(tables)
        named = [*known, *self.without_schema()]
        unknown: dict[str, list[int]] = {}
        for index in evidence.where(not_in(tables, pa.chunked_array([text_array(named)]))):
            unknown.setdefault(evidence.cell(index, "table"), []).append(index)
        for name, indices in unknown.items():
            others = len(indices) - 1
            more = (
                f"; {counted(others, 'more claim')} {'is' if others == 1 else 'are'} about it"
                if others
                else ""
            )
            builder.add(
                evidence.finding(
                    "evidence-unknown-table",
                    f"the case has no table {name!r} whose rows have ids{more}",
                    indices[0],
                    field="table",
                    hint=did_you_mean(name, known),
                )
            )
        for name in known:
            of_table = are_text(tables, name)
            self._fields(evidence, name, of_table, builder)
            try:
                self._rows(evidence, name, of_table, builder)
                if self.specs[name].evidenced:
                    self._rows_without(evidence, name, of_table, builder)
                for column in self._evidenced(name):
                    self._cells_without(evidence, name, column, of_table, builder)
            except NotChecked:
                self.not_checked(name, "claim", pc.sum(of_table).as_py() or 0)

    def _of_unreadable_schemas(self, tables: pa.ChunkedArray) -> None:
        for name in self.without_schema():
            self.not_checked(name, "claim", pc.sum(pc.equal(tables, name)).as_py() or 0)

    def _rows(
        self, evidence: CollectedColumns, name: str, of_table: pa.ChunkedArray, builder: ReportBuilder
    ) -> None:
        keys = self.column_of_keys(name)
        unknown = pc.and_(of_table, not_in(evidence.column("row_id"), keys))
        if self.table(name).explains(different(evidence.column("row_id"), unknown)):
            self.not_checked(name, "claim", pc.sum(unknown).as_py() or 0)
            return
        for index in evidence.where(unknown):
            builder.add(
                evidence.finding(
                    "evidence-unknown-row",
                    f"the table {name} has no row {evidence.cell(index, 'row_id')}",
                    index,
                    field="row_id",
                    hint=reference_hint(evidence.cell(index, "row_id"), keys.to_pylist(), name),
                )
            )

    def _fields(
        self, evidence: CollectedColumns, name: str, of_table: pa.ChunkedArray, builder: ReportBuilder
    ) -> None:
        spec, fields = self.specs[name], evidence.column("field")
        silent = {spec.key, "note", "starts_at"}
        silent |= {f"{column}_{bound}" for column in spec.columns for bound in ("earliest", "latest")}
        claimed = text_array([column for column in spec.columns if column not in silent])
        for index in evidence.where(pc.and_(of_table, not_in(fields, pa.chunked_array([claimed])))):
            field = evidence.cell(index, "field")
            if field in silent:
                builder.add(
                    evidence.finding(
                        "evidence-field-without-claim",
                        f"no source speaks of {field!r}: it is an id, a note of ours or a derived column",
                        index,
                        field="field",
                        hint="name the column whose cell it supports, or empty `field` for the whole row",
                    )
                )
            else:
                builder.add(
                    evidence.finding(
                        "evidence-unknown-field",
                        f"the table {name} has no column {field!r}",
                        index,
                        field="field",
                        hint=did_you_mean(field, spec.columns)
                        or f"its columns are {', '.join(spec.columns)}",
                    )
                )

    def _rows_without(
        self, evidence: CollectedColumns, name: str, of_table: pa.ChunkedArray, builder: ReportBuilder
    ) -> None:
        rows, key = self.table(name), self.specs[name].key
        claimed = pc.filter(evidence.column("row_id"), of_table)
        bare = pc.invert(pc.is_in(rows.column(key), value_set=claimed))
        total = pc.sum(bare).as_py() or 0
        cause = next((table for table in (evidence, rows) if table.explains(total)), None)
        if cause is not None:
            self.not_checked(cause.table.name, "row", total)
            return
        remaining = builder.remaining("evidence-missing")
        for index in pc.indices_nonzero(bare).slice(0, remaining).to_pylist():
            builder.add(
                rows.finding(
                    "evidence-missing",
                    f"no evidence names {rows.cell(index, key)}: a reader cannot tell who says so",
                    index,
                    field=key,
                    hint=f"add a row to evidence with `table` {name} and this id, or leave the row out",
                )
            )
        builder.count("evidence-missing", total - min(total, remaining))

    def _cells_without(
        self,
        evidence: CollectedColumns,
        name: str,
        column: str,
        of_table: pa.ChunkedArray,
        builder: ReportBuilder,
    ) -> None:
        """A date or a number without evidence of its own: a reader cannot tell which source it is from."""
        rows, key = self.table(name), self.specs[name].key
        filled = are_filled(rows.column(column))
        if not pc.any(filled).as_py():
            return
        of_column = pc.and_(of_table, are_text(evidence.column("field"), column))
        claimed = pc.filter(evidence.column("row_id"), of_column)
        bare = pc.and_not(filled, pc.is_in(rows.column(key), value_set=claimed))
        total = pc.sum(bare).as_py() or 0
        if evidence.explains(total) or rows.explains(total):
            return
        remaining = builder.remaining("cell-without-evidence")
        for index in pc.indices_nonzero(bare).slice(0, remaining).to_pylist():
            builder.add(
                rows.finding(
                    "cell-without-evidence",
                    f"no evidence names the cell {column!r} of {rows.cell(index, key)}",
                    index,
                    field=column,
                    hint=f"add a row to evidence with this id and `field` {column}",
                    severity=Severity.WARNING,
                )
            )
        builder.count("cell-without-evidence", total - min(total, remaining), Severity.WARNING)
