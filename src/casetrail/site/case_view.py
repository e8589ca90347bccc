"""CaseView: what the templates of a case ask for, in the order in which the page tells it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from casetrail.case.case import Case, TextRow
from casetrail.case.views.claims import RowClaims, row_claims
from casetrail.case.views.date_words import date_order, date_words, row_order
from casetrail.case.views.figures import main_charge, outcome, verdicts
from casetrail.case.views.known_since import newest_day
from casetrail.case.views.labels import (
    capital,
    cell_words,
    column_kind,
    column_label,
    inverse_label,
    is_curated_label,
    is_curated_value,
    label,
    makers_label,
    source_label,
    term_label,
)
from casetrail.case.views.lede import Sentence, lede
from casetrail.case.views.lineage import Lineage, lineages, supported
from casetrail.languages.words import message, say
from casetrail.site.as_of import AsOfDays
from casetrail.site.chart import Chart, days_of
from casetrail.site.claims_apart import CLAIMS_ON_PAGE, claims_apart
from casetrail.site.first_screen import KnownNumber, Strip, Unknown, known_numbers, turning_points, unknowns
from casetrail.site.marks import UNKNOWN, MarkStyle, mark_style, tone_class
from casetrail.site.people_order import people_groups
from casetrail.site.place_map import PlaceMap, place_map
from casetrail.site.question_view import QuestionView
from casetrail.site.section import Section
from casetrail.site.source_table import SourceTable
from casetrail.site.timeline_charts import is_hollow, timeline_charts

if TYPE_CHECKING:
    from markupsafe import Markup

_ROW_ID = re.compile(r"\b[a-z]{2}-[a-z0-9]+(?:-[a-z0-9]+)*\b")
_ADDRESS = re.compile(r'\sid="([^"]+)"')


CASE_SECTIONS = [
    Section("story", message("Story")),
    Section("timeline", message("Timeline")),
    Section("disagreements", message("Who says what")),
    Section("people", message("People")),
    Section("sources", message("Sources")),
]
OTHER_ROWS = Section("other", message("Other tables"))


@dataclass(frozen=True, slots=True)
class CellWords:
    """A filled cell in words; `href` leads to the row or the page that it names, `""` where it names none."""

    field: str
    label: str
    words: str
    href: str
    is_curated: bool = False


class CaseView:
    """The case as the page shows it; nothing in it depends on anything but the case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.as_of = AsOfDays(case)
        self.steps = tuple(case.specs["charges"].columns["status"].vocabulary)

    @property
    def script_data(self) -> dict[str, Any]:
        """What the script reads: the days, and by prefix what rows are called and how heavy they are."""
        specs = self.case.specs
        tables = {
            spec.id_prefix: [spec.title, spec.search_weight] for spec in specs.values() if spec.id_prefix
        }
        return {
            **self.as_of.data,
            "tables": {**tables, "table": [say("Codebook"), 0]},
            "claim": specs["evidence"].id_prefix,
        }

    def label(self, row_id: str) -> str:
        """The short name of a row."""
        return label(self.case, row_id)

    def is_curated(self, row_id: str) -> bool:
        """Whether the short name of a row is in the language of the curators."""
        return is_curated_label(self.case, row_id)

    def is_curated_cell(self, table: str, cells: TextRow, field: str) -> bool:
        """Whether a cell in words is in the language of the curators."""
        return is_curated_value(self.case, table, field, cells[field])

    def words(self, table: str, cells: TextRow, field: str) -> str:
        """A cell in words."""
        return cell_words(self.case, table, cells, field)

    def term(self, table: str, field: str, term: str) -> str:
        """A term in words, with a capital first letter."""
        return capital(term_label(self.case, table, field, term))

    def inverse(self, tie: TextRow) -> str:
        """How a tie is called from its other end, with a capital first letter."""
        return capital(inverse_label(self.case, tie["kind"]))

    def mark(self, table: str, field: str, cells: TextRow) -> MarkStyle:
        """How a row is drawn."""
        return mark_style(self.case, table, field, cells[field])

    def marks(self, table: str, field: str, rows: Iterable[TextRow]) -> list[tuple[MarkStyle, str]]:
        """The marks that are drawn for rows, each with its term, in the order of bands and vocabulary."""
        column = self.case.specs[table].columns[field]
        words = {self.mark(table, field, row): self.term(table, field, row[field]) for row in rows}
        styles = [*(mark_style(self.case, table, field, term) for term in column.vocabulary), UNKNOWN]
        bands = [*(tone_class(band.value) for band in column.bands), *(style.tone for style in styles)]
        styles = sorted(dict.fromkeys(styles), key=lambda style: bands.index(style.tone))
        return [(style, words[style]) for style in styles if style in words]

    def source(self, source_id: str) -> str:
        """A source by publisher and day."""
        return source_label(self.case, source_id)

    def evidence(self, row_id: str) -> RowClaims:
        """What sources say of a row."""
        return row_claims(self.case, row_id)

    @cached_property
    def claims_apart(self) -> dict[str, Any]:
        """The claims as data, where there are too many for the text of the page; else empty."""
        return claims_apart(self.case, self.as_of) if len(self.case["evidence"]) > CLAIMS_ON_PAGE else {}

    def claims_for(self, *row_ids: str) -> set[str]:
        """The ids of the claims for rows, and for the versions of questions; each once."""
        return {
            claim["evidence_id"]
            for row_id in row_ids
            for claim in (
                self.case.rows_with("evidence", "disagreement_id", row_id)
                if row_id in self.case["disagreements"]
                else self.case.evidence_rows(row_id)
            )
        }

    def outcome(self, charge_id: str) -> str:
        """What was last decided on a charge; `""` where no decision is known."""
        return outcome(self.case, self.case["charges"][charge_id])

    def of(self, table: str, field: str, row_id: str) -> list[TextRow]:
        """The rows of a table whose column holds this id."""
        return self.case.rows_with(table, field, row_id)

    def rest(self, table: str, cells: TextRow, shown: str = "") -> Iterator[CellWords]:
        """The filled cells of a row but for its key and the columns that are shown already."""
        hidden = {*shown.split(), self.case.specs[table].key}
        for field, value in cells.items():
            if value and field not in hidden and not field.endswith("_precision"):
                points = column_kind(self.case, table, field) == "reference" and value in self._ids
                href = f"#{value}" if points else ""
                words = cell_words(self.case, table, cells, field)
                name, curated = (
                    column_label(self.case, table, field),
                    self.is_curated_cell(table, cells, field),
                )
                yield CellWords(field, name, words, href, curated)

    def linked(self, text: str) -> Markup:
        """A text in which every id of a row leads to that row and is called by its label."""
        from markupsafe import Markup, escape

        from casetrail.site.safe_text import reveal_invisible

        parts, end = [], 0
        for match in _ROW_ID.finditer(text):
            if match[0] in self._ids:
                parts.append(escape(reveal_invisible(text[end : match.start()])))
                words = reveal_invisible(self.label(match[0]))
                parts.append(
                    Markup('<a href="#{}"{}>“{}”</a>').format(match[0], self.as_of.since(match[0]), words)
                )
                end = match.end()
        return Markup("").join([*parts, escape(reveal_invisible(text[end:]))])

    @cached_property
    def _ids(self) -> set[str]:
        return {key for _, key, _ in self.case.every_row()}

    def missing(self, page: str) -> list[tuple[str, str, list[TextRow]]]:
        """The rows that have no element yet in the text of a page: the table, its title, its rows.

        Claims for such a row are left out, for they are shown with it.
        """
        shown = set(_ADDRESS.findall(page))
        groups: dict[str, list[TextRow]] = defaultdict(list)
        for table, key, cells in self.case.every_row():
            if key not in shown:
                groups[table].append(cells)
        absent = {cells[self.case.specs[table].key] for table in groups for cells in groups[table]}
        if "evidence" in groups:
            apart = self.claims_apart.get("rows", {})
            groups["evidence"] = [
                claim
                for claim in groups["evidence"]
                if claim["row_id"] not in absent and claim["row_id"] not in apart
            ]
        return [
            (table, self.case.specs[table].title or table, rows) for table, rows in groups.items() if rows
        ]

    def key(self, table: str, cells: TextRow) -> str:
        """The id of a row."""
        return cells[self.case.specs[table].key]

    # The first screen.

    @cached_property
    def lede(self) -> tuple[Sentence, Sentence, Sentence]:
        """The case in three sentences."""
        return lede(self.case)

    @cached_property
    def known(self) -> tuple[KnownNumber, ...]:
        """The numbers that say what the case is."""
        return tuple(known_numbers(self.case))

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        """What no source says."""
        return tuple(unknowns(self.case))

    @cached_property
    def strip(self) -> Strip | None:
        """The turning points on a line; `None` where there are not two."""
        points = turning_points(self.case)
        return Strip(tuple(points), newest_day(self.case)) if len(points) > 1 else None

    @cached_property
    def map(self) -> PlaceMap | None:
        """The towns of the case on an outline; `None` where too few have a position."""
        return place_map(self.case)

    @cached_property
    def has_verdict(self) -> bool:
        """Whether a verdict, or the outcome of the accusation that has come furthest, is known."""
        charge = main_charge(self.case)
        return charge is not None and bool(outcome(self.case, charge) or verdicts(self.case, charge))

    @cached_property
    def known_until(self) -> str:
        """The day up to which the case is known, in words."""
        day = newest_day(self.case)
        return date_words(day.isoformat()) if day else ""

    # The sections.

    @cached_property
    def events(self) -> list[TextRow]:
        """Events in their order; those without a date last."""
        return self._by_date("events")

    @cached_property
    def background(self) -> list[TextRow]:
        """The events that were over before the alleged act, in their order."""
        act = self._act_day
        before = [(event, days_of(event["date"])) for event in self.events]
        return [event for event, days in before if act and days and days.bounds[1] < act]

    @cached_property
    def foreground(self) -> list[TextRow]:
        """The events of the case itself, in their order; those without a date last."""
        before = {event["event_id"] for event in self.background}
        return [event for event in self.events if event["event_id"] not in before]

    @cached_property
    def responses(self) -> list[TextRow]:
        """Responses in their order."""
        return self._by_date("responses")

    def _by_date(self, table: str) -> list[TextRow]:
        return sorted(self.case[table].values(), key=lambda cells: row_order(self.case, table, cells))

    @cached_property
    def parties(self) -> list[tuple[str, list[TextRow]]]:
        """Parties in the order in which they matter, group by group."""
        return people_groups(self.case)

    def decisions_on(self, party_id: str) -> list[TextRow]:
        """What was decided about a party, in the order of the days."""
        return sorted(self.of("decisions", "party_id", party_id), key=self._decided_on)

    @cached_property
    def questions(self) -> QuestionView:
        """The disagreements, and who says what in them."""
        return QuestionView(self.case, self.as_of)

    @cached_property
    def proceedings(self) -> list[tuple[TextRow | None, list[TextRow], list[TextRow]]]:
        """Each proceeding with its charges and decisions; the charges of none under `None`, last."""
        charges: dict[str, list[TextRow]] = defaultdict(list)
        for charge in self.case["charges"].values():
            charges[charge["proceeding_id"]].append(charge)
        decided: dict[str, list[TextRow]] = defaultdict(list)
        for decision in self.case["decisions"].values():
            event = self.case["events"].get(decision["event_id"], {"proceeding_id": "", "date": ""})
            decided[event["proceeding_id"]].append(decision)
        main = main_charge(self.case)
        first = main["proceeding_id"] if main else ""
        keys = sorted(self.case["proceedings"], key=lambda key: (key != first, -len(charges[key]), key))
        rows: list[tuple[TextRow | None, list[TextRow], list[TextRow]]] = [
            (self.case["proceedings"][key], charges.pop(key, []), sorted(decided[key], key=self._decided_on))
            for key in keys
        ]
        rest = [charge for mine in charges.values() for charge in mine]
        return [*rows, *([(None, rest, [])] if rest else [])]

    def _decided_on(self, decision: TextRow) -> tuple[tuple[int, int], str]:
        date = self.case["events"].get(decision["event_id"], {"date": ""})["date"]
        return date_order(date), decision["decision_id"]

    def decision_date(self, decision: TextRow) -> str:
        """The day of a decision in words, with what parts it from the rest."""
        date = date_words(self.case["events"].get(decision["event_id"], {"date": ""})["date"], short=True)
        return say("%(date)s: ", date=date) if date else ""

    @cached_property
    def sources(self) -> tuple[Lineage, ...]:
        """Sources under what they were made from."""
        return lineages(self.case)

    @cached_property
    def source_table(self) -> SourceTable:
        """The sources over time."""
        return SourceTable(self.case)

    def values_of(self, table: str, field: str) -> list[tuple[str, int]]:
        """The values of a column with how often each is there, the most frequent first."""
        counts = Counter(cells[field] for cells in self.case[table].values() if cells[field])
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    @cached_property
    def supported(self) -> dict[str, int]:
        """For how many rows and questions each source speaks."""
        return supported(self.case)

    @cached_property
    def demands(self) -> list[tuple[str, list[TextRow]]]:
        """Demands by term, the most asked for first."""
        by_term: dict[str, list[TextRow]] = defaultdict(list)
        for cells in self.case["demands"].values():
            by_term[cells["demand"]].append(cells)
        return sorted(by_term.items(), key=lambda item: (-len(item[1]), item[0]))

    def asker(self, demand: TextRow) -> str:
        """Who asks for something, in words; `""` where that is not known."""
        return self.label(demand["asked_by"]) or makers_label(self.case, demand["response_id"])

    def hollow_then(self, row_id: str) -> Markup | str:
        """The attribute of a mark of an event that was drawn otherwise on another day."""
        if row_id not in self.case["events"]:
            return ""
        tone = self.mark("events", "kind", self.case["events"][row_id]).tone
        return self.as_of.classed("events", row_id, "status", "held", (f"m {tone}", f"m {tone} h"))

    @staticmethod
    def hollow(event: TextRow) -> bool:
        """Whether an event is drawn hollow."""
        return is_hollow(event)

    @cached_property
    def timeline(self) -> list[list[Chart]]:
        """Events and responses on a few bands: from the alleged act on, then what was over before it."""
        return timeline_charts(self.case, self.events, self.responses, self._act_day)

    @cached_property
    def _act_day(self) -> int | None:
        """The first day of the alleged act of the accusation that has come furthest."""
        charge = main_charge(self.case)
        act = self.case["events"].get(charge["conduct_event_id"], {}) if charge else {}
        days = days_of(act.get("date", ""))
        return days.first if days else None
