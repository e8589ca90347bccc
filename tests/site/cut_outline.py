"""Cuts `src/casetrail/site/assets/outline.json`, the borders on the map of the page, out of Natural Earth.

    npm install --prefix build world-atlas@2.0.2
    python tests/site/cut_outline.py build/node_modules/world-atlas/countries-50m.json

Natural Earth (naturalearthdata.com, version 4.1, 1:50 million) is in the public domain. Of it we keep the
countries of Central Asia and those around them, cut to a box, with fewer points and two decimals.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

BOX = (44.0, 34.0, 97.0, 57.0)
"""West, south, east and north, in degrees."""
TOLERANCE = 0.03
COUNTRIES = {
    "398": "KZ",
    "156": "CN",
    "417": "KG",
    "860": "UZ",
    "795": "TM",
    "762": "TJ",
    "496": "MN",
    "643": "RU",
}
HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "src" / "casetrail" / "site" / "assets" / "outline.json"
Point = tuple[float, float]


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The lines of a TopoJSON document in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        lines.append(simplified(line))
    return lines


def simplified(line: list[Point]) -> list[Point]:
    """A line with the points left out that lie nearer than `TOLERANCE` to it (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def far(point: Point) -> float:
        x, y = point
        if not length:
            return float(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5)
        return float(abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length)

    at = max(range(1, len(line) - 1), key=lambda number: far(line[number]))
    if far(line[at]) < TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: at + 1])[:-1] + simplified(line[at:])


def main(source: str) -> None:
    """Write the outline."""
    from casetrail.site.place_map import clipped_ring

    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    countries: dict[str, list[list[Point]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = COUNTRIES.get(str(shape.get("id")))
        if code is None:
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for outer, *_ in polygons:
            ring: list[Point] = []
            for number in outer:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                ring += arc[1:] if ring else arc
            cut = clipped_ring(ring, BOX)
            if len(cut) > 3:
                countries.setdefault(code, []).append([(round(x, 2), round(y, 2)) for x, y in cut])
    text = json.dumps({"box": BOX, "countries": countries}, separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"wrote {TARGET} ({len(text):,} bytes)")


if __name__ == "__main__":
    main(sys.argv[1])
