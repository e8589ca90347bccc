"""Measures: restraints and penalties."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import Count, CurrencyCode, Edtf, People, References, Text, column
from casetrail.case.keys import ChargeId, EventId, MeasureId, PartyId
from casetrail.case.row import Row, Table
from casetrail.case.terms import MeasureKind, Precision
from casetrail.checks.conditions import Filled, OneOf
from casetrail.checks.row_rules import Ordered, Together, WhenThen


class Measure(Row):
    """A restraint or penalty laid on a party."""

    TABLE: ClassVar[Table] = Table(
        name="measures",
        singular="measure",
        prefix="me",
        title="Measures",
        rules=(
            Ordered(
                "measure-days-in-order",
                "The fewest days are not more than the most days.",
                "days_at_least",
                "days_at_most",
                hint="exchange `days_at_least` and `days_at_most`",
            ),
            Together(
                "measure-amount-with-currency",
                "An amount of money names its currency, and a currency its amount.",
                ("amount", "currency"),
                hint="fill both `amount` and `currency`, for example 78640 and KZT, or neither",
            ),
            WhenThen(
                "measure-money-is-a-fine",
                "Only a fine has an amount.",
                when=Filled("amount"),
                then=OneOf("kind", MeasureKind.FINE),
                hint="set `kind` to fine, or empty `amount`",
            ),
            WhenThen(
                "measure-indices-are-a-fine",
                "Only a fine is counted in monthly calculation indices.",
                when=Filled("calculation_indices"),
                then=OneOf("kind", MeasureKind.FINE),
                hint="set `kind` to fine, or empty `calculation_indices`",
            ),
            Together(
                "measure-people-with-precision",
                "A number of people says how it is meant.",
                ("people", "people_precision"),
                hint="fill both `people` and `people_precision`, or neither",
            ),
        ),
    )

    measure_id: MeasureId = column("The id of the measure.", example="me-custody", required=True)
    kind: MeasureKind = column("What kind of restraint or penalty.", example="custody", required=True)
    party_id: Annotated[PartyId, References("parties")] = column(
        "On whom it was laid.", example="pa-accused-in-custody", required=True
    )
    event_id: Annotated[EventId, References("events")] | None = column(
        "The decision by which it was laid.", example="ev-20251121-remand"
    )
    charge_id: Annotated[ChargeId, References("charges")] | None = column(
        "The accusation on which it rests.", example="ch-174-2"
    )
    date: Edtf | None = column(
        "The day on which it began, or how long it lasted, where known.",
        example="2025-11-21",
        source="Extended Date/Time Format (EDTF)",
    )
    days_at_least: Count | None = column("The fewest days for which it was laid.", example="7", unit="days")
    days_at_most: Count | None = column("The most days for which it was laid.", example="15", unit="days")
    amount: Count | None = column(
        "The amount of a fine for each person, in whole units of the currency.",
        example="78640",
        unit="the currency of the row",
    )
    currency: CurrencyCode | None = column("The currency of the amount.", example="KZT", source="ISO 4217")
    calculation_indices: Count | None = column(
        "The amount of a fine for each person in monthly calculation indices, the unit of fines.",
        example="20",
        unit="monthly calculation indices",
    )
    people: People | None = column(
        "On how many it was laid, where the party is a group.", example="12", unit="persons"
    )
    people_precision: Precision | None = column("How `people` is meant.", example="exact")
    note: Text | None = column(
        "What a reader should know besides.",
        example="Who of the group received which is not known.",
        free_text=True,
    )
