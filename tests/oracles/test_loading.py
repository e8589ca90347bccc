"""What others read: FollowTheMoney the entities of a case, DuckDB the SQLite file."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

import casetrail
from casetrail.cli.main import main

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Judge(Protocol):
    def __call__(self, name: str, release: Path) -> Any: ...


@pytest.fixture(scope="session")
def torture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the table that breaks loaders."""
    folder = tmp_path_factory.mktemp("torture-release")
    shutil.copytree(ROOT / "tests" / "torture" / "package", folder / "package")
    assert main(["release", str(folder / "package"), "--output", str(folder)]) == 0
    return folder / "torture-1.0.0"


def entities(release: Path) -> Any:
    python = ROOT / ".venv-oracles-ftm" / "bin" / "python"
    if not python.exists():
        if os.environ.get("CASETRAIL_REQUIRE_ALL") == "1":
            pytest.fail(
                f"{python} is not there; install libicu-dev, pkg-config and g++ and run `make oracles`"
            )
        pytest.skip("needs the program followthemoney (libicu-dev, pkg-config and g++, then make oracles)")
    command = [str(python), str(HERE / "judges" / "entities.py"), str(release)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(params=["harbour", "dataset"])
def of_a_case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The release of a case: a small one, and the dataset of this repository."""
    if request.param == "harbour":
        return request.getfixturevalue("harbour")  # type: ignore[no-any-return]
    assert main(["export", str(ROOT), "--to", "ftm", "--output", str(tmp_path / "ftm.json")]) == 0
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    return tmp_path


def test_followthemoney_takes_every_entity_and_value(of_a_case: Path) -> None:
    told = entities(of_a_case)
    case = casetrail.open(of_a_case)
    assert told["refused"] == [] and told["lost"] == []
    assert told["loose"] == [] and told["wrong_range"] == []
    counts = told["schemata"]
    assert counts["Article"] == case["sources"].num_rows
    assert counts["CourtCase"] == case["charges"].num_rows
    assert counts["CourtCaseParty"] >= case["charges"].num_rows
    events = ("events", "responses", "measures", "decisions")
    links = ("relations", "participations", "signatories")
    ties = ("UnknownLink", "Family", "Representation", "Membership", "Directorship")
    assert counts["Event"] == sum(case[table].num_rows for table in events if table in case)
    assert sum(counts.get(tie, 0) for tie in ties) == sum(case[table].num_rows for table in links)
    assert counts["Note"] == case["disagreements"].num_rows
    kinds = case["parties"]["kind"].to_pylist()
    for kind, schema in (
        ("person", "Person"),
        ("organization", "Organization"),
        ("public_body", "PublicBody"),
    ):
        assert counts.get(schema, 0) == kinds.count(kind)
    # In a case every row has evidence, so every entity has a proof.
    assert told["without_proof"] == []
    titles = dict(
        zip(case["events"]["event_id"].to_pylist(), case["events"]["title"].to_pylist(), strict=True)
    )
    for event_id, title in titles.items():
        assert told["names"][f"{case.name}-{event_id}"] == title


def test_entities_of_withheld_parties_have_no_name(of_a_case: Path) -> None:
    names = entities(of_a_case)["names"]
    case = casetrail.open(of_a_case)
    for row in case["parties"].to_pylist():
        if row["disclosure"] in ("withheld", "unnamed"):
            assert names[f"{case.name}-{row['party_id']}"] == row["description"].rstrip(".")


def test_duckdb_reads_the_sqlite_file_of_a_case(judge: Judge, harbour: Path) -> None:
    told = judge("sqlite_in_duckdb", harbour)
    case = casetrail.open(harbour)
    assert set(told) >= {*case, "timeline", "accused", "claims", "versions", "codebook", "about"}
    for name, table in case.items():
        rows = [[None if one is None else _text(one) for one in row] for row in told[name]["rows"]]
        wanted = [[None if one is None else _text(one) for one in row.values()] for row in table.to_pylist()]
        assert rows == wanted, name


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        # DuckDB takes the moments of SQLite, which are in UTC, for times without a zone.
        return str(value.replace(tzinfo=None))
    return str(value)


def test_duckdb_reads_the_torture_table_from_sqlite(judge: Judge, torture: Path) -> None:
    told = judge("sqlite_in_duckdb", torture)["torture"]
    table = casetrail.open(torture)["torture"]
    types = dict(told["types"])
    assert types["count"] == "BIGINT" and types["amount"] == "DOUBLE" and types["day"] == "DATE"
    assert types["moment"] == types["local"] == "TIMESTAMP"
    columns = dict(zip(types, map(list, zip(*told["rows"], strict=True)), strict=True))
    for name, found in columns.items():
        wanted: list[Any] = table.column(name).to_pylist()
        if name == "odd":
            wanted = ["NaN", None, "INF", "-INF", "0"]
        elif name == "exact":
            wanted = [None if one is None else f"{one.normalize():f}" for one in wanted]
        elif name == "open":
            wanted = [None if one is None else int(one) for one in wanted]
        assert list(map(_or_none, found)) == list(map(_or_none, wanted)), name


def _or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
