"""Parties: who is named, and whose numbers are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.case.names_left_out import UNDISCLOSED, disclosed_terms
from casetrail.case.profile import TableSpec
from casetrail.case.rules.base import NO_KEYS, CaseRules, CollectedColumns, joined
from casetrail.case.rules.undisclosed import PeopleRows, Undisclosed, patterns_of
from casetrail.checks.table import Sensitive, Table
from casetrail.findings.report import ReportBuilder
from casetrail.package.resource import Resource
from casetrail.types.arrow_arrays import are_filled, text_array

_SPELLINGS = ("name", "romanization")


def hidden_columns(table: TableSpec, row: Mapping[str, str]) -> frozenset[str]:
    """The columns of a row that nothing may repeat: what is written of a party whose name is not shown."""
    if table.name != "parties":
        return frozenset()
    if row.get("disclosure", "") in disclosed_terms(table):
        return frozenset()
    return frozenset({"name", *(field.name for field in table.fields if field.free_text)})


class DisclosureRules(CaseRules):
    """A name that is not shown is nowhere: not among the spellings and not in an id."""

    name = "disclosure"
    codes: ClassVar = {
        "name-of-undisclosed-party": "A party whose name is unknown or withheld has a spelling.",
        "party-id-shows-name": "An id carries the name of somebody without a public role.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The parties and the spellings."""
        needs = {
            "parties": ("party_id", "name", "disclosure"),
            "names": ("name_id", "subject_id", *_SPELLINGS),
        }
        return {**needs, "places": ("place_id",)}

    def sensitive(self, resource: Resource, table: Table) -> Sensitive | None:
        """What is written of a party whose name is not shown is shown by no finding either."""
        if resource.name != "parties" or "parties" not in self.specs:
            return None
        plain, shown = self._plain("parties"), self._disclosed()
        return lambda field, cell: field not in plain and cell("disclosure") not in shown

    def redaction(self) -> Undisclosed:
        """Of a party that is not named, its spellings are shown by no finding, wherever they are.

        Of a table that cannot be read, or not whole, the records that are not known to be about somebody who
        is named are shown by none either.
        """
        parties, spellings = self._records("parties"), self._records("names")
        shown = pc.is_in(parties.column("disclosure"), value_set=text_array(sorted(self._disclosed())))
        people = self._people("parties", parties, shown)
        names: set[str] = set()
        subjects = NO_KEYS
        if not parties.absent:
            names.update(parties.column("name").filter(pc.invert(shown)).to_pylist())
            subjects = parties.column("party_id").filter(shown)
        places = self.column_of_keys("places") if self.is_readable("places") else NO_KEYS
        named = pa.concat_arrays([*subjects.chunks, *places.chunks, text_array([])])
        shown = pc.is_in(spellings.column("subject_id"), value_set=named)
        people |= self._people("names", spellings, shown)
        # Where the parties cannot be read, of nobody it is known that the name is withheld.
        if self.is_readable("parties") and not spellings.absent:
            for column in _SPELLINGS:
                names.update(spellings.column(column).filter(pc.invert(shown)).to_pylist())
        return Undisclosed(people, patterns_of(names))

    def _records(self, name: str) -> CollectedColumns:
        """What could be read of a table."""
        return self._collected.get(name) or CollectedColumns(None, self._needs[name])

    def _people(self, name: str, rows: CollectedColumns, shown: pa.ChunkedArray) -> dict[str, PeopleRows]:
        """The rows of a table about people, by each path of its files."""
        plain = self._plain(name) if name in self.specs else frozenset()
        people = PeopleRows(rows, shown, plain, self._needs[name][0])
        return {
            path: people
            for resource in self.package.resources
            if resource.name == name
            for path in resource.paths or (resource.path,)
        }

    def _plain(self, table: str) -> frozenset[str]:
        """The columns that cannot well name anybody."""
        fields = self.specs[table].fields
        return frozenset(
            field.name for field in fields if not field.free_text and field.name not in _SPELLINGS
        )

    def _disclosed(self) -> frozenset[str]:
        """What `disclosure` says of a party that is shown."""
        return disclosed_terms(self.specs["parties"]) if "parties" in self.specs else frozenset()

    def run(self, builder: ReportBuilder) -> None:
        """Look at the spellings, then at the ids."""
        names, parties = self.table("names"), self.table("parties")
        hidden_rows = pc.is_in(parties.column("disclosure"), value_set=text_array(UNDISCLOSED))
        hidden = pc.filter(parties.column("party_id"), hidden_rows)
        for index in names.where(pc.is_in(names.column("subject_id"), value_set=hidden)):
            # The spelling itself is not repeated: the report may be printed where the table is not.
            builder.add(
                names.finding(
                    "name-of-undisclosed-party",
                    f"{names.cell(index, 'subject_id')} is not named in this case, but has a spelling",
                    index,
                    field="subject_id",
                    sensitive=True,
                    hint="delete this row; where the name is already public in an older version, report it",
                )
            )
        named = pc.is_in(
            parties.column("disclosure"), value_set=text_array(("named_by_court", "named_by_rights_body"))
        )
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
    codes: ClassVar = {"people-of-no-group": "A number of people is given for a party that is not a group."}

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The kinds of parties, and each number of people with the party that it counts."""
        counting = [{name: (self.specs[name].key, number, party)} for name, number, party in self._counting()]
        return joined({"parties": ("party_id", "kind")}, *counting)

    def _counting(self) -> list[tuple[str, str, str]]:
        """Each table, column of numbers and column of parties that are counted."""
        return [
            (name, field.name, field.counts)
            for name, spec in self.specs.items()
            for field in spec.fields
            if field.counts is not None and field.counts in spec.columns and spec.primary_key
        ]

    def run(self, builder: ReportBuilder) -> None:
        """Look at each table that counts people."""
        if not (counting := self._counting()):
            return
        parties = self.table("parties")
        terms = text_array(sorted(self.specs["parties"].columns["kind"].within("group")))
        groups = pc.filter(parties.column("party_id"), pc.is_in(parties.column("kind"), value_set=terms))
        for name, number, party in counting:
            rows = self.table(name)
            counted = are_filled(rows.column(number))
            # That there is no such party the foreign key says.
            of_party = pc.is_in(rows.column(party), value_set=parties.column("party_id"))
            of_no_group = pc.and_not(of_party, pc.is_in(rows.column(party), value_set=groups))
            for index in rows.where(pc.and_(counted, of_no_group)):
                builder.add(
                    rows.finding(
                        "people-of-no-group",
                        f"{rows.cell(index, party)} is not a group, so it has no number of people",
                        index,
                        field=number,
                        hint=f"empty `{number}` and `{number}_precision`, or name the group in "
                        f"`{party}`, so that nobody is counted twice",
                    )
                )
