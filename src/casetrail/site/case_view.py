"""CaseView: what the templates of a case ask for, in the order in which the page tells it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from casetrail.case.case import Case, Cells
from casetrail.case.terms import ChargeStatus, EventStatus, PartyKind
from casetrail.case.views.claims import RowClaims, row_claims
from casetrail.case.views.dates import date_order, date_words
from casetrail.case.views.disagreements import Disagreement, disagreements
from casetrail.case.views.figures import Figure, figures, main_charge
from casetrail.case.views.known_since import KnownSince, newest_day
from casetrail.case.views.labels import (
    capital,
    label,
    makers_label,
    source_label,
    term_label,
)
from casetrail.case.views.lede import Sentence, lede
from casetrail.case.views.lineage import Lineage, lineages, supported
from casetrail.site.chart import Chart, Lane, Mark, chart, days_of
from casetrail.site.marks import DEMAND, EVENTS, STANCES, UNKNOWN, event_mark

STEPS = tuple(status.value for status in ChargeStatus)
_HOLLOW = (EventStatus.ALLEGED.value, EventStatus.SCHEDULED.value, EventStatus.POSTPONED.value)
_PARTY_KINDS = {
    PartyKind.PERSON.value: "Persons",
    PartyKind.GROUP.value: "Groups",
    PartyKind.ORGANIZATION.value: "Organizations",
    PartyKind.PUBLIC_BODY.value: "Public bodies",
}


class CaseView:
    """The case as the page shows it; nothing in it depends on anything but the case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps = STEPS
        self.known = KnownSince()

    def label(self, row_id: str) -> str:
        """The short name of a row."""
        return label(self.case, row_id)

    def source(self, source_id: str) -> str:
        """A source by publisher and day."""
        return source_label(self.case, source_id)

    def late(self, row_id: str, field: str) -> bool:
        """Whether a cell was otherwise on some day on which its row was known."""
        return field in self.known.cells.get(row_id, ())

    def evidence(self, row_id: str) -> RowClaims:
        """What sources say of a row."""
        return row_claims(self.case, row_id)

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """The disagreements, the open ones first."""
        return disagreements(self.case)

    def of(self, table: str, field: str, row_id: str) -> list[Cells]:
        """The rows of a table whose column holds this id."""
        return self.case.rows_with(table, field, row_id)

    # The first screen.

    @cached_property
    def lede(self) -> tuple[Sentence, Sentence, Sentence]:
        """The case in three sentences."""
        return lede(self.case)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that matter."""
        return figures(self.case)

    @cached_property
    def known_until(self) -> str:
        """The day up to which the case is known, in words."""
        day = newest_day(self.case)
        return date_words(day.isoformat()) if day else ""

    # The sections.

    @cached_property
    def events(self) -> list[Cells]:
        """Events in their order; those without a date last."""
        return sorted(
            self.case["events"].values(), key=lambda one: (date_order(one["date"]), one["event_id"])
        )

    @cached_property
    def responses(self) -> list[Cells]:
        """Responses in their order."""
        return sorted(
            self.case["responses"].values(), key=lambda one: (date_order(one["date"]), one["response_id"])
        )

    @cached_property
    def parties(self) -> list[tuple[str, list[Cells]]]:
        """Parties by kind: those with a name by it, the others after them by what they are."""
        groups = []
        for kind, title in _PARTY_KINDS.items():
            mine = [one for one in self.case["parties"].values() if one["kind"] == kind]
            mine.sort(key=lambda one: (not one["name"], (one["name"] or one["description"]).casefold()))
            if mine:
                groups.append((title, mine))
        return groups

    @cached_property
    def sources(self) -> tuple[Lineage, ...]:
        """Sources under what they were made from."""
        return lineages(self.case)

    @cached_property
    def supported(self) -> dict[str, dict[str, int]]:
        """What each source speaks for."""
        return supported(self.case)

    @cached_property
    def demands(self) -> list[tuple[str, list[Cells]]]:
        """Demands by term, the most asked for first."""
        by_term: dict[str, list[Cells]] = defaultdict(list)
        for cells in self.case["demands"].values():
            by_term[cells["demand"]].append(cells)
        return sorted(by_term.items(), key=lambda item: (-len(item[1]), item[0]))

    def replaced_by(self, event_id: str) -> list[Cells]:
        """The events that replaced this one."""
        return self.of("events", "replaces", event_id)

    @cached_property
    def timeline(self) -> Chart | None:
        """The events on a lane for each kind, from the alleged act on."""
        order = list(EVENTS)
        lanes: dict[str, Lane] = {}
        for one in self.events:
            days = days_of(one["date"])
            if days is not None:
                lane = lanes.setdefault(
                    one["kind"], Lane(capital(term_label(one["kind"])), event_mark(one["kind"]), [])
                )
                title = f"{date_words(one['date'])}: {one['title']} ({term_label(one['status'])})"
                hollow = one["status"] in _HOLLOW
                lane.marks.append(Mark(one["event_id"], title, one["title"], days, lane.style, hollow))
        ordered = sorted(lanes.items(), key=lambda item: order.index(item[0]) if item[0] in order else 99)
        links = [(one["replaces"], one["event_id"]) for one in self.events if one["replaces"]]
        return chart([lane for _, lane in ordered], self._act_day, links)

    @cached_property
    def reactions(self) -> Chart | None:
        """The responses on a lane for each stance, and again on one for each thing that they ask for."""
        lanes: dict[tuple[str, str], Lane] = {
            ("stance", stance): Lane(capital(stance), style, []) for stance, style in STANCES.items()
        }
        for term, _ in self.demands:
            lanes["demand", term] = Lane(capital(term_label(term)), DEMAND, [])
        for one in self.responses:
            days = days_of(one["date"])
            if days is None:
                continue
            key, name = one["response_id"], self.label(one["response_id"])
            title = f"{date_words(one['date'])}: {name}"
            stance = lanes.setdefault(("stance", one["stance"]), Lane(one["stance"], UNKNOWN, []))
            stance.marks.append(Mark(key, title, self.makers(key) or name, days, stance.style))
            for demand in dict.fromkeys(cells["demand"] for cells in self.of("demands", "response_id", key)):
                lane = lanes["demand", demand]
                lane.marks.append(Mark(key, title, self.makers(key) or name, days, DEMAND))
        return chart(lanes.values(), self._act_day)

    def makers(self, response_id: str) -> str:
        """Who made a response, in words."""
        return makers_label(self.case, response_id)

    @cached_property
    def _act_day(self) -> int | None:
        """The first day of the alleged act of the accusation that has come furthest."""
        charge = main_charge(self.case)
        act = self.case["events"].get(charge["conduct_event_id"], {}) if charge else {}
        days = days_of(act.get("date", ""))
        return days.first if days else None
