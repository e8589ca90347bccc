"""Demands: what responses ask for."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import References, Text, column
from casetrail.case.keys import DemandId, PartyId, ResponseId
from casetrail.case.row import Row, Table
from casetrail.case.terms import DemandKind
from casetrail.checks.conditions import Filled, OneOf
from casetrail.checks.row_rules import WhenThen


class Demand(Row):
    """One thing that a response asks for."""

    TABLE: ClassVar[Table] = Table(
        name="demands",
        singular="demand",
        prefix="de",
        title="Demands",
        rules=(
            WhenThen(
                "demand-other-is-explained",
                "A demand of another kind is told in the note.",
                when=OneOf("demand", DemandKind.OTHER),
                then=Filled("note"),
                hint="say in `note` what is asked for",
            ),
        ),
    )

    demand_id: DemandId = column("The id of the demand.", example="de-20260115-hrw-drop", required=True)
    response_id: Annotated[ResponseId, References("responses")] = column(
        "The response that asks.", example="re-20260115-hrw", required=True
    )
    addressee_id: Annotated[PartyId, References("parties")] | None = column(
        "Of whom it is asked.", example="pa-kazakhstan-government"
    )
    demand: DemandKind = column("What is asked for.", example="drop_charges", required=True)
    note: Text | None = column(
        "What a reader should know besides.", example="Asked of both governments.", free_text=True
    )
