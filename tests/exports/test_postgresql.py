"""A real PostgreSQL, started for these tests, loaded in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.views.derived_tables import derived_tables
from casetrail.cli.main import main
from casetrail.package.package import open_package
from extended_case import extend

HERE = Path(__file__).parent
TORTURE = HERE.parent / "torture" / "package"
NUMBERS = itertools.count()


def server_program(name: str) -> str:
    """A program of the server: Debian keeps these apart from the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = shutil.which(name) or (str(found[-1]) if found else None)
    if path is None:
        if os.environ.get("CASETRAIL_REQUIRE_ALL") == "1":
            pytest.fail(f"the program {name} is not on this machine, and CASETRAIL_REQUIRE_ALL=1 wants all")
        pytest.skip(f"needs the program {name}")
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder of the socket of a server, which runs as a user without rights."""
    initdb, control = server_program("initdb"), server_program("pg_ctl")
    # Not below pytest's folder: that belongs to root alone, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="casetrail-pg-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": "postgres", "group": "postgres", "extra_groups": ()}
        shutil.chown(folder, "postgres", "postgres")
    quiet: dict[str, Any] = {
        "check": True,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "cwd": folder,
    }
    data = str(folder / "data")
    subprocess.run(
        [initdb, "-D", data, "-A", "trust", "-U", "casetrail", "-E", "UTF8", "--locale=C", "--no-sync"],
        **quiet,
        **user,
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone=Asia/Almaty"
    subprocess.run(
        [control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start"], **quiet, **user
    )
    try:
        yield folder
    finally:
        subprocess.run([control, "-D", data, "-m", "immediate", "-w", "stop"], **quiet, **user)
        shutil.rmtree(folder)


@pytest.fixture
def database(server: Path) -> str:
    """The address of an empty database."""
    name = f"d{next(NUMBERS)}"
    with psycopg.connect(f"host={server} user=casetrail dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"postgresql:///{name}?host={server}&user=casetrail"


def export(package: Path, url: str) -> int:
    return main(["export", str(package), "--to", "postgresql", "--output", url])


def relations(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        return connection.execute(query).fetchall()


def test_the_dataset(release: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = casetrail.open(release)
    assert export(release, database) == 0
    rows = sum(table.num_rows for table in case.values())
    assert f"loaded {len(case)} tables with {rows:,} rows, in one transaction" in capsys.readouterr().out
    with psycopg.connect(database) as connection:
        for name, table in case.items():
            found = connection.execute(f'SELECT * FROM "{name}"'.encode()).fetchall()
            assert found == [tuple(row.values()) for row in table.to_pylist()], name
        for name, table in derived_tables(Case.load(open_package(release))).items():
            found = connection.execute(f"SELECT * FROM {name}".encode()).fetchall()
            assert found == [tuple(row.values()) for row in table.to_pylist()], name
            told = connection.execute(f"SELECT col_description('{name}'::regclass, 1)".encode()).fetchone()
            assert told == (table.schema.field(0).metadata[b"description"].decode(),)
        ours = "connamespace = 'public'::regnamespace"
        kept = f"SELECT contype, count(*) FROM pg_constraint WHERE {ours} GROUP BY 1"
        kinds = dict(connection.execute(kept.encode()).fetchall())
        assert kinds["p"] == len(case) and kinds["f"] > 10 and kinds["c"] > 10
        told = connection.execute("SELECT col_description('events'::regclass, 2)").fetchone()
        assert told == (case.columns("events")["kind"].description,)


def test_the_torture_table(database: str) -> None:
    assert export(TORTURE, database) == 0
    table = casetrail.open(TORTURE)["torture"]
    with psycopg.connect(database) as connection:
        cursor = connection.execute("SELECT * FROM torture")
        rows = cursor.fetchall()
        assert [column.name for column in cursor.description or ()] == table.column_names
        kinds = dict(
            connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'torture'"
            ).fetchall()
        )
    assert kinds["exact"] == kinds["huge"] == "numeric" and kinds["beyond"] == "bigint"
    assert kinds["moment"] == "timestamp with time zone" and kinds["local"] == "timestamp without time zone"
    for place, name in enumerate(table.column_names):
        found, wanted = [row[place] for row in rows], table.column(name).to_pylist()
        if name == "facts":
            wanted = [None if one is None else json.loads(one) for one in wanted]
        if name == "odd":
            assert math.isnan(found[0]) and math.isnan(wanted[0])
            found, wanted = found[1:], wanted[1:]
        assert found == wanted, name


def test_lists_are_json(tmp_path: Path, database: str) -> None:
    fields = [{"name": "a", "type": "list", "itemType": "integer"}]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    (tmp_path / "t.csv").write_text('a\n"1,2"\n', encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [resource]}), "utf-8")
    assert export(tmp_path, database) == 0
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT a FROM t").fetchall() == [([1, 2],)]


def test_a_load_that_fails_leaves_nothing(harbour_case: Path, database: str, capsys: Any) -> None:
    evidence = harbour_case / "data" / "participations.csv"
    text = evidence.read_text(encoding="utf-8")
    head, first, *rest = text.splitlines()
    cells = first.split(",")
    cells[head.split(",").index("party_id")] = "pa-nobody"
    evidence.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    assert export(harbour_case, database) == 2
    said = capsys.readouterr().err
    assert "PostgreSQL refused, and nothing was loaded" in said and "foreign key" in said
    assert relations(database) == []


def test_a_table_that_is_there_is_never_touched(harbour_case: Path, database: str, capsys: Any) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE measures (mine text)")
        connection.execute("INSERT INTO measures VALUES ('stays')")
    assert export(harbour_case, database) == 2
    assert "already exists" in capsys.readouterr().err
    assert relations(database) == [("measures",)]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT * FROM measures").fetchall() == [("stays",)]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql:///nowhere?host=/nowhere", "PostgreSQL refused, and nothing was loaded: connection"),
        ("mysql://x", "PostgreSQL refused, and nothing was loaded"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told(
    harbour_case: Path, url: str, words: str, capsys: Any
) -> None:
    assert export(harbour_case, url) == 2
    assert words in capsys.readouterr().err


def test_a_table_that_the_case_adds(harbour_case: Path, database: str) -> None:
    assert export(extend(harbour_case), database) == 0
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT finding, date_earliest FROM observations").fetchall()
        claims = connection.execute("SELECT value FROM claims WHERE row_id = 'ob-interpreter'").fetchall()
        kinds = connection.execute("SELECT kind FROM measures WHERE measure_id = 'me-boats'").fetchall()
    assert rows == [("no_interpreter", dt.date(2025, 4, 3))] and kinds == [("boat_ban",)]
    assert len(claims) == 4
