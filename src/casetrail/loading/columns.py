"""Columns: what the schema says of a column, at hand where the data are used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a loaded table.

    `type` is the type of the values, as Arrow names it. `labels` has the label of each term of a vocabulary
    in the order of the terms (the term itself where it has none), `definitions` what each means. `unit` is
    the unit of a number, `derived_from` names the columns from which a derived one was worked out.
    """

    name: str
    type: str
    title: str = ""
    description: str = ""
    unit: str = ""
    ordered: bool = False
    labels: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    definitions: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    derived_from: tuple[str, ...] = ()


def columns_of(schema: pa.Schema) -> dict[str, Column]:
    """The columns of a typed table by name, from the metadata of its fields."""
    return {field.name: _column(field) for field in schema}


def terms_in(column: pa.Field) -> list[str]:
    """All terms of a column with a vocabulary, used or not, in their order."""
    told = column.metadata or {}
    if b"categories" in told:
        return [
            str(one["value"] if isinstance(one, dict) else one) for one in json.loads(told[b"categories"])
        ]
    return [str(one) for one in json.loads(told.get(b"constraints", b"{}")).get("enum", ())]


def _column(column: pa.Field) -> Column:
    told = {name.decode(): value.decode() for name, value in (column.metadata or {}).items()}
    coded = pa.types.is_dictionary(column.type)
    categories = [
        one if isinstance(one, dict) else {"value": one} for one in json.loads(told.get("categories", "[]"))
    ]
    labels = {str(one["value"]): str(one.get("label") or one["value"]) for one in categories}
    if coded and not labels:
        labels = {term: term for term in terms_in(column)}
    return Column(
        name=column.name,
        type=str(column.type.value_type if coded else column.type),
        title=told.get("title", ""),
        description=told.get("description", ""),
        unit=told.get("unit", ""),
        ordered=coded and column.type.ordered,
        labels=MappingProxyType(labels),
        definitions=MappingProxyType(
            {str(one["value"]): str(one["description"]) for one in categories if one.get("description")}
        ),
        derived_from=tuple(filter(None, told.get("derivedFrom", "").split(","))),
    )
