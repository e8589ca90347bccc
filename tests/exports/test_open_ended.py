"""Values that nobody thought of: whatever a table holds, SQLite, R and the calendar give it back."""

from __future__ import annotations

import json
import random
import sqlite3
import string
import struct
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casetrail.case.case import Case
from casetrail.exports.ical import write_ical
from casetrail.exports.r_loader import RFiles, write_r_loader
from casetrail.exports.sqlite import write_sqlite
from casetrail.package.package import open_package
from casetrail.tables.csv_writer import csv_bytes
from casetrail.tables.typed import TypedTable

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda name: name.strip() == name
)


def typed(folder: Path, fields: list[dict[str, Any]], rows: list[tuple[str, ...]]) -> TypedTable:
    names = [field["name"] for field in fields]
    (folder / "things.csv").write_bytes(csv_bytes(names, rows))
    resource = {"name": "things", "path": "things.csv", "schema": {"fields": fields}}
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}), "utf-8")
    things = open_package(folder).resource("things")
    assert things.schema is not None
    return TypedTable(things, things.schema)


@FEW
@given(name=NAMES, texts=st.lists(TEXTS, min_size=1, max_size=5))
@example(name='a"b', texts=["'; DROP TABLE things; --", "\r\n", "\ufeff"])
def test_sqlite_gives_any_text_back(name: str, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fields = [{"name": "row", "type": "integer"}, {"name": f"x{name}", "type": "string"}]
        table = typed(folder, fields, [(str(row), text) for row, text in enumerate(texts)])
        write_sqlite([table], folder / "p.sqlite")
        with closing(sqlite3.connect(folder / "p.sqlite")) as connection:
            cursor = connection.execute("SELECT * FROM things ORDER BY row")
            assert [column[0] for column in cursor.description] == ["row", f"x{name}"]
            assert [text for _, text in cursor] == [text or None for text in texts]


@pytest.mark.program("Rscript")
def test_r_gives_any_text_and_number_back(tmp_path: Path, r_columns: Callable[[str], dict[str, Any]]) -> None:
    # Always the same ones: a run of R costs too much to make many.
    chance = random.Random(20260123)
    alphabet = string.ascii_letters + '0123456789,,"""\n\r\t \\\'#;|éжح한🙂\u00a0\ufeff\u2028\x01\x7f'
    rows = []
    for _ in range(3000):
        number = struct.unpack("<d", chance.randbytes(8))[0]
        if number != number or number in (float("inf"), float("-inf")):
            number = chance.random()
        shown = chance.choice([repr(number), f"{chance.uniform(-1e6, 1e6):.{chance.randrange(9)}f}"])
        whole = str(chance.randrange(-(2**31) + 1, 2**31))
        text = "".join(chance.choices(alphabet, k=chance.randrange(12)))
        rows.append((shown, chance.choice([whole, ""]), text))
    fields = [
        {"name": "number", "type": "number"},
        {"name": "whole", "type": "integer"},
        {"name": "text", "type": "string"},
    ]
    table = typed(tmp_path, fields, rows)
    wanted = table.read_all().to_pydict()
    assert str(table.schema.field("number").type) == "double"
    write_r_loader([table], {"things": RFiles("things.csv")}, tmp_path / "load.R", name="p")
    found = r_columns(f"source('{tmp_path}/load.R')\ntables <- read_case('{tmp_path}')")["things"]
    assert found["text"]["values"] == wanted["text"]
    assert [None if one is None else int(one) for one in found["whole"]["values"]] == wanted["whole"]
    assert [float.fromhex(one) for one in found["number"]["values"]] == wanted["number"]


@FEW
@given(title=TEXTS.filter(str.strip), summary=TEXTS)
@example(title="a" * 75 + "ж" * 80, summary="\\;,\n\\n")
def test_a_calendar_gives_any_text_back(title: str, summary: str) -> None:
    cells = dict.fromkeys(
        ("part_of_day", "note", "place_id", "replaces", "time", "timezone", "status", "access"), ""
    )
    event = {**cells, "event_id": "ev-a", "kind": "hearing", "date": "2026-01-23"}
    case = Case("p", {"events": {"ev-a": {**event, "title": title, "summary": summary}}})
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary) / "a.ics"
        write_ical(case, target, created=None)
        data = target.read_bytes()
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    (found,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(found["SUMMARY"]) == shown(title)
    assert str(found["DESCRIPTION"]) == shown(summary)


def shown(text: str) -> str:
    """The text as a calendar can hold it: line feeds for every line end, no other control character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one if one >= " " or one == "\n" else " " for one in lines)
