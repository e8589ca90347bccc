from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from casetrail.case.case import Case
from casetrail.package.package import open_package
from casetrail.site.page import page_text
from casetrail.site.place_map import WIDTH, clipped_ring, place_map


def with_positions(folder: Path, positions: dict[str, tuple[str, str]]) -> Path:
    """The invented case with towns at these positions, the town of the march first."""
    path = folder / "data" / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    for number, (name, (latitude, longitude)) in enumerate(positions.items()):
        if number == 0:
            row = next(one for one in rows if one["place_id"] == "pl-saltmouth")
        else:
            row = dict.fromkeys(columns, "")
            row |= {"place_id": f"pl-{name}", "kind": "town", "name": name.capitalize()}
            rows.append(row)
        row |= {"latitude": latitude, "longitude": longitude}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_without_two_positions_there_is_no_map(harbour_case: Path) -> None:
    assert place_map(Case.load(open_package(harbour_case))) is None
    assert "class=map" not in page_text(open_package(harbour_case))
    folder = with_positions(harbour_case, {"saltmouth": ("43.25", "76.91")})
    assert place_map(Case.load(open_package(folder))) is None


def test_a_position_outside_of_the_outline_is_on_no_map(harbour_case: Path) -> None:
    folder = with_positions(harbour_case, {"saltmouth": ("38.52", "-8.89"), "elsewhere": ("38.6", "-9.1")})
    assert place_map(Case.load(open_package(folder))) is None


def test_towns_are_at_their_place_and_lead_to_their_rows(harbour_case: Path) -> None:
    folder = with_positions(harbour_case, {"saltmouth": ("43.25", "76.91"), "north": ("45.02", "78.37")})
    drawn = place_map(Case.load(open_package(folder)))
    assert drawn is not None
    north, south = drawn.places
    assert (north.place["place_id"], south.place["place_id"]) == ("pl-north", "pl-saltmouth")
    assert north.y < south.y and north.x > south.x
    assert all(0 < one.x < WIDTH and 0 < one.y < drawn.height for one in drawn.places)
    assert south.events and not north.events
    page = page_text(open_package(folder))
    figure = re.search(r"<figure class=map>.*?</figure>", page, re.S)
    assert figure and "href=#pl-saltmouth " in figure[0] and "class=named " in figure[0]
    assert len(figure[0]) < 10_000
    assert "Natural Earth" in figure[0]


def test_the_map_of_the_dataset_names_the_towns_without_a_position(root: Path) -> None:
    drawn = place_map(Case.load(open_package(root)))
    assert drawn is not None
    assert {"pl-taldykorgan", "pl-almaty"} <= {one.place["place_id"] for one in drawn.places}
    assert "pl-qalzhat" in {one["place_id"] for one in drawn.without}


@pytest.mark.parametrize(
    ("ring", "cut"),
    [
        ([(0, 0), (2, 0), (2, 2), (0, 2)], {(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)}),
        ([(5, 5), (6, 5), (6, 6)], set()),
        ([(0, 0), (0.5, 0), (0, 0.5)], {(0.0, 0.0), (0.5, 0.0), (0.0, 0.5)}),
    ],
)
def test_a_ring_is_cut_to_its_box(ring: list[tuple[float, float]], cut: set[tuple[float, float]]) -> None:
    assert set(clipped_ring(ring, (0, 0, 1, 1))) == cut
