"""Evidence: what one source says for a row, a cell or a question."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import AnyKey, ColumnName, References, Text, column
from casetrail.case.keys import DisagreementId, EvidenceId, PartyId, SourceId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Certainty, Rank
from casetrail.checks.conditions import Empty, Filled, OneOf
from casetrail.checks.row_rules import FewWords, Together, WhenThen


class Evidence(Row):
    """What one source says for a row, for one cell of a row, or for a question that no cell holds."""

    TABLE: ClassVar[Table] = Table(
        name="evidence",
        singular="evidence",
        prefix="ec",
        title="Evidence",
        evidenced=False,
        rules=(
            Together(
                "evidence-table-with-row",
                "Evidence for a row names its table and its id.",
                ("table", "row_id"),
                hint="fill both `table` and `row_id`, or neither",
            ),
            WhenThen(
                "evidence-for-something",
                "Evidence is for a row, a cell or a question.",
                when=Empty("row_id"),
                then=Filled("disagreement_id"),
                hint="fill `table` and `row_id`, or `disagreement_id`",
            ),
            WhenThen(
                "evidence-field-of-a-row",
                "A field is a field of some row.",
                when=Filled("field"),
                then=Filled("row_id"),
                hint="fill `table` and `row_id`, or empty `field`",
            ),
            WhenThen(
                "evidence-alleged-by-someone",
                "What a source reports as somebody's claim names that party.",
                when=OneOf("certainty", Certainty.ALLEGED),
                then=Filled("attributed_to"),
                hint="fill `attributed_to` with the id of the party whose claim it is",
            ),
            WhenThen(
                "evidence-stated-by-the-source",
                "What a source says in its own voice is attributed to nobody else.",
                when=Filled("attributed_to"),
                then=OneOf("certainty", Certainty.ALLEGED, Certainty.INFERRED),
                hint="set `certainty` to alleged, or empty `attributed_to`",
            ),
            WhenThen(
                "evidence-inferred-with-reason",
                "What we conclude ourselves says how.",
                when=OneOf("certainty", Certainty.INFERRED),
                then=Filled("reason"),
                hint="say in `reason` how it follows",
            ),
            WhenThen(
                "evidence-rank-in-a-disagreement",
                "Only a version in a disagreement has a rank, one that is preferred or not.",
                when=Filled("rank"),
                then=Filled("disagreement_id"),
                hint="fill `disagreement_id`, or empty `rank`",
            ),
            WhenThen(
                "evidence-version-has-value",
                "A version in a disagreement has a value.",
                when=Filled("disagreement_id"),
                then=Filled("value"),
                hint="fill `value` with what this source says, in the type of the field",
            ),
            WhenThen(
                "evidence-rejected-with-reason",
                "A version that is rejected says why.",
                when=OneOf("rank", Rank.REJECTED),
                then=Filled("reason"),
                hint="say in `reason` why this version is held to be mistaken",
            ),
            FewWords(
                "evidence-few-words",
                "At most five words of a source are repeated.",
                "as_written",
                5,
                hint="shorten `as_written` to the figure or the few words that matter",
            ),
        ),
    )

    evidence_id: EvidenceId = column("The id of the evidence.", example="ec-0001", required=True)
    table: ColumnName | None = column("The table of the row for which it is evidence.", example="events")
    row_id: AnyKey | None = column("The id of that row.", example="ev-20260123-hearing")
    field: ColumnName | None = column(
        "The column whose cell it supports; empty where it supports the row.", example="place_id"
    )
    disagreement_id: Annotated[DisagreementId, References("disagreements")] | None = column(
        "The question to which it gives a version.", example="di-court-town"
    )
    source_id: Annotated[SourceId, References("sources")] = column(
        "The source that says so.", example="so-hrw-20260115-drop-charges", required=True
    )
    attributed_to: Annotated[PartyId, References("parties")] | None = column(
        "The party whose claim the source reports.", example="pa-almaty-region-police"
    )
    locator: Text = column("Where in the source.", example="paragraph 3", required=True)
    certainty: Certainty = column("In whose voice it is said.", example="stated", required=True)
    value: Text | None = column(
        "What the source says, in the type of the field: a place is its id, a date EDTF.",
        example="pl-taldykorgan",
    )
    as_written: Text | None = column(
        "The source's own word or figure, five words at most.", example="Taldykorgan"
    )
    rank: Rank | None = column(
        "What we hold of this version, in a disagreement that is not open.", example="preferred"
    )
    reason: Text | None = column(
        "Why the rank, or how we conclude what is inferred.",
        example="All sources but one name this town.",
        free_text=True,
    )
    note: Text | None = column(
        "What a reader should know besides.", example="Read in translation.", free_text=True
    )
