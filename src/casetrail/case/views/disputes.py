"""Disputes: each question on which sources differ, with its versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from casetrail.case.case import Case, Cells
from casetrail.case.terms import DisagreementState, Rank
from casetrail.case.views.claims import Claim, claim
from casetrail.case.views.origins import independent
from casetrail.case.views.words import label, value_words

_STATES = {state.value: position for position, state in enumerate(DisagreementState)}
_RANKS = {rank.value: position for position, rank in enumerate(Rank)}


@dataclass(frozen=True, slots=True)
class Version:
    """One answer to a question: the value, who says so, and what we hold of it.

    `independent` counts origins: copies of one text, and reports of one party's words, count once.
    """

    value: str
    words: str
    rank: str
    reasons: tuple[str, ...]
    claims: tuple[Claim, ...]
    independent: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A question with its versions, the preferred one first; `row_id` is `""` where no cell holds it."""

    disagreement_id: str
    question: str
    state: str
    summary: str
    note: str
    table: str
    row_id: str
    row: str
    field: str
    versions: tuple[Version, ...]


def dispute(case: Case, disagreement_id: str) -> Dispute:
    """One question. Raises `CasetrailError` for an unknown id."""
    case.table_of(disagreement_id)
    rows = [one for one in case["evidence"].values() if one["disagreement_id"] == disagreement_id]
    return _dispute(case, case["disagreements"][disagreement_id], rows)


def disputes(case: Case) -> tuple[Dispute, ...]:
    """All questions: the open ones first, then the settled, then the compatible; by id within a state."""
    by_question: dict[str, list[Cells]] = defaultdict(list)
    for one in case["evidence"].values():
        if one["disagreement_id"]:
            by_question[one["disagreement_id"]].append(one)
    found = [_dispute(case, cells, by_question[key]) for key, cells in case["disagreements"].items()]
    return tuple(sorted(found, key=lambda one: (_STATES.get(one.state, 9), one.disagreement_id)))


def _dispute(case: Case, question: Cells, rows: Sequence[Cells]) -> Dispute:
    first = rows[0] if rows else {"table": "", "row_id": "", "field": ""}
    by_value: dict[str, list[Cells]] = defaultdict(list)
    for one in rows:
        by_value[one["value"]].append(one)
    versions = [_version(case, value, claims) for value, claims in by_value.items()]
    return Dispute(
        disagreement_id=question["disagreement_id"],
        question=question["question"],
        state=question["state"],
        summary=question["summary"],
        note=question["note"],
        table=first["table"],
        row_id=first["row_id"],
        row=label(case, first["row_id"]) if first["row_id"] else "",
        field=first["field"],
        versions=tuple(
            sorted(versions, key=lambda one: (_RANKS.get(one.rank, 1), -one.independent, one.value))
        ),
    )


def _version(case: Case, value: str, rows: Sequence[Cells]) -> Version:
    ranks = sorted({one["rank"] for one in rows if one["rank"]}, key=lambda rank: _RANKS.get(rank, 9))
    return Version(
        value=value,
        words=value_words(case, rows[0]["table"], rows[0]["field"], value),
        rank=ranks[0] if ranks else "",
        reasons=tuple(dict.fromkeys(one["reason"] for one in rows if one["reason"])),
        claims=tuple(claim(case, one) for one in rows),
        independent=independent(case, rows),
    )
