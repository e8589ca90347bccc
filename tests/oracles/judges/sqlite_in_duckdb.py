"""DuckDB reads the SQLite file of a release: the rows of each table and view, and its types."""

import json
import sqlite3
import sys
from pathlib import Path

import duckdb
import duckdb_extension_sqlite_scanner

extension = next(Path(duckdb_extension_sqlite_scanner.__file__).parent.rglob("*.duckdb_extension"))
connection = duckdb.connect()
connection.execute(f"LOAD '{extension}'")
connection.execute("SET TimeZone = 'UTC'")
(file,) = Path(sys.argv[1]).glob("*.sqlite")
connection.execute(f"ATTACH '{file}' AS release (TYPE sqlite, READ_ONLY)")
listed = sqlite3.connect(file).execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
names = [name for (name,) in listed]
told = {}
for name in sorted(names):
    cursor = connection.execute(f'SELECT * FROM release."{name}"')
    types = [[column[0], str(column[1])] for column in cursor.description]
    told[name] = {"types": types, "rows": cursor.fetchall()}
print(json.dumps(told, default=str))
