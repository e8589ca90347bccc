"""The same checks as a pandera schema over polars frames typed by polars; the foreign key is a join."""

from __future__ import annotations

import sys
from pathlib import Path

import pandera.polars as pa
import polars as pl

from benchmarks.generate import KINDS, STATUSES

folder = Path(sys.argv[1]).parent / "data"
Check, Column = pa.Check, pa.Column
schema = pa.DataFrameSchema(
    {
        "event_id": Column(str, Check.str_matches("^ev-[0-9]{8}$"), unique=True),
        "kind": Column(str, Check.isin(KINDS)),
        "status": Column(str, Check.isin(STATUSES)),
        "title": Column(str, Check.str_length(max_value=200)),
        "date_from": Column(pl.Date),
        "date_to": Column(pl.Date, nullable=True),
        "people": Column(pl.Int64, Check.in_range(0, 1000)),
        "fine": Column(pl.Float64, Check.in_range(0, 1000), nullable=True),
        "party_id": Column(str),
        "url": Column(str, Check.str_matches("^https?://[^ ]+$"), nullable=True),
        "days": Column(pl.Int64, nullable=True),
    }
)
parties = pl.read_csv(folder / "parties.csv", infer_schema=False)
texts = pl.read_csv(folder / "events.csv", infer_schema=False)
events = texts.with_columns(
    pl.col("date_from", "date_to").str.to_date(strict=False),
    pl.col("people", "days").cast(pl.Int64, strict=False),
    pl.col("fine").cast(pl.Float64, strict=False),
)
print("not of the type:", sum(events.null_count().row(0)) - sum(texts.null_count().row(0)))
try:
    schema.validate(events, lazy=True)
    print("valid")
except pa.errors.SchemaErrors as error:
    print(len(error.failure_cases), "failure cases")
print(events.join(parties, on="party_id", how="anti").height, parties["party_id"].n_unique() - parties.height)
