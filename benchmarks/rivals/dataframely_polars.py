"""The same checks as a dataframely schema over polars frames typed by polars; the foreign key is a join."""

from __future__ import annotations

import sys
from pathlib import Path

import dataframely as dy
import polars as pl

from benchmarks.generate import KINDS, STATUSES

folder = Path(sys.argv[1]).parent / "data"


class Events(dy.Schema):
    """One event a row."""

    event_id = dy.String(primary_key=True, regex="^ev-[0-9]{8}$")
    kind = dy.Enum(KINDS)
    status = dy.Enum(STATUSES)
    title = dy.String(max_length=200)
    date_from = dy.Date()
    date_to = dy.Date(nullable=True)
    people = dy.Int64(min=0, max=1000)
    fine = dy.Float64(min=0, max=1000, nullable=True)
    party_id = dy.String()
    url = dy.String(regex="^https?://[^ ]+$", nullable=True)
    days = dy.Int64(nullable=True)


parties = pl.read_csv(folder / "parties.csv", infer_schema=False)
texts = pl.read_csv(folder / "events.csv", infer_schema=False)
events = texts.with_columns(
    pl.col("date_from", "date_to").str.to_date(strict=False),
    pl.col("people", "days").cast(pl.Int64, strict=False),
    pl.col("fine").cast(pl.Float64, strict=False),
    pl.col("kind").cast(pl.Enum(KINDS), strict=False),
    pl.col("status").cast(pl.Enum(STATUSES), strict=False),
)
print("not of the type:", sum(events.null_count().row(0)) - sum(texts.null_count().row(0)))
good, failures = Events.filter(events)
print(good.height, "good;", failures.counts())
print(events.join(parties, on="party_id", how="anti").height, parties["party_id"].n_unique() - parties.height)
