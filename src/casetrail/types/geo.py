"""`geopoint` and `geojson` (Table Schema, "geopoint", "geojson"): RFC 7946 and the TopoJSON specification."""

from __future__ import annotations

import re
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from casetrail.standard.json_reader import json_kind
from casetrail.types import hints
from casetrail.types.json_values import json_key, read_json, write_json
from casetrail.types.parser import ValueParser
from casetrail.types.problem import FieldProblem, ValueProblem

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?"
_POINT = re.compile(rf"({_NUMBER}), ?({_NUMBER})")
Point = tuple[Decimal, Decimal]

_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How deep the positions of a geometry lie in arrays."""


class GeopointParser(ValueParser[Point]):
    """A point on the earth as longitude and latitude, in degrees."""

    type_name = "geopoint"
    python_type = tuple
    noun = "a geographic point"

    def __init__(self, format_name: str = "default") -> None:
        if format_name not in ("default", "array", "object"):
            raise FieldProblem(f"there is no geopoint format '{format_name}'", "use default, array or object")
        self.format = format_name

    def parse(self, text: str) -> Point:
        """Longitude and latitude, exactly as written."""
        if self.format != "default":
            return self.from_json(read_json(text))
        match = _POINT.fullmatch(text)
        if match is None:
            raise ValueProblem('a point is written "lon, lat", as in "90.50, 45.50"', _point_hint(text))
        return _in_bounds(Decimal(match[1]), Decimal(match[2]))

    def write(self, value: Point) -> str:
        """The point in the field's form."""
        lon, lat = (format(part, "f") for part in value)
        if self.format == "array":
            return f"[{lon},{lat}]"
        return f'{{"lon":{lon},"lat":{lat}}}' if self.format == "object" else f"{lon}, {lat}"

    def from_json(self, raw: Any) -> Point:
        """An array or object of two numbers, as the format says, or a text."""
        if isinstance(raw, str) and self.format == "default":
            return self.parse(raw)
        if isinstance(raw, str):
            raise ValueProblem("it is a string, not " + self._form())
        if self.format == "array" or (self.format == "default" and isinstance(raw, list)):
            if not isinstance(raw, list) or len(raw) != 2:
                raise ValueProblem(f"it is not {self._form()}")
            parts = raw
        else:
            if not isinstance(raw, dict) or set(raw) != {"lon", "lat"}:
                raise ValueProblem(f"it is not {self._form()}")
            parts = [raw["lon"], raw["lat"]]
        if any(isinstance(part, bool) or not isinstance(part, int | float) for part in parts):
            raise ValueProblem("longitude and latitude are numbers, without quotes")
        lon, lat = (Decimal(repr(part)) for part in parts)
        return _in_bounds(lon, lat)

    def _form(self) -> str:
        return "an array [lon, lat]" if self.format == "array" else 'an object {"lon": …, "lat": …}'


class GeojsonParser(ValueParser[dict[str, Any]]):
    """A GeoJSON object (RFC 7946), or with the format `topojson` a TopoJSON topology."""

    type_name = "geojson"
    python_type = dict
    noun = "GeoJSON"

    def __init__(self, format_name: str = "default") -> None:
        if format_name not in ("default", "topojson"):
            raise FieldProblem(f"there is no geojson format '{format_name}'", "use default or topojson")
        self.format = format_name

    def parse(self, text: str) -> dict[str, Any]:
        """The object."""
        return self.from_json(read_json(text))

    def write(self, value: dict[str, Any]) -> str:
        """Compact JSON."""
        return write_json(value)

    def key(self, value: dict[str, Any]) -> Hashable:
        """The same for objects with the same members."""
        return json_key(value)

    def from_json(self, raw: Any) -> dict[str, Any]:
        """The object itself, checked."""
        if not isinstance(raw, dict):
            raise ValueProblem(f"it is {json_kind(raw)}, not an object")
        try:
            _check_topology(raw) if self.format == "topojson" else _check_geojson(raw)
        except RecursionError:
            raise ValueProblem("it is nested too deep to be read") from None
        return raw


def _in_bounds(lon: Decimal, lat: Decimal) -> Point:
    if abs(lat) > 90:
        swapped = (
            "longitude comes first; the two are probably swapped"
            if abs(lon) <= 90 and abs(lat) <= 180
            else None
        )
        raise ValueProblem(f"the latitude {lat} is not between -90 and 90", swapped)
    if abs(lon) > 180:
        raise ValueProblem(f"the longitude {lon} is not between -180 and 180")
    return lon, lat


def _point_hint(text: str) -> str | None:
    if "°" in text or re.search(r"[NSEW]$", text):
        return "write decimal degrees, longitude first: south and west are negative"
    if re.fullmatch(rf"\s*{_NUMBER}\s*[;\s]\s*{_NUMBER}\s*", text):
        return "separate longitude and latitude by a comma"
    if re.fullmatch(rf"[\[(]\s*{_NUMBER}\s*,\s*{_NUMBER}\s*[\])]", text):
        return "leave the brackets out, or declare the format array"
    return hints.characters(text)


def _check_geojson(value: dict[str, Any], *, inside: str | None = None) -> None:
    kind = value.get("type")
    if "bbox" in value:
        box = value["bbox"]
        if not isinstance(box, list) or len(box) < 4 or len(box) % 2 or not all(map(_is_number, box)):
            raise ValueProblem("the bbox is not an array of four or six numbers")
    if kind == "Feature" and inside in (None, "FeatureCollection"):
        geometry = value.get("geometry", "absent")
        if geometry is not None and not isinstance(geometry, dict):
            raise ValueProblem("a Feature has a geometry: an object or null")
        if not isinstance(value.get("properties", 0), dict | None):
            raise ValueProblem("a Feature has properties: an object or null")
        if isinstance(geometry, dict):
            _check_geojson(geometry, inside="Feature")
    elif kind == "FeatureCollection" and inside is None:
        for feature in _members(value, "features", kind):
            if feature.get("type") != "Feature":
                raise ValueProblem("a FeatureCollection holds Features only")
            _check_geojson(feature, inside=kind)
    elif kind == "GeometryCollection":
        for geometry in _members(value, "geometries", kind):
            _check_geojson(geometry, inside=kind)
    elif isinstance(kind, str) and kind in _DEPTHS:
        _check_coordinates(value.get("coordinates"), kind)
    else:
        raise ValueProblem(
            f"the type {kind!r} is not one of GeoJSON" + (f" inside a {inside}" if inside else "")
        )


def _members(value: dict[str, Any], name: str, kind: str) -> list[dict[str, Any]]:
    members = value.get(name)
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise ValueProblem(f"a {kind} has {name}: an array of objects")
    return members


def _check_coordinates(coordinates: Any, kind: str) -> None:
    if kind == "Point" and coordinates == []:
        return
    lines = _at_depth(coordinates, _DEPTHS[kind], kind)
    if kind in ("Polygon", "MultiPolygon"):
        for ring in lines:
            if ring and (len(ring) < 4 or ring[0] != ring[-1]):
                raise ValueProblem(
                    f"a ring of a {kind} has four or more positions, the last equal to the first"
                )
    elif kind in ("LineString", "MultiLineString"):
        for line in lines:
            if len(line) == 1:
                raise ValueProblem(f"a line of a {kind} has two or more positions")


def _at_depth(value: Any, depth: int, kind: str) -> list[list[Any]]:
    """The innermost arrays of positions, each position checked."""
    if depth == 0:
        _check_position(value, kind)
        return []
    if not isinstance(value, list):
        raise ValueProblem(f"the coordinates of a {kind} are not arrays as deep as they must be")
    if depth == 1:
        for position in value:
            _check_position(position, kind)
        return [value]
    return [line for inner in value for line in _at_depth(inner, depth - 1, kind)]


def _check_position(position: Any, kind: str) -> None:
    if not isinstance(position, list) or len(position) < 2 or not all(map(_is_number, position)):
        raise ValueProblem(f"a position of a {kind} is not an array of two or more numbers")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_topology(value: dict[str, Any]) -> None:
    if value.get("type") != "Topology":
        raise ValueProblem("a TopoJSON object has the type 'Topology'")
    objects, arcs = value.get("objects"), value.get("arcs")
    if not isinstance(objects, dict) or not all(isinstance(member, dict) for member in objects.values()):
        raise ValueProblem("a topology has objects: an object of geometries")
    if not isinstance(arcs, list):
        raise ValueProblem("a topology has arcs: an array of arrays of positions")
    for arc in arcs:
        if not isinstance(arc, list) or len(arc) < 2:
            raise ValueProblem("an arc is an array of two or more positions")
        for position in arc:
            _check_position(position, "topology")
    for geometry in objects.values():
        _check_topology_object(geometry)


def _check_topology_object(geometry: dict[str, Any]) -> None:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        for inner in _members(geometry, "geometries", kind):
            _check_topology_object(inner)
    elif kind in ("Point", "MultiPoint"):
        _check_coordinates(geometry.get("coordinates"), kind)
    elif kind in ("LineString", "MultiLineString", "Polygon", "MultiPolygon"):
        if not isinstance(geometry.get("arcs"), list):
            raise ValueProblem(f"a {kind} of a topology has arcs")
    elif kind is not None:
        raise ValueProblem(f"the type {kind!r} is not one of TopoJSON")
