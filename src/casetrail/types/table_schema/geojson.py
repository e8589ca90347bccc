"""`geojson` (Table Schema, "geojson"): RFC 7946 and, as `topojson`, the TopoJSON specification."""

from __future__ import annotations

from typing import Any

from casetrail.standard.json_reader import json_kind
from casetrail.types.json_values import JsonType
from casetrail.types.problem import ValueProblem

_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How deep the positions of a geometry lie in arrays."""


class GeojsonType(JsonType[dict[str, Any]]):
    """A GeoJSON object, or with the format `topojson` a TopoJSON topology or geometry."""

    name = "geojson"
    noun = "GeoJSON"
    formats = ("default", "topojson")
    json_kinds = frozenset({"an object"})
    native_kinds = frozenset({"object"})

    def check(self, value: Any) -> dict[str, Any]:
        """The object itself."""
        if not isinstance(value, dict):
            raise ValueProblem(f"it is {json_kind(value)}, not an object")
        try:
            _check_topology(value) if self.field.format == "topojson" else _check_geojson(value)
        except RecursionError:
            raise ValueProblem("it is nested too deep to be read") from None
        return value


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
        if value.get("type") is None:
            raise ValueProblem("a TopoJSON object has a type, as 'Topology'")
        _check_topology_object(value)
        return
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
