"""Figures: the numbers that matter, none of which adds a group to its members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.case import Case, TextRow
from casetrail.case.views.date_words import date_order
from casetrail.case.views.labels import number_of_people, people_words, term_label
from casetrail.languages.words import say

_STAGES_IN_FORCE = ("", "imposed", "changed")
_LEAVES_AS_IT_WAS = ("upheld", "refused", "granted")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts.

    `words` is "at least 12" where it is not exact, and `people` "at least 12 people" where it counts people.
    `row_id` is the row that says so, else `section` the part of the page that lists what is counted.
    """

    name: str
    label: str
    words: str
    people: str = ""
    row_id: str = ""
    section: str = ""


def figures(case: Case) -> tuple[Figure, ...]:
    """The figures of the first screen. A number of people is that of one row, never a sum of rows."""
    return (*_accused(case), *measures(case), *_counts(case))


def main_charge(case: Case) -> TextRow | None:
    """The accusation that has come furthest without being decided; where all are decided, one of those."""
    stages = {term: place for place, term in enumerate(case.specs["charges"].columns["status"].vocabulary)}
    return max(
        case["charges"].values(),
        key=lambda charge: (charge["status"] != "decided", stages.get(charge["status"], -1)),
        default=None,
    )


def accused_persons(case: Case, charge: TextRow) -> set[str]:
    """The persons whom the charges of one proceeding name one by one; none where a group is accused."""
    if not _is_person(case, charge["accused_id"]):
        return set()
    return {
        other["accused_id"]
        for other in case.rows_with("charges", "proceeding_id", charge.get("proceeding_id", ""))
        if _is_person(case, other["accused_id"])
    }


def is_kind(case: Case, table: str, cells: TextRow, kind: str) -> bool:
    """Whether a row is of this kind, or of one of the case's own that narrows it."""
    return cells["kind"] in case.specs[table].columns["kind"].within(kind)


def is_outcome(case: Case, term: str, *terms: str) -> bool:
    """Whether the outcome of a decision is one of these, or one of the case's own that narrows it."""
    return "decisions" in case.specs and term in case.specs["decisions"].columns["outcome"].within(*terms)


def _is_person(case: Case, party_id: str) -> bool:
    party = case["parties"].get(party_id)
    return party is not None and is_kind(case, "parties", party, "person")


def _counted_persons(persons: set[str]) -> TextRow:
    return {"people": str(len(persons)), "people_precision": ""}


def outcome(case: Case, charge: TextRow) -> str:
    """What a court or an authority last decided on a charge; `""` where no decision is known.

    A decision that names no charge says nothing of a single one, and one that only leaves another as it was
    does not change the outcome.
    """
    decided = [
        (date_order(case["events"].get(decision["event_id"], {}).get("date", "")), decision["outcome"])
        for decision in case.rows_with("decisions", "charge_id", charge["charge_id"])
        if decision["outcome"] and not is_outcome(case, decision["outcome"], *_LEAVES_AS_IT_WAS)
    ]
    dated = [decision for decision in decided if decision[0] != date_order("")]
    return max(dated or decided, default=((0, 0), ""))[1]


def verdicts(case: Case, charge: TextRow) -> list[TextRow]:
    """The verdicts, and the decisions on them, in the proceeding of a charge."""
    proceeding = charge.get("proceeding_id", "")
    return [
        decision
        for decision in case["decisions"].values()
        if any(is_kind(case, "decisions", decision, kind) for kind in ("verdict", "appeal_decision"))
        and proceeding
        and case["events"].get(decision["event_id"], {}).get("proceeding_id", "") == proceeding
    ]


def measures(case: Case) -> Iterator[Figure]:
    """How many people are under each kind of measure for the main charge, as far as a row says so.

    It is the number of the newest row that no other replaces; of two of one day, the larger one.
    """
    charge = main_charge(case)
    replaced = {measure.get("replaces", "") for measure in case["measures"].values()}
    rows = [
        measure
        for measure in case["measures"].values()
        if charge is not None
        and measure["charge_id"] in (charge["charge_id"], "")
        and (measure["charge_id"] or measure.get("decision_id"))
        and measure["measure_id"] not in replaced
        and measure.get("stage", "") in _STAGES_IN_FORCE
        and _proceeding(case, measure) in ("", charge.get("proceeding_id", ""))
    ]
    for kind in case.specs["measures"].columns["kind"].vocabulary:
        mine = [measure for measure in rows if measure["kind"] == kind]
        counted = [measure for measure in mine if measure["people"]]
        persons = {measure["party_id"] for measure in mine if _is_person(case, measure["party_id"])}
        text = say("people: %(measure)s", measure=term_label(case, "measures", "kind", kind))
        if counted:
            row = max(counted, key=lambda measure: (date_order(measure["date"]), int(measure["people"])))
            yield Figure(kind, text, number_of_people(row), people_words(row), row["measure_id"])
        elif persons:
            cells = _counted_persons(persons)
            yield Figure(kind, text, number_of_people(cells), people_words(cells), section="charges")


def _proceeding(case: Case, measure: TextRow) -> str:
    """The proceeding in which a measure was laid, by its event; `""` where that is not known."""
    return case["events"].get(measure["event_id"], {}).get("proceeding_id", "")


def _accused(case: Case) -> Iterator[Figure]:
    """The accused of the main charge, where their number is known, or the persons accused with them."""
    charge = main_charge(case)
    if charge is None:
        return
    persons = accused_persons(case, charge)
    if charge["people"]:
        words, people = number_of_people(charge), people_words(charge)
        yield Figure("accused", say("accused"), words, people, charge["charge_id"])
    elif persons:
        cells = _counted_persons(persons)
        yield Figure("accused", say("accused"), cells["people"], people_words(cells), section="charges")


def _counts(case: Case) -> Iterator[Figure]:
    provisions = {
        (charge["statute"], charge["article"], charge["part"]) for charge in case["charges"].values()
    }
    hearings = [
        event
        for event in case["events"].values()
        if is_kind(case, "events", event, "hearing") and event["status"] == "held"
    ]
    evidenced = {claim["row_id"] for claim in case["evidence"].values()}
    rows = [key for table, key, _ in case.every_row() if case.specs[table].evidenced and key in evidenced]
    for name, label, number, section in (
        ("provisions", say("provisions charged"), len(provisions), "charges"),
        ("hearings", say("hearings held"), len(hearings), "timeline"),
        ("responses", say("responses"), len(case["responses"]), "responses"),
        ("sources", say("sources read"), len(sources_read(case)), "sources"),
        ("evidenced", say("rows with evidence"), len(rows), "sources"),
        ("open", say("open questions"), len(open_disagreements(case)), "disagreements"),
    ):
        yield Figure(name, label, str(number), section=section)


def sources_read(case: Case) -> list[TextRow]:
    """The sources that were read, in whole or in part."""
    return [source for source in case["sources"].values() if source["read"] != "not_seen"]


def open_disagreements(case: Case) -> list[TextRow]:
    """The disagreements of which no version is preferred."""
    return [row for row in case["disagreements"].values() if row["state"] == "open"]
