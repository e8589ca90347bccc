"""Chart: marks on lanes along a scale of days, laid out for a page that nothing has touched yet.

`assets/chart.js` lays the same marks out again for another width or period, by the same rules and measures;
a test in the browser holds the two to each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from casetrail.site.marks import MarkStyle
from casetrail.types.edtf import Kind, parse_edtf
from casetrail.types.problem import ValueProblem

WIDTH = 1000
PAD = 172
ROW = 22
GAP = 8
AXIS = 26
GLYPH = 9
LETTER = 6.1
LABEL_LIMIT = 46
MAX_ROWS = 16
WHISKER = 28
WIDE = 60
TICK = 48
SHORTEST = 9
DOTS = 1000
"""A chart with more marks than this has a dot for each of them, without name and link."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that an EDTF text speaks of, counted as `date.toordinal` does; `None` where it is open."""

    first: int | None
    last: int | None
    lasted: bool = False

    @property
    def middle(self) -> float:
        """Where it is put in an order: the middle of what is known of it."""
        bounds = [one for one in (self.first, self.last) if one is not None]
        return sum(bounds) / len(bounds)


def days_of(text: str) -> Days | None:
    """The days of a date; `None` where there is none."""
    try:
        date = parse_edtf(text) if text else None
    except ValueProblem:
        return None
    if date is None:
        return None
    first, last = (one.toordinal() if one else None for one in (date.earliest, date.latest))
    return Days(first, last, date.kind is Kind.INTERVAL)


@dataclass(slots=True, eq=False)
class Mark:
    """One thing on a lane: what it links to, when it was, how it looks and, once laid out, where it is."""

    row_id: str
    title: str
    label: str
    days: Days
    style: MarkStyle
    hollow: bool = False
    row: int = 0
    left: float = 0
    right: float = 0
    at: float = 0
    text: str = ""
    text_x: float = 0
    flip: bool = False
    inside: bool = False
    path: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is known only that it was by a day, or not before one."""
        return self.days.first is None or self.days.last is None


@dataclass(slots=True)
class Lane:
    """The marks of one kind."""

    name: str
    style: MarkStyle
    marks: list[Mark]
    y: int = 0
    rows: int = 1

    @property
    def height(self) -> int:
        """How high the lane is drawn."""
        return self.rows * ROW


@dataclass(slots=True)
class Link:
    """From what was postponed to what replaced it."""

    before: Mark
    after: Mark


@dataclass(slots=True)
class Chart:
    """Lanes laid out over the days from `first` to `last`."""

    lanes: list[Lane]
    first: int
    last: int
    whole: tuple[int, int]
    links: list[Link] = field(default_factory=list)
    height: int = 0
    ticks: list[tuple[float, str]] = field(default_factory=list)

    @property
    def dotted(self) -> bool:
        """Whether there are too many marks to name each."""
        return sum(len(lane.marks) for lane in self.lanes) > DOTS

    def dots(self, lane: Lane) -> str:
        """The path of the dots of a lane."""
        at = dict.fromkeys(px(self.x(mark.days.middle + 0.5)) for mark in lane.marks if self._within(mark))
        return "".join(f"M{x} 11h0" for x in at)

    def _within(self, mark: Mark) -> bool:
        return self.first <= mark.days.middle <= self.last

    def x(self, day: float) -> float:
        """Where the beginning of a day is drawn."""
        return PAD + (day - self.first) / (self.last - self.first + 1) * (WIDTH - PAD)

    def lay_out(self) -> Chart:
        """Give every mark its place."""
        y = AXIS
        for lane in self.lanes:
            lane.y = y
            if not self.dotted:
                self._lay_lane(lane)
            y += lane.height + GAP
        self.height = y
        named = [(self.x(day), text) for day, text in ticks(self.first, self.last, (WIDTH - PAD) / 90)]
        self.ticks = [(x, text) for x, text in named if x < WIDTH - TICK]
        return self

    def _lay_lane(self, lane: Lane) -> None:
        free: list[float] = []
        for mark in lane.marks:
            self._measure(mark)
        for mark in sorted((one for one in lane.marks if one.inside), key=lambda one: (one.at, one.row_id)):
            start, end = self._label(mark)
            row = next((number for number, used in enumerate(free) if used <= start), len(free))
            if row >= MAX_ROWS:
                mark.text, start, end = "", mark.left - 2, mark.right + 2
                row = next((number for number, used in enumerate(free) if used <= start), -1)
                row = row if row >= 0 else min(range(MAX_ROWS), key=lambda number: free[number])
            if row == len(free):
                free.append(0)
            free[row] = max(free[row], end)
            mark.row = row
        lane.rows = max(len(free), 1)

    def _label(self, mark: Mark) -> tuple[float, float]:
        """Put the label after the mark, or before it where there is no room; the room that both take."""
        mark.text = clipped(mark.label)
        length = len(mark.text) * LETTER
        wide = mark.right - mark.left > WIDE
        mark.text_x = mark.at + GLYPH + 3 if wide else mark.right + 4
        mark.flip = mark.text_x + length > WIDTH
        if not mark.flip:
            return mark.left - 2, max(mark.right + 2, mark.text_x + length + 4)
        mark.text_x = mark.at - GLYPH - 3 if wide else mark.left - 4
        if mark.text_x - length < PAD:
            mark.text = clipped(mark.label, int((mark.text_x - PAD) // LETTER))
            length = len(mark.text) * LETTER
        return min(mark.left, mark.text_x - length) - 2, mark.right + 2

    def _measure(self, mark: Mark) -> None:
        """Where the mark is. What is open on one side stands at the day that is known, with an arrow."""
        days = mark.days
        first = days.last if days.first is None else days.first
        last = days.first if days.last is None else days.last
        assert first is not None and last is not None
        mark.inside = last >= self.first and first <= self.last
        left, right = self.x(max(first, self.first)), self.x(min(last, self.last) + 1)
        mark.at = left + GLYPH if days.lasted and first < last else (left + right) / 2
        mark.left, mark.right = mark.at - GLYPH, mark.at + GLYPH
        if days.first is None:
            mark.left = mark.at - WHISKER
            mark.path = f"M{px(mark.at)} 0H{px(mark.left)}m5-4l-5 4l5 4"
        elif days.last is None:
            mark.right = mark.at + WHISKER
            mark.path = f"M{px(mark.at)} 0H{px(mark.right)}m-5-4l5 4l-5 4"
        elif first < last:
            mark.path = f"M{px(left)}-5H{px(right)}v10H{px(left)}z"
            mark.left, mark.right = min(left, mark.left), max(right, mark.right)

    def arrow(self, link: Link) -> str:
        """The path from above the one mark over to above the other, with a head."""
        (x1, y1), (x2, y2) = self._centre(link.before), self._centre(link.after)
        top = min(y1, y2) - 17
        return (
            f"M{px(x1)} {y1 - 8}C{px(x1)} {top} {px(x2)} {top} {px(x2)} {y2 - 9}m-3.5 -4.5l3.5 4.5l3.5 -4.5"
        )

    def _centre(self, mark: Mark) -> tuple[float, int]:
        lane = next(one for one in self.lanes if mark in one.marks)
        return mark.at, lane.y + mark.row * ROW + ROW // 2


def px(value: float) -> str:
    """A coordinate to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def clipped(text: str, limit: int = LABEL_LIMIT) -> str:
    """A label short enough to stand beside its mark; none where so little of it would say nothing."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…" if limit >= SHORTEST else ""


def chart(
    lanes: Iterable[Lane], first: int | None = None, links: Sequence[tuple[str, str]] = ()
) -> Chart | None:
    """Lanes from the day `first` (or their first day) to their last day; `None` where no lane has a mark."""
    filled = [lane for lane in lanes if lane.marks]
    marks = {mark.row_id: mark for lane in filled for mark in lane.marks}
    known = [day for mark in marks.values() for day in (mark.days.first, mark.days.last) if day is not None]
    if not known:
        return None
    whole = (min(known) - 1, max(known) + 1)
    room = max(2, round((whole[1] - (first or whole[0])) * 0.03))
    begin = whole[0] if first is None else max(first - room, whole[0])
    drawn = Chart(filled, begin, whole[1] + room, (whole[0], whole[1] + room))
    drawn.links = [
        Link(marks[before], marks[after]) for before, after in links if before in marks and after in marks
    ]
    return drawn.lay_out()


def ticks(first: int, last: int, most: float) -> list[tuple[int, str]]:
    """Days worth naming between two days, at most about `most` of them, with their words."""
    span = last - first + 1
    for step in (1, 2, 7, 14):
        if span / step <= most:
            start = first + (-(first - 1) % step if step > 2 else 0)
            return [(day, _day_words(day)) for day in range(start, last + 1, step)]
    months = next((one for one in (1, 3, 6) if span / (30.4 * one) <= most), None)
    if months is not None:
        return [
            (day.toordinal(), _month_words(day))
            for day in _months(first, last)
            if (day.month - 1) % months == 0
        ]
    years = next((one for one in (1, 2, 5, 10, 25, 50, 100) if span / (365 * one) <= most), 250)
    return [
        (day.toordinal(), str(day.year))
        for day in _months(first, last)
        if day.month == 1 and day.year % years == 0
    ]


def _months(first: int, last: int) -> Iterable[dt.date]:
    day = dt.date.fromordinal(first)
    year, month = day.year, day.month
    if day.day > 1:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    while year <= 9999 and dt.date(year, month, 1).toordinal() <= last:
        yield dt.date(year, month, 1)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _day_words(ordinal: int) -> str:
    day = dt.date.fromordinal(ordinal)
    return f"{day.day} {_NAMES[day.month - 1]}"


def _month_words(day: dt.date) -> str:
    return f"{_NAMES[day.month - 1]} {day.year}"
