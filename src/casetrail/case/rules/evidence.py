"""Evidence: it points at what is there, says what the cell says, and nothing stands without it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules, KeptColumns, not_in
from casetrail.case.tables import MODELS, TABLES
from casetrail.case.terms import Rank, Read
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.schema import FieldDescriptor
from casetrail.types.arrays import text_array
from casetrail.types.field_type import FieldType
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import field_type

EVIDENCED = {model.TABLE.name: model.TABLE.key for model in MODELS if model.TABLE.evidenced}
"""The tables of which each row has evidence, with their keys."""

_POINTERS = ("evidence_id", "table", "row_id", "field", "disagreement_id", "source_id", "value", "rank")


class EvidenceRules(CaseRules):
    """Evidence points at a row, a column and a source that are there, and each row and source has some."""

    name = "evidence"
    codes: ClassVar = {
        "evidence-unknown-table": "Evidence names a table that the case does not have.",
        "evidence-unknown-row": "Evidence names a row that its table does not have.",
        "evidence-unknown-field": "Evidence names a column that its table does not have.",
        "evidence-field-without-claim": "Evidence is for a cell of which no source can say anything.",
        "evidence-missing": "A row has no evidence.",
        "evidence-value-type": "The value of evidence is not of the type of its column.",
        "evidence-value-differs": "Evidence says something else than the cell, without a disagreement.",
        "source-without-evidence": "A source was read and supports nothing.",
    }
    needs: ClassVar = {
        "evidence": _POINTERS,
        "sources": ("source_id", "read"),
        **{
            model.TABLE.name: (model.TABLE.key,)
            for model in MODELS
            if model.TABLE.name not in ("evidence", "sources")
        },
    }

    def run(self, builder: ReportBuilder) -> None:
        """Follow every pointer, then look for rows and sources without evidence."""
        evidence = self.table("evidence")
        known = self._pointers(evidence, builder)
        self._unsupported_rows(evidence, builder)
        self._unused_sources(evidence, builder)
        self._values(evidence, known, builder)

    def _pointers(self, evidence: KeptColumns, builder: ReportBuilder) -> dict[str, dict[str, list[int]]]:
        """Report what points nowhere; where evidence for a cell points somewhere, by table and column."""
        tables, rows = evidence.column("table"), evidence.column("row_id")
        cells: dict[str, dict[str, list[int]]] = {}
        for index in evidence.where(
            pc.and_(pc.not_equal(tables, ""), pc.invert(pc.is_in(tables, value_set=text_array(TABLES))))
        ):
            builder.add(
                evidence.finding(
                    "evidence-unknown-table",
                    f"the case has no table {evidence.cell(index, 'table')!r}",
                    index,
                    field="table",
                    hint=did_you_mean(evidence.cell(index, "table"), TABLES),
                )
            )
        for name in TABLES:
            of_table = pc.equal(tables, name)
            if not pc.any(of_table).as_py():
                continue
            keys = self.table(name).column(TABLES[name].TABLE.key)
            for index in evidence.where(pc.and_(of_table, not_in(rows, keys))):
                builder.add(
                    evidence.finding(
                        "evidence-unknown-row",
                        f"the table {name} has no row {evidence.cell(index, 'row_id')}",
                        index,
                        field="row_id",
                        hint=did_you_mean(evidence.cell(index, "row_id"), keys.to_pylist()),
                    )
                )
            cells[name] = self._fields(evidence, name, of_table, builder)
        return cells

    def _fields(
        self, evidence: KeptColumns, name: str, of_table: pa.ChunkedArray, builder: ReportBuilder
    ) -> dict[str, list[int]]:
        model = TABLES[name]
        columns = self.table(name).table.schema.field_names
        derived = {f"{column}_{bound}" for column in columns for bound in ("earliest", "latest")} | {
            "starts_at"
        }
        fields: dict[str, list[int]] = defaultdict(list)
        for index in evidence.where(pc.and_(of_table, pc.not_equal(evidence.column("field"), ""))):
            field = evidence.cell(index, "field")
            if field in (model.TABLE.key, "note") or field in derived:
                builder.add(
                    evidence.finding(
                        "evidence-field-without-claim",
                        f"no source speaks of {field!r}: it is an id, a note of ours or a derived column",
                        index,
                        field="field",
                        hint="name the column whose cell it supports, or empty `field` for the whole row",
                    )
                )
            elif field not in columns:
                builder.add(
                    evidence.finding(
                        "evidence-unknown-field",
                        f"the table {name} has no column {field!r}",
                        index,
                        field="field",
                        hint=did_you_mean(field, columns) or f"its columns are {', '.join(columns)}",
                    )
                )
            else:
                fields[field].append(index)
        return fields

    def _unsupported_rows(self, evidence: KeptColumns, builder: ReportBuilder) -> None:
        for name, key in EVIDENCED.items():
            rows = self.table(name)
            claimed = pc.filter(evidence.column("row_id"), pc.equal(evidence.column("table"), name))
            bare = pc.invert(pc.is_in(rows.column(key), value_set=claimed))
            total = pc.sum(bare).as_py() or 0
            room = builder.remaining("evidence-missing")
            for index in pc.indices_nonzero(bare).slice(0, room).to_pylist():
                builder.add(
                    rows.finding(
                        "evidence-missing",
                        f"no evidence names {rows.cell(index, key)}: a reader cannot tell who says so",
                        index,
                        field=key,
                        hint=f"add a row to evidence with `table` {name} and this id, or leave the row out",
                    )
                )
            builder.count("evidence-missing", total - min(total, room))

    def _unused_sources(self, evidence: KeptColumns, builder: ReportBuilder) -> None:
        sources = self.table("sources")
        used = pc.is_in(sources.column("source_id"), value_set=evidence.column("source_id"))
        read = pc.is_in(sources.column("read"), value_set=text_array((Read.PART, Read.FULL)))
        for index in sources.where(pc.and_(read, pc.invert(used))):
            builder.add(
                sources.finding(
                    "source-without-evidence",
                    f"{sources.cell(index, 'source_id')} was read, but no evidence cites it",
                    index,
                    field="source_id",
                    hint="add what it says as evidence, or leave the source out",
                )
            )

    def _values(
        self, evidence: KeptColumns, cells: dict[str, dict[str, list[int]]], builder: ReportBuilder
    ) -> None:
        for name, fields in cells.items():
            if not fields:
                continue
            rows = self.table(name)
            wanted = {evidence.cell(index, "row_id") for claims in fields.values() for index in claims}
            held = self._cells(name, wanted, tuple(fields))
            for field, claims in fields.items():
                descriptor = rows.table.schema.field(field)
                assert descriptor is not None
                self._claims_of_field(evidence, descriptor, claims, held, builder)

    def _claims_of_field(
        self,
        evidence: KeptColumns,
        field: FieldDescriptor,
        claims: list[int],
        held: dict[str, tuple[int, dict[str, str]]],
        builder: ReportBuilder,
    ) -> None:
        parser = field_type(field)
        for index in claims:
            value = evidence.cell(index, "value")
            row_id = evidence.cell(index, "row_id")
            if value == "" or row_id not in held:
                continue
            problem = _not_of_type(field, parser, value)
            if problem is not None:
                builder.add(
                    evidence.finding(
                        "evidence-value-type",
                        f"{value!r} cannot stand in the column {field.name!r}: {problem}",
                        index,
                        field="value",
                        hint="write it as the column would, and the source's own words in `as_written`",
                    )
                )
                continue
            row, texts = held[row_id]
            disputed = evidence.cell(index, "disagreement_id") != ""
            binding = evidence.cell(index, "rank") == Rank.PREFERRED if disputed else True
            if binding and value != texts[field.name]:
                holds = f"holds {texts[field.name]!r}" if texts[field.name] else "is empty"
                builder.add(
                    evidence.finding(
                        "evidence-value-differs",
                        f"this says {value!r}, but the cell {field.name!r} of {row_id} {holds}",
                        index,
                        field="value",
                        hint="mend the cell or the value, or make it a version in a disagreement",
                        related=Place(
                            table=evidence.cell(index, "table"),
                            row=row,
                            field=field.name,
                            key=row_id,
                            value=texts[field.name],
                        ),
                    )
                )

    def _cells(
        self, name: str, wanted: set[str], fields: tuple[str, ...]
    ) -> dict[str, tuple[int, dict[str, str]]]:
        """The rows that evidence speaks of, read once more, so that no table is held whole."""
        assert self.package is not None
        key = TABLES[name].TABLE.key
        found: dict[str, tuple[int, dict[str, str]]] = {}
        for batch in self.package.resource(name).batches(ReportBuilder(limit=0)):
            keys = batch.cells.column(key)
            for index, row_id in enumerate(keys.to_pylist()):
                if row_id in wanted and row_id not in found:
                    texts = {field: str(batch.cells.column(field)[index].as_py()) for field in fields}
                    found[row_id] = (batch.row(index), texts)
        return found


def _not_of_type(field: FieldDescriptor, parser: FieldType[Any], value: str) -> str | None:
    """Why the value cannot stand in the column; `None` where it can."""
    enum = field.constraints.enum
    if enum is not None and value not in enum:
        return f"it is not one of the terms {', '.join(str(term) for term in enum)}"
    try:
        parser.parse(value)
    except ValueProblem as problem:
        return problem.reason
    return None
