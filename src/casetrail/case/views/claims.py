"""Claims: what sources say for a row, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.case.case import Case, Cells
from casetrail.case.tables import TABLES
from casetrail.case.views.origins import independent, origin
from casetrail.case.views.words import label, value_words


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of evidence, ready to be read.

    `value` is as the cell would hold it and `words` as people read it, both `""` where the evidence is for
    the whole row. `speaker` is the party whose claim the source reports, `""` where it speaks itself.
    """

    evidence_id: str
    source_id: str
    source: str
    speaker_id: str
    speaker: str
    locator: str
    certainty: str
    value: str
    words: str
    as_written: str
    rank: str
    reason: str
    note: str
    disagreement_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class CellClaims:
    """The claims for one cell, or for the row as a whole (`field` is `""`)."""

    field: str
    value: str
    words: str
    claims: tuple[Claim, ...]
    independent: int
    disagreement_ids: tuple[str, ...]

    @property
    def disputed(self) -> bool:
        """Whether the cell is a question on which sources differ."""
        return bool(self.disagreement_ids)


@dataclass(frozen=True, slots=True)
class RowClaims:
    """A row with the claims for it: the row as a whole first, then its cells in the order of the table."""

    table: str
    row_id: str
    label: str
    cells: Cells
    claims: tuple[CellClaims, ...]

    @property
    def independent(self) -> int:
        """How many origins stand behind the row or any of its cells."""
        return len({claim.origin for cell in self.claims for claim in cell.claims})


def claim(case: Case, evidence: Cells) -> Claim:
    """A row of `evidence` as a claim."""
    speaker = evidence["attributed_to"]
    return Claim(
        evidence_id=evidence["evidence_id"],
        source_id=evidence["source_id"],
        source=label(case, evidence["source_id"]),
        speaker_id=speaker,
        speaker=label(case, speaker) if speaker else "",
        locator=evidence["locator"],
        certainty=evidence["certainty"],
        value=evidence["value"],
        words=value_words(case, evidence["table"], evidence["field"], evidence["value"]),
        as_written=evidence["as_written"],
        rank=evidence["rank"],
        reason=evidence["reason"],
        note=evidence["note"],
        disagreement_id=evidence["disagreement_id"],
        origin=origin(case, evidence),
    )


def row_claims(case: Case, row_id: str) -> RowClaims:
    """What sources say for a row and each of its cells. Raises `CasetrailError` for an unknown id."""
    table = case.table_of(row_id)
    cells = case.row(row_id)
    rows = case.evidence_rows(row_id)
    order = ["", *TABLES[table].model_fields]
    fields = sorted(
        {one["field"] for one in rows},
        key=lambda field: (field not in order, order.index(field) if field in order else 0, field),
    )
    return RowClaims(
        table=table,
        row_id=row_id,
        label=label(case, row_id),
        cells=cells,
        claims=tuple(_cell_claims(case, table, cells, field, rows) for field in fields),
    )


def _cell_claims(case: Case, table: str, cells: Cells, field: str, rows: tuple[Cells, ...]) -> CellClaims:
    mine = [one for one in rows if one["field"] == field]
    value = cells.get(field, "")
    return CellClaims(
        field=field,
        value=value,
        words=value_words(case, table, field, value) if value else "",
        claims=tuple(claim(case, one) for one in mine),
        independent=independent(case, mine),
        disagreement_ids=tuple(
            dict.fromkeys(one["disagreement_id"] for one in mine if one["disagreement_id"])
        ),
    )
