"""CaseView: what the templates of a case ask for, in the order in which the page tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from casetrail.case.case import Case, Cells, Pointer
from casetrail.case.terms import ChargeStatus, EventStatus, PartyKind, RelationKind
from casetrail.case.views.as_of import newest_day
from casetrail.case.views.course import Course
from casetrail.case.views.dates import date_words
from casetrail.case.views.disputes import disputes
from casetrail.case.views.figures import Figure, figures, people_words
from casetrail.case.views.lede import Sentence, lede
from casetrail.case.views.lineage import Lineage, lineages, supported
from casetrail.case.views.words import disclosure_words, label, term_label
from casetrail.site.chart import Chart, Lane, Mark, chart, days_of
from casetrail.site.evidence import Question, SaidOfRow, question, said_of_row, source_words, words_of
from casetrail.site.kinds import DEMAND, EVENTS, STANCES, UNKNOWN, Look, look_of, stance_look

STEPS = tuple(status.value for status in ChargeStatus)
_HOLLOW = (EventStatus.ALLEGED.value, EventStatus.SCHEDULED.value, EventStatus.POSTPONED.value)
_PARTY_KINDS = {
    PartyKind.PERSON.value: "Persons",
    PartyKind.GROUP.value: "Groups",
    PartyKind.ORGANIZATION.value: "Organizations",
    PartyKind.PUBLIC_BODY.value: "Public bodies",
}

_TIES_BACK = {
    RelationKind.MEMBER_OF.value: "Member:",
    RelationKind.SUPPORTER_OF.value: "Supporter:",
    RelationKind.LEADS.value: "Led by",
    RelationKind.FOUNDED.value: "Founded by",
    RelationKind.PART_OF.value: "Part:",
    RelationKind.DEFENDS.value: "Defended by",
    RelationKind.REPRESENTS.value: "Represented by",
    RelationKind.SPOUSE_OF.value: "Spouse:",
    RelationKind.RELATIVE_OF.value: "Relative:",
    RelationKind.DISTINCT_FROM.value: "Not the same as",
}


class CaseView:
    """The case as the page shows it; nothing in it depends on anything but the case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps = STEPS
        self.course = Course()
        self._by: dict[tuple[str, str], dict[str, list[Cells]]] = {}

    # What a value or row is called.

    def label(self, row_id: str) -> str:
        """The short name of a row."""
        return label(self.case, row_id)

    def words(self, table: str, field: str, value: str) -> str:
        """A value in words."""
        return words_of(self.case, table, field, value)

    @staticmethod
    def term(value: str) -> str:
        """A term as words."""
        return term_label(value)

    @staticmethod
    def date(value: str) -> str:
        """A date in words."""
        return date_words(value)

    @staticmethod
    def people(cells: Cells) -> str:
        """A number of people with its precision, `""` where there is none."""
        return people_words(cells)

    @staticmethod
    def tie_back(kind: str) -> str:
        """How a tie is called by the party to which it leads."""
        return _TIES_BACK.get(kind, f"{term_label(kind).capitalize()}:")

    @staticmethod
    def undisclosed(party: Cells) -> str:
        """Why a party has no name here."""
        return disclosure_words(party)

    def source(self, source_id: str) -> str:
        """A source by publisher and day."""
        return source_words(self.case, source_id)

    def late(self, row_id: str, field: str) -> bool:
        """Whether a cell stood otherwise on some day on which its row was known."""
        return (row_id, field) in self.course.cells

    # Evidence.

    def evidence(self, row_id: str) -> SaidOfRow:
        """What sources say of a row."""
        return said_of_row(self.case, row_id)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The disagreements, the open ones first."""
        return tuple(question(self.case, one) for one in disputes(self.case))

    # Tables by what they point at.

    def of(self, table: str, field: str, row_id: str) -> list[Cells]:
        """The rows of a table whose column holds this id."""
        index = self._by.get((table, field))
        if index is None:
            index = self._by[table, field] = defaultdict(list)
            for cells in self.case[table].values():
                index[cells[field]].append(cells)
        return index.get(row_id, [])

    def pointers(self, row_id: str, table: str) -> list[Pointer]:
        """The cells of a table that hold this id."""
        return [one for one in self.case.pointers_to(row_id) if one.table == table]

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
        return _by_date(self.case["events"].values(), "event_id")

    @cached_property
    def responses(self) -> list[Cells]:
        """Responses in their order."""
        return _by_date(self.case["responses"].values(), "response_id")

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

    def look(self, event: Cells) -> Look:
        """How an event is drawn."""
        return look_of(event["kind"])

    def stance(self, response: Cells) -> Look:
        """How a response is drawn."""
        return stance_look(response["stance"])

    def replaced_by(self, event_id: str) -> list[Cells]:
        """The events that replaced this one."""
        return self.of("events", "replaces", event_id)

    @cached_property
    def timeline(self) -> Chart | None:
        """The events on a lane for each kind, from the alleged act on."""
        order = [kind.value for kind in EVENTS]
        lanes: dict[str, Lane] = {}
        for one in self.events:
            days = days_of(one["date"])
            if days is not None:
                lane = lanes.setdefault(
                    one["kind"], Lane(term_label(one["kind"]).capitalize(), look_of(one["kind"]), [])
                )
                title = f"{date_words(one['date'])}: {one['title']} ({term_label(one['status'])})"
                hollow = one["status"] in _HOLLOW
                lane.marks.append(Mark(one["event_id"], title, one["title"], days, lane.look, hollow))
        ordered = sorted(lanes.items(), key=lambda item: order.index(item[0]) if item[0] in order else 99)
        links = [(one["replaces"], one["event_id"]) for one in self.events if one["replaces"]]
        return chart([lane for _, lane in ordered], self._act_day, links)

    @cached_property
    def reactions(self) -> Chart | None:
        """The responses on a lane for each stance, and again on one for each thing that they ask for."""
        lanes: dict[tuple[str, str], Lane] = {
            ("stance", stance.value): Lane(stance.value.capitalize(), look, [])
            for stance, look in STANCES.items()
        }
        for term, _ in self.demands:
            lanes["demand", term] = Lane(term_label(term).capitalize(), DEMAND, [])
        for one in self.responses:
            days = days_of(one["date"])
            if days is None:
                continue
            key, name = one["response_id"], self.label(one["response_id"])
            title = f"{date_words(one['date'])}: {name}"
            stance = lanes.setdefault(("stance", one["stance"]), Lane(one["stance"], UNKNOWN, []))
            stance.marks.append(Mark(key, title, self.makers(key) or name, days, stance.look))
            for demand in dict.fromkeys(cells["demand"] for cells in self.of("demands", "response_id", key)):
                lane = lanes["demand", demand]
                lane.marks.append(Mark(key, title, self.makers(key) or name, days, DEMAND))
        return chart(lanes.values(), self._act_day)

    def makers(self, response_id: str) -> str:
        """Who made a response, in words."""
        rows = self.of("signatories", "response_id", response_id)
        return ", ".join(self.label(one["party_id"]) for one in rows if one["capacity"] != "spokesperson")

    @cached_property
    def _act_day(self) -> int | None:
        """The first day of the alleged act of the accusation that has come furthest."""
        charge = next((one.row_id for one in self.figures if one.name == "accused"), "")
        act = self.case["charges"].get(charge, {}).get("conduct_event_id", "")
        days = days_of(self.case["events"].get(act, {}).get("date", ""))
        return days.first if days else None


def _by_date(rows: Iterable[Cells], key: str) -> list[Cells]:
    def order(cells: Cells) -> tuple[bool, float, str]:
        days = days_of(cells["date"])
        return (days is None, days.middle if days else 0, cells[key])

    return sorted(rows, key=order)
