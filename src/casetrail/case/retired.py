"""Retired ids: keys that are no longer used."""

from __future__ import annotations

from typing import ClassVar

from casetrail.case.columns import AnyKey, Text, Version, column
from casetrail.case.keys import RetiredId
from casetrail.case.row import Row, Table
from casetrail.checks.row_rules import Differ


class Retired(Row):
    """An id that stood in an earlier version and is no longer used. It never comes back."""

    TABLE: ClassVar[Table] = Table(
        name="retired",
        singular="retired",
        prefix="rt",
        title="Retired ids",
        evidenced=False,
        rules=(
            Differ(
                "retired-replaced-by-another",
                "An id is not replaced by itself.",
                "retired_key",
                "replaced_by",
                hint="set `replaced_by` to the id that is used instead, or empty it",
            ),
        ),
    )

    retired_id: RetiredId = column("The id of the row.", example="rt-ev-20251113-march", required=True)
    retired_key: AnyKey = column("The id that is no longer used.", example="ev-20251113-march", required=True)
    replaced_by: AnyKey | None = column(
        "The id that is used instead, where there is one.", example="ev-20251113-protest"
    )
    reason: Text = column(
        "Why it is no longer used.", example="It described the same protest.", required=True, free_text=True
    )
    version: Version = column("The first version of the dataset without it.", example="1.1.0", required=True)
    note: Text | None = column(
        "What a reader should know besides.", example="Merged after a new source.", free_text=True
    )
