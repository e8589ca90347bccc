"""Charges: accusations, each under one provision."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import Count, People, References, Text, column
from casetrail.case.keys import ChargeId, EventId, PartyId
from casetrail.case.row import Row, Table
from casetrail.case.terms import ChargeStatus, Outcome, Precision
from casetrail.checks.conditions import Filled, OneOf
from casetrail.checks.row_rules import Together, WhenThen


class Charge(Row):
    """One accusation under one provision. An accusation is not a finding of guilt."""

    TABLE: ClassVar[Table] = Table(
        name="charges",
        singular="charge",
        prefix="ch",
        title="Charges",
        rules=(
            Together(
                "charge-people-with-precision",
                "A number of people says how it is meant.",
                ("people", "people_precision"),
                hint="fill both `people` and `people_precision`, or neither",
            ),
            WhenThen(
                "charge-outcome-when-decided",
                "Only a decided accusation has an outcome.",
                when=Filled("outcome"),
                then=OneOf("status", ChargeStatus.DECIDED),
                hint="set `status` to decided, or empty `outcome`",
            ),
        ),
    )

    charge_id: ChargeId = column("The id of the charge.", example="ch-174-2", required=True)
    accused_id: Annotated[PartyId, References("parties")] = column(
        "Who is accused.", example="pa-accused", required=True
    )
    brought_event_id: Annotated[EventId, References("events")] | None = column(
        "The event by which the accusation was brought.", example="ev-indictment"
    )
    conduct_event_id: Annotated[EventId, References("events")] | None = column(
        "The event in which the alleged act lies.", example="ev-20251113-protest"
    )
    statute: Text = column("The law, in English.", example="Criminal Code of Kazakhstan", required=True)
    article: Text = column("The article, as text.", example="174", required=True)
    part: Text | None = column("The part or paragraph of the article, as text.", example="2")
    offence: Text | None = column(
        "The offence of which the provision speaks, in our own words.",
        example="Incitement of discord",
        free_text=True,
    )
    status: ChargeStatus = column(
        "How far the accusation has come, by the newest source.", example="on_trial", required=True
    )
    people: People | None = column(
        "How many are accused, where the accused are a group.", example="19", unit="persons"
    )
    people_precision: Precision | None = column("How `people` is meant.", example="exact")
    maximum_years: Count | None = column(
        "The longest imprisonment that the provision allows.", example="10", unit="years"
    )
    outcome: Outcome | None = column("What the decided accusation came to.", example="penalty_imposed")
    note: Text | None = column(
        "What a reader should know besides.", example="Sources word the offence differently.", free_text=True
    )
