"""Withdrawn people: an earlier version named them and this one does not. No difference prints the name.

Nor that of somebody whom a version names by mistake, though the name is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from casetrail.case.name_folding import fold_name, name_pattern, searchable
from casetrail.case.names_left_out import UNDISCLOSED
from casetrail.curate.keyed_table import Key, KeyedTable
from casetrail.curate.row_changes import CellChange, ChangeKind, RowChange
from casetrail.curate.spelling import slug

MASK = "[withdrawn]"
_WHOLE_WORD_BELOW = 4
"""Letters below which a name is sought as a whole word: of a longer one also what is declined is masked."""

_NAMING = frozenset({"name", "romanization", "description", "note"})
"""Columns of a withdrawn party, and of the rows of its names, of which nothing of the old text is shown."""


@dataclass(frozen=True, slots=True)
class WithdrawnPeople:
    """Who is withdrawn: the ids of the parties in the earlier version, and what finds each of their names.

    Of the `undisclosed` the new version has names although it says that they are not to be named.
    """

    parties: frozenset[str] = frozenset()
    undisclosed: frozenset[str] = frozenset()
    names: tuple[re.Pattern[str], ...] = ()

    def masked(self, change: RowChange) -> RowChange:
        """The change with `[withdrawn]` in place of each text that could name one of them."""
        if not self.parties and not self.undisclosed:
            return change
        of_people = change.table in ("parties", "names")
        ids = {*change.key, *(text for cell in change.cells for text in (cell.old, cell.new))}
        old = _NAMING if of_people and ids & (self.parties | self.undisclosed) else ()
        new = _NAMING if of_people and ids & self.undisclosed else ()
        cells = [
            CellChange(
                cell.column,
                MASK if cell.column in old and cell.old else self.text(cell.old),
                MASK if cell.column in new and cell.new else self.text(cell.new),
            )
            for cell in change.cells
        ]
        return replace(change, key=tuple(map(self.text, change.key)), cells=tuple(cells))

    def cell(self, table: str, key: Key, column: str, text: str) -> str:
        """The text of one cell, or `[withdrawn]` where it could name one of them."""
        change = RowChange(table, key, ChangeKind.CHANGED, (CellChange(column, text, ""),))
        return self.masked(change).cells[0].old

    def text(self, text: str) -> str:
        """The text, or `[withdrawn]` where it holds one of the names, as words or within an id."""
        folded = searchable(text) if self.names else ""
        return MASK if any(name.search(folded) for name in self.names) else text


def withdrawn_people(old: Mapping[str, KeyedTable], new: Mapping[str, KeyedTable]) -> WithdrawnPeople:
    """Who had a name in the old version and has none, or is gone without a successor, in the new.

    Outside a Case Data Package, whose tables these are, it is nobody.
    """
    before = {row.get("party_id", ""): row for row in _records(old, "parties")}
    after = {row.get("party_id", ""): row for row in _records(new, "parties")}
    successors = {row.get("retired_key"): row.get("replaced_by", "") for row in _records(new, "retired")}

    def is_withdrawn(party: str, row: Mapping[str, str]) -> bool:
        now = after.get(party) or after.get(successors.get(party, ""))
        return row.get("kind") == "person" if now is None else not now.get("name")

    gone = {party for party, row in before.items() if row.get("name") and is_withdrawn(party, row)}
    named = {row.get("subject_id") for row in _records(new, "names")}
    undisclosed = {
        party
        for party, row in after.items()
        if row.get("disclosure") in UNDISCLOSED and (row.get("name") or party in named)
    }
    names = {before[party]["name"] for party in gone}
    names |= {after[party].get("name", "") for party in undisclosed}
    for row in (*_records(old, "names"), *_records(new, "names")):
        if row.get("subject_id") in gone | undisclosed:
            names |= {row.get("name", ""), row.get("romanization", "")}
    names |= set(map(slug, names))
    # The id of a person may carry the name; one that stays in use tells nothing new.
    names |= {party.partition("-")[2] for party in gone if party not in after}
    sought = sorted(name for name in names if len(fold_name(name)) > 1)
    patterns = tuple(name_pattern(name, _WHOLE_WORD_BELOW) for name in sought)
    return WithdrawnPeople(frozenset(gone), frozenset(undisclosed), patterns)


def _records(tables: Mapping[str, KeyedTable], name: str) -> Iterable[dict[str, str]]:
    return tables[name].records() if name in tables else ()
