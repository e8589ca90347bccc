"""Disagreement versions: what they must be, by the state of their disagreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar

from casetrail.case.rules.base import CaseRules, CollectedColumns
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.types.arrow_arrays import are_filled

_VERSION = (
    "evidence_id",
    "table",
    "row_id",
    "field",
    "disagreement_id",
    "value",
    "rank",
    "reason",
)


class DisagreementRules(CaseRules):
    """A disagreement has at least two versions, all of one cell, ranked as its state asks."""

    name = "disagreements"
    codes: ClassVar = {
        "disagreement-without-versions": "A disagreement has fewer than two different versions.",
        "disagreement-scattered": "The versions of one disagreement are about different cells.",
        "disagreement-not-settled": "A settled disagreement has not exactly one preferred version.",
        "disagreement-not-open": "An open disagreement has a preferred version.",
        "disagreement-cell-filled": "The cell of an open disagreement is filled.",
        "disagreement-two-preferred": "More than one version is preferred.",
        "disagreement-version-without-rank": "A version in a settled disagreement has no rank.",
        "disagreement-version-without-reason": "Nothing says why a version is not the preferred one.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The disagreements and their versions."""
        return {"evidence": _VERSION, "disagreements": ("disagreement_id", "state")}

    def run(self, builder: ReportBuilder) -> None:
        """Look at one disagreement after the other."""
        evidence, disagreements = self.table("evidence"), self.table("disagreements")
        versions: dict[str, list[int]] = defaultdict(list)
        for index in evidence.where(are_filled(evidence.column("disagreement_id"))):
            versions[evidence.cell(index, "disagreement_id")].append(index)
        versions_of = {
            index: versions[disagreements.cell(index, "disagreement_id")]
            for index in range(len(disagreements))
        }
        without = [index for index, claims in versions_of.items() if len(claims) < 2]
        if without and evidence.explains(sum(2 - len(versions_of[index]) for index in without)):
            self.not_checked("evidence", "disagreement", len(without))
            versions_of = {index: claims for index, claims in versions_of.items() if index not in without}
        for index, claims in versions_of.items():
            _Disagreement(disagreements, index, evidence, claims).check(builder)
        self._open_cells(disagreements, evidence, versions, builder)

    def _open_cells(
        self,
        disagreements: CollectedColumns,
        evidence: CollectedColumns,
        versions: dict[str, list[int]],
        builder: ReportBuilder,
    ) -> None:
        """The cell of an open disagreement is empty: filling it would prefer one of its versions."""
        open_cells: dict[tuple[str, str, str], int] = {}
        for index in range(len(disagreements)):
            claims = versions[disagreements.cell(index, "disagreement_id")]
            if disagreements.cell(index, "state") == "open" and claims:
                cell = _cell_of(evidence, claims[0])
                if cell[2]:
                    open_cells[cell] = index
        for table in sorted({cell[0] for cell in open_cells}):
            self._filled_cells(table, open_cells, disagreements, builder)

    def _filled_cells(
        self,
        table: str,
        open_cells: dict[tuple[str, str, str], int],
        disagreements: CollectedColumns,
        builder: ReportBuilder,
    ) -> None:
        if table not in self.specs:
            return
        key = self.specs[table].key
        open_here = {
            (row_id, field): index for (name, row_id, field), index in open_cells.items() if name == table
        }
        for batch in self.package.resource(table).batches(ReportBuilder(limit=0)):
            for position, row_id in enumerate(batch.cells.column(key).to_pylist()):
                for field in batch.cells.schema.names:
                    index = open_here.get((row_id, field))
                    value = "" if index is None else str(batch.cells.column(field)[position].as_py())
                    if index is not None and value:
                        builder.add(
                            disagreements.finding(
                                "disagreement-cell-filled",
                                f"none is preferred, but the cell {field!r} of {row_id} holds {value!r}",
                                index,
                                field="state",
                                hint="empty the cell, or settle the disagreement with a preferred version",
                                related=Place(
                                    table=table, row=batch.row(position), field=field, key=row_id, value=value
                                ),
                            )
                        )


class _Disagreement:
    """One disagreement and the positions of its versions in the table of evidence."""

    def __init__(
        self, disagreements: CollectedColumns, index: int, evidence: CollectedColumns, versions: list[int]
    ) -> None:
        self.disagreements = disagreements
        self.index = index
        self.evidence = evidence
        self.versions = versions
        self.state = disagreements.cell(index, "state")

    def check(self, builder: ReportBuilder) -> None:
        """Add what is wrong with the disagreement."""
        values = {self.evidence.cell(index, "value") for index in self.versions} - {""}
        if len(values) < 2:
            self._report(
                builder,
                "disagreement-without-versions",
                f"a disagreement has two versions or more; evidence gives this one {len(values)}",
                "add the other version as evidence with this `disagreement_id`, or remove the disagreement",
            )
            return
        self._one_cell(builder)
        self._ranks(builder)

    def _one_cell(self, builder: ReportBuilder) -> None:
        cells = {_cell_of(self.evidence, index) for index in self.versions}
        if len(cells) > 1:
            shown = "; ".join(" / ".join(part or "none" for part in cell) for cell in sorted(cells))
            self._report(
                builder,
                "disagreement-scattered",
                f"the versions of one disagreement are about one cell, but these name several: {shown}",
                "give all versions the same `table`, `row_id` and `field`, or make two disagreements of it",
            )

    def _ranks(self, builder: ReportBuilder) -> None:
        by_value: dict[str, list[int]] = defaultdict(list)
        for index in self.versions:
            by_value[self.evidence.cell(index, "value")].append(index)
        preferred = [value for value, claims in by_value.items() if "preferred" in self._ranks_of(claims)]
        if self.state == "open":
            if preferred:
                self._report(
                    builder,
                    "disagreement-not-open",
                    f"the disagreement is open, but {preferred[0]!r} is preferred",
                    "set `state` to settled and give reasons, or take the rank away",
                )
            return
        if len(preferred) > 1:
            shown = ", ".join(repr(value) for value in preferred)
            self._report(
                builder,
                "disagreement-two-preferred",
                f"only one version can be preferred, but these are: {shown}",
                "keep `rank` preferred for one value and make the others alternative or rejected",
            )
        if self.state == "settled" and not preferred:
            self._report(
                builder,
                "disagreement-not-settled",
                "the disagreement is settled, but no version is preferred",
                "set `rank` to preferred for the version that is in the cell, or `state` to open",
            )
        for value, claims in by_value.items():
            if value not in preferred:
                self._other_version(value, claims, builder)

    def _other_version(self, value: str, claims: list[int], builder: ReportBuilder) -> None:
        """A version beside the preferred one has a rank, and one of its sources carries the reason."""
        if self.state == "settled":
            for index in claims:
                if self.evidence.cell(index, "rank") == "":
                    builder.add(
                        self.evidence.finding(
                            "disagreement-version-without-rank",
                            f"{self._id} is settled, but this version has no rank",
                            index,
                            field="rank",
                            hint="set `rank` to alternative or rejected and give the `reason`",
                        )
                    )
        if not any(self.evidence.cell(index, "reason") for index in claims):
            builder.add(
                self.evidence.finding(
                    "disagreement-version-without-reason",
                    f"nothing says why {value!r} is not the preferred version of {self._id}",
                    claims[0],
                    field="reason",
                    hint="say in `reason` what speaks against it, or how it goes together with the other",
                )
            )

    @property
    def _id(self) -> str:
        return self.disagreements.cell(self.index, "disagreement_id")

    def _ranks_of(self, claims: list[int]) -> set[str]:
        return {self.evidence.cell(index, "rank") for index in claims}

    def _report(self, builder: ReportBuilder, code: str, message: str, hint: str) -> None:
        builder.add(self.disagreements.finding(code, message, self.index, field="state", hint=hint))


def _cell_of(evidence: CollectedColumns, index: int) -> tuple[str, str, str]:
    return (evidence.cell(index, "table"), evidence.cell(index, "row_id"), evidence.cell(index, "field"))
