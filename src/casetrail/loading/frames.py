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

from casetrail.exports.sql_tables import sql_name, sql_text
from casetrail.findings.error import CasetrailError
from casetrail.loading.columns import Column

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl


def to_pandas(table: pa.Table, columns: Mapping[str, Column]) -> pd.DataFrame:
    """The table as a pandas DataFrame; what its columns mean is in `attrs`.

    Raises:
        CasetrailError: Pandas is not installed.
    """
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
    frame.attrs = {
        **{name: text for name, text in _metadata(table).items() if name not in ("pandas", "table_schema")},
        "columns": {name: column.description for name, column in columns.items()},
    }
    return frame


def to_polars(table: pa.Table, columns: Mapping[str, Column]) -> pl.DataFrame:
    """The table as a polars DataFrame.

    Raises:
        CasetrailError: Polars is not installed.
    """
    library = _library("polars")
    frame: pl.DataFrame = library.from_arrow(_plain(table))
    return frame.with_columns(
        library.col(name).cast(library.Enum(list(columns[name].labels))) for name in _coded(table)
    )


def to_duckdb(
    tables: Mapping[str, tuple[pa.Table, Mapping[str, Column]]],
    connection: duckdb.DuckDBPyConnection | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection with the tables in it, in memory unless one is given; tables so named are replaced.

    Raises:
        CasetrailError: DuckDB is not installed.
    """
    library = _library("duckdb")
    connection = library.connect() if connection is None else connection
    for name, (table, columns) in tables.items():
        coded, metadata = _coded(table), _metadata(table)
        connection.register("_casetrail_arrow", _plain(table))
        try:
            parts = [
                f"CAST({sql_name(column.name)} AS ENUM ({', '.join(map(sql_text, column.labels))})) AS "
                f"{sql_name(column.name)}"
                if column.name in coded
                else sql_name(column.name)
                for column in columns.values()
            ]
            connection.execute(
                f"CREATE OR REPLACE TABLE {sql_name(name)} AS SELECT {', '.join(parts)} FROM _casetrail_arrow"
            )
        finally:
            connection.unregister("_casetrail_arrow")
        about = metadata.get("table_description") or metadata.get("table_title")
        if about:
            connection.execute(f"COMMENT ON TABLE {sql_name(name)} IS {sql_text(about)}")
        for column in columns.values():
            if column.description:
                place = f"{sql_name(name)}.{sql_name(column.name)}"
                connection.execute(f"COMMENT ON COLUMN {place} IS {sql_text(column.description)}")
    return connection


def _metadata(table: pa.Table) -> dict[str, str]:
    return {name.decode(): text.decode() for name, text in (table.schema.metadata or {}).items()}


def _coded(table: pa.Table) -> list[str]:
    """The columns with a vocabulary."""
    return [field.name for field in table.schema if pa.types.is_dictionary(field.type)]


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
