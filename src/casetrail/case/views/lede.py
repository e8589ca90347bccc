"""Lede: the case in three sentences made from its rows. What is an accusation is called one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.case import Case, Cells
from casetrail.case.terms import DisagreementState, EventKind, EventStatus, MeasureKind, Outcome, Read
from casetrail.case.views.as_of import newest_day
from casetrail.case.views.dates import date_words
from casetrail.case.views.figures import figures, main_charge
from casetrail.case.views.words import label, term_label


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence; `row_id` is the row that says so, `""` for the words in between."""

    text: str
    row_id: str = ""


Sentence = tuple[Words, ...]


def lede(case: Case) -> tuple[Sentence, Sentence, Sentence]:
    """What the accusation is; where the case stands; what it rests on."""
    accused = next((one for one in figures(case) if one.name == "accused"), None)
    charge = main_charge(case)
    charge_id = charge["charge_id"] if charge else ""
    people = f"{accused.words} {_people(accused.number)}" if accused else "people"
    return (
        tuple(_accusation(case, charge_id, people[0].upper() + people[1:])),
        tuple(_standing(case, charge_id)),
        tuple(_ground(case)),
    )


def _people(number: int) -> str:
    return "person" if number == 1 else "people"


def _accusation(case: Case, charge_id: str, people: str) -> Iterator[Words]:
    if not charge_id:
        yield Words("No accusation is recorded.")
        return
    charge = case["charges"][charge_id]
    yield Words(people, charge_id)
    yield Words(" is accused" if people.endswith("person") else " are accused")
    if charge["offence"]:
        yield Words(f" of “{charge['offence']}”")
    yield Words(" under ")
    yield Words(label(case, charge_id), charge_id)
    act = case["events"].get(charge["conduct_event_id"])
    if act is not None:
        yield Words(", for ")
        yield Words(f"“{act['title']}”", act["event_id"])
        if act["date"]:
            yield Words(f" ({date_words(act['date'])})")
    if charge["outcome"] == Outcome.CONVICTED:
        yield Words("; a court has found guilt.")
    else:
        yield Words("; an accusation is not a finding of guilt.")


def _standing(case: Case, charge_id: str) -> Iterator[Words]:
    held = [
        one
        for one in figures(case)
        if one.name in (MeasureKind.CUSTODY.value, MeasureKind.HOUSE_ARREST.value) and one.row_id
    ]
    for position, one in enumerate(held):
        are = "is" if one.number == 1 else "are"
        if position:
            yield Words(" and ")
        words = one.words if position else one.words[0].upper() + one.words[1:]
        yield Words(f"{words} {are} {one.label}", one.row_id)
    hearing = _last_hearing(case, charge_id)
    if hearing is not None:
        yield Words("; the" if held else "The")
        took_place = hearing["status"] == EventStatus.HELD
        yield Words(" last known hearing, " if took_place else " hearing last announced, ")
        yield Words(f"“{hearing['title']}”", hearing["event_id"])
        place = label(case, hearing["place_id"]) if hearing["place_id"] else ""
        when = date_words(hearing["date"])
        known = ", ".join(part for part in (when, place) if part)
        access = f"{term_label(hearing['access'])} to the public" if hearing["access"] else ""
        yield Words((f" ({known})" if known else "") + (f", {'was' if access else ''} {access}".rstrip(", ")))
    outcome = case["charges"][charge_id]["outcome"] if charge_id else ""
    told = f"the accused were {term_label(outcome)}" if outcome in _VERDICTS else term_label(outcome)
    if held or hearing is not None:
        yield Words(f"; {told}." if outcome else ", and no outcome is known.")
    else:
        yield Words(f"The outcome: {told}." if outcome else "No hearing, custody or outcome is known.")


_VERDICTS = (Outcome.CONVICTED.value, Outcome.ACQUITTED.value)


def _last_hearing(case: Case, charge_id: str) -> Cells | None:
    """The latest hearing that took place; where none did, the latest that was announced and not moved.

    One from before the alleged act is of another case.
    """
    act = case["events"].get(case["charges"][charge_id]["conduct_event_id"]) if charge_id else None
    hearings = [
        one
        for one in case["events"].values()
        if one["kind"] == EventKind.HEARING and one["date"] and (act is None or _day(one) >= _day(act))
    ]
    for status in (EventStatus.HELD, EventStatus.SCHEDULED):
        mine = [one for one in hearings if one["status"] == status]
        if mine:
            return max(mine, key=lambda one: (_day(one), one["event_id"]))
    return None


def _day(event: Cells) -> str:
    return event["date"].strip("[].")


def _ground(case: Case) -> Iterator[Words]:
    read = [one for one in case["sources"].values() if one["read"] != Read.NOT_SEEN]
    newest = newest_day(case)
    yield Words(f"All of it rests on {len(read)} {'source' if len(read) == 1 else 'sources'} that were read")
    if newest is not None:
        yield Words(f", the newest of {date_words(newest.isoformat())}")
    questions = case["disagreements"]
    unsettled = [one for one in questions.values() if one["state"] == DisagreementState.OPEN]
    if questions:
        yield Words(f"; they differ on {len(questions)} {'question' if len(questions) == 1 else 'questions'}")
        yield Words(f", of which {len(unsettled) or 'none'} {'is' if len(unsettled) < 2 else 'are'} open")
    yield Words(".")
