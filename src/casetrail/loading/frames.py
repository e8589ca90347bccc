"""Frames: a typed Arrow table as the table of another library, no value changed on the way.

pandas: integers, floats, booleans and texts with gaps are nullable (`Int64`, `Float64`, `boolean`, `str`; a
float column with a NaN is `double[pyarrow]`, which alone tells it from no value), days and moments are
`datetime64`, vocabularies are `category` with every term in its order; exact decimals, times of day and lists
are Python objects. polars: its own types, vocabularies are `Enum`. DuckDB: its own types, vocabularies are
`ENUM`; titles and descriptions are comments of tables and columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from casetrail.findings.error import CasetrailError
from casetrail.loading.columns import columns_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """The table as a pandas DataFrame; what its columns mean stands in `attrs`."""
    library = _library("pandas")
    nullable = {
        pa.int64(): library.Int64Dtype(),
        pa.int32(): library.Int32Dtype(),
        # Float64 takes NaN for no value.
        pa.float64(): library.ArrowDtype(pa.float64()) if _has_nan(table) else library.Float64Dtype(),
        pa.bool_(): library.BooleanDtype(),
        pa.string(): library.StringDtype("python", na_value=float("nan")),
    }
    frame: pd.DataFrame = table.to_pandas(
        types_mapper=nullable.get, date_as_object=False, coerce_temporal_nanoseconds=False
    )
    told = {name.decode(): text.decode() for name, text in (table.schema.metadata or {}).items()}
    described = {name: column.description for name, column in columns_of(table.schema).items()}
    frame.attrs = {
        **{name: text for name, text in told.items() if name not in ("pandas", "table_schema")},
        "columns": described,
    }
    return frame


def to_polars(table: pa.Table) -> pl.DataFrame:
    """The table as a polars DataFrame."""
    library = _library("polars")
    frame: pl.DataFrame = library.from_arrow(_plain(table))
    enums = {
        name: library.Enum(list(column.labels))
        for name, column in columns_of(table.schema).items()
        if column.labels
    }
    return frame.with_columns(library.col(name).cast(kind) for name, kind in enums.items())


def to_duckdb(
    tables: Mapping[str, pa.Table], connection: duckdb.DuckDBPyConnection | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection with the tables in it, in memory unless one is given; tables so named are replaced."""
    library = _library("duckdb")
    connection = library.connect() if connection is None else connection
    for name, table in tables.items():
        columns = columns_of(table.schema)
        told = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
        connection.register("_casetrail_arrow", _plain(table))
        try:
            parts = [
                f"CAST({_name(column.name)} AS ENUM ({', '.join(map(_text, column.labels))})) AS "
                f"{_name(column.name)}"
                if column.labels
                else _name(column.name)
                for column in columns.values()
            ]
            connection.execute(
                f"CREATE OR REPLACE TABLE {_name(name)} AS SELECT {', '.join(parts)} FROM _casetrail_arrow"
            )
        finally:
            connection.unregister("_casetrail_arrow")
        about = told.get("table_description") or told.get("table_title")
        if about:
            connection.execute(f"COMMENT ON TABLE {_name(name)} IS {_text(about)}")
        for column in columns.values():
            if column.description:
                place = f"{_name(name)}.{_name(column.name)}"
                connection.execute(f"COMMENT ON COLUMN {place} IS {_text(column.description)}")
    return connection


def _has_nan(table: pa.Table) -> bool:
    floats = (column for column in table.columns if pa.types.is_floating(column.type))
    return any(pc.any(pc.is_nan(column)).as_py() for column in floats)


def _plain(table: pa.Table) -> pa.Table:
    """The table with vocabularies as texts and without metadata, which some readers try to interpret."""
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            text = table.column(index).cast(field.type.value_type)
            table = table.set_column(index, field.with_type(field.type.value_type), text)
    return table.replace_schema_metadata(None)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CasetrailError(
            f"{name} is not installed here; install it, for example with `pip install {name}`"
        ) from None


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
