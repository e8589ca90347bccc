"""Places, no finer than a town."""

from __future__ import annotations

from typing import Annotated, ClassVar

from casetrail.case.columns import CountryCode, References, Text, column
from casetrail.case.keys import PlaceId
from casetrail.case.row import Row, Table
from casetrail.case.terms import PlaceKind
from casetrail.checks.row_rules import Differ


class Place(Row):
    """A place, no finer than a town, so that nobody's home can be found by it."""

    TABLE: ClassVar[Table] = Table(
        name="places",
        singular="place",
        prefix="pl",
        title="Places",
        rules=(
            Differ(
                "place-part-of-another",
                "A place is not a part of itself.",
                "place_id",
                "part_of",
                hint="set `part_of` to the larger place, or empty it",
            ),
        ),
    )

    place_id: PlaceId = column("The id of the place.", example="pl-taldykorgan", required=True)
    kind: PlaceKind = column("What kind of place.", example="city", required=True)
    name: Text = column(
        "The name in Latin letters by which we speak of it.", example="Taldykorgan", required=True
    )
    part_of: Annotated[PlaceId, References("places")] | None = column(
        "The larger place of which it is a part.", example="pl-zhetisu-region"
    )
    country: CountryCode | None = column("The country.", example="KZ", source="ISO 3166-1 alpha-2")
    note: Text | None = column(
        "What a reader should know besides.", example="Also named by other spellings.", free_text=True
    )
