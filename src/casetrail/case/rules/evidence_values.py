"""Values of evidence: held to all that their column asks, and the preferred one to what the cell says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar, NamedTuple

from casetrail.case.cell import CellType
from casetrail.case.profile import FieldSpec
from casetrail.case.rules.base import CaseRules, CollectedColumns, joined, keys_of
from casetrail.checks.foreign_keys import reference_hint
from casetrail.findings.finding import Finding
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.findings.sentences import counted
from casetrail.types.problem import FieldProblem


class EvidenceValueRules(CaseRules):
    """A value of evidence fits its column, and says what the cell says unless sources disagree."""

    name = "evidence-values"
    codes: ClassVar = {
        "evidence-value-type": "The column cannot hold the value of evidence.",
        "evidence-value-unknown-key": "The value of evidence is an id that no row has. "
        "Mend the id, or add the row.",
        "evidence-value-differs": "Evidence says something else than the cell, without a disagreement.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """What evidence says of cells, and the keys that it may name."""
        columns = ("evidence_id", "table", "row_id", "field", "disagreement_id", "value", "rank")
        return joined({"evidence": columns}, keys_of(self.specs))

    def run(self, builder: ReportBuilder) -> None:
        """Take the claims column by column."""
        evidence = self.table("evidence")
        claims: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        indices = list(evidence.filled("row_id", "field", "value"))
        for index, (name, field) in zip(indices, evidence.cells(indices, "table", "field"), strict=True):
            if name in self.specs and field in self.specs[name].columns:
                claims[name][field].append(index)
        for name, fields in claims.items():
            if not self.is_readable(name):
                continue
            rows = dict(self._rows(name, evidence, fields))
            for field, indices in fields.items():
                self._column(name, self.specs[name].columns[field], evidence, indices, rows, builder)

    def _rows(
        self, name: str, evidence: CollectedColumns, fields: Mapping[str, list[int]]
    ) -> Iterator[tuple[str, _Row]]:
        """The rows of which evidence speaks, read once more, so that no table is held whole."""
        wanted = {row_id for indices in fields.values() for (row_id,) in evidence.cells(indices, "row_id")}
        for batch in self.package.resource(name).batches(ReportBuilder(limit=0)):
            columns = {field: batch.column(batch.positions[field]) for field in fields}
            rows: dict[str, int] = {}
            for index, row_id in enumerate(batch.cells.column(self.specs[name].key).to_pylist()):
                if row_id in wanted:
                    wanted.discard(row_id)
                    rows[row_id] = index
            indices = list(rows.values())
            places = self.table(name).table.places(batch, indices)
            texts = zip(*(batch.texts(indices, batch.positions[field]) for field in fields), strict=True)
            for row_id, place, cells in zip(rows, places, texts, strict=True):
                yield row_id, _Row(place, dict(zip(fields, map(str, cells), strict=True)), columns)

    def _column(
        self,
        name: str,
        field: FieldSpec,
        evidence: CollectedColumns,
        indices: list[int],
        rows: Mapping[str, _Row],
        builder: ReportBuilder,
    ) -> None:
        try:
            cell = CellType(field)
        except FieldProblem:
            # That no value of the column can be read is said of the column.
            return
        targets = self._targets(name, field)
        if not all(map(self.is_readable, targets)):
            return
        keys = {key for target in targets for key in self.column_of_keys(target).to_pylist()}
        missing = {value for (value,) in evidence.cells(indices, "value")} - keys if targets else set()
        incomplete = [target for target in targets if self.table(target).explains(len(missing))]
        problems = lru_cache(4096)(cell.problem)
        binding: dict[str, dict[int, str]] = defaultdict(dict)
        claims = evidence.cells(indices, "value", "row_id", "disagreement_id", "rank")
        for index, (value, row_id, disagreement, rank) in zip(indices, claims, strict=True):
            if row_id not in rows:
                continue
            problem = problems(value)
            if problem is not None:
                builder.add(
                    evidence.finding(
                        "evidence-value-type",
                        f"{value!r} is no value of the column {field.name!r}: {problem.reason}",
                        index,
                        field="value",
                        hint=problem.hint
                        or "write it as the column would, and the source's own words in `as_written`",
                    )
                )
                continue
            if targets and value not in keys:
                if incomplete:
                    self.not_checked(incomplete[0], "claim", 1)
                    continue
                builder.add(
                    evidence.finding(
                        "evidence-value-unknown-key",
                        f"{value!r} is no value of the column {field.name!r}: "
                        f"no row of {' or '.join(targets)} has this id",
                        index,
                        field="value",
                        hint=reference_hint(value, sorted(keys), *targets),
                    )
                )
                continue
            held = rows[row_id].texts[field.name]
            if held not in ("", value) and (not cell.accepts(held) or (targets and held not in keys)):
                # The cell has its finding.
                self.not_checked(name, "claim", 1)
                continue
            if disagreement == "" or rank == "preferred":
                binding[row_id][index] = value
        for row_id, values in binding.items():
            if any(value != rows[row_id].texts[field.name] for value in values.values()):
                self._differs(field, evidence, values, rows[row_id], builder)

    def _targets(self, name: str, field: FieldSpec) -> tuple[str, ...]:
        return tuple(table for table in self.specs[name].targets(field.name) if table in self.specs)

    def _differs(
        self,
        field: FieldSpec,
        evidence: CollectedColumns,
        values: Mapping[int, str],
        row: _Row,
        builder: ReportBuilder,
    ) -> None:
        """Several claims that agree with one another outweigh the cell: then the one mistake is there."""
        held = row.texts[field.name]
        held_words = f"holds {held!r}" if held else "is empty"
        cell = replace(row.place, field=field.name, value=held)
        hint = "mend the cell or the value, or make it a version in a disagreement"
        if len(values) > 1 and len(set(values.values())) == 1:
            index, value = next(iter(values.items()))
            message = f"the cell {held_words}, but {counted(len(values), 'claim')} say {value!r}"
            related = evidence.finding("", "", index, field="value").place
            place = replace(cell, column=row.columns[field.name])
            builder.add(Finding("evidence-value-differs", message, place, hint=hint, related=related))
            return
        for index, value in values.items():
            if value != held:
                builder.add(
                    evidence.finding(
                        "evidence-value-differs",
                        f"this says {value!r}, but the cell {field.name!r} of {cell.key} {held_words}",
                        index,
                        field="value",
                        hint=hint,
                        related=cell,
                    )
                )


class _Row(NamedTuple):
    """A row of which evidence speaks: where it is, its cells, and the columns of the file that hold them."""

    place: Place
    texts: Mapping[str, str]
    columns: Mapping[str, int | None]
