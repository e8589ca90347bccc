"""Parties: persons, bodies and groups."""

from __future__ import annotations

from typing import ClassVar

from casetrail.case.columns import CountryCode, Text, column
from casetrail.case.keys import PartyId
from casetrail.case.row import Row, Table
from casetrail.case.terms import Disclosure, PartyKind
from casetrail.checks.conditions import Empty, Filled, OneOf
from casetrail.checks.row_rules import WhenThen


class Party(Row):
    """A person, body or group that has a part in the case."""

    TABLE: ClassVar[Table] = Table(
        name="parties",
        singular="party",
        prefix="pa",
        title="Parties",
        rules=(
            WhenThen(
                "party-undisclosed-without-name",
                "A party whose name is unknown or withheld has no name here.",
                when=OneOf("disclosure", Disclosure.UNNAMED, Disclosure.WITHHELD),
                then=Empty("name"),
                hint="empty `name`, or give the reason for showing it in `disclosure`",
            ),
            WhenThen(
                "party-disclosed-with-name",
                "A party that is shown has its name.",
                when=OneOf("disclosure", Disclosure.PUBLIC_ROLE, Disclosure.NAMED_BY_RIGHTS_BODY),
                then=Filled("name"),
                hint="fill `name`, or set `disclosure` to unnamed or withheld",
            ),
            WhenThen(
                "party-withheld-is-a-person",
                "Only a person or a group of persons is withheld.",
                when=OneOf("disclosure", Disclosure.WITHHELD),
                then=OneOf("kind", "person", "group"),
                hint="name the organization or public body, or set `disclosure` to unnamed",
            ),
        ),
    )

    party_id: PartyId = column(
        "The id of the party; it carries a name only where `disclosure` is `public_role`.",
        example="pa-human-rights-watch",
        required=True,
    )
    kind: PartyKind = column("What the party is.", example="organization", required=True)
    name: Text | None = column(
        "The name in Latin letters by which we speak of the party; empty where it is not known or withheld.",
        example="Human Rights Watch",
    )
    description: Text = column(
        "Who the party is in the case, in our own words.",
        example="International rights organization.",
        required=True,
        free_text=True,
    )
    country: CountryCode | None = column(
        "The country to which a public body belongs, or in which the party is based.",
        example="US",
        source="ISO 3166-1 alpha-2",
    )
    disclosure: Disclosure = column(
        "Why the party is named, or is not.", example="public_role", required=True
    )
    note: Text | None = column(
        "What a reader should know besides.", example="Not registered in Kazakhstan.", free_text=True
    )
