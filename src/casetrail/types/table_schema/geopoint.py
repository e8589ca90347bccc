"""`geopoint` (Table Schema, "geopoint"): longitude and latitude, in degrees."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pyarrow as pa

from casetrail.standard.schema import FieldDescriptor
from casetrail.types import hints
from casetrail.types.field_type import FieldType
from casetrail.types.json_values import read_json
from casetrail.types.kernel import KernelResult, matches
from casetrail.types.problem import FieldProblem, ValueProblem
from casetrail.types.table_schema.number import plain_digits

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?"
_POINT = re.compile(rf"({_NUMBER}), ?({_NUMBER})")
Point = tuple[Decimal, Decimal]


class GeopointType(FieldType[Point]):
    """A point on the earth as longitude and latitude, in degrees."""

    name = "geopoint"
    noun = "a geographic point"

    json_kinds = frozenset({"an array", "an object"})

    def __init__(self, field: FieldDescriptor) -> None:
        super().__init__(field)
        if field.format not in ("default", "array", "object"):
            raise FieldProblem(
                f"there is no geopoint format '{field.format}'", "use default, array or object"
            )
        self.format = field.format

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

    def key_text(self, value: Point) -> str:
        """Both numbers in their plainest digits."""
        return ", ".join(map(plain_digits, value))

    @property
    def form(self) -> str | None:
        """The digits and marks of every value in the default form."""
        return _POINT.pattern if self.is_plain(self.field) else None

    def prove_plain(self, texts: pa.StringArray) -> KernelResult:
        """Points in the default form, within 99 and 89 degrees."""
        degrees = r"(?:\.[0-9]{1,15})?"
        plain = rf"-?(?:[0-9]|[1-9][0-9]){degrees}, ?-?[1-8]?[0-9]{degrees}"
        return KernelResult.where(matches(texts, plain))

    @classmethod
    def is_plain(cls, field: FieldDescriptor) -> bool:
        """Two numbers, without brackets."""
        return field.format == "default"

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
