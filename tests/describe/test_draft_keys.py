"""The keys that `casetrail describe` drafts: they hold, not by accident, and false friends have none."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import casetrail
from casetrail.cli.main import main

Rows = list[list[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which commands are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(folder: Path, **tables: str) -> dict[str, Any]:
    """The schema of each table, drafted by the command; the draft is valid."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text("".join(f"{row}\n" for row in text.split()), encoding="utf-8")
    output = folder / "datapackage.json"
    assert main(["describe", *(f"{name}.csv" for name in tables), "--output", str(output), "--force"]) == 0
    report = casetrail.validate(folder)
    assert report.valid, report.render("text")
    return {table["name"]: table["schema"] for table in json.loads(output.read_text())["resources"]}


def references(schemas: dict[str, Any]) -> set[str]:
    """The drafted references, as `table.column > table.column`; the own table has no name."""
    return {
        f"{name}.{key['fields'][0]} > {key['reference']['resource']}.{key['reference']['fields'][0]}"
        for name, schema in schemas.items()
        for key in schema.get("foreignKeys", ())
    }


def grid(*columns: int, last: str = "x") -> str:
    """Rows of every combination of so many numbers, in texts that are no keys by themselves."""
    rows = itertools.product(*(range(column) for column in columns))
    head = ",".join(f"c{index}" for index in range(len(columns)))
    return " ".join([f"{head},value", *(",".join([*(f"v{cell}" for cell in row), last]) for row in rows)])


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ((10, 10), ["c0", "c1"]),
        ((1, 10, 10), ["c1", "c2"]),
        ((5, 6, 7), ["c0", "c1", "c2"]),
        # Four columns are not looked for.
        ((4, 4, 4, 4), None),
        # So few rows may be apart by accident.
        ((3, 3), None),
    ],
)
def test_the_fewest_leading_columns_that_tell_rows_apart(
    folder: Path, columns: tuple[int, ...], key: list[str] | None, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = draft(folder, t=grid(*columns))["t"]
    assert schema.get("primaryKey") == key
    note = "so there is no key" if key is None else " and ".join(f"'{name}'" for name in key)
    assert note in capsys.readouterr().err


def test_a_column_with_a_gap_is_no_part_of_a_key(folder: Path) -> None:
    assert "primaryKey" not in draft(folder, t=f"{grid(10, 10)} v11,,x")["t"]


def test_a_repeated_row_far_down_leaves_no_key(folder: Path) -> None:
    rows = grid(150, 150)
    assert draft(folder, t=rows)["t"]["primaryKey"] == ["c0", "c1"]
    assert "primaryKey" not in draft(folder, t=f"{rows} v3,v7,y")["t"]


def test_nearly_unique_columns_do_not_make_any_other_a_part(folder: Path) -> None:
    # Only two rows are alike in `a`: whatever column stands beside it tells them apart, which says nothing.
    rows = [f"a{number},{'pq'[number % 2]}" for number in range(1, 60)]
    assert "primaryKey" not in draft(folder, t=" ".join(["a,b", *rows, "a1,p"]))["t"]


def test_moments_are_parts_where_each_is_written_in_one_way(folder: Path) -> None:
    rows = [f"{place},2026-01-01T00:{minute:02}:00Z,1" for minute in range(20) for place in "ab"]
    assert draft(folder, t=" ".join(["p,at,n", *rows]))["t"]["primaryKey"] == ["p", "at"]
    rows = [row.replace(":00Z", ":00+00:00") if row[0] == "b" else row for row in rows]
    assert "primaryKey" not in draft(folder, t=" ".join(["p,at,n", *rows]))["t"]


def test_numbers_that_are_written_twice_are_no_key(folder: Path) -> None:
    assert "primaryKey" not in draft(folder, t="n,m 0,a -0,a 5,a")["t"]


def test_the_key_is_the_column_that_is_called_so(folder: Path) -> None:
    schemas = draft(folder, teams="name,abbr_no,team_id a,7,1 b,8,2", other="title,code a,x b,y")
    assert [schema["primaryKey"] for schema in schemas.values()] == [["team_id"], ["code"]]


AUTHORS = "id,name 1,Abai 2,Mukhtar 3,Olzhas"
TEAMS = "team,city red,Almaty blue,Astana green,Oskemen"
CODED = "event_id,title ev-one,a ev-two,b ev-three,c"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"authors": AUTHORS, "books": "title,author_id a,1 b,1 c,3"}, "books.author_id > authors.id"),
        ({"authors": AUTHORS, "books": "title,authorId a,1 b, c,3"}, "books.authorId > authors.id"),
        (
            {"authors": AUTHORS, "books": "title,first_author_id a,1 b,1"},
            "books.first_author_id > authors.id",
        ),
        ({"categories": AUTHORS, "books": "title,Category-ID a,1 b,1"}, "books.Category-ID > categories.id"),
        ({"boxes": AUTHORS, "lids": "title,box_id a,1 b,1"}, "lids.box_id > boxes.id"),
        ({"cases": AUTHORS, "lids": "title,case_id a,1 b,1"}, "lids.case_id > cases.id"),
        (
            {"people": "person_id,name 1,a 2,b 3,c", "visits": "day,person_id 1,2 2,2 2,3"},
            "visits.person_id > people.person_id",
        ),
        ({"teams": TEAMS, "games": "n,home_team 1,red 2,red"}, "games.home_team > teams.team"),
        ({"team": TEAMS.replace("team", "label"), "games": "n,team 1,red 2,red"}, "games.team > team.label"),
        # Identifiers by their look need no name.
        ({"events": CODED, "notes": "n,about 1,ev-one 2,ev-one"}, "notes.about > events.event_id"),
        ({"staff": "id,name,manager_id 1,a, 2,b,1 3,c,1"}, "staff.manager_id > .id"),
        ({"staff": "id,name,parent 1,a, 2,b,1 3,c,2"}, "staff.parent > .id"),
        ({"kinds": "kind,parent_kind a, b,a c,a"}, "kinds.parent_kind > .kind"),
        (
            {"events": "event_id,replaces ev-one, ev-two,ev-one ev-three,ev-one"},
            "events.replaces > .event_id",
        ),
        # A part of the rows in a second table with the same key.
        (
            {"patients": "patient_id,n 1,a 2,b 3,c", "deaths": "patient_id,day 1,x 3,y"},
            "deaths.patient_id > patients.patient_id",
        ),
    ],
)
def test_columns_that_lead_to_a_key(folder: Path, tables: dict[str, str], expected: str) -> None:
    assert references(draft(folder, **tables)) == {expected}


@pytest.mark.parametrize(
    "tables",
    [
        # Numbers are among 1, 2, 3 of everything.
        {"authors": AUTHORS, "books": "title,pages a,1 b,1 c,3"},
        {"authors": AUTHORS, "books": "title,shelf_id a,1 b,1 c,3"},
        {"orders": AUTHORS, "customers": "name,orders a,1 b,1 c,3"},
        {"orders": AUTHORS, "customers": "name,order a,1 b,1 c,3"},
        {"orders": AUTHORS, "customers": "name,number_of_orders a,1 b,1 c,3"},
        # The name of another thing that is there as a key too.
        {"customers": "id,order_id 1,1 2,2 3,1"},
        {"lines": "id,n,number 1,2,2 2,2,2 3,1,1"},
        {"a": "row,x 1,p 2,p 3,p", "b": "row,y 1,p 2,p"},
        # One value that no key is.
        {"authors": AUTHORS, "books": "title,author_id a,1 b,1 c,4"},
        # Another type.
        {"authors": "id,name 007,a 008,b 7,c", "books": "title,author_id a,7 b,7"},
        # No value at all.
        {"authors": AUTHORS, "books": "title,author_id a, b, c,"},
        # Short words need a name that says so.
        {"teams": TEAMS, "cars": "n,colour 1,red 2,red 3,blue"},
        # Two tables with the same keys: neither leads to the other.
        {"a": "patient_id,n 1,a 2,b", "b": "patient_id,day 1,x 2,y"},
        # A copy of the key is no reference to it.
        {"events": "event_id,copy ev-one,ev-one ev-two,ev-two"},
        {"countries": "id,country_code 1,1 2,1 3,2", "phones": "n,country_code x,1 y,2 y,2"},
    ],
)
def test_false_friends_lead_nowhere(folder: Path, tables: dict[str, str]) -> None:
    assert references(draft(folder, **tables)) == set()


def test_where_two_keys_would_do_none_is_drafted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = {"a": CODED, "b": CODED.replace("event_id", "key"), "notes": "n,about 1,ev-one 2,ev-one"}
    assert references(draft(folder, **tables)) == set()
    assert (
        "its values are those of 'event_id' of 'a' or 'key' of 'b'; no foreign key" in capsys.readouterr().err
    )


def test_a_value_in_the_last_of_many_blocks_is_no_key(folder: Path) -> None:
    parties = "\n".join(f"{number},{'n' * 30}" for number in range(50_000))
    events = "\n".join(f"{number % 50_000},{'n' * 30}" for number in range(120_000))
    (folder / "parties.csv").write_text(f"id,name\n{parties}\n")
    for last, expected in (("7", {"events.party_id > parties.id"}), ("50000", set())):
        (folder / "events.csv").write_text(f"party_id,note\n{events}\n{last},x\n")
        assert main(["describe", "parties.csv", "events.csv", "--output", "draft.json", "--force"]) == 0
        tables = json.loads((folder / "draft.json").read_text())["resources"]
        assert references({table["name"]: table["schema"] for table in tables}) == expected


def test_other_formats_lead_to_one_another(folder: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2, 3], "name": ["a", "b", "c"]}), folder / "authors.parquet")
    (folder / "books.json").write_text(
        json.dumps([{"title": "x", "author_id": 1}, {"title": "y", "author_id": 1}])
    )
    names = ["authors.parquet", "books.json"]
    assert main(["describe", *names, "--output", "datapackage.json"]) == 0
    tables = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert references({t["name"]: t["schema"] for t in tables}) == {"books.author_id > authors.id"}
    assert casetrail.validate(folder).valid


def _write(folder: Path, name: str, header: list[str], rows: Rows) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([header, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8", newline="")


_KINDS = (
    st.integers(-2, 12).map(str),
    st.sampled_from(["-0", "0", "00", "1", "+1", "1.0"]),
    st.sampled_from(["ev-one", "ev-two", "ev-three", "ev-four", "EV-ONE", ""]),
    st.sampled_from(["a", "b", "A", "é", "e\u0301", " a", "a ", "", "NA"]),
    st.dates().map(str),
    st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+01:00"]),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=3),
)
_NAMES = ("id", "other_id", "name", "parent", "t0_id", "t1", "t1_id", "code")


@st.composite
def _packages(draw: st.DrawFn) -> list[tuple[list[str], Rows]]:
    """Tables as header and rows: one with numbers for ids, others, and one with a key of two columns."""
    ids = draw(st.lists(st.integers(-2, 40).map(str), min_size=1, max_size=14, unique=True))
    tables = [(["id", "name"], [[number, draw(st.sampled_from(["x", "y"]))] for number in ids])]
    for _ in range(draw(st.integers(0, 2))):
        header = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4, unique=True))
        rows = draw(st.integers(0, 14))
        referring = st.sampled_from([*ids, ""])
        kinds = [referring if name == "t0_id" else draw(st.sampled_from(_KINDS)) for name in header]
        columns = [draw(st.lists(kind, min_size=rows, max_size=rows)) for kind in kinds]
        tables.append((header, [list(row) for row in zip(*columns, strict=True)]))
    if width := draw(st.integers(0, 6)):
        pairs = [[f"v{left}", f"w{right}"] for left in range(5) for right in range(width)]
        tables.append((["p", "q"], draw(st.permutations(pairs))))
    return tables


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables=_packages())
def test_whatever_is_described_the_draft_is_valid_and_a_broken_key_is_not(
    tables: list[tuple[list[str], Rows]], tmp_path: Path
) -> None:
    names = [f"t{number}.csv" for number in range(len(tables))]
    for name, (header, rows) in zip(names, tables, strict=True):
        _write(tmp_path, name, header, rows)
    target = tmp_path / "datapackage.json"
    files = [str(tmp_path / name) for name in names]
    assert main(["describe", *files, "--output", str(target), "--force"]) == 0
    report = casetrail.validate(tmp_path, hygiene=False)
    assert report.valid, report.render("text")

    for number, resource in enumerate(json.loads(target.read_text())["resources"]):
        header, rows = tables[number]
        schema = resource["schema"]
        if key := schema.get("primaryKey"):
            event(f"key of {len(key)}")
            _write(tmp_path, names[number], header, [*rows, rows[0]])
            assert "primary-key-duplicate" in _codes(tmp_path)
        for reference in schema.get("foreignKeys", ()):
            event("reference")
            at = header.index(reference["fields"][0])
            row = next(row for row in rows if row[at])
            strange = "999" if schema["fields"][at]["type"] == "integer" else "nobody has this"
            _write(tmp_path, names[number], header, [*rows, [*row[:at], strange, *row[at + 1 :]]])
            assert "foreign-key" in _codes(tmp_path)
        _write(tmp_path, names[number], header, rows)


def _codes(folder: Path) -> set[str]:
    return {finding.code for finding in casetrail.validate(folder, hygiene=False).findings}
