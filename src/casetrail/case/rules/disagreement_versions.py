"""Disagreement versions: what they must be, by the state of their disagreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from casetrail.case.rules.base import CaseRules, CollectedColumns
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder

_CELL = ("table", "row_id", "field")


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
        columns = ("evidence_id", *_CELL, "disagreement_id", "value", "rank", "reason")
        return {"evidence": columns, "disagreements": ("disagreement_id", "state")}

    def run(self, builder: ReportBuilder) -> None:
        """Look at one disagreement after the other."""
        evidence, disagreements = self.table("evidence"), self.table("disagreements")
        versions: dict[str, list[_Version]] = defaultdict(list)
        indices = list(evidence.filled("disagreement_id"))
        cells = evidence.cells(indices, "disagreement_id", *_CELL, "value", "rank", "reason")
        for index, (disagreement_id, table, row_id, field, *others) in zip(indices, cells, strict=True):
            versions[disagreement_id].append(_Version(index, (table, row_id, field), *others))
        ids = disagreements.column("disagreement_id").to_pylist()
        versions_of = {index: versions[disagreement_id] for index, disagreement_id in enumerate(ids)}
        open_cells: dict[tuple[str, str, str], int] = {}
        for index, state in enumerate(disagreements.column("state").to_pylist()):
            if state == "open" and versions_of[index] and versions_of[index][0].cell[2]:
                open_cells[versions_of[index][0].cell] = index
        without = [index for index, claims in versions_of.items() if len(claims) < 2]
        if without and evidence.explains(sum(2 - len(versions_of[index]) for index in without)):
            self.not_checked("evidence", "disagreement", len(without))
            versions_of = {index: claims for index, claims in versions_of.items() if index not in without}
        for index, claims in versions_of.items():
            _Disagreement(disagreements, index, evidence, claims).check(builder)
        for table in sorted({cell[0] for cell in open_cells}):
            self._filled_cells(table, open_cells, disagreements, builder)

    def _filled_cells(
        self,
        table: str,
        open_cells: dict[tuple[str, str, str], int],
        disagreements: CollectedColumns,
        builder: ReportBuilder,
    ) -> None:
        """The cell of an open disagreement is empty: filling it would prefer one of its versions."""
        if table not in self.specs:
            return
        key = self.specs[table].key
        open_here: dict[str, dict[str, int]] = defaultdict(dict)
        for (name, row_id, field), index in open_cells.items():
            if name == table:
                open_here[row_id][field] = index
        for batch in self.package.resource(table).batches(ReportBuilder(limit=0)):
            for position, row_id in enumerate(batch.cells.column(key).to_pylist()):
                for field, index in open_here[row_id].items() if row_id in open_here else ():
                    column = batch.positions.get(field)
                    value = None if column is None else batch.text(position, column)
                    if value:
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


class _Version(NamedTuple):
    """A claim that is a version: its position in the table of evidence, and what it says of which cell."""

    position: int
    cell: tuple[str, str, str]
    value: str
    rank: str
    reason: str


class _Disagreement:
    """One disagreement and its versions."""

    def __init__(
        self,
        disagreements: CollectedColumns,
        index: int,
        evidence: CollectedColumns,
        versions: list[_Version],
    ) -> None:
        self.disagreements = disagreements
        self.index = index
        self.evidence = evidence
        self.versions = versions
        self.state = disagreements.cell(index, "state")

    def check(self, builder: ReportBuilder) -> None:
        """Add what is wrong with the disagreement."""
        values = {version.value for version in self.versions} - {""}
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
        cells = {version.cell for version in self.versions}
        if len(cells) > 1:
            shown = "; ".join(" / ".join(part or "none" for part in cell) for cell in sorted(cells))
            self._report(
                builder,
                "disagreement-scattered",
                f"the versions of one disagreement are about one cell, but these name several: {shown}",
                "give all versions the same `table`, `row_id` and `field`, or make two disagreements of it",
            )

    def _ranks(self, builder: ReportBuilder) -> None:
        by_value: dict[str, list[_Version]] = defaultdict(list)
        for version in self.versions:
            by_value[version.value].append(version)
        preferred = [
            value
            for value, claims in by_value.items()
            if any(version.rank == "preferred" for version in claims)
        ]
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

    def _other_version(self, value: str, claims: list[_Version], builder: ReportBuilder) -> None:
        """A version beside the preferred one has a rank, and one of its sources carries the reason."""
        if self.state == "settled":
            for version in claims:
                if version.rank == "":
                    builder.add(
                        self.evidence.finding(
                            "disagreement-version-without-rank",
                            f"{self._id} is settled, but this version has no rank",
                            version.position,
                            field="rank",
                            hint="set `rank` to alternative or rejected and give the `reason`",
                        )
                    )
        if not any(version.reason for version in claims):
            builder.add(
                self.evidence.finding(
                    "disagreement-version-without-reason",
                    f"nothing says why {value!r} is not the preferred version of {self._id}",
                    claims[0].position,
                    field="reason",
                    hint="say in `reason` what speaks against it, or how it goes together with the other",
                )
            )

    @property
    def _id(self) -> str:
        return self.disagreements.cell(self.index, "disagreement_id")

    def _report(self, builder: ReportBuilder, code: str, message: str, hint: str) -> None:
        builder.add(self.disagreements.finding(code, message, self.index, field="state", hint=hint))
