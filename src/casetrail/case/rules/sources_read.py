"""Sources: one that was read supports something, one that was not seen nothing, and none knows the future."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import pyarrow.compute as pc

from casetrail.case.rules.base import CaseRules
from casetrail.findings.finding import Severity
from casetrail.findings.place import Place
from casetrail.findings.report import ReportBuilder
from casetrail.types.arrow_arrays import are_text, text_array
from casetrail.types.edtf import parse_edtf
from casetrail.types.problem import ValueProblem

EXAMPLE = re.compile(r"^[a-z]+-worked-example(-|$)")
"""The ids of the worked example that a new case begins with."""


class SourceRules(CaseRules):
    """Evidence comes from sources that were read, and says of an event what its source could know."""

    name = "sources"
    codes: ClassVar = {
        "source-without-evidence": "A source was read and supports nothing.",
        "evidence-from-unseen-source": "Evidence cites a source that nobody has seen.",
        "worked-example": "The worked example that a new case begins with is still in it.",
        "evidence-held-before-event": "A source that is older than an event says that it was held.",
    }

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """The sources, the evidence from them, and when events were."""
        return {
            "evidence": ("evidence_id", "table", "row_id", "field", "source_id", "certainty", "value"),
            "sources": ("source_id", "read", "published"),
            "events": ("event_id", "date", "status"),
        }

    def run(self, builder: ReportBuilder) -> None:
        """Look at the sources, then at what evidence takes from them."""
        evidence, sources = self.table("evidence"), self.table("sources")
        unseen = are_text(sources.column("read"), "not_seen")
        used = pc.is_in(sources.column("source_id"), value_set=evidence.column("source_id"))
        unused = pc.invert(pc.or_(unseen, used))
        number = pc.sum(unused).as_py() or 0
        # A case often begins with its sources: then no table was emptied, and each source is said by itself.
        begun = len(evidence) or len(self.table("events"))
        tables = (evidence, sources) if begun else ()
        cause = next((table for table in tables if table.explains(number)), None)
        if cause is not None:
            self.not_checked(cause.table.name, "row", number)
        for index in sources.where(unused) if cause is None else ():
            builder.add(
                sources.finding(
                    "source-without-evidence",
                    f"{sources.cell(index, 'source_id')} was read, but no evidence cites it",
                    index,
                    field="source_id",
                    hint="add what it says as evidence, or leave the source out",
                )
            )
        example = pc.match_substring_regex(sources.column("source_id"), EXAMPLE.pattern)
        for index in sources.where(example):
            builder.add(
                sources.finding(
                    "worked-example",
                    "the worked example is still in the case, and holds a release back",
                    index,
                    field="source_id",
                    severity=Severity.WARNING,
                    hint="read it, then remove it with `casetrail init --clean`",
                )
            )
        not_seen = pc.filter(sources.column("source_id"), unseen)
        for index in evidence.where(pc.is_in(evidence.column("source_id"), value_set=not_seen)):
            builder.add(
                evidence.finding(
                    "evidence-from-unseen-source",
                    f"nobody has seen {evidence.cell(index, 'source_id')}, so it cannot be cited",
                    index,
                    field="source_id",
                    hint="cite the source that was read, with this one as its `derived_from` or in "
                    "`origin_id`; or set `read` to part or full",
                )
            )
        self._before_the_event(builder)

    def _before_the_event(self, builder: ReportBuilder) -> None:
        """That it was held, a source can say from the day of the event on."""
        evidence, events = self.table("evidence"), self.table("events")
        # Of the whole row: that there was this event, as the row has it.
        about = pc.is_in(evidence.column("field"), value_set=_STATUS_OR_ROW)
        about = pc.and_(about, are_text(evidence.column("table"), "events"))
        claims = pc.and_(about, are_text(evidence.column("certainty"), "stated"))
        indices = list(evidence.where(pc.and_(claims, pc.is_in(evidence.column("value"), value_set=_HELD))))
        if not indices:
            return
        dates, statuses = events.pairs("event_id", "date"), events.pairs("event_id", "status")
        published = self.table("sources").pairs("source_id", "published")
        for index in indices:
            event, source = evidence.cell(index, "row_id"), evidence.cell(index, "source_id")
            if (evidence.cell(index, "value") or statuses.get(event)) != "held":
                continue
            if _certainly_before(published.get(source) or "", dates.get(event) or ""):
                builder.add(
                    evidence.finding(
                        "evidence-held-before-event",
                        f"{source} is of {published[source]}, and the event of {dates[event]}: it cannot "
                        "state that it was held",
                        index,
                        field="source_id",
                        hint=_REMEDY
                        if evidence.cell(index, "field")
                        else f"name in `field` what this one supports, such as `date`, and {_REMEDY}",
                        severity=Severity.WARNING,
                        related=Place(table="events", field="date", key=event, value=dates[event]),
                    )
                )


_REMEDY = (
    "take that it was held from a source of that day or later; "
    "an older one can only support that it was scheduled"
)
_STATUS_OR_ROW = text_array(("status", ""))
_HELD = text_array(("held", ""))


def _certainly_before(first: str, second: str) -> bool:
    """Whether the whole of the first date lies before the whole of the second."""
    try:
        earlier, later = parse_edtf(first), parse_edtf(second)
    except ValueProblem:
        return False
    return earlier.latest is not None and later.earliest is not None and earlier.latest < later.earliest
