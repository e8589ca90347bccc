"""The SQLite file: constraints that hold, a codebook, the answers, and the same bytes every time."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import casetrail
from casetrail.case.case import Case
from casetrail.case.views.derived_tables import derived_tables
from casetrail.cli.main import main
from casetrail.exports.sqlite import write_sqlite
from casetrail.findings.error import CasetrailError
from casetrail.package.package import open_package
from casetrail.tables.typed import TypedTable

BOOKS = {"about", "codebook", "codebook_terms"}


@pytest.fixture(scope="module")
def database(release: Path) -> Iterator[sqlite3.Connection]:
    path = next(release.glob("*.sqlite"))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        yield connection


def typed_tables(folder: Path) -> list[TypedTable]:
    return [TypedTable(one, one.schema) for one in open_package(folder).tables if one.schema is not None]


def package(folder: Path, *resources: dict[str, Any], **cells: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in cells.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    descriptor = {"name": "small", "resources": list(resources)}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def table(name: str, *fields: dict[str, Any], **schema: Any) -> dict[str, Any]:
    return {"name": name, "path": f"{name}.csv", "schema": {"fields": list(fields), **schema}}


TEXT = {"type": "string"}


def test_the_file_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert names >= BOOKS


def test_every_table_says_what_python_has(database: sqlite3.Connection, release: Path) -> None:
    case = casetrail.open(release)
    for name, arrow in case.items():
        cursor = database.execute(f'SELECT * FROM "{name}"')
        assert [column[0] for column in cursor.description] == arrow.column_names
        found = cursor.fetchall()
        assert len(found) == arrow.num_rows
        wanted = [tuple(_stored(value) for value in row.values()) for row in arrow.to_pylist()]
        assert found == wanted, name


def _iso(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z")  # type: ignore[no-any-return]


def test_keys_and_vocabularies_are_kept(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(next(release.glob("*.sqlite")).read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        event = "SELECT event_id FROM events LIMIT 1"
        for statement, words in (
            (f"UPDATE events SET kind = 'protset' WHERE event_id = ({event})", "CHECK"),
            (f"UPDATE events SET place_id = 'pl-nowhere' WHERE event_id = ({event})", "FOREIGN KEY"),
            (f"UPDATE events SET title = NULL WHERE event_id = ({event})", "NOT NULL"),
            (f"UPDATE events SET event_id = ({event})", "UNIQUE"),
            ("UPDATE charges SET people = 'many'", "CHECK"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=words):
                connection.execute(statement)


def test_the_codebook_says_what_columns_and_terms_mean(database: sqlite3.Connection, release: Path) -> None:
    case = casetrail.open(release)
    for name in case:
        for column in case.columns(name).values():
            (found,) = database.execute(
                "SELECT title, description, unit, derived_from FROM codebook "
                "WHERE table_name = ? AND column_name = ?",
                (name, column.name),
            )
            words = (column.title, column.description, column.unit, ",".join(column.derived_from))
            assert tuple(one or "" for one in found) == words
            terms = database.execute(
                "SELECT term, label FROM codebook_terms WHERE table_name = ? AND column_name = ? "
                "ORDER BY position",
                (name, column.name),
            )
            assert dict(terms.fetchall()) == dict(column.labels)
    refers = "SELECT refers_to, key, required FROM codebook WHERE table_name = 'events' AND column_name = ?"
    assert database.execute(refers, ("place_id",)).fetchone() == ("places.place_id", None, 0)
    assert database.execute(refers, ("event_id",)).fetchone() == (None, "primary", 1)
    described = "SELECT count(*) FROM codebook WHERE column_name IS NULL AND description IS NOT NULL"
    assert database.execute(described).fetchone() == (len(case) + 4,)
    assert dict(database.execute("SELECT name, value FROM about"))["citation"] == case.citation()


@pytest.mark.parametrize("name", ["claims", "versions", "timeline", "accused"])
def test_the_answers_are_those_of_python_and_of_the_files(
    database: sqlite3.Connection, release: Path, name: str
) -> None:
    wanted = derived_tables(Case.load(open_package(release)))[name]
    assert wanted.num_rows > 0
    rows = [tuple(_stored(value) for value in row.values()) for row in wanted.to_pylist()]
    assert database.execute(f"SELECT * FROM {name}").fetchall() == rows
    file = parquet.read_table(release / "derived" / f"{name}.parquet")
    assert file.to_pylist() == wanted.to_pylist()
    assert file.schema.metadata[b"citation"] == casetrail.open(release).citation().encode()
    columns = "SELECT column_name, description FROM codebook WHERE table_name = ? AND column_name IS NOT NULL"
    assert dict(database.execute(columns, (name,))) == {
        field.name: field.metadata[b"description"].decode() for field in wanted.schema
    }
    case = casetrail.open(release)
    assert case.claims().equals(derived_tables(Case.load(open_package(release)))["claims"])
    assert case.versions().num_rows == database.execute("SELECT count(*) FROM versions").fetchone()[0]


def _stored(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else _iso(value)


def test_a_package_that_is_no_case_has_no_answers_and_a_case_keeps_its_own_tables(
    harbour_case: Path, tmp_path: Path
) -> None:
    plain = package(tmp_path / "p", table("t", {"name": "a", **TEXT}), t="a\n1\n")
    assert main(["export", str(plain), "--to", "sqlite", "--output", str(tmp_path / "p.sqlite")]) == 0
    with closing(sqlite3.connect(tmp_path / "p.sqlite")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert "claims" not in names
    (harbour_case / "claims.csv").write_text("a\n1\n", encoding="utf-8")
    descriptor = json.loads((harbour_case / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append(table("claims", {"name": "a", **TEXT}))
    (harbour_case / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert main(["export", str(harbour_case), "--to", "sqlite", "--output", str(tmp_path / "c.sqlite")]) == 0
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as connection:
        assert connection.execute("SELECT * FROM claims").fetchall() == [("1",)]
        assert connection.execute("SELECT count(*) FROM casetrail_claims").fetchone()[0] > 20


def test_the_same_tables_are_the_same_bytes_wherever_they_are_written(harbour_case: Path) -> None:
    made = []
    for environment in (
        {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/Lima", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"},
    ):
        target = harbour_case / f"{environment['TZ'].replace('/', '-')}.sqlite"
        command = [
            sys.executable,
            "-m",
            "casetrail",
            "export",
            str(harbour_case),
            "--to",
            "sqlite",
            "--output",
            str(target),
        ]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
        made.append(target.read_bytes())
    assert made[0] == made[1]
    # The header does not tell which version of SQLite wrote it, nor how often the file was changed.
    assert made[0][24:28] == (1).to_bytes(4, "big") and made[0][92:96] == (1).to_bytes(4, "big")


def test_any_package_goes_in_and_a_table_keeps_its_name(tmp_path: Path) -> None:
    folder = package(
        tmp_path / "p",
        table("codebook", {"name": "about", **TEXT}, {"name": 'a "b"', "type": "number"}),
        codebook='about,"a ""b"""\nx,NaN\ny,INF\nz,\n',
    )
    target = tmp_path / "p.sqlite"
    write_sqlite(typed_tables(folder), target)
    with closing(sqlite3.connect(target)) as connection:
        rows = connection.execute('SELECT * FROM "codebook"').fetchall()
        assert rows == [("x", "NaN"), ("y", "INF"), ("z", None)]
        assert connection.execute("SELECT count(*) FROM casetrail_codebook").fetchone() == (3,)


def test_names_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    folder = package(tmp_path / "p", table("t", {"name": "a", **TEXT}, {"name": "A", **TEXT}), t="a,A\n1,2\n")
    with pytest.raises(CasetrailError, match="'a' and 'A', which SQL cannot tell apart"):
        write_sqlite(typed_tables(folder), tmp_path / "p.sqlite")


def test_a_key_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    key = {"fields": ["b"], "reference": {"resource": "u", "fields": ["a"]}}
    folder = package(
        tmp_path / "p",
        table("t", {"name": "b", **TEXT}, foreignKeys=[key]),
        table("u", {"name": "a", **TEXT}, primaryKey=["a"]),
        t="b\nx\n",
        u="a\ny\n",
    )
    with pytest.raises(CasetrailError, match="the table 't' refers to a row of 'u' that is not there"):
        write_sqlite(typed_tables(folder), tmp_path / "p.sqlite")


def test_a_key_to_what_is_not_unique_is_told_but_not_enforced(tmp_path: Path) -> None:
    key = {"fields": ["b"], "reference": {"resource": "u", "fields": ["a"]}}
    folder = package(
        tmp_path / "p",
        table("t", {"name": "b", **TEXT}, foreignKeys=[key]),
        table("u", {"name": "a", **TEXT}),
        t="b\nx\n",
        u="a\nx\nx\n",
    )
    write_sqlite(typed_tables(folder), tmp_path / "p.sqlite")
    with closing(sqlite3.connect(tmp_path / "p.sqlite")) as connection:
        assert connection.execute("PRAGMA foreign_key_list(t)").fetchall() == []
        told = connection.execute("SELECT refers_to FROM codebook WHERE column_name = 'b'").fetchone()
        assert told == ("u.a",)


def test_the_command_writes_the_file(harbour_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = harbour_case / "case.sqlite"
    assert main(["export", str(harbour_case), "--to", "sqlite", "--output", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT count(*) FROM timeline").fetchone()[0] > 0
