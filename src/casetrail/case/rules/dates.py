"""Dates: what must come first, in three values, and the chains that must end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules, KeptColumns
from casetrail.case.terms import EventStatus
from casetrail.findings.finding import Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.types.edtf import EdtfDate, Order, compare, parse_edtf
from casetrail.types.problem import ValueProblem


@dataclass(frozen=True, slots=True)
class Sequence:
    """A row of `table` does not lie before the row that its column `reference` names.

    `what` says it of the two: "a hearing that replaces another".
    """

    code: str
    table: str
    date: str
    reference: str
    related: str
    related_key: str
    related_date: str
    what: str
    hint: str


SEQUENCES = (
    Sequence(
        "event-before-replaced", "events", "date", "replaces", "events", "event_id", "date",
        "an event does not come before the one that it replaces",
        "mend one of the two dates, or `replaces`",
    ),
    Sequence(
        "measure-before-decision", "measures", "date", "event_id", "events", "event_id", "date",
        "a measure does not begin before the decision that laid it",
        "mend the date of the measure or that of the event",
    ),
    Sequence(
        "source-before-original", "sources", "published", "derived_from", "sources", "source_id", "published",
        "a source is not published before the one from which it derives",
        "mend one of the two dates, or `derived_from`",
    ),
)  # fmt: skip


class DateRules(CaseRules):
    """What must come first does; where dates are partial a doubt is a warning."""

    name = "dates"
    codes: ClassVar = {
        "event-before-replaced": "An event lies before the one that it replaces.",
        "measure-before-decision": "A measure begins before the decision that laid it.",
        "source-before-original": "A source is older than the one from which it derives.",
        "source-read-before-published": "A source was read before it was published.",
        "charge-before-conduct": "An accusation was brought before the alleged act.",
        "replaced-not-postponed": "An event replaces one that is not postponed.",
        "postponed-not-replaced": "A postponed event is replaced by none.",
        "reference-cycle": "A chain of references comes back to its beginning.",
    }
    needs: ClassVar = {
        "events": ("event_id", "date", "status", "replaces"),
        "measures": ("measure_id", "date", "event_id"),
        "charges": ("charge_id", "brought_event_id", "conduct_event_id"),
        "sources": ("source_id", "published", "accessed", "derived_from"),
        "places": ("place_id", "part_of"),
    }

    def run(self, builder: ReportBuilder) -> None:
        """Compare the pairs of dates, then follow the chains."""
        for sequence in SEQUENCES:
            self._sequence(sequence, builder)
        self._charges(builder)
        self._readings(builder)
        self._replacements(builder)
        for name, key, reference in (
            ("events", "event_id", "replaces"),
            ("places", "place_id", "part_of"),
            ("sources", "source_id", "derived_from"),
        ):
            _cycles(self.table(name), key, reference, builder)

    def _sequence(self, sequence: Sequence, builder: ReportBuilder) -> None:
        rows, others = self.table(sequence.table), self.table(sequence.related)
        both = pc.and_(
            pc.not_equal(rows.column(sequence.reference), ""), pc.not_equal(rows.column(sequence.date), "")
        )
        pairs = [(index, rows.cell(index, sequence.reference)) for index in rows.where(both)]
        dates = _dates(others, sequence.related_key, sequence.related_date) if pairs else {}
        for index, key in pairs:
            earlier, later = _read(dates.get(key, "")), _read(rows.cell(index, sequence.date))
            if earlier is None or later is None:
                continue
            order = compare(earlier, later)
            if order is not Order.KEPT:
                certain = order is Order.VIOLATED
                builder.add(
                    rows.finding(
                        sequence.code,
                        f"{sequence.what}: {later.text} {'is' if certain else 'may be'} before "
                        f"{earlier.text} of {key}",
                        index,
                        field=sequence.date,
                        hint=sequence.hint,
                        severity=Severity.ERROR if certain else Severity.WARNING,
                        related=Place(
                            table=sequence.related, field=sequence.related_date, key=key, value=earlier.text
                        ),
                    )
                )

    def _charges(self, builder: ReportBuilder) -> None:
        charges, events = self.table("charges"), self.table("events")
        both = pc.and_(
            pc.not_equal(charges.column("brought_event_id"), ""),
            pc.not_equal(charges.column("conduct_event_id"), ""),
        )
        indices = list(charges.where(both))
        dates = _dates(events, "event_id", "date") if indices else {}
        for index in indices:
            conduct_id, brought_id = (
                charges.cell(index, "conduct_event_id"),
                charges.cell(index, "brought_event_id"),
            )
            conduct, brought = _read(dates.get(conduct_id, "")), _read(dates.get(brought_id, ""))
            if conduct is None or brought is None:
                continue
            order = compare(conduct, brought)
            if order is not Order.KEPT:
                certain = order is Order.VIOLATED
                builder.add(
                    charges.finding(
                        "charge-before-conduct",
                        f"an accusation is not brought before the alleged act: {brought_id} ({brought.text}) "
                        f"{'is' if certain else 'may be'} before {conduct_id} ({conduct.text})",
                        index,
                        field="brought_event_id",
                        hint="mend one of the two references, or the date of its event",
                        severity=Severity.ERROR if certain else Severity.WARNING,
                        related=Place(table="events", field="date", key=conduct_id, value=conduct.text),
                    )
                )

    def _readings(self, builder: ReportBuilder) -> None:
        """Only a certain contradiction counts: that an undated page was there when we read it, we know."""
        sources = self.table("sources")
        both = pc.and_(
            pc.not_equal(sources.column("published"), ""), pc.not_equal(sources.column("accessed"), "")
        )
        for index in sources.where(both):
            published, accessed = (
                _read(sources.cell(index, "published")),
                _read(sources.cell(index, "accessed")),
            )
            if published is None or accessed is None or published.earliest is None or accessed.latest is None:
                continue
            if published.earliest > accessed.latest:
                builder.add(
                    sources.finding(
                        "source-read-before-published",
                        f"this was read ({accessed.text}) before it was published ({published.text})",
                        index,
                        field="accessed",
                        hint="mend `published` or `accessed`",
                    )
                )

    def _replacements(self, builder: ReportBuilder) -> None:
        events = self.table("events")
        replacing = list(events.where(pc.not_equal(events.column("replaces"), "")))
        statuses = events.pairs("event_id", "status") if replacing else {}
        for index in replacing:
            replaced = events.cell(index, "replaces")
            if statuses.get(replaced, EventStatus.POSTPONED) != EventStatus.POSTPONED:
                builder.add(
                    events.finding(
                        "replaced-not-postponed",
                        f"{replaced} is replaced, but its status is {statuses[replaced]}, not postponed",
                        index,
                        field="replaces",
                        hint=f"set `status` of {replaced} to postponed, or empty `replaces`",
                        related=Place(table="events", field="status", key=replaced, value=statuses[replaced]),
                    )
                )
        postponed = pc.equal(events.column("status"), EventStatus.POSTPONED.value)
        answered = pc.is_in(events.column("event_id"), value_set=events.column("replaces"))
        for index in events.where(pc.and_(postponed, pc.invert(answered))):
            builder.add(
                events.finding(
                    "postponed-not-replaced",
                    f"{events.cell(index, 'event_id')} is postponed, but no event replaces it",
                    index,
                    field="status",
                    hint="add the new date as an event with `replaces`; where none was set, leave it so",
                    severity=Severity.WARNING,
                )
            )


def _dates(rows: KeptColumns, key: str, date: str) -> dict[str, str]:
    return rows.pairs(key, date)


def _read(text: str) -> EdtfDate | None:
    """The date; `None` where there is none or it is not EDTF, which the type check says."""
    try:
        return parse_edtf(text) if text else None
    except ValueProblem:
        return None


def _cycles(rows: KeptColumns, key: str, reference: str, builder: ReportBuilder) -> None:
    pointing = list(rows.where(pc.not_equal(rows.column(reference), "")))
    steps = {rows.cell(index, key): rows.cell(index, reference) for index in pointing}
    finished: set[str] = set()
    for index in pointing:
        chain: dict[str, None] = {}
        at = rows.cell(index, key)
        while at in steps and at not in chain and at not in finished:
            chain[at] = None
            at = steps[at]
        # A row that points at itself breaks a rule of its own.
        if at in chain and steps[at] != at:
            circle = list(chain)[list(chain).index(at) :]
            builder.add(
                rows.finding(
                    "reference-cycle",
                    f"`{reference}` goes in a circle: {' → '.join([*circle, at])}",
                    index,
                    field=reference,
                    hint=f"empty `{reference}` in the row that does not come after the others",
                )
            )
        finished.update(chain)
