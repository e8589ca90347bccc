"""Chart: marks on bands along a scale of days, drawn once for a wide window and once for a narrow one.

Places along the scale are written in per cent and all else in the size of the letters, so that a chart fills
whatever room it has and its names stay as large as other text; the script makes it wider to look closer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from casetrail.case.views.date_words import month_names, parse_date
from casetrail.languages.words import say
from casetrail.site.marks import MarkStyle
from casetrail.types.edtf import EdtfKind

WIDE, NARROW = 840, 290
"""The smallest widths for which names are placed, in pixels of letters of `LETTERS` pixels."""
LETTERS = 12
ROW, GAP, AXIS, HEAD = 22, 10, 26, 22
GLYPH = 9
CELL = 26
"""The room of a mark without a name, large enough to be pressed."""
LETTER = 6.1
LABEL_LIMIT = 72
WHISKER = 28
LONG = 60
TICK = 48
LEAD = 7
"""What began longer before the first day of a period is drawn from so many days before it."""
NAMED = 300
"""A chart with more marks than this has a dot for each of them, without name and link."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that an EDTF text speaks of, counted as `date.toordinal` does; `None` where it is open."""

    first: int | None
    last: int | None
    lasted: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        """The days between which it is drawn: what is open on one side is at the day that is known."""
        known = [day for day in (self.first, self.last) if day is not None]
        return min(known), max(known)


def days_of(text: str) -> Days | None:
    """The days of a date; `None` where there is none."""
    date = parse_date(text)
    if date is None or (date.earliest is None and date.latest is None):
        return None
    first, last = (day.toordinal() if day else None for day in (date.earliest, date.latest))
    return Days(first, last, date.kind is EdtfKind.INTERVAL)


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a lane: the row that it links to, when it was, and how it is drawn."""

    row_id: str
    title: str
    label: str
    days: Days
    style: MarkStyle
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """The marks of one kind."""

    name: str
    style: MarkStyle
    marks: list[Mark]


@dataclass(slots=True)
class PlacedMark:
    """A mark with its place: `at` is the middle of its shape, `left` and `right` are its ends."""

    mark: Mark
    at: float
    left: float
    right: float
    path: str = ""
    span: tuple[float, float] | None = None
    row: int = 0
    text: str = ""
    text_x: float = 0
    flip: bool = False


@dataclass(slots=True)
class PlacedLane:
    """A lane with its place; `rows` counts the lines of marks in it."""

    lane: Lane
    y: int
    marks: list[PlacedMark]
    rows: int

    @property
    def height(self) -> int:
        """How high the lane is drawn."""
        return self.rows * ROW


@dataclass(slots=True)
class Chart:
    """Lanes laid out over the days from `first` to `last`, for a window of a width."""

    first: int
    last: int
    width: int
    dotted: bool
    lanes: list[PlacedLane] = field(default_factory=list)
    links: list[tuple[Mark, str]] = field(default_factory=list)
    height: int = AXIS

    def x(self, day: float) -> float:
        """Where the beginning of a day is drawn; no shape is cut off at either end."""
        room = self.width - 2 * GLYPH
        return GLYPH + (day - self.first) / (self.last - self.first + 1) * room

    def part(self, x: float) -> str:
        """A place or a width as a part of the chart, in per cent."""
        return f"{px2(x / self.width * 100)}%"

    @property
    def ticks(self) -> Iterator[tuple[float, str, bool]]:
        """Where days are named: the place, the words, and whether these are before it and not after it."""
        for day, words in ticks(self.first, self.last, self.width / 90):
            x = self.x(day)
            yield x, words, x > self.width - TICK

    def dots(self, marks: Sequence[PlacedMark]) -> str:
        """The path of the dots of marks."""
        return "".join(f"M{x} 11h0" for x in dict.fromkeys(px(mark.at) for mark in marks))

    def add(self, lane: Lane) -> None:
        """Lay out one more lane below the others."""
        marks = [self._place(mark) for mark in lane.marks if self._within(mark)]
        free: list[float] = []
        for placed_mark in sorted(marks, key=lambda placed_mark: (placed_mark.at, placed_mark.mark.row_id)):
            if not self.dotted:
                start, end = self._label(placed_mark)
                placed_mark.row = next(
                    (number for number, used in enumerate(free) if used <= start), len(free)
                )
                free[placed_mark.row : placed_mark.row + 1] = [end]
        placed = PlacedLane(lane, self.height + HEAD, marks, max(len(free), 1))
        self.lanes.append(placed)
        self.height = placed.y + placed.height + GAP

    def link(self, before: str, after: str) -> None:
        """Draw an arrow from what was postponed to what replaced it, where both are in the picture."""
        placed = {mark.mark.row_id: (lane, mark) for lane in self.lanes for mark in lane.marks}
        if before in placed and after in placed:
            (lane1, mark1), (lane2, mark2) = placed[before], placed[after]
            y1, y2 = (lane.y + mark.row * ROW + ROW // 2 for lane, mark in ((lane1, mark1), (lane2, mark2)))
            start, end = px(mark1.at), px(mark2.at)
            if y1 == y2:
                curve = f"M{start} {y1 - 8}C{start} {y1 - 17} {end} {y1 - 17} {end} {y1 - 9}"
            else:
                # Down or up from the one mark to the side of the other: over neither name.
                down, side = (1, -1)[y2 < y1], (1, -1)[mark2.at < mark1.at]
                near = px(mark2.at - side * min(GLYPH, abs(mark2.at - mark1.at)))
                curve = f"M{start} {y1 + down * 8}Q{start} {y2} {near} {y2}"
            self.links.append((mark2.mark, curve))

    def _within(self, mark: Mark) -> bool:
        first, last = mark.days.bounds
        return last >= self.first and first <= self.last

    def _place(self, mark: Mark) -> PlacedMark:
        first, last = mark.days.bounds
        left, right = self.x(max(first, self.first)), self.x(min(last, self.last) + 1)
        at = left + GLYPH if mark.days.lasted and first < last else (left + right) / 2
        placed = PlacedMark(mark, at, at - GLYPH, at + GLYPH)
        if mark.days.first is None:
            placed.left = at - WHISKER
            placed.path = "M0 0H-28m5-4l-5 4l5 4"
        elif mark.days.last is None:
            placed.right = at + WHISKER
            placed.path = "M0 0H28m-5-4l5 4l-5 4"
        elif first < last:
            placed.span = (left, right)
            placed.left, placed.right = min(left, placed.left), max(right, placed.right)
        return placed

    def _label(self, placed: PlacedMark) -> tuple[float, float]:
        """Put the label after the mark, or before it where there is more room; the room that both take."""
        if not placed.mark.label:
            return min(placed.left, placed.at - CELL / 2), max(placed.right, placed.at + CELL / 2)
        wide = placed.right - placed.left > LONG
        after = placed.at + GLYPH + 3 if wide else placed.right + 4
        before = placed.at - GLYPH - 3 if wide else placed.left - 4
        length = min(len(placed.mark.label), LABEL_LIMIT) * LETTER
        placed.flip = after + length > self.width and before > self.width - after
        placed.text_x = before if placed.flip else after
        room = before if placed.flip else self.width - after
        placed.text = clipped(placed.mark.label, min(int(room // LETTER), LABEL_LIMIT))
        length = len(placed.text) * LETTER
        if placed.flip:
            return min(placed.left, before - length) - 2, placed.right + 2
        return placed.left - 2, max(placed.right + 2, after + length + 4)


def px(value: float) -> str:
    """A coordinate to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def px2(value: float) -> str:
    """A part in per cent to a hundredth."""
    return f"{value:.2f}".rstrip("0").removesuffix(".")


def em(value: float) -> str:
    """A height in the size of the letters."""
    return f"{px2(value / LETTERS)}em"


def clipped(text: str, limit: int) -> str:
    """A label of at most so many letters."""
    return text if len(text) <= limit else text[: max(limit - 1, 1)].rstrip() + "…"


def charts(
    lanes: Sequence[Lane], first: int | None = None, links: Sequence[tuple[str, str]] = ()
) -> list[list[Chart]]:
    """The lanes over one period after the other, each for a wide and a narrow window.

    The first period begins with the day `first`; what was over before it is in the second. Where no lane has
    a mark there is none.
    """
    marks = [mark for lane in lanes for mark in lane.marks]
    if not marks:
        return []
    first = min(mark.days.bounds[0] for mark in marks) if first is None else first
    periods = []
    for before in (False, True):
        part = [
            Lane(
                lane.name,
                lane.style,
                [mark for mark in lane.marks if (mark.days.bounds[1] < first) == before],
            )
            for lane in lanes
        ]
        mine = [mark.days.bounds for lane in part for mark in lane.marks]
        if mine:
            begin = (
                max(min(days[0] for days in mine), first - LEAD)
                if not before
                else min(days[0] for days in mine)
            )
            end = max(days[1] for days in mine)
            room = max(2, round((end - begin) * 0.03))
            periods.append([_chart(part, begin - room, end + room, width, links) for width in (WIDE, NARROW)])
    return periods


def _chart(
    lanes: Sequence[Lane], first: int, last: int, width: int, links: Sequence[tuple[str, str]]
) -> Chart:
    drawn = Chart(max(first, 1), last, width, dotted=sum(len(lane.marks) for lane in lanes) > NAMED)
    for lane in lanes:
        if any(drawn._within(mark) for mark in lane.marks):
            drawn.add(lane)
    for before, after in links if not drawn.dotted else ():
        drawn.link(before, after)
    return drawn


def ticks(first: int, last: int, most: float) -> list[tuple[int, str]]:
    """Days worth naming between two days, at most about `most` of them, with their words."""
    span = last - first + 1
    days = next((step for step in (1, 2, 7, 14) if span / step <= most), None)
    months = next((step for step in (1, 3, 6) if span / (30.4 * step) <= most), None)
    years = next((step for step in (1, 2, 5, 10, 25, 50, 100) if span / (365 * step) <= most), 250)
    if days is not None:
        unit = "day"
        start = first + (-(first - 1) % days if days > 2 else 0)
        named = list(range(start, last + 1, days))
    elif months is not None:
        unit = "month"
        named = [day for month, day in _months(first, last) if month % months == 0]
    else:
        unit = "year"
        named = [day for month, day in _months(first, last) if month % (12 * years) == 0]
    if not named or named[0] - first > span / most:
        named.insert(0, first)
    return [(day, _words(day, unit)) for day in named]


def _months(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The months that begin between two days, each with its first day; months are counted from the year 0."""
    day = dt.date.fromordinal(first)
    month = day.year * 12 + day.month - (1 if day.day == 1 else 0)
    while month < 10_000 * 12:
        start = dt.date(month // 12, month % 12 + 1, 1).toordinal()
        if start > last:
            return
        yield month, start
        month += 1


def _words(ordinal: int, unit: str) -> str:
    day = dt.date.fromordinal(ordinal)
    month = month_names(short=True)[day.month - 1]
    if unit == "day":
        return say("%(day)s %(month)s", day=day.day, month=month)
    return say("%(month)s %(year)s", month=month, year=day.year) if unit == "month" else str(day.year)
