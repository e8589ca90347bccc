"""Participations: parts of parties in events."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import People, References, Text, column
from casetrail.case.keys import EventId, ParticipationId, PartyId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Precision, Role
from casetrail.checks.row_rules import Together


class Participation(Row):
    """The part that a party had in an event."""

    TABLE: ClassVar[Table] = Table(
        name="participations",
        singular="participation",
        prefix="pt",
        title="Participations",
        rules=(
            Together(
                "participation-people-with-precision",
                "A number of people says how it is meant.",
                ("people", "people_precision"),
                hint="fill both `people` and `people_precision`, or neither",
            ),
        ),
    )

    participation_id: ParticipationId = column(
        "The id of the participation.", example="pt-20251113-protesters", required=True
    )
    event_id: Annotated[EventId, References("events")] = column(
        "The event.", example="ev-20251113-protest", required=True
    )
    party_id: Annotated[PartyId, References("parties")] = column(
        "The party.", example="pa-protesters", required=True
    )
    role: Role = column(
        "What the party did in the event, or what was done to it.",
        example="participant",
        required=True,
        source="HURIDOCS, Events Standard Formats",
    )
    people: People | None = column(
        "How many took part, where the party is a group.", example="30", unit="persons"
    )
    people_precision: Precision | None = column("How `people` is meant.", example="about")
    note: Text | None = column(
        "What a reader should know besides.", example="Counted from an unverified video.", free_text=True
    )
