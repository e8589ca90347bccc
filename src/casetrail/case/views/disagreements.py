"""Disagreements: each question on which sources differ, with its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casetrail.case.case import Case, TextRow
from casetrail.case.views.claims import Claim, claim, origins
from casetrail.case.views.labels import column_label, label
from casetrail.languages.words import say

_STATES = {"open": 0, "settled": 1, "compatible": 2}
_RANKS = {"preferred": 0, "alternative": 1, "rejected": 2}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a disagreement: the value, who says so, and what we hold of it.

    `independent` counts origins: copies of one text, and reports of one party's words, count once.
    """

    value: str
    precision: str
    words: str
    rank: str
    reasons: tuple[str, ...]
    claims: tuple[Claim, ...]
    independent: int


@dataclass(frozen=True, slots=True)
class Disagreement:
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
    column: str
    versions: tuple[Version, ...]

    @property
    def claims(self) -> int:
        """How many claims there are for all versions."""
        return sum(len(version.claims) for version in self.versions)

    @property
    def place(self) -> str:
        """What it is about in words, the row and the column; `""` where no cell holds it."""
        return say("%(row)s: %(column)s", row=self.row, column=self.column) if self.field else self.row


def disagreement(case: Case, disagreement_id: str) -> Disagreement:
    """One disagreement.

    Raises:
        CasetrailError: For an unknown id.
    """
    return _disagreement(case, case.row(disagreement_id))


def disagreements(case: Case) -> tuple[Disagreement, ...]:
    """All of them: the open ones first, then the settled, then the compatible.

    Within a state, that of which most is said comes first.
    """
    return tuple(
        sorted(
            (_disagreement(case, cells) for cells in case["disagreements"].values()),
            key=lambda item: (_STATES.get(item.state, len(_STATES)), -item.claims, item.disagreement_id),
        )
    )


def _disagreement(case: Case, cells: TextRow) -> Disagreement:
    claims = [
        claim(case, row) for row in case.rows_with("evidence", "disagreement_id", cells["disagreement_id"])
    ]
    by_value: dict[tuple[str, str], list[Claim]] = {}
    for item in claims:
        precision = "" if item.precision == "exact" else item.precision
        by_value.setdefault((item.value, precision), []).append(item)
    versions = map(_version, by_value.values())
    row_id = claims[0].row_id if claims else ""
    table, field = (claims[0].table, claims[0].field) if claims else ("", "")
    return Disagreement(
        disagreement_id=cells["disagreement_id"],
        question=cells["question"],
        state=cells["state"],
        summary=cells["summary"],
        note=cells["note"],
        table=table,
        row_id=row_id,
        row=label(case, row_id) if row_id else "",
        field=field,
        column=column_label(case, table, field) if field else "",
        versions=tuple(sorted(versions, key=_order)),
    )


def _order(version: Version) -> tuple[int, int, str, str]:
    """The preferred version, then the alternatives with those that have no rank, then the rejected.

    Among these, the one with more origins comes first.
    """
    alternative = _RANKS["alternative"]
    return (_RANKS.get(version.rank, alternative), -version.independent, version.value, version.precision)


def _version(claims: Sequence[Claim]) -> Version:
    ranks = sorted(
        {item.rank for item in claims if item.rank}, key=lambda rank: _RANKS.get(rank, len(_RANKS))
    )
    return Version(
        value=claims[0].value,
        precision=claims[0].precision,
        words=claims[0].words or say("said without a value"),
        rank=ranks[0] if ranks else "",
        reasons=tuple(dict.fromkeys(item.reason for item in claims if item.reason)),
        claims=tuple(claims),
        independent=len(origins(claims)),
    )
