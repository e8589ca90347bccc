"""Signatories: parts of parties in responses."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import References, Text, column
from casetrail.case.keys import PartyId, ResponseId, SignatoryId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Capacity


class Signatory(Row):
    """The part that a party had in a response."""

    TABLE: ClassVar[Table] = Table(name="signatories", singular="signatory", prefix="si", title="Signatories")

    signatory_id: SignatoryId = column("The id of the row.", example="si-20260115-hrw-author", required=True)
    response_id: Annotated[ResponseId, References("responses")] = column(
        "The response.", example="re-20260115-hrw", required=True
    )
    party_id: Annotated[PartyId, References("parties")] = column(
        "The party.", example="pa-human-rights-watch", required=True
    )
    capacity: Capacity = column(
        "In what capacity the party stands behind the response.", example="author", required=True
    )
    note: Text | None = column(
        "What a reader should know besides.", example="Quoted in the statement.", free_text=True
    )
