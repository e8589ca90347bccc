"""Partitions: columns whose value is in the path of a file, as in `year=2026/part-0.parquet`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from casetrail.standard.schema import TableSchema

_NULL = "__HIVE_DEFAULT_PARTITION__"


class Partition(NamedTuple):
    """The columns that a path gives to every record of its file.

    `values` are their texts by name, `names` all columns of the table in order, `schema` is that of the
    columns that the file has to have itself.
    """

    values: Mapping[str, str]
    names: tuple[str, ...]
    schema: TableSchema


def partition_of(path: str, schema: TableSchema | None) -> Partition | None:
    """The partition that the folders of a path name; `None` where none is the name of a field."""
    if schema is None or "=" not in path:
        return None
    pairs = (folder.partition("=") for folder in path.split("/")[:-1])
    values = {
        name: "" if value == _NULL else unquote(value)
        for name, sign, value in pairs
        if sign and name in schema.field_names
    }
    if not values:
        return None
    fields = tuple(field for field in schema.fields if field.name not in values)
    return Partition(values, schema.field_names, schema.but(fields=fields))
