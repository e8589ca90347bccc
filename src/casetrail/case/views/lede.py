"""Lede: the case in three sentences made from its rows. What is an accusation is called one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casetrail.case.case import Case, TextRow
from casetrail.case.views.date_words import date_order, date_words
from casetrail.case.views.figures import (
    accused_persons,
    is_kind,
    is_outcome,
    main_charge,
    measures,
    open_disagreements,
    outcome,
    sources_read,
    verdicts,
)
from casetrail.case.views.known_since import newest_day
from casetrail.case.views.labels import capital, cell_words, counted, label, people_words, term_label
from casetrail.languages.words import say, say_number


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence; `row_id` is the row that says so, `""` for the words in between."""

    text: str
    row_id: str = ""


Sentence = tuple[Fragment, ...]

_VERDICTS = ("convicted", "acquitted")


def lede(case: Case) -> tuple[Sentence, Sentence, Sentence]:
    """What the accusation is; how far the case has come; what it rests on."""
    charge = main_charge(case)
    return tuple(_accusation(case, charge)), tuple(_progress(case, charge)), tuple(_ground(case))


def _accusation(case: Case, charge: TextRow | None) -> Iterator[Fragment]:
    if charge is None:
        yield Fragment(say("No accusation is recorded."))
        return
    charge_id = charge["charge_id"]
    persons = accused_persons(case, charge)
    who = Fragment(capital(people_words(charge)) or say("People"), charge_id)
    if len(persons) == 1:
        who = Fragment(label(case, charge["accused_id"]), charge["accused_id"])
    elif persons:
        who = Fragment(counted(len(persons), "people"))
    is_single = len(persons) == 1 or charge["people"] == "1"
    values = {"who": who, "charge": Fragment(label(case, charge_id), charge_id)}
    values["offence"] = Fragment(charge["offence"])
    # Each way to say it is a whole message, since other languages order it otherwise.
    if len(persons) > 1 and charge["offence"]:
        text = say("%(who)s are accused, one or more of them of “%(offence)s” under %(charge)s")
    elif len(persons) > 1:
        text = say("%(who)s are accused, one or more of them under %(charge)s")
    elif charge["offence"]:
        text = (
            say("%(who)s is accused of “%(offence)s” under %(charge)s")
            if is_single
            else say("%(who)s are accused of “%(offence)s” under %(charge)s")
        )
    else:
        text = (
            say("%(who)s is accused under %(charge)s")
            if is_single
            else say("%(who)s are accused under %(charge)s")
        )
    yield from _filled(text, values)
    act = case["events"].get(charge["conduct_event_id"])
    if act is not None:
        event = Fragment(f"“{act['title']}”", act["event_id"])
        yield from _filled(say(", for %(event)s"), {"event": event})
        if act["date"]:
            yield Fragment(f" ({date_words(act['date'])})")
    if verdicts(case, charge) and not case.rows_with("decisions", "charge_id", charge_id):
        yield Fragment(say("; a court has given its verdict."))
    elif is_outcome(case, outcome(case, charge), "convicted"):
        yield Fragment(say("; a court has found guilt."))
    else:
        yield Fragment(say("; an accusation is not a finding of guilt."))


def _filled(text: str, values: Mapping[str, Fragment]) -> Iterator[Fragment]:
    """A sentence of the catalogue with the pieces that lead to rows in their places."""
    for number, part in enumerate(re.split(r"%\((\w+)\)s", text)):
        if number % 2:
            yield values[part]
        elif part:
            yield Fragment(part)


def _progress(case: Case, charge: TextRow | None) -> Iterator[Fragment]:
    under = list(measures(case))
    for figure in under:
        kind = term_label(case, "measures", "kind", figure.name)
        yield Fragment(f"; {kind}: " if figure is not under[0] else f"{capital(kind)}: ")
        yield Fragment(figure.people, figure.row_id)
    hearing = _last_hearing(case, charge)
    if hearing is not None:
        title = Fragment(f"“{hearing['title']}”", hearing["event_id"])
        text = (
            say("the last known hearing, %(event)s")
            if hearing["status"] == "held"
            else say("the hearing last announced, %(event)s")
        )
        yield from _filled(f"; {text}" if under else capital(text), {"event": title})
        place = label(case, hearing["place_id"]) if hearing["place_id"] else ""
        known = ", ".join(filter(None, (date_words(hearing["date"]), place)))
        access = cell_words(case, "events", hearing, "access")
        access = say(", was %(open)s to the public", open=access) if access else ""
        yield Fragment((f" ({known})" if known else "") + access)
    decided = list(_decided(case, charge)) if charge else []
    if decided:
        yield Fragment("; " if under or hearing is not None else "")
        yield from decided
        yield Fragment(".")
        return
    result = outcome(case, charge) if charge else ""
    ending = term_label(case, "decisions", "outcome", result)
    if is_outcome(case, result, *_VERDICTS):
        ending = say("the accused were %(outcome)s", outcome=ending)
    if under or hearing is not None:
        yield Fragment(f"; {ending}." if result else say(", and no outcome is known."))
    elif result:
        yield Fragment(say("The outcome: %(outcome)s.", outcome=ending))
    else:
        yield Fragment(say("No hearing, measure or outcome is known."))


def _decided(case: Case, charge: TextRow) -> Iterator[Fragment]:
    """Verdict, appeal and cassation one after the other: what each decided, on how many decisions."""
    events: dict[str, Counter[str]] = {}
    for decision in verdicts(case, charge):
        events.setdefault(decision["event_id"], Counter())[decision["outcome"]] += int(
            decision["people"] or 1
        )
    for number, key in enumerate(sorted(events, key=lambda key: date_order(case["events"][key]["date"]))):
        event = case["events"][key]
        yield Fragment(say(", then ") if number else "")
        yield Fragment(f"“{event['title']}”", key)
        yield Fragment(f" ({date_words(event['date'])})" if event["date"] else "")
        decided = say("decided")
        results = [
            f"{many} {term_label(case, 'decisions', 'outcome', result) or decided}"
            for result, many in events[key].items()
        ]
        yield Fragment(f": {', '.join(results)}")


def _last_hearing(case: Case, charge: TextRow | None) -> TextRow | None:
    """The latest hearing that took place; where none did, the latest that was announced and not moved.

    A hearing of another proceeding, or of a day before the alleged act, is not about this accusation.
    """
    act = case["events"].get(charge["conduct_event_id"]) if charge else None
    since = date_order(act["date"]) if act and act["date"] else (0, 0)
    proceeding = charge.get("proceeding_id", "") if charge else ""
    hearings = [
        event
        for event in case["events"].values()
        if is_kind(case, "events", event, "hearing")
        and event["date"]
        and date_order(event["date"]) >= since
        and event.get("proceeding_id", "") in ("", proceeding)
    ]
    for status in ("held", "scheduled"):
        mine = [event for event in hearings if event["status"] == status]
        if mine:
            return max(mine, key=lambda event: (date_order(event["date"]), event["event_id"]))
    return None


def _ground(case: Case) -> Iterator[Fragment]:
    newest = newest_day(case)
    read = len(sources_read(case))
    yield Fragment(
        say_number(
            "All of it rests on %(num)s source that was read",
            "All of it rests on %(num)s sources that were read",
            read,
        )
    )
    if newest is not None:
        yield Fragment(say(", the newest of %(day)s", day=date_words(newest.isoformat())))
    if case["disagreements"]:
        differ, unsettled = len(case["disagreements"]), len(open_disagreements(case))
        yield Fragment(
            say_number("; they differ on %(num)s question", "; they differ on %(num)s questions", differ)
        )
        yield Fragment(
            say_number(", of which %(num)s is open", ", of which %(num)s are open", unsettled)
            if unsettled
            else say(", of which none is open")
        )
    yield Fragment(".")
