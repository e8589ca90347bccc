"""Marks: how each kind of thing is drawn. Each has its own shape, so colour is never needed."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.languages.words import message


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
    "chevron": "M-6.4-6.4H-.6L6.4 0L-.6 6.4H-6.4L-.2 0z",
    "plus": "M-2.3-7h4.6v4.7H7v4.6H2.3V7h-4.6V2.3H-7v-4.6h4.7z",
    "cross": "M-6.6-3.8L-3.8-6.6L0-2.8L3.8-6.6L6.6-3.8L2.8 0L6.6 3.8L3.8 6.6L0 2.8L-3.8 6.6L-6.6 3.8L-2.8 0z",
    "star": "M0-7.6L2-2.5L7.4-2.3L3.2 1L4.6 6.3L0 3.3L-4.6 6.3L-3.2 1L-7.4-2.3L-2-2.5z",
    "pentagon": "M0-7L6.7-2.2L4.1 5.7H-4.1L-6.7-2.2z",
    "hexagon": "M-3.5-6.1h7L7 0L3.5 6.1h-7L-7 0z",
    "bowtie": "M-6.6-5.6L0-1.6L6.6-5.6V5.6L0 1.6L-6.6 5.6z",
    "bar": "M-2.6-7.2h5.2V7.2h-5.2z",
    "shield": "M-5.8-6h11.6V.6L0 7.2L-5.8.6z",
    "envelope": "M-7-4.8h14v9.6h-14z",
    "stairs": "M-6.6 6.2V2H-2.2V-2H2.2V-6.2H6.6V6.2z",
    "hourglass": "M-5.6-6.8H5.6L1.4 0L5.6 6.8H-5.6L-1.4 0z",
    "arrow": "M-7-2.4H0V-6.6L7 0L0 6.6V2.4H-7z",
    "drop": "M0-7.6C3.4-2.8 5.4-.4 5.4 2.4a5.4 5.4 0 0 1-10.8 0C-5.4-.4-3.4-2.8 0-7.6z",
    "ring": "M-6.6 0a6.6 6.6 0 1 0 13.2 0a6.6 6.6 0 1 0-13.2 0zM-2.4 0a2.4 2.4 0 1 1 4.8 0a2.4 2.4 0 1 1-4.8 0",  # noqa: E501
    "door": "M-5.4-7.2H5.4V7.2H1.4V-1H-1.4V7.2H-5.4z",
}
"""Each shape as a path around 0,0 in a square of 16."""

_STREET, _POLICE, _COURT, _ABROAD, _OTHER = "t1", "t2", "t3", "t4", "t5"

EVENTS: dict[str, MarkStyle] = {
    "protest": MarkStyle("up", _STREET),
    "press_conference": MarkStyle("right", _STREET),
    "speech": MarkStyle("chevron", _STREET),
    "publication": MarkStyle("star", _STREET),
    "complaint": MarkStyle("left", _STREET),
    "detention": MarkStyle("square", _POLICE),
    "summons": MarkStyle("bowtie", _POLICE),
    "security_measure": MarkStyle("shield", _POLICE),
    "case_opened": MarkStyle("pentagon", _POLICE),
    "status_change": MarkStyle("hourglass", _POLICE),
    "transfer": MarkStyle("arrow", _POLICE),
    "hunger_strike": MarkStyle("ring", _POLICE),
    "medical": MarkStyle("drop", _POLICE),
    "release": MarkStyle("plus", _POLICE),
    "early_release": MarkStyle("door", _POLICE),
    "hearing": MarkStyle("circle", _COURT),
    "court_decision": MarkStyle("diamond", _COURT),
    "indictment": MarkStyle("down", _COURT),
    "expert_report": MarkStyle("hexagon", _COURT),
    "appeal_lodged": MarkStyle("stairs", _COURT),
    "diplomatic_note": MarkStyle("envelope", _ABROAD),
    "media_accusation": MarkStyle("cross", _ABROAD),
    "other": MarkStyle("bar", _OTHER),
}
"""How an event of each kind is drawn, in the order of the key."""

BANDS: dict[str, str] = {
    _STREET: message("Street and public"),
    _POLICE: message("Police and custody"),
    _COURT: message("Court"),
    _ABROAD: message("States and media"),
    _OTHER: message("Other"),
}
"""What the bands of the timeline are called, by the tone of their marks."""

STANCES: dict[str, MarkStyle] = {
    "critical": MarkStyle("circle", _COURT),
    "neutral": MarkStyle("square", _OTHER),
    "supportive": MarkStyle("up", _ABROAD),
}
"""How a response of each stance is drawn."""

UNKNOWN = MarkStyle("bar", _OTHER)


def event_mark(kind: str) -> MarkStyle:
    """How an event of the kind is drawn; a kind that is none of the vocabulary is drawn as `other`."""
    return EVENTS.get(kind, UNKNOWN)


def stance_mark(stance: str) -> MarkStyle:
    """How a response of the stance is drawn."""
    return STANCES.get(stance, UNKNOWN)
