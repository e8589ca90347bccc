"""Columns: what the schema says of a column, at hand where the data are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

from casetrail.standard.schema import FieldDescriptor, TableSchema

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


def columns_of(table: pa.Table, schema: TableSchema | None) -> dict[str, Column]:
    """The columns of a typed table by name; `schema` is its Table Schema, where the package has one."""
    fields = {} if schema is None else {field.name: field for field in schema.fields}
    return {column.name: _column(column, fields.get(column.name)) for column in table.schema}


def _column(column: pa.Field, stated: FieldDescriptor | None) -> Column:
    metadata = {name.decode(): value.decode() for name, value in (column.metadata or {}).items()}
    coded = pa.types.is_dictionary(column.type)
    terms = () if stated is None else stated.terms if coded else stated.categories or ()
    return Column(
        name=column.name,
        type=str(column.type.value_type if coded else column.type),
        title=metadata.get("title", ""),
        description=metadata.get("description", ""),
        unit=metadata.get("unit", ""),
        ordered=coded and column.type.ordered,
        labels=MappingProxyType({str(term.value): term.label or str(term.value) for term in terms}),
        definitions=MappingProxyType(
            {str(term.value): term.description for term in terms if term.description}
        ),
        derived_from=tuple(filter(None, metadata.get("derivedFrom", "").split(","))),
    )
