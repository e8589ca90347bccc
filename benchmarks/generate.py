"""Packages to measure on, made by DuckDB from the number of the row alone: the same on every machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

KINDS = (
    "protest",
    "detention",
    "court_decision",
    "hearing",
    "indictment",
    "summons",
    "press_conference",
    "strike",
)
STATUSES = ("scheduled", "held", "postponed", "alleged")
_STRIDE = 7_368_787
"""Prime: multiplied with it, row numbers modulo the size stand in no order, and each comes once."""

_V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
_DIALECT = {"delimiter": ",", "skipInitialSpace": False}


def events_package(folder: Path, rows: int, *, broken: bool = False, ordered: bool = False) -> Path:
    """Events of eleven columns, and a tenth as many parties; with `broken` 1 % of the events in ten ways."""
    data = _fresh(folder) / "data"
    data.mkdir()
    parties = max(1, rows // 10)
    number = "i" if ordered else f"(i * {_STRIDE}) % {rows}"
    _copy(
        "SELECT 'pa-' || lpad(i::varchar, 7, '0') AS party_id, 'Party ' || i AS name "
        f"FROM range({parties}) t(i)",
        data / "parties.csv",
    )
    _copy(_events(rows, parties, number, broken), data / "events.csv")
    return _descriptor(folder, _resources())


def _descriptor(folder: Path, resources: list[dict[str, Any]]) -> Path:
    descriptor = {"$schema": _V2, "name": "benchmark", "version": "1.0.0", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    return folder / "datapackage.json"


def _events(rows: int, parties: int, number: str, broken: bool) -> str:
    def spoilt(way: int, bad: str, good: str) -> str:
        return f"CASE WHEN i % 1000 = {way} THEN {bad} ELSE {good} END" if broken else good

    event_id = "'ev-' || lpad(n::varchar, 8, '0')"
    other_id = "'ev-' || lpad(((n + 1) % " + str(rows) + ")::varchar, 8, '0')"
    return f"""
    SELECT {spoilt(0, "'EV_' || n", spoilt(1, other_id, event_id))} AS event_id,
      {spoilt(2, "'protset'", f"{list(KINDS)}[1 + (n * 7) % {len(KINDS)}]")} AS kind,
      {spoilt(3, "''", f"{list(STATUSES)}[1 + ((n * 13) // 3) % {len(STATUSES)}]")} AS status,
      'Hearing number ' || n || CASE WHEN n % 4 = 0 THEN ', ' ELSE ' and ' END || ((n * 31) % 977)
        || ' pages of minutes' AS title,
      {spoilt(4, "'2025-02-30'", "(DATE '2000-01-01' + ((n * 37) % 9000)::int)::varchar")} AS date_from,
      {spoilt(5, "'13/11/2025'", "(DATE '2000-01-02' + ((n * 37) % 9000)::int)::varchar")} AS date_to,
      {spoilt(6, "'5000'", spoilt(7, "'many'", "((n * 17) % 500)::varchar"))} AS people,
      {spoilt(8, "'-5.00'", "(((n * 29) % 100000) / 100.0)::decimal(8, 2)::varchar")} AS fine,
      {spoilt(9, "'pa-unknown'", f"'pa-' || lpad(((n * 7919) % {parties})::varchar, 7, '0')")} AS party_id,
      'https://example.org/news/' || ((n * 12345) % 1000003) || '/article' AS url,
      CASE WHEN n % 5 = 0 THEN NULL ELSE (n * 3) % 90 END AS days
    FROM (SELECT i, {number} AS n FROM range({rows}) t(i))"""


def _resources() -> list[dict[str, Any]]:
    def field(name: str, kind: str = "string", **constraints: object) -> dict[str, Any]:
        return (
            {"name": name, "type": kind, "constraints": constraints}
            if constraints
            else {"name": name, "type": kind}
        )

    events = [
        field("event_id", required=True, pattern="ev-[0-9]{8}"),
        field("kind", required=True, enum=list(KINDS)),
        field("status", required=True, enum=list(STATUSES)),
        field("title", required=True, maxLength=200),
        field("date_from", "date", required=True),
        field("date_to", "date"),
        field("people", "integer", required=True, minimum=0, maximum=1000),
        field("fine", "number", minimum=0, maximum=1000),
        field("party_id", required=True),
        field("url", pattern="https?://[^ ]+"),
        field("days", "integer"),
    ]
    parties = [field("party_id", required=True, pattern="pa-[0-9]{7}"), field("name", required=True)]
    key = {"fields": ["party_id"], "reference": {"resource": "parties", "fields": ["party_id"]}}
    return [
        _resource("events", {"fields": events, "primaryKey": ["event_id"], "foreignKeys": [key]}),
        _resource("parties", {"fields": parties, "primaryKey": ["party_id"]}),
    ]


def _resource(name: str, schema: object) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"data/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": schema,
    }


def wrong_package(folder: Path, rows: int) -> Path:
    """A table in which a date, a grouped number and an address are wrong in every row."""
    data = _fresh(folder) / "data"
    data.mkdir()
    _copy(
        f"""SELECT 'r' || i AS id,
          lpad((1 + i % 28)::varchar, 2, '0') || '/' || lpad((1 + i % 12)::varchar, 2, '0') || '/'
            || (1950 + i % 90) AS day,
          format('{{:,}}', 1000 + i) AS amount, 'name' || i || ' at example.org' AS mail
        FROM range({rows}) t(i)""",
        data / "wrong.csv",
    )
    fields = [
        {"name": "id", "type": "string"},
        {"name": "day", "type": "date"},
        {"name": "amount", "type": "number"},
        {"name": "mail", "type": "string", "format": "email"},
    ]
    return _descriptor(folder, [_resource("wrong", {"fields": fields, "primaryKey": ["id"]})])


def many_tables_package(folder: Path, tables: int, rows: int = 100) -> Path:
    """So many small tables."""
    data = _fresh(folder) / "data"
    data.mkdir()
    fields = [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "r-[0-9]{4}"}},
        {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b", "c"]}},
        {"name": "day", "type": "date"},
        {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
    ]
    text = "id,kind,day,n\n" + "".join(
        f"r-{row:04},{'abc'[row % 3]},2024-01-{1 + row % 28:02},{row}\n" for row in range(rows)
    )
    names = [f"t{number}" for number in range(tables)]
    for name in names:
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    schema = {"fields": fields, "primaryKey": ["id"]}
    return _descriptor(folder, [_resource(name, schema) for name in names])


def case_package(folder: Path, rows: int, *, claims: int = 1, parties: int = 0, sources: int = 1) -> Path:
    """A Case Data Package with so many events, each with so many claims for its date.

    The claims go round the sources, which came out on as many days; each party has a part in an event. Other
    tables are all but empty.
    """
    from casetrail.case.profile import profile
    from casetrail.case.schema_files import case_schemas

    data = _fresh(folder) / "data"
    data.mkdir()
    (folder / "schemas").mkdir()
    tables = profile().tables
    for name, schema in case_schemas("1.0", tuple(tables)).items():
        (folder / "schemas" / f"{name}.json").write_text(schema, encoding="utf-8")
        (data / f"{name}.csv").write_text(",".join(tables[name].columns) + "\n", encoding="utf-8")
    _append(data / "places.csv", "pl-town,town,Saltmouth,,KZ,,,")
    _append(
        data / "sources.csv",
        "so-courier,news,The Courier,,,All about it,,https://courier.example/1,,2025-03-12,2025-05,en,,,full,",
    )
    for number in range(1, sources):
        day = f"2025-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        url = f"https://herald.example/{number}"
        row = f"so-herald-{number},news,The Herald,,,Page {number},,{url},,{day},2025-05,en,,,part,"
        _append(data / "sources.csv", row)
    for number in range(parties):
        _append(data / "parties.csv", f"pa-{number},person,Person {number},Somebody.,,public_role,")
        _append(data / "participations.csv", f"pt-{number},ev-{number:08},pa-{number},participant,,,")
    event_id = "'ev-' || lpad(i::varchar, 8, '0')"
    date = "(DATE '2000-01-01' + ((i * 37) % 9000)::int)::varchar"
    # Of the cells that need evidence of their own (date, time, place, access) only the date is filled.
    _copy(
        f"""SELECT {event_id} AS event_id,
          (['protest','detention','hearing','indictment'])[1 + (i * 7) % 4] AS kind,
          'Hearing number ' || i AS title, 'What happened on day ' || i AS summary,
          {date} AS date, NULL AS time, CASE WHEN i % 3 = 1 THEN 'morning' END AS part_of_day,
          NULL AS timezone, NULL AS place_id, 'held' AS status, NULL AS replaces, NULL AS proceeding_id,
          NULL AS instance, NULL AS access, NULL AS format, NULL AS note
        FROM range({rows}) t(i)""",
        data / "events.csv",
    )
    event = f"(i - 1) // {claims}"
    source = f"CASE i % {sources} WHEN 0 THEN 'so-courier' ELSE 'so-herald-' || i % {sources} END"
    columns = ", ".join(
        {
            "evidence_id": "'ec-' || lpad(i::varchar, 8, '0')",
            "table": "CASE WHEN i = 0 THEN 'places' ELSE 'events' END",
            "row_id": f"CASE WHEN i = 0 THEN 'pl-town' ELSE 'ev-' || lpad(({event})::varchar, 8, '0') END",
            "field": "CASE WHEN i > 0 THEN 'date' END",
            "value": f"CASE WHEN i > 0 THEN {date.replace('i *', f'({event}) *')} END",
            "source_id": source,
            "locator": "'paragraph ' || (i % 40)",
            "certainty": "'stated'",
        }.get(name, "NULL")
        + f' AS "{name}"'
        for name in tables["evidence"].columns
    )
    _copy(f"SELECT {columns} FROM range({rows * claims + 1}) t(i)", data / "evidence.csv")
    resources = [{**_resource(name, f"schemas/{name}.json")} for name in tables]
    descriptor = {
        "$schema": _V2,
        "name": "benchmark-case",
        "version": "1.0.0",
        "caseProfile": "1.0",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2), encoding="utf-8")
    return folder / "datapackage.json"


def in_parquet(folder: Path, events: Path) -> Path:
    """The package of events again, its tables in Parquet with the types that their schema asks for."""
    data = _fresh(folder) / "data"
    data.mkdir()
    resources = _resources()
    for resource in resources:
        source = events.parent / resource["path"]
        resource |= {"path": f"data/{resource['name']}.parquet", "format": "parquet"}
        resource["mediatype"] = "application/vnd.apache.parquet"
        del resource["encoding"], resource["dialect"]
        types = {"date": "DATE", "integer": "BIGINT", "number": "DOUBLE"}
        columns = {
            field["name"]: types.get(field["type"], "VARCHAR") for field in resource["schema"]["fields"]
        }
        reading = f"read_csv('{source}', header = true, columns = {columns})"
        _copy(f"SELECT * FROM {reading}", folder / resource["path"], "FORMAT parquet")
    return _descriptor(folder, resources)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(line + "\n")


def _copy(query: str, path: Path, form: str = "FORMAT csv, HEADER, DELIMITER ','") -> None:
    # In a process of its own: what this one has ever held counts as the peak memory of those it starts.
    sql = f"SET enable_progress_bar = false; COPY ({query}) TO '{path}' ({form})"
    subprocess.run([sys.executable, "-c", "import duckdb, sys; duckdb.sql(sys.argv[1])", sql], check=True)
