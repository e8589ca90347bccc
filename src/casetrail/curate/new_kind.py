"""What can be added: a row of any table of the case, by the word for it or by a term of its `kind`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casetrail.case.profile import TableSpec
from casetrail.findings.error import CasetrailError
from casetrail.standard.near_miss import did_you_mean


@dataclass(frozen=True)
class NewRowKind:
    """The word for a row, its table, and the columns that the word settles: a hearing is an event."""

    name: str
    table: TableSpec
    preset: Mapping[str, str] = field(default_factory=dict)


def singular(table: TableSpec) -> str:
    """The word for one row of a table: its key without `_id`."""
    return table.key.removesuffix("_id").replace("_", "-")


def new_row_kind(word: str, tables: Mapping[str, TableSpec]) -> NewRowKind:
    """What somebody wants to add: `event` or `events`, or `hearing`, a term of `events.kind`.

    Raises:
        CasetrailError: The word is for no table of the case, or for more than one.
    """
    own = [table for table in tables.values() if table.id_prefix]
    for table in own:
        if word in (singular(table), table.name):
            return NewRowKind(singular(table), table)
    term = word.replace("-", "_")
    terms = {table.name: table.columns["kind"].vocabulary for table in own if "kind" in table.columns}
    kinds = [tables[name] for name, known in terms.items() if term in known]
    if len(kinds) == 1:
        return NewRowKind(word, kinds[0], {"kind": term})
    words = [singular(table) for table in own]
    if kinds:
        hint = f"it is a kind of {' and of '.join(map(singular, kinds))}: add one of these with --kind {term}"
    else:
        known = [*words, *(term for terms_of_table in terms.values() for term in terms_of_table)]
        hint = did_you_mean(word, known) or f"add one of {', '.join(words)}, or a term of its kind"
    raise CasetrailError(f"'{word[:80]}' is no row of this case that can be added; {hint}")
