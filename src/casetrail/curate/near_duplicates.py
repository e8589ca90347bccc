"""Near duplicates: rows of the case that may be the very thing somebody is about to add."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.case import Case, Cells
from casetrail.case.name_folding import fold_name
from casetrail.curate.kinds import NewKind, Values
from casetrail.curate.spelling import alike, ratio
from casetrail.types.edtf import parse_edtf

_ALIKE_TITLES = 0.8


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """A row that may be the same, and why it is thought so."""

    row_id: str
    reason: str


def near_duplicates(
    case: Case, kind: NewKind, values: Values, spellings: tuple[str, ...] = ()
) -> list[NearDuplicate]:
    """The rows of the table of `kind` that may be what `values` describe, in the order of the table."""
    found = []
    for row_id, row in case[kind.table].items():
        reason = next(_reasons(case, kind.table, row_id, row, values, spellings), None)
        if reason is not None:
            found.append(NearDuplicate(row_id, reason))
    return found


def _reasons(
    case: Case, table: str, row_id: str, row: Cells, values: Values, spellings: tuple[str, ...]
) -> Iterator[str]:
    given = {name: text for name, text in values.items() if text}
    match table:
        case "parties":
            yield from _party(case, row_id, row, (given.get("name", ""), *spellings))
        case "sources":
            yield from _source(row, given)
        case "events":
            if row["kind"] == given.get("kind") and _same_day(row["date"], given.get("date", "")):
                yield f"a {row['kind']} of the same day: {row['title']} ({row['status']})"
        case "responses":
            if _same_day(row["date"], given.get("date", "")) and (
                row["kind"] == given.get("kind")
                or ratio(row["summary"], given.get("summary", "")) > _ALIKE_TITLES
            ):
                yield f"a {row['kind']} of the same day: {row['summary']}"
        case "charges":
            same = ("accused_id", "article", "part")
            if all(row[name] == given.get(name, "") for name in same):
                yield "the same provision against the same party"
        case "measures":
            if row["kind"] == given.get("kind") and row["party_id"] == given.get("party_id"):
                yield f"a {row['kind']} laid on the same party, dated {row['date'] or 'nowhere'}"


def _party(case: Case, row_id: str, row: Cells, names: tuple[str, ...]) -> Iterator[str]:
    known = [row["name"]]
    for name in case["names"].values():
        if name["subject_id"] == row_id:
            known += [name["name"], name["romanization"]]
    for one in filter(None, names):
        for other in filter(None, known):
            if alike(one, other):
                yield f"{one} may be another spelling of {other}"


def _source(row: Cells, given: Values) -> Iterator[str]:
    if row["url"] and _address(row["url"]) == _address(given.get("url", "")):
        yield f"the same address: {row['url']}"
    publishers, titles = (
        [fold_name(row[name]), fold_name(given.get(name, ""))] for name in ("publisher", "title")
    )
    if publishers[0] == publishers[1] and ratio(*titles) >= _ALIKE_TITLES:
        yield f"the same publisher and nearly the same title: {row['title']}"


def _address(url: str) -> str:
    """What is left of an address when what often differs between copies is taken away."""
    bare = re.sub(r"^https?://(www\.)?", "", url.strip().lower())
    bare = bare.partition("#")[0]
    path, _, query = bare.partition("?")
    kept = sorted(
        part for part in query.split("&") if part and not part.startswith(("utm_", "fbclid", "gclid"))
    )
    return path.rstrip("/") + ("?" + "&".join(kept) if kept else "")


def _same_day(one: str, other: str) -> bool:
    """Whether two EDTF dates may be the same; a date that is not known is like no other."""
    try:
        first, second = parse_edtf(one), parse_edtf(other)
    except ValueError:
        return False
    starts = [date.earliest for date in (first, second) if date.earliest is not None]
    ends = [date.latest for date in (first, second) if date.latest is not None]
    return bool(starts and ends) and max(starts) <= min(ends)
