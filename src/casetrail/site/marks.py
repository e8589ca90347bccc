"""Marks: how each kind of thing is drawn. Each has its own shape, so colour is never needed."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.case.terms import EventKind, Stance


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """A shape, by its name in `SHAPES`, and a tone, by its class in the stylesheet."""

    shape: str
    tone: str


SHAPES: dict[str, str] = {
    "circle": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "square": "M-5.2-5.2h10.4v10.4h-10.4z",
    "diamond": "M0-7.4L7.4 0L0 7.4L-7.4 0z",
    "up": "M0-6.8L6.8 5.4H-6.8z",
    "down": "M0 6.8L6.8-5.4H-6.8z",
    "right": "M6.8 0L-5.4-6.8V6.8z",
    "left": "M-6.8 0L5.4-6.8V6.8z",
    "plus": "M-2.3-7h4.6v4.7H7v4.6H2.3V7h-4.6V2.3H-7v-4.6h4.7z",
    "cross": "M-6.6-3.8L-3.8-6.6L0-2.8L3.8-6.6L6.6-3.8L2.8 0L6.6 3.8L3.8 6.6L0 2.8L-3.8 6.6L-6.6 3.8L-2.8 0z",
    "star": "M0-7.6L2-2.5L7.4-2.3L3.2 1L4.6 6.3L0 3.3L-4.6 6.3L-3.2 1L-7.4-2.3L-2-2.5z",
    "pentagon": "M0-7L6.7-2.2L4.1 5.7H-4.1L-6.7-2.2z",
    "hexagon": "M-3.5-6.1h7L7 0L3.5 6.1h-7L-7 0z",
    "bowtie": "M-6.6-5.6L0-1.6L6.6-5.6V5.6L0 1.6L-6.6 5.6z",
    "bar": "M-2.6-7.2h5.2V7.2h-5.2z",
    "shield": "M-5.8-6h11.6V.6L0 7.2L-5.8.6z",
    "envelope": "M-7-4.8h14v9.6h-14z",
}
"""Each shape as a path around 0,0 in a square of 16."""

_STREET, _POLICE, _COURT, _ABROAD, _OTHER = "t1", "t2", "t3", "t4", "t5"

EVENTS: dict[str, MarkStyle] = {
    EventKind.PROTEST: MarkStyle("up", _STREET),
    EventKind.PRESS_CONFERENCE: MarkStyle("right", _STREET),
    EventKind.PUBLICATION: MarkStyle("star", _STREET),
    EventKind.COMPLAINT: MarkStyle("left", _STREET),
    EventKind.DETENTION: MarkStyle("square", _POLICE),
    EventKind.SUMMONS: MarkStyle("bowtie", _POLICE),
    EventKind.SECURITY_MEASURE: MarkStyle("shield", _POLICE),
    EventKind.CASE_OPENED: MarkStyle("pentagon", _POLICE),
    EventKind.HEARING: MarkStyle("circle", _COURT),
    EventKind.COURT_DECISION: MarkStyle("diamond", _COURT),
    EventKind.INDICTMENT: MarkStyle("down", _COURT),
    EventKind.EXPERT_REPORT: MarkStyle("hexagon", _COURT),
    EventKind.RELEASE: MarkStyle("plus", _COURT),
    EventKind.DIPLOMATIC_NOTE: MarkStyle("envelope", _ABROAD),
    EventKind.MEDIA_ACCUSATION: MarkStyle("cross", _ABROAD),
    EventKind.OTHER: MarkStyle("bar", _OTHER),
}

STANCES: dict[str, MarkStyle] = {
    Stance.CRITICAL: MarkStyle("circle", _COURT),
    Stance.NEUTRAL: MarkStyle("square", _OTHER),
    Stance.SUPPORTIVE: MarkStyle("up", _POLICE),
}

DEMAND = MarkStyle("diamond", _STREET)
UNKNOWN = MarkStyle("bar", _OTHER)


def event_mark(kind: str) -> MarkStyle:
    """How an event of the kind is drawn; a kind that is none of the vocabulary is drawn as `other`."""
    return EVENTS.get(kind, UNKNOWN)


def stance_mark(stance: str) -> MarkStyle:
    """How a response of the stance is drawn."""
    return STANCES.get(stance, UNKNOWN)
