"""First screen: what is known, what is disputed and what is not known of a case, and its turning points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from casetrail.case.case import Case, TextRow
from casetrail.case.views.claims import CellClaims, origins, row_claims
from casetrail.case.views.date_words import date_words, parse_date, row_order
from casetrail.case.views.disagreements import Disagreement, Version, disagreement
from casetrail.case.views.figures import Figure, figures, is_kind, main_charge, outcome, verdicts
from casetrail.case.views.known_since import newest_day
from casetrail.case.views.labels import label, number_words, term_label
from casetrail.languages.words import say, say_number
from casetrail.site.chart import Days, days_of, ticks

TURNS = 7
"""How many turning points are drawn at most."""


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A figure with what it rests on: how many independent origins say it, and what others say instead."""

    figure: Figure
    detail: str = ""
    field: str = ""
    origins: int = 0
    question: Disagreement | None = None
    others: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What no source says, in words; `href` leads to the row or the part of the page that shows it."""

    text: str
    detail: str
    href: str
    is_curated: bool = False


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """An event at which the case turned; `days` are those that it can mean."""

    event: TextRow
    days: Days
    claims: int


def known_numbers(case: Case) -> Iterator[KnownNumber]:
    """The figures that say what the case is: accused, measures, the term, verdicts, hearings, responses."""
    charge = main_charge(case)
    shown = {"provisions", "evidenced", "open", "sources"}
    for figure in figures(case):
        if figure.row_id:
            yield _from_cell(case, figure, "people")
        elif figure.name == "responses":
            yield KnownNumber(figure, " · ".join(_stances(case)))
        elif figure.name not in shown:
            yield KnownNumber(figure)
        if figure.name == "accused" and charge is not None and charge["maximum_years"]:
            term = Figure(
                "term", say("years in prison at most"), charge["maximum_years"], row_id=charge["charge_id"]
            )
            yield _from_cell(case, term, "maximum_years", label(case, charge["charge_id"]))
        if figure.name == "accused" and charge is not None:
            yield from _verdicts(case, charge)


def _from_cell(case: Case, figure: Figure, field: str, detail: str = "") -> KnownNumber:
    cells = row_claims(case, figure.row_id)
    cell = next((claim for claim in cells.claims if claim.field == field), None)
    if cell is None:
        return KnownNumber(figure, detail, field)
    question = disagreement(case, cell.disagreement_ids[0]) if cell.disagreement_ids else None
    versions = question.versions if question else ()
    others = tuple(version for version in versions if version.value != cell.value)
    return KnownNumber(figure, detail, field, len(_origins_of_value(cell)), question, others)


def _origins_of_value(cell: CellClaims) -> set[str]:
    return origins(claim for claim in cell.claims if claim.value == cell.value)


def _verdicts(case: Case, charge: TextRow) -> Iterator[KnownNumber]:
    """How many the verdict found guilty and not guilty, each verdict by itself."""
    by_event: dict[tuple[str, str], list[TextRow]] = {}
    for decision in verdicts(case, charge):
        if is_kind(case, "decisions", decision, "verdict") and decision["outcome"]:
            by_event.setdefault((decision["event_id"], decision["outcome"]), []).append(decision)
    for (event_id, result), mine in by_event.items():
        people = sum(int(decision["people"] or 1) for decision in mine)
        words = number_words(str(people), mine[0]["people_precision"] if len(mine) == 1 else "")
        name = term_label(case, "decisions", "outcome", result)
        date = date_words(case["events"][event_id]["date"], short=True)
        title = case["events"][event_id]["title"]
        yield KnownNumber(
            Figure(f"{event_id}-{result}", name, words, row_id=event_id),
            f"{title}, {date}" if date else title,
        )


def _stances(case: Case) -> Iterator[str]:
    for stance in case.specs["responses"].columns["stance"].vocabulary:
        number = sum(response["stance"] == stance for response in case["responses"].values())
        if number:
            words = term_label(case, "responses", "stance", stance)
            yield say("%(number)s %(term)s", number=number, term=words)


def unknowns(case: Case) -> Iterator[Unknown]:
    """What no source read says, as far as the tables show it."""
    newest = newest_day(case)
    until = say("no source says")
    if newest:
        until = say("nothing newer than %(day)s was read", day=date_words(newest.isoformat()))
    charge = main_charge(case)
    if charge is not None and not outcome(case, charge) and not verdicts(case, charge):
        yield Unknown(say("Whether there was a verdict"), until, charge["charge_id"])
    if charge is not None:
        yield from _unnamed_accused(case, charge)
    yield from _unnamed_roles(case)
    undecided = [decision for decision in case["decisions"].values() if not decision["outcome"]]
    if undecided:
        yield Unknown(
            say_number("What %(num)s decision came to", "What %(num)s decisions came to", len(undecided)),
            say("no outcome is given"),
            undecided[0]["decision_id"],
        )
    ahead = [
        event
        for event in case["events"].values()
        if event["status"] == "scheduled" and _is_past(event, newest)
    ]
    if ahead:
        titles = "; ".join(event["title"] for event in ahead[:3])
        yield Unknown(say("Whether what was announced took place"), titles, ahead[0]["event_id"], True)
    undated = [event for event in case["events"].values() if not event["date"]]
    if undated:
        titles = "; ".join(event["title"] for event in undated[:3])
        yield Unknown(
            say_number("When %(num)s event took place", "When %(num)s events took place", len(undated)),
            titles,
            undated[0]["event_id"],
            True,
        )
    read = [source for source in case["sources"].values() if source["read"] != "not_seen"]
    part = sum(source["read"] == "part" for source in read)
    if part:
        yield Unknown(
            say("What the sources say in full"),
            say("%(part)s of %(all)s sources were read in part", part=part, all=len(read)),
            "sources",
        )
    unseen = len(case["sources"]) - len(read)
    if unseen:
        copies = say_number(
            "%(num)s original is known through copies alone",
            "%(num)s originals are known through copies alone",
            unseen,
        )
        yield Unknown(say("What the originals say"), copies, "sources")


def _unnamed_accused(case: Case, charge: TextRow) -> Iterator[Unknown]:
    members = {
        tie["party_id"]
        for tie in case.rows_with("relations", "related_id", charge["accused_id"])
        if is_kind(case, "relations", tie, "member_of")
        and is_kind(case, "parties", case["parties"].get(tie["party_id"], {"kind": ""}), "person")
    }
    if charge["people"].isdecimal() and charge["people_precision"] in ("", "exact"):
        rest = int(charge["people"]) - len(members)
        if rest > 0:
            known = say_number("%(num)s is told apart", "%(num)s are told apart", len(members))
            who = say("Who %(rest)s of the %(all)s accused are", rest=rest, all=charge["people"])
            yield Unknown(who, known if members else say("none are told apart"), charge["accused_id"])


def _unnamed_roles(case: Case) -> Iterator[Unknown]:
    """The judges and prosecutors whom no source names."""
    for role in ("judge", "prosecutor"):
        for participation in case.rows_with("participations", "role", role):
            party = case["parties"].get(participation["party_id"], {})
            if party and party["disclosure"] == "unnamed" and is_kind(case, "parties", party, "person"):
                name = term_label(case, "participations", "role", role)
                yield Unknown(
                    say("Who the %(role)s is", role=name),
                    say("no source read says"),
                    participation["party_id"],
                )
                break


def _is_past(event: TextRow, newest: dt.date | None) -> bool:
    date = parse_date(event["date"])
    return newest is not None and date is not None and date.latest is not None and date.latest < newest


def turning_points(case: Case) -> list[TurningPoint]:
    """The events since the alleged act of which most is said; the act, the charge and the last among them."""
    charge = main_charge(case)
    if charge is None:
        return []
    act = case["events"].get(charge["conduct_event_id"], {"date": ""})
    begin = days_of(act["date"])
    points = []
    for key, event in case["events"].items():
        days = days_of(event["date"])
        if days is None or event["status"] != "held" or None in (days.first, days.last):
            continue
        if begin is None or days.bounds[0] >= begin.bounds[0]:
            points.append(TurningPoint(event, days, sum(1 for _ in case.evidence_rows(key))))
    points.sort(key=lambda point: (point.days.bounds, row_order(case, "events", point.event)))
    proceeding = charge.get("proceeding_id", "")
    mine = [point for point in points if point.event.get("proceeding_id", "") in ("", proceeding)]
    always = {charge["conduct_event_id"], charge["brought_event_id"]}
    always |= {decision["event_id"] for decision in verdicts(case, charge)}
    in_case = [point.event["event_id"] for point in mine if point.event.get("proceeding_id", "")]
    always |= set(in_case[-1:])
    ranked = sorted(mine, key=lambda point: (point.event["event_id"] not in always, -point.claims))
    chosen = {point.event["event_id"] for point in ranked[:TURNS]}
    turns = [point for point in mine if point.event["event_id"] in chosen]
    return sorted(turns, key=lambda point: (sum(point.days.bounds), row_order(case, "events", point.event)))


@dataclass(frozen=True, slots=True)
class Strip:
    """The turning points along a line of days that ends where no source reads further; places in per cent."""

    points: tuple[TurningPoint, ...]
    newest: dt.date | None

    @property
    def _first(self) -> int:
        return min(point.days.bounds[0] for point in self.points)

    @property
    def _last(self) -> int:
        last = max(point.days.bounds[1] for point in self.points)
        return max(last, self.newest.toordinal()) if self.newest else last

    def x(self, day: float) -> float:
        """Where the beginning of a day is on the line."""
        return 2 + (day - self._first) / (self._last - self._first + 1) * 86

    @property
    def end(self) -> float:
        """Where the newest source is."""
        return self.x(self._last + 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Where months or years are named."""
        return [(self.x(day), words) for day, words in ticks(self._first, self._last, 6)]

    @property
    def columns(self) -> list[tuple[TurningPoint, float, float, float, float]]:
        """Each point with the middle and the ends of its days, and the middle of its column."""
        width = 100 / len(self.points)
        return [
            (point, (left + right) / 2, left, right, (number + 0.5) * width)
            for number, point in enumerate(self.points)
            for left, right in [(self.x(point.days.bounds[0]), self.x(point.days.bounds[1] + 1))]
        ]
