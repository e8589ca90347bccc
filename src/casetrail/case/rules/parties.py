"""Parties: who is named, and whose numbers are counted."""

from __future__ import annotations

import re
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules
from casetrail.case.terms import Disclosure, PartyKind
from casetrail.findings.report import ReportBuilder
from casetrail.standard.near_miss import did_you_mean
from casetrail.types.arrays import text_array

COUNTED = {
    "charges": "accused_id",
    "measures": "party_id",
    "participations": "party_id",
    "relations": "party_id",
}
"""The tables that count people, with the column of the party that is counted."""

UNDISCLOSED = (Disclosure.UNNAMED, Disclosure.WITHHELD)


class DisclosureRules(CaseRules):
    """A name that is not shown stands nowhere: not among the spellings and not in an id."""

    name = "disclosure"
    codes: ClassVar = {
        "name-unknown-subject": "A spelling belongs to no party and no place.",
        "name-of-undisclosed-party": "A party whose name is unknown or withheld has a spelling.",
        "party-id-shows-name": "An id carries the name of somebody without a public role.",
    }
    needs: ClassVar = {
        "parties": ("party_id", "name", "disclosure"),
        "places": ("place_id",),
        "names": ("name_id", "subject_id"),
    }

    def run(self, builder: ReportBuilder) -> None:
        """Look at the spellings, then at the ids."""
        self._spellings(builder)
        self._ids(builder)

    def _spellings(self, builder: ReportBuilder) -> None:
        names, parties, places = self.table("names"), self.table("parties"), self.table("places")
        subjects = names.column("subject_id")
        known = pa.chunked_array(
            [*parties.column("party_id").chunks, *places.column("place_id").chunks], type=pa.string()
        )
        for index in names.where(pc.invert(pc.is_in(subjects, value_set=known))):
            builder.add(
                names.finding(
                    "name-unknown-subject",
                    f"there is no party and no place {names.cell(index, 'subject_id')!r}",
                    index,
                    field="subject_id",
                    hint=did_you_mean(names.cell(index, "subject_id"), known.to_pylist()),
                )
            )
        hidden_rows = pc.is_in(parties.column("disclosure"), value_set=text_array(UNDISCLOSED))
        hidden = pc.filter(parties.column("party_id"), hidden_rows)
        for index in names.where(pc.is_in(subjects, value_set=hidden)):
            # The spelling itself is not repeated: the report may be printed where the table is not.
            builder.add(
                names.finding(
                    "name-of-undisclosed-party",
                    f"{names.cell(index, 'subject_id')} is not named in this case, but has a spelling",
                    index,
                    field="subject_id",
                    hint="delete this row; where the name is already public in an older version, report it",
                )
            )

    def _ids(self, builder: ReportBuilder) -> None:
        parties = self.table("parties")
        named = pc.equal(parties.column("disclosure"), Disclosure.NAMED_BY_RIGHTS_BODY.value)
        for index in parties.where(named):
            words = {
                word for word in re.split(r"[^a-z]+", parties.cell(index, "name").lower()) if len(word) > 2
            }
            shown = [part for part in parties.cell(index, "party_id").split("-") if part in words]
            if shown:
                builder.add(
                    parties.finding(
                        "party-id-shows-name",
                        f"the id carries {shown[0]!r} of the name, but the party has no public role",
                        index,
                        field="party_id",
                        hint="use an id that tells the part in the case, for example pa-accused-1",
                    )
                )


class CountRules(CaseRules):
    """Only a group is counted."""

    name = "counts"
    codes: ClassVar = {"people-of-no-group": "A number of people stands at a party that is not a group."}
    needs: ClassVar = {
        "parties": ("party_id", "kind"),
        "charges": ("charge_id", "accused_id", "people"),
        "measures": ("measure_id", "party_id", "people"),
        "participations": ("participation_id", "party_id", "people"),
        "relations": ("relation_id", "party_id", "people"),
    }

    def run(self, builder: ReportBuilder) -> None:
        """Look at each table that counts people."""
        parties = self.table("parties")
        groups = pc.filter(
            parties.column("party_id"), pc.equal(parties.column("kind"), PartyKind.GROUP.value)
        )
        for name, column in COUNTED.items():
            rows = self.table(name)
            counted = pc.not_equal(rows.column("people"), "")
            for index in rows.where(
                pc.and_(counted, pc.invert(pc.is_in(rows.column(column), value_set=groups)))
            ):
                builder.add(
                    rows.finding(
                        "people-of-no-group",
                        f"{rows.cell(index, column)} is not a group, so it has no number of people",
                        index,
                        field="people",
                        hint="empty `people` and `people_precision`, or name the group in "
                        f"`{column}`, so that nobody is counted twice",
                    )
                )
