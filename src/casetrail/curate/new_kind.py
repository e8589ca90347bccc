"""What can be added: a row of any table of the case, by the word for it or by a term of its `kind`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from casetrail.case.profile import TableSpec, Term
from casetrail.findings.error import CasetrailError
from casetrail.standard.near_miss import did_you_mean


@dataclass(frozen=True)
class NewRowKind:
    """The word for a row, its table, and the columns that the word settles: a hearing is an event."""

    name: str
    table: TableSpec
    preset: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is added, as a reader says it."""
        return self.name.replace("_", " ").replace("-", " ")


def singular(table: TableSpec) -> str:
    """The word for one row of a table: its key without `_id`."""
    return table.key.removesuffix("_id").replace("_", "-")


def words_for_rows(tables: Mapping[str, TableSpec]) -> dict[str, str]:
    """Each word for what can be added, with its meaning: a row of each table, then each kind of row."""
    own = _with_ids(tables)
    words = {singular(table): table.description or "" for table in own}
    kinds = [(str(term.value), term.description or "") for table in own for term in _kinds(table).values()]
    times = Counter(word for word, _ in kinds)
    return words | {word: meaning for word, meaning in kinds if times[word] == 1 and word not in words}


def new_row_kind(word: str, tables: Mapping[str, TableSpec]) -> NewRowKind:
    """What somebody wants to add: `event` or `events`, or `hearing`, a term of `events.kind`.

    Raises:
        CasetrailError: The word is for no table of the case, or for more than one.
    """
    own = _with_ids(tables)
    for table in own:
        if word in (singular(table), table.name):
            return NewRowKind(singular(table), table)
    term = word.replace("-", "_")
    hits = [table for table in own if term in _kinds(table)]
    if len(hits) == 1:
        return NewRowKind(word, hits[0], {"kind": term})
    if hits:
        hint = f"it is a kind of {' and of '.join(map(singular, hits))}: add one of these with --kind {term}"
    else:
        hint = did_you_mean(word, words_for_rows(tables)) or what_can_be_added(tables)
    raise CasetrailError(f"'{word[:80]}' is no row of this case that can be added; {hint}")


def what_can_be_added(tables: Mapping[str, TableSpec]) -> str:
    """The words for the rows that can be added, as a clause."""
    return f"add one of {', '.join(map(singular, _with_ids(tables)))}, or a term of its kind"


def _with_ids(tables: Mapping[str, TableSpec]) -> list[TableSpec]:
    return [table for table in tables.values() if table.id_prefix]


def _kinds(table: TableSpec) -> Mapping[str, Term]:
    """The terms by which the rows of a table are called."""
    return table.columns["kind"].vocabulary if "kind" in table.columns else {}
