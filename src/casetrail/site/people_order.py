"""People in the order in which they matter: accused, court, defence, prosecution, then all others."""

from __future__ import annotations

from casetrail.case.case import Case, TextRow
from casetrail.case.views.figures import is_kind
from casetrail.case.views.labels import broad_term
from casetrail.languages.words import message, say

_GROUPS: dict[str, tuple[str, ...]] = {
    message("Accused and punished"): ("accused", "convicted", "suspect", "appellant"),
    message("Court"): ("judge", "court"),
    message("Defence"): ("defence_lawyer", "public_defender"),
    message("Prosecution and authorities"): ("prosecutor", "authority"),
    message("Experts and witnesses"): ("expert", "witness", "victim", "interpreter", "observer"),
    message("Took part in what happened"): ("organizer", "participant", "detained", "released", "relative"),
}
"""The groups of people, each with the roles that put somebody into it; the first that fits counts."""
_REACTED, _OTHERS = message("Who reacted in public"), message("Others")


def people_groups(case: Case) -> list[tuple[str, list[TextRow]]]:
    """Every party once, under what matters most of it; in a group those of whom most is said come first."""
    groups: dict[str, list[TextRow]] = {name: [] for name in (*_GROUPS, _REACTED, _OTHERS)}
    for party_id, party in case["parties"].items():
        groups[_group(case, party_id)].append(party)
    for mine in groups.values():
        mine.sort(key=lambda party: (not party["name"], -_weight(case, party["party_id"]), party["party_id"]))
    return [(say(name), mine) for name, mine in groups.items() if mine]


def _group(case: Case, party_id: str) -> str:
    first, *_ = _GROUPS
    if _is_accused(case, party_id):
        return first
    roles = {
        broad_term(case, "participations", "role", participation["role"])
        for participation in case.rows_with("participations", "party_id", party_id)
    }
    if any(
        is_kind(case, "relations", tie, "defends")
        for tie in case.rows_with("relations", "party_id", party_id)
    ):
        roles.add("public_defender")
    if case.rows_with("proceedings", "authority_id", party_id):
        roles.add("court")
    for name, those in _GROUPS.items():
        if roles & set(those):
            return name
    return _REACTED if case.rows_with("signatories", "party_id", party_id) else _OTHERS


def _is_accused(case: Case, party_id: str) -> bool:
    """Whether a charge names the party or a group of it, or a decision or a measure is on it."""
    accused = {charge["accused_id"] for charge in case["charges"].values()}
    belongs = {
        tie["related_id"]
        for tie in case.rows_with("relations", "party_id", party_id)
        if is_kind(case, "relations", tie, "member_of") or is_kind(case, "relations", tie, "part_of")
    }
    laid = case.rows_with("measures", "party_id", party_id) or case.rows_with(
        "decisions", "party_id", party_id
    )
    return bool(accused & {party_id, *belongs} or laid)


def _weight(case: Case, party_id: str) -> int:
    """How much is said of a party: the claims for it, and the rows that name it."""
    return len(case.evidence_rows(party_id)) + len(case.pointers_to(party_id))
