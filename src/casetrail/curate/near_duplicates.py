"""Near duplicates: rows of the case that may be the very thing somebody is about to add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casetrail.case.case import Case
from casetrail.case.profile import TableSpec
from casetrail.case.rules.parties import hidden_columns
from casetrail.curate.id_proposal import is_text, label_columns
from casetrail.curate.spelling import alike
from casetrail.types.edtf import parse_edtf

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A row that may be the same, and why it is thought so."""

    row_id: str
    reason: str


def near_duplicates(case: Case, table: TableSpec, entry: Mapping[str, Any]) -> list[NearDuplicate]:
    """The rows of a table that may be what an entry describes, in the order of the table.

    Such a row has the same address; or it agrees in its kind and in what it must refer to, and was on the
    same day or, where no day is known, is called alike. Claims are not compared: sources repeat each other.
    """
    if table.name == "evidence":
        return []
    values = {name: str(entry.get(name) or "") for name in table.columns}
    names = entry.get("names", ())
    if "name" in hidden_columns(table, values):
        values["name"], names = "", ()
    spellings = [str(name.get(part) or "") for name in names for part in ("name", "romanization")]
    near = []
    for row_id, row in case[table.name].items():
        reason = next(_reasons(case, table, row_id, row, values, spellings), None)
        if reason is not None:
            near.append(NearDuplicate(row_id, reason))
    return near


def _reasons(
    case: Case, table: TableSpec, row_id: str, row: Values, values: Values, spellings: Sequence[str]
) -> Iterator[str]:
    for name, field in table.columns.items():
        if field.format == "uri" and row[name] and _address(row[name]) == _address(values.get(name, "")):
            yield f"the same address: {row[name]}"
    names = label_columns(table, values)
    same = [
        name
        for name, field in table.columns.items()
        if (name in names and not is_text(table, name))
        or (name in table.pointers and table.required(field))
        or (name == "kind" and field.vocabulary)
    ]
    if any(row[name] != values.get(name, "") for name in same):
        return
    shared = ", ".join(row[name] for name in same if row[name])
    days = row.get("date", ""), values.get("date", "")
    if all(days):
        if _may_be_same_day(*days):
            when = "of the same day" if days[0] == days[1] else "that may be of the same day"
            yield f"{shared} {when}: {_called(table, row)}"
        return
    texts = [name for name in names if is_text(table, name)]
    if texts:
        ours = {name: [values[name]] for name in texts}
        theirs = {name: [row[name]] for name in texts}
        if "name" in ours:
            ours["name"] += spellings
            for spelling in case.rows_with("names", "subject_id", row_id):
                theirs["name"] += [spelling["name"], spelling["romanization"]]
        pairs = {name: _alike(ours[name], theirs[name]) for name in texts}
        if all(pairs.values()):
            yield "; ".join(f"“{here}” may be “{other}”" for here, other in filter(None, pairs.values()))
    elif any(name in table.pointers for name in same):
        yield f"{shared}, as here" + (f", dated {row['date']}" if row.get("date") else "")


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, str] | None:
    """The first two texts that may be spellings of one name."""
    return next(((here, other) for here in ours for other in theirs if alike(here, other)), None)


def _called(table: TableSpec, row: Values) -> str:
    return ", ".join(row[name] for name in label_columns(table, row))


def _address(url: str) -> str:
    """What is left of an address when what often differs between copies is taken away."""
    bare = re.sub(r"^https?://(www\.)?", "", url.strip().lower())
    path, _, query = bare.partition("#")[0].partition("?")
    kept = sorted(
        part for part in query.split("&") if part and not part.startswith(("utm_", "fbclid", "gclid"))
    )
    return path.rstrip("/") + ("?" + "&".join(kept) if kept else "")


def _may_be_same_day(here: str, other: str) -> bool:
    """Whether two EDTF dates may be the same; a date that is not known is like no other."""
    try:
        first, second = parse_edtf(here), parse_edtf(other)
    except ValueError:
        return False
    starts = [date.earliest for date in (first, second) if date.earliest is not None]
    ends = [date.latest for date in (first, second) if date.latest is not None]
    return bool(starts and ends) and max(starts) <= min(ends)
