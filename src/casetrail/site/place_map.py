"""Place map: the towns of a case on an outline of the countries, drawn when the page is made.

The outline is cut out of Natural Earth, which is in the public domain, by `tests/site/cut_outline.py`. A case
with a position outside of it, or with fewer than two positions, has no map.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casetrail.case.case import Case, TextRow
from casetrail.case.views.figures import main_charge

_OUTLINE = Path(__file__).parent / "assets" / "outline.json"
WIDTH = 560
MARGIN = 0.6
"""Degrees around the outermost places."""
SMALL = ("city", "town", "border_crossing")
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A town with its place on the map, the events there, and the side and the height of its name."""

    place: TextRow
    x: float
    y: float
    events: tuple[TextRow, ...]
    left: bool
    name_y: float


@dataclass(frozen=True, slots=True)
class MapCountry:
    """A country as a path; `home` where the case is, `x` and `y` where its name, if it has a row, is."""

    name: str
    path: str
    home: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A map ready to be drawn; `without` are the towns whose position is not recorded."""

    height: int
    countries: tuple[MapCountry, ...]
    places: tuple[MapPlace, ...]
    without: tuple[TextRow, ...]


def place_map(case: Case) -> PlaceMap | None:
    """The towns at which something of the case happened, or which a version names; `None` without a map."""
    outline = json.loads(_OUTLINE.read_text(encoding="utf-8"))
    towns = [place for place in case["places"].values() if place["kind"] in SMALL]
    west, south, east, north = outline["box"]
    placed = [
        town
        for town in towns
        if town["latitude"]
        and town["longitude"]
        and west < float(town["longitude"]) < east
        and south < float(town["latitude"]) < north
    ]
    if len(placed) < 2:
        return None
    box = _box([(float(town["longitude"]), float(town["latitude"])) for town in placed])
    scale = WIDTH / ((box[2] - box[0]) * _shrink(box))
    height = round((box[3] - box[1]) * scale)

    def at(point: Point) -> Point:
        return (point[0] - box[0]) * _shrink(box) * scale, (box[3] - point[1]) * scale

    counts = Counter(town["country"] for town in placed if town["country"]).most_common(1)
    home = counts[0][0] if counts else ""
    names = {
        place["country"]: place["name"] for place in case["places"].values() if place["kind"] == "country"
    }
    countries = [
        drawn
        for code, rings in outline["countries"].items()
        if (drawn := _country(names.get(code, ""), rings, box, at, code == home))
    ]
    act = main_charge(case)
    proceeding = act.get("proceeding_id", "") if act else ""
    places = []
    for town in placed:
        x, y = at((float(town["longitude"]), float(town["latitude"])))
        events = case.rows_with("events", "place_id", town["place_id"])
        mine = [event for event in events if event.get("proceeding_id", "") == proceeding and proceeding]
        places.append(MapPlace(town, x, y, tuple(mine or events), x > WIDTH * 0.72, y + 5))
    places.sort(key=lambda place: place.y)
    places = [replace(place, name_y=_name_y(place, places)) for place in places]
    known = {town["place_id"] for town in placed}
    without = tuple(town for town in towns if town["place_id"] not in known and not _is_far(town, home))
    return PlaceMap(height, tuple(countries), tuple(places), without)


def _name_y(place: MapPlace, places: Sequence[MapPlace]) -> float:
    """Beside the place, or above or below it where the name would run over another place."""
    if _is_above_another(place, places):
        return place.y - 9
    length = (len(place.place["name"]) * 9 + 12) * (-1 if place.left else 1)
    covers = any(0 < (town.x - place.x) / length < 1 and abs(town.y - place.y) < 14 for town in places)
    return place.y + (22 if covers else 5)


def _is_above_another(place: MapPlace, places: Sequence[MapPlace]) -> bool:
    """Whether the name would run over the place next to it, which is lower."""
    return any(
        0 <= other.y - place.y < 20 and abs(other.x - place.x) < 130 for other in places if other is not place
    )


def _is_far(place: TextRow, home: str) -> bool:
    return bool(place["country"] and place["country"] != home)


def _box(points: Sequence[Point]) -> Box:
    west, east = min(x for x, _ in points) - MARGIN * 1.4, max(x for x, _ in points) + MARGIN * 1.8
    south, north = min(y for _, y in points) - MARGIN, max(y for _, y in points) + MARGIN
    return west, south, east, north


def _shrink(box: Box) -> float:
    """How much shorter a degree of longitude is than one of latitude in the middle of a box."""
    return math.cos(math.radians((box[1] + box[3]) / 2))


def _country(
    name: str, rings: list[list[Point]], box: Box, at: Callable[[Point], Point], home: bool
) -> MapCountry | None:
    paths: list[str] = []
    largest: list[Point] = []
    for ring in rings:
        cut = clipped_ring(ring, box)
        if len(cut) > 2:
            drawn = [at(point) for point in cut]
            paths.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in drawn) + "z")
            largest = max(largest, drawn, key=len)
    if not paths:
        return None
    # The name is at the upper left of the country of the case, and at the lower right of others.
    west, east = min(x for x, _ in largest), max(x for x, _ in largest)
    x = west + 70 if home else east - 50
    y = min(y for _, y in largest) + 24 if home else max(y for _, y in largest) - 14
    return MapCountry(name, "".join(paths), home, x, y)


def clipped_ring(ring: Iterable[Point], box: Box) -> list[Point]:
    """The part of a ring of points that is within a box (Sutherland and Hodgman)."""
    points = [(float(x), float(y)) for x, y in ring]
    for axis, limit, above in ((0, box[0], True), (1, box[1], True), (0, box[2], False), (1, box[3], False)):
        points = _cut(points, axis, limit, above)
    return points


def _cut(points: list[Point], axis: int, limit: float, above: bool) -> list[Point]:
    cut: list[Point] = []
    for before, now in zip([points[-1], *points[:-1]] if points else [], points, strict=True):
        inside, was_inside = (now[axis] >= limit) == above, (before[axis] >= limit) == above
        if inside != was_inside:
            part = (limit - before[axis]) / (now[axis] - before[axis])
            cut.append((before[0] + (now[0] - before[0]) * part, before[1] + (now[1] - before[1]) * part))
        if inside:
            cut.append(now)
    return cut
