"""Responses: public reactions to the case."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import Edtf, References, Text, column
from casetrail.case.keys import EventId, ResponseId
from casetrail.case.row import Row, Table
from casetrail.case.terms import ResponseKind, SignatoriesKnown, Stance


class Response(Row):
    """A public reaction to the case: a statement, a denial, an expert opinion."""

    TABLE: ClassVar[Table] = Table(name="responses", singular="response", prefix="re", title="Responses")

    response_id: ResponseId = column("The id of the response.", example="re-20260115-hrw", required=True)
    kind: ResponseKind = column("What kind of reaction it is.", example="statement", required=True)
    date: Edtf | None = column(
        "When it was made public.", example="2026-01-15", source="Extended Date/Time Format (EDTF)"
    )
    about_event_id: Annotated[EventId, References("events")] | None = column(
        "The event to which it reacts, where it is one.", example="ev-20260123-hearing"
    )
    stance: Stance = column("What it holds of the prosecution.", example="critical", required=True)
    summary: Text = column(
        "What it says, in our own words, beside what `demands` holds.",
        example="Calls the prosecution unprecedented.",
        required=True,
        free_text=True,
    )
    signatories_known: SignatoriesKnown = column(
        "How many of its makers have a row in `signatories`.", example="all", required=True
    )
    note: Text | None = column(
        "What a reader should know besides.", example="Only the opening was read.", free_text=True
    )
