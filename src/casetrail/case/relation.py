"""Relations: lasting ties between parties."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import Edtf, People, References, Text, column
from casetrail.case.keys import PartyId, RelationId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Precision, RelationKind
from casetrail.checks.row_rules import Differ, Together


class Relation(Row):
    """A lasting tie of a party to another; it reads from `party_id` to `related_id`."""

    TABLE: ClassVar[Table] = Table(
        name="relations",
        singular="relation",
        prefix="rl",
        title="Relations",
        rules=(
            Differ(
                "relation-between-two",
                "A party has no relation to itself.",
                "party_id",
                "related_id",
                hint="set `related_id` to the other party",
            ),
            Together(
                "relation-people-with-precision",
                "A number of people says how it is meant.",
                ("people", "people_precision"),
                hint="fill both `people` and `people_precision`, or neither",
            ),
        ),
    )

    relation_id: RelationId = column(
        "The id of the relation.", example="rl-leader-leads-nagyz-atajurt", required=True
    )
    kind: RelationKind = column("How the party is tied to the related party.", example="leads", required=True)
    party_id: Annotated[PartyId, References("parties")] = column(
        "The party of which the tie is told.", example="pa-bekzat-maksutkhan", required=True
    )
    related_id: Annotated[PartyId, References("parties")] = column(
        "The party to which it is tied.", example="pa-nagyz-atajurt", required=True
    )
    people: People | None = column(
        "Of how many the tie is told, where the party is a group.", example="17", unit="persons"
    )
    people_precision: Precision | None = column("How `people` is meant.", example="exact")
    date: Edtf | None = column(
        "When the tie began, or how long it lasted, where known.",
        example="2025-11/..",
        source="Extended Date/Time Format (EDTF)",
    )
    note: Text | None = column(
        "What a reader should know besides.", example="By the lawyer's account.", free_text=True
    )
