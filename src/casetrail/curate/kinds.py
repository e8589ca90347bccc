"""What can be added: each kind with its table, what it presets, and the id that is proposed for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casetrail.case.case import Case
from casetrail.curate.spelling import slug

Values = Mapping[str, str]
"""What the contributor gave, by column; a column that is not there was not given."""


@dataclass(frozen=True)
class NewKind:
    """One kind of row that a contributor adds.

    `preset` are columns that the kind settles; `stem` proposes an id without its prefix, empty where nothing
    that was given can make one.
    """

    name: str
    table: str
    stem: Callable[[Values, Case], str]
    preset: Mapping[str, str]
    help: str


def _joined(*parts: str) -> str:
    return "-".join(part for part in parts if part)


def _day(date: str) -> str:
    """The digits of the first date of an EDTF text: `20260123`, `202601`, `2026`."""
    match = re.search(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", date)
    return match[0].replace("-", "") if match else ""


def _rest(row_id: str) -> str:
    """An id without its prefix."""
    return row_id.partition("-")[2]


def _hearing(values: Values, case: Case) -> str:
    return _joined(_day(values.get("date", "")), "hearing")


def _response(values: Values, case: Case) -> str:
    day = _day(values.get("date", "")) or _day(values.get("about_event_id", ""))
    return _joined(day, slug(values.get("kind", "")))


def _charge(values: Values, case: Case) -> str:
    return _joined(slug(values.get("article", "")), slug(values.get("part", "")))


def _measure(values: Values, case: Case) -> str:
    kind = slug(values.get("kind", ""))
    return _joined(_day(values.get("date", "")), kind, _rest(values.get("party_id", "")))


def _party(values: Values, case: Case) -> str:
    # Only who acts publicly is named by the id: an id cannot be taken back.
    if values.get("disclosure") == "public_role":
        return slug(values.get("name", ""))
    kind = slug(values.get("kind", ""))
    numbers = [
        int(match[1]) for key in case["parties"] if (match := re.fullmatch(rf"pa-{kind}-([0-9]+)", key))
    ]
    return _joined(kind, str(max(numbers, default=0) + 1)) if kind else ""


def _source(values: Values, case: Case) -> str:
    title = "-".join(slug(values.get("title", "")).split("-")[:3])
    return _joined(slug(values.get("publisher", "")), _day(values.get("published", "")), title)


KINDS: dict[str, NewKind] = {
    kind.name: kind
    for kind in (
        NewKind("hearing", "events", _hearing, {"kind": "hearing"}, "a hearing, scheduled or held"),
        NewKind("response", "responses", _response, {}, "a public reaction to the case"),
        NewKind("charge", "charges", _charge, {}, "an accusation under one provision"),
        NewKind("measure", "measures", _measure, {}, "a restraint or penalty laid on a party"),
        NewKind("party", "parties", _party, {}, "a person, body or group"),
        NewKind("source", "sources", _source, {}, "a document that was read"),
    )
}
"""The kinds, by the word that the command takes."""
