"""Executors and a scheduler of Dask: the same report, whoever works on the blocks and whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import casetrail
from casetrail.checks.check import Options
from casetrail.checks.cluster import workers_of
from casetrail.checks.engine import validate
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report
from casetrail.package.package import open_package

ROOT = Path(__file__).parents[2]
BLOCK = 50_000
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "constraints": {"required": True}},
    {"name": "n", "type": "integer", "constraints": {"maximum": 30_000}},
    {"name": "text"},
    {"name": "same_as"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, write: Any) -> Path:
    """A table of 40,000 records, wrong here and there: cells, keys, references, the form of records."""
    lines = [f"r{n},{n},text,r{n // 2}" for n in range(40_000)]
    lines[5] = "r4,x,text,nowhere"
    lines[10_000] = 'r10000,1,"two\nlines",'
    lines[20_000] = 'r20000,2,"not closed,r1'
    lines[20_001] = 'r20001,2,closed",r1'
    lines[39_999] = "r1,2,text,r2,more"
    schema = {
        "fields": FIELDS,
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["same_as"], "reference": {"fields": ["id"]}}],
    }
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    text = "id,n,text,same_as\n" + "\n".join(lines) + "\n"
    return Path(write(tmp_path_factory.mktemp("large"), [resource], {"t.csv": text}))


@pytest.fixture(scope="module")
def expected(folder: Path) -> Report:
    report = casetrail.validate(folder, jobs=1)
    assert {"foreign-key", "primary-key-duplicate", "type-integer", "constraint-maximum"} <= set(
        report.counts
    )
    return report


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        yield cluster


def run(folder: Path, executor: Executor, on_first: Callable[[], None] = lambda: None) -> Report:
    """Validate in small blocks; something happens once the first of them was taken in."""
    calls = 0

    def progress(table: str, rows: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            on_first()

    options = Options(executor=executor, block=BLOCK, progress=progress)
    return validate(open_package(folder), options=options)


@pytest.mark.parametrize("kind", [ProcessPoolExecutor, ThreadPoolExecutor])
def test_any_executor_gives_the_same_report(folder: Path, expected: Report, kind: Any) -> None:
    with kind(2) as executor:
        assert run(folder, executor).to_json() == expected.to_json()
        assert casetrail.validate(folder, executor=executor).to_json() == expected.to_json()


def test_packed_tables_and_zips_are_sent_as_blocks(tmp_path: Path, folder: Path, expected: Report) -> None:
    import gzip
    import shutil

    packed = tmp_path / "packed"
    packed.mkdir()
    text = (folder / "datapackage.json").read_text()
    (packed / "datapackage.json").write_text(text.replace("t.csv", "t.csv.gz"))
    (packed / "t.csv.gz").write_bytes(gzip.compress((folder / "t.csv").read_bytes(), mtime=0))
    whole = Path(shutil.make_archive(str(tmp_path / "whole"), "zip", folder))
    with ProcessPoolExecutor(2) as executor:
        for path in (packed, whole):
            assert run(path, executor).counts == expected.counts


def test_a_case_is_validated_by_other_processes() -> None:
    with ProcessPoolExecutor(2) as executor:
        assert casetrail.validate(ROOT, executor=executor).to_json() == casetrail.validate(ROOT).to_json()


def test_a_cluster_gives_the_same_report(cluster: Any, folder: Path, expected: Report) -> None:
    with workers_of(cluster.scheduler_address) as executor:
        assert run(folder, executor).to_json() == expected.to_json()


def test_a_worker_that_is_killed_does_not_end_the_run(cluster: Any, folder: Path, expected: Report) -> None:
    def kill() -> None:
        pids = executor.client.run(os.getpid)  # type: ignore[attr-defined]
        os.kill(min(pids.values()), 9)

    with workers_of(cluster.scheduler_address) as executor:
        assert run(folder, executor, kill).to_json() == expected.to_json()


@pytest.mark.parametrize(
    ("happens", "code", "words"),
    [
        (
            lambda path: path.write_bytes(path.read_bytes() + b"z,1,,\n"),
            "check-not-run",
            "changed while it was read",
        ),
        (lambda path: path.unlink(), "path-unreadable", "no such file"),
    ],
    ids=["changes", "vanishes"],
)
def test_a_file_that_changes_or_vanishes_is_named(
    cluster: Any, folder: Path, tmp_path: Path, happens: Callable[[Path], None], code: str, words: str
) -> None:
    copy = tmp_path / "t.csv"
    copy.write_bytes((folder / "t.csv").read_bytes())
    (tmp_path / "datapackage.json").write_bytes((folder / "datapackage.json").read_bytes())
    with workers_of(cluster.scheduler_address) as executor:
        report = run(tmp_path, executor, lambda: happens(copy))
    (found,) = [found for found in report.findings if found.code == code]
    assert words in found.message and "t.csv" in f"{found.path} {found.message}"
    assert not report.valid


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "casetrail", "validate", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_asks_a_scheduler(cluster: Any, folder: Path, expected: Report) -> None:
    done = command("--scheduler", cluster.scheduler_address, "--format", "json", str(folder))
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == json.loads(expected.to_json())


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "foo", "tcp://127.0.0.1"])
def test_a_scheduler_that_is_not_there_is_one_line(folder: Path, address: str) -> None:
    done = command("--scheduler", address, str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"casetrail: there is no Dask scheduler at '{address}'")


def test_an_address_that_is_none_and_a_cluster_without_workers_have_a_name(folder: Path) -> None:
    from distributed import LocalCluster

    with (
        pytest.raises(CasetrailError, match="there is no Dask scheduler at 'nowhere'"),
        workers_of("nowhere"),
    ):
        pass
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty,
        pytest.raises(CasetrailError, match="has no workers"),
        workers_of(empty.scheduler_address),
    ):
        pass


def test_workers_that_are_lost_are_named(folder: Path) -> None:
    class Broken(ThreadPoolExecutor):
        def submit(self, *given: Any, **more: Any) -> Any:
            from concurrent.futures import BrokenExecutor, Future

            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("all are gone"))
            return future

    with Broken(1) as executor:
        report = run(folder, executor)
    (found,) = [found for found in report.findings if found.code == "check-not-run"]
    assert "the workers of the executor were lost (all are gone)" in found.message
