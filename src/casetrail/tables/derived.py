"""Derived columns: what typed tables state beside the fields, worked out once."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.standard.schema import FieldDescriptor, TableSchema
from casetrail.types import zones
from casetrail.types.edtf import EdtfDate, parse_edtf
from casetrail.types.problem import ValueProblem
from casetrail.types.registry import type_named

Texts = Mapping[str, pa.StringArray]


@dataclass(frozen=True, slots=True)
class DerivedColumn:
    """A column computed from the texts of fields, put right after the field `after`.

    `compute` is given the text columns of `inputs`, null where the value is missing. It raises a
    `ValueProblem` for a text that is no value. A field of the same name in the schema comes before it.
    """

    name: str
    after: str
    inputs: tuple[str, ...]
    type: pa.DataType
    compute: Callable[[Texts], pa.Array]
    title: str
    description: str

    @property
    def arrow_field(self) -> pa.Field:
        """The Arrow field, with what is known of the column as metadata."""
        metadata = {"title": self.title, "description": self.description}
        metadata["derivedFrom"] = ",".join(self.inputs)
        return pa.field(self.name, self.type, metadata=metadata)

    def first_problem(self, texts: Texts) -> int:
        """The position of the first text that `compute` cannot read, where there is one."""

        def fails(length: int) -> bool:
            try:
                self.compute({name: text.slice(0, length) for name, text in texts.items()})
            except ValueProblem:
                return True
            return False

        length = len(texts[self.inputs[0]])
        return bisect_left(range(1, length), True, key=fails)


def edtf_bounds(field: FieldDescriptor) -> tuple[DerivedColumn, DerivedColumn]:
    """`<column>_earliest` and `<column>_latest` of an EDTF column: the outer bounds, null where open."""
    name, title = field.name, field.title or field.name
    dates = type_named("date")

    def bound(side: str, about: str, pick: Callable[[EdtfDate], dt.date | None]) -> DerivedColumn:
        def compute(texts: Texts) -> pa.Array:
            text = texts[name]
            days = dates.prove(text).all_values
            if days is not None:
                return days
            encoded = text.dictionary_encode()
            bounds = [pick(parse_edtf(date)) for date in encoded.dictionary.to_pylist()]
            return pa.array(bounds, pa.date32()).take(encoded.indices)

        description = f"The {about} day that `{name}` can mean; empty where it is open or missing."
        return DerivedColumn(
            f"{name}_{side}", name, (name,), pa.date32(), compute, f"{title}: {side}", description
        )

    return (
        bound("earliest", "first", lambda date: date.earliest),
        bound("latest", "last", lambda date: date.latest),
    )


def moment_column(day: str, time: str, zone: str, *, name: str, after: str, title: str) -> DerivedColumn:
    """The moment in UTC of a day, a time (`hh:mm` or `hh:mm:ss`) and an IANA time zone in three fields.

    Null unless all three are there and the day is one plain full date: a partial, qualified or open date has
    no moment, and neither has a time that clocks showed twice or never on that day.
    """

    def compute(texts: Texts) -> pa.Array:
        joined = pc.binary_join_element_wise(texts[day], texts[time], texts[zone], _BETWEEN)
        encoded = joined.dictionary_encode()
        moments = [_moment(*parts.split(_BETWEEN)) for parts in encoded.dictionary.to_pylist()]
        return pa.array(moments, pa.timestamp("us", "UTC")).take(encoded.indices)

    description = (
        f"The moment of `{day}` and `{time}` in the zone `{zone}`, in UTC; empty where one is missing, "
        f"or where `{day}` is not one full day."
    )
    return DerivedColumn(
        name, after, (day, time, zone), pa.timestamp("us", "UTC"), compute, title, description
    )


def columns_after(schema: TableSchema, derived: Sequence[DerivedColumn]) -> dict[str, list[DerivedColumn]]:
    """The derived columns by the field that they come after: those of EDTF fields, then the given ones."""
    known = set(schema.field_names)
    every = [column for field in schema.fields if field.is_edtf for column in edtf_bounds(field)]
    by_field: dict[str, list[DerivedColumn]] = {}
    for column in [*every, *derived]:
        if column.name not in known and {column.after, *column.inputs} <= known:
            by_field.setdefault(column.after, []).append(column)
    return by_field


_BETWEEN = "\n"


def _moment(day: str, time: str, zone: str) -> dt.datetime | None:
    date = parse_edtf(day)
    if not date.is_day or date.earliest is None:
        return None
    clock = type_named("time").parse(time if time.count(":") == 2 else f"{time}:00")
    return zones.instant(date.earliest, clock, zone)
