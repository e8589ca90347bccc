"""Marks: how a term is drawn, as its vocabulary says. Each has its own shape, so colour is never needed."""

from __future__ import annotations

from dataclasses import dataclass

from casetrail.case.case import Case
from casetrail.case.profile import TONES
from casetrail.case.views.labels import broad_term


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
    "flag": "M-5.4-7.2H-2.6V-6H6.6L3.4-2L6.6 2H-2.6V7.2H-5.4z",
    "house": "M0-7L7.2-.4H4.8V6.4H-4.8V-.4H-7.2z",
    "bolt": "M2.4-7.6L-5.2 1.4H-.6L-2.4 7.6L5.2-1.4H.6z",
    "moon": "M3-6.6A7 7 0 1 0 6.6 3.4A5.4 5.4 0 0 1 3-6.6z",
    "bowl": "M-7.2-4.6H7.2L3.6 5.4H-3.6z",
}
"""Each shape as a path around 0,0 in a square of 16."""

UNKNOWN = MarkStyle("bar", "t5")


def mark_style(case: Case, table: str, field: str, term: str) -> MarkStyle:
    """How a row with the term is drawn; a term without a shape as the one that it narrows."""
    vocabulary = case.specs[table].columns[field].vocabulary
    for name in (term, broad_term(case, table, field, term)):
        if (known := vocabulary.get(name)) is not None and known.shape:
            return MarkStyle(known.shape, tone_class(known.tone or TONES[-1]))
    return UNKNOWN


def tone_class(tone: str) -> str:
    """The class that gives a mark the tone."""
    return f"t{TONES.index(tone) + 1}"
