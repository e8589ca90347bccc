"""Withdrawn people: an earlier version named them and this one does not. No difference prints the name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from casetrail.history.rows import CellChange, RowChange, TableRows

MASK = "[withdrawn]"
_SHOWN = frozenset({"public_role", "named_by_rights_body"})


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who is withdrawn: the ids of the parties in the earlier version, and every spelling of their names."""

    parties: frozenset[str]
    spellings: tuple[str, ...]
    slugs: tuple[str, ...]

    def masked(self, change: RowChange) -> RowChange:
        """The change with `[withdrawn]` in place of each text that could name one of them."""
        if not self.parties:
            return change
        about = any(cell.old in self.parties for cell in change.cells if cell.column in _ABOUT)
        own = change.table == "parties" and change.key[:1] and change.key[0] in self.parties
        cells = tuple(
            self._cell(cell, bool(own or (about and change.table == "names"))) for cell in change.cells
        )
        return replace(change, key=tuple(map(self.text, change.key)), cells=cells)

    def text(self, text: str) -> str:
        """The text, or `[withdrawn]` where it holds one of the names, as words or within an id."""
        if _ID.fullmatch(text):
            return MASK if any(f"-{slug}-" in f"{text}-" for slug in self.slugs) else text
        folded = _folded(text)
        return MASK if any(_holds(folded, spelling) for spelling in self.spellings) else text

    def _cell(self, cell: CellChange, own: bool) -> CellChange:
        old = MASK if own and cell.column in _NAMING and cell.old else self.text(cell.old)
        return CellChange(cell.column, old, self.text(cell.new))


_ABOUT = frozenset({"party_id", "subject_id"})
_NAMING = frozenset({"name", "romanization", "description", "note"})
_ID = re.compile(r"[a-z]{2}-[a-z0-9-]+")
NOBODY = Withdrawn(frozenset(), (), ())


def withdrawn(old: Mapping[str, TableRows], new: Mapping[str, TableRows]) -> Withdrawn:
    """Who was named in the old version and is withheld, or gone without a successor, in the new.

    Outside a Case Data Package, whose tables these are, it is nobody.
    """
    before, after = _by_id(old, "parties", "party_id"), _by_id(new, "parties", "party_id")
    successors = {row.get("retired_key", ""): row.get("replaced_by", "") for row in _rows(new, "retired")}
    gone = {
        party
        for party, row in before.items()
        if row.get("disclosure") in _SHOWN and _withheld(party, row, after, successors)
    }
    if not gone:
        return NOBODY
    names = [before[party].get("name", "") for party in gone]
    for row in _rows(old, "names"):
        if row.get("subject_id") in gone:
            names += [row.get("name", ""), row.get("romanization", "")]
    slugs = {_slug(name) for name in names}
    # The id of a person may carry the name; one that stays in use tells nothing new.
    slugs |= {party.partition("-")[2] for party in gone if party not in after}
    return Withdrawn(frozenset(gone), _long_first(map(_folded, names)), _long_first(slugs))


def _withheld(
    party: str, row: Mapping[str, str], after: Mapping[str, Mapping[str, str]], successors: Mapping[str, str]
) -> bool:
    if party in after:
        return after[party].get("disclosure") == "withheld"
    successor = after.get(successors.get(party, ""))
    if successor is not None:
        return successor.get("disclosure") == "withheld"
    return row.get("kind") == "person"


def _rows(tables: Mapping[str, TableRows], name: str) -> Iterable[dict[str, str]]:
    table = tables.get(name)
    return [] if table is None else [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _by_id(tables: Mapping[str, TableRows], name: str, key: str) -> dict[str, dict[str, str]]:
    return {row[key]: row for row in _rows(tables, name) if row.get(key)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _holds(folded: str, spelling: str) -> bool:
    """Whether a name begins in the text: endings may follow it, and Chinese has no spaces between words."""
    start = folded.find(spelling)
    while start >= 0:
        before = folded[start - 1 : start]
        if not before.isalnum() or not _spaced(spelling[0]):
            return True
        start = folded.find(spelling, start + 1)
    return False


def _spaced(character: str) -> bool:
    return not "\u2e80" <= character <= "\u9fff"


def _long_first(spellings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in spellings if len(text) > 1}, key=lambda text: (-len(text), text)))
