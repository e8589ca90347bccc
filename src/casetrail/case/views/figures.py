"""Figures: the numbers that matter, none of which adds a group to its members."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.case.case import Case, Cells
from casetrail.case.tables import TABLES
from casetrail.case.terms import ChargeStatus, DisagreementState, EventKind, EventStatus, MeasureKind, Read

_PRECISION = {"exact": "", "about": "about ", "at_least": "at least ", "at_most": "at most "}
_COURSE = {status.value: position for position, status in enumerate(ChargeStatus)}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts; `words` is "at least 12" where it is not exact, `row_id` its row."""

    name: str
    label: str
    number: int
    words: str
    row_id: str = ""


def people_words(cells: Cells) -> str:
    """The number of people of a row with its precision as words; `""` where there is none."""
    return _PRECISION.get(cells["people_precision"], "") + cells["people"] if cells["people"] else ""


def figures(case: Case) -> tuple[Figure, ...]:
    """The figures of the first screen. A number of people is that of one row, never a sum of rows."""
    found = [
        *_accused(case),
        *_under(case, MeasureKind.CUSTODY, "in custody"),
        *_under(case, MeasureKind.HOUSE_ARREST, "under house arrest"),
    ]
    provisions = {(one["statute"], one["article"], one["part"]) for one in case["charges"].values()}
    hearings = [
        one
        for one in case["events"].values()
        if one["kind"] == EventKind.HEARING and one["status"] == EventStatus.HELD
    ]
    read = [one for one in case["sources"].values() if one["read"] != Read.NOT_SEEN]
    evidenced = {one["row_id"] for one in case["evidence"].values()}
    rows = [key for table, key, _ in case.rows() if TABLES[table].TABLE.evidenced]
    unsettled = [one for one in case["disagreements"].values() if one["state"] == DisagreementState.OPEN]
    for name, text, number in (
        ("provisions", "provisions charged", len(provisions)),
        ("hearings", "hearings held", len(hearings)),
        ("responses", "responses", len(case["responses"])),
        ("sources", "sources read", len(read)),
        ("evidenced", "rows with evidence", len([key for key in rows if key in evidenced])),
        ("open", "open questions", len(unsettled)),
    ):
        found.append(Figure(name, text, number, str(number)))
    return tuple(found)


def main_charge(case: Case) -> Cells | None:
    """The accusation that has come furthest without being decided; where all are decided, one of those."""
    return max(
        case["charges"].values(),
        key=lambda one: (one["status"] != "decided", _COURSE.get(one["status"], -1)),
        default=None,
    )


def _accused(case: Case) -> list[Figure]:
    """The accused of the charge that has come furthest, where their number is known."""
    charge = main_charge(case)
    if charge is None or not charge["people"]:
        return []
    return [Figure("accused", "accused", int(charge["people"]), people_words(charge), charge["charge_id"])]


def _under(case: Case, kind: MeasureKind, text: str) -> list[Figure]:
    """The largest group on which a measure of this kind was laid: later rows take in earlier ones."""
    counted = [one for one in case["measures"].values() if one["kind"] == kind and one["people"]]
    if not counted:
        return []
    row = max(counted, key=lambda one: int(one["people"]))
    return [Figure(kind.value, text, int(row["people"]), people_words(row), row["measure_id"])]
