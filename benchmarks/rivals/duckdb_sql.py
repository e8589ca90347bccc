"""The same checks written by hand in SQL, run by DuckDB."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.generate import KINDS, STATUSES

folder = Path(sys.argv[1]).parent / "data"
connection = duckdb.connect()
for name in ("parties", "events"):
    connection.execute(
        f"CREATE TABLE {name} AS SELECT * FROM read_csv('{folder / name}.csv', "
        "header=true, all_varchar=true, "
        "delim=',', quote='\"', escape='\"', strict_mode=true)"
    )
checks = f"""
SELECT
  count(*) FILTER (WHERE event_id IS NULL OR NOT regexp_full_match(event_id, 'ev-[0-9]{{8}}')) AS event_id,
  count(*) FILTER (WHERE kind IS NULL OR kind NOT IN {KINDS}) AS kind,
  count(*) FILTER (WHERE status IS NULL OR status NOT IN {STATUSES}) AS status,
  count(*) FILTER (WHERE title IS NULL OR length(title) > 200) AS title,
  count(*) FILTER (WHERE date_from IS NULL OR try_strptime(date_from, '%Y-%m-%d') IS NULL) AS date_from,
  count(*) FILTER (WHERE date_to IS NOT NULL AND try_strptime(date_to, '%Y-%m-%d') IS NULL) AS date_to,
  count(*) FILTER (WHERE coalesce(try_cast(people AS BIGINT) NOT BETWEEN 0 AND 1000, true)) AS people,
  count(*) FILTER (
    WHERE fine IS NOT NULL AND coalesce(try_cast(fine AS DOUBLE) NOT BETWEEN 0 AND 1000, true)
  ) AS fine,
  count(*) FILTER (WHERE url IS NOT NULL AND NOT regexp_full_match(url, 'https?://[^ ]+')) AS url,
  count(*) FILTER (WHERE days IS NOT NULL AND try_cast(days AS BIGINT) IS NULL) AS days
FROM events
"""
print(connection.execute(checks).fetchone())
print(connection.execute("SELECT count(*) - count(DISTINCT event_id) FROM events").fetchone())
print(connection.execute("SELECT count(*) FROM events ANTI JOIN parties USING (party_id)").fetchone())
print(
    connection.execute(
        "SELECT count(*) - count(DISTINCT party_id), count(*) FILTER (WHERE name IS NULL), "
        "count(*) FILTER (WHERE NOT regexp_full_match(party_id, 'pa-[0-9]{7}')) FROM parties"
    ).fetchone()
)
