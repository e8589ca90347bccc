"""Disagreements: questions on which sources differ."""

from __future__ import annotations

from typing import ClassVar

from casetrail.case.columns import Text, column
from casetrail.case.keys import DisagreementId
from casetrail.case.row import Row, Table
from casetrail.case.terms import DisagreementState


class Disagreement(Row):
    """A question on which sources differ. Its versions are the rows of `evidence` that name it."""

    TABLE: ClassVar[Table] = Table(
        name="disagreements", singular="disagreement", prefix="di", title="Disagreements", evidenced=False
    )

    disagreement_id: DisagreementId = column(
        "The id of the question.", example="di-court-town", required=True
    )
    question: Text = column(
        "The question.", example="In which town does the court sit?", required=True, free_text=True
    )
    state: DisagreementState = column("Where the question stands.", example="settled", required=True)
    summary: Text = column(
        "What the versions are and why the question stands so, in our own words.",
        example="One page names Talghar, all others Taldykorgan.",
        required=True,
        free_text=True,
    )
    note: Text | None = column(
        "What a reader should know besides.", example="A later source may decide it.", free_text=True
    )
