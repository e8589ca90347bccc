"""Executors and a scheduler of Dask: the same report, whoever works on the blocks and whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from tests.package.test_remote import serve

import casetrail
from casetrail.checks.check import Options
from casetrail.checks.cluster import WorkerHandle, workers_of
from casetrail.checks.engine import validate
from casetrail.checks.table import TableProgress
from casetrail.findings.error import CasetrailError
from casetrail.findings.report import Report
from casetrail.package.package import Package, open_package

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


def run(folder: Path, executor: Executor, then: Callable[[], None] = lambda: None, after: int = 0) -> Report:
    """Validate in small blocks; something happens once more than so many rows were taken in."""
    happened = False

    def progress(step: TableProgress) -> None:
        nonlocal happened
        if step.rows > after and not happened:
            happened = True
            then()

    options = Options(executor=executor, block=BLOCK, progress=progress)
    return validate(open_package(folder), options=options)


@pytest.mark.parametrize("kind", [ProcessPoolExecutor, ThreadPoolExecutor])
def test_any_executor_gives_the_same_report(folder: Path, expected: Report, kind: Any) -> None:
    with kind(2) as executor:
        assert run(folder, executor).to_json() == expected.to_json()
        assert casetrail.validate(folder, executor=executor).to_json() == expected.to_json()


def test_a_case_is_validated_by_other_processes() -> None:
    with ProcessPoolExecutor(2) as executor:
        assert casetrail.validate(ROOT, executor=executor).to_json() == casetrail.validate(ROOT).to_json()


def test_a_cluster_gives_the_same_report(cluster: Any, folder: Path, expected: Report) -> None:
    with workers_of(cluster.scheduler_address) as executor:
        assert run(folder, executor).to_json() == expected.to_json()


def lines_of(rows: Iterable[tuple[object, ...]]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory, write: Any) -> Path:
    """Three tables with keys of two parts, parts that are missing, and references in a circle, some wrong."""
    hashed = [f"{(n * 7919) % 9_973:x}" for n in range(9_000)]
    left = [(hashed[n], n % 3 or "", hashed[(n * 5) % 9_000], hashed[n // 2], n) for n in range(9_000)]
    left[8_500], left[8_990] = left[10], left[4_000]
    left[7] = (*left[7][:2], "nowhere", "", 8)
    left[8_000] = (*left[8_000][:2], "nowhere", "nowhere either", 9)
    right = [(hashed[n], f"{n:05}", hashed[n], n % 3 or "") for n in range(9_000)]
    right[20] = (*right[20][:2], hashed[20], 7)
    right[8_999] = ("1", *right[2][1:])

    def key(fields: list[str], reference: list[str], resource: str = "") -> dict[str, Any]:
        return {"fields": fields, "reference": {"fields": reference, "resource": resource}}

    left_schema = {
        "fields": [
            *({"name": name} for name in ("id", "part", "other", "same")),
            {"name": "n", "type": "integer"},
        ],
        "primaryKey": ["id"],
        "uniqueKeys": [["id", "part"], ["n"]],
        "foreignKeys": [key(["other"], ["id"], "right"), key(["same"], ["id"])],
    }
    right_schema = {
        "fields": [{"name": "id"}, {"name": "n", "type": "integer", "constraints": {"unique": True}}]
        + [{"name": name} for name in ("left", "part")],
        "primaryKey": ["id"],
        "foreignKeys": [key(["left", "part"], ["id", "part"], "left")],
    }
    resources = [
        {"name": name, "type": "table", "path": f"{name}.csv", "schema": schema}
        for name, schema in (("left", left_schema), ("right", right_schema))
    ]
    files = {
        "left.csv": "id,part,other,same,n\n" + lines_of(left),
        "right.csv": "id,n,left,part\n" + lines_of(right),
    }
    return Path(write(tmp_path_factory.mktemp("tied"), resources, files))


@pytest.mark.parametrize("limit", [1, 1000])
@pytest.mark.parametrize("at_once", [WorkerHandle.at_once, 9_000])
def test_keys_are_compared_by_workers_as_in_one_process(
    cluster: Any, tied: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, limit: int
) -> None:
    package = open_package(tied)
    expected = validate(package, options=Options(jobs=1, limit=limit))
    assert {"foreign-key", "primary-key-duplicate", "unique-key", "constraint-unique"} <= set(expected.counts)
    monkeypatch.setattr(WorkerHandle, "at_once", at_once)
    steps: list[TableProgress] = []
    with workers_of(cluster.scheduler_address) as executor:
        options = Options(executor=executor, block=20_000, limit=limit, progress=steps.append)
        report = validate(package, options=options)
    assert report.to_json() == expected.to_json()
    # Nobody waits without being told for what.
    parts = {step.parts for step in steps if step.table == "left"}
    assert (parts == {0, 1}) == (at_once > 9_000) and max(parts) <= 128
    assert all(0 <= step.compared < step.parts for step in steps if step.parts)
    rows = [step.rows for step in steps if step.table == "left"]
    assert rows == sorted(rows)


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def packed_by_zstd(text: str) -> bytes:
    import pyarrow as pa

    return bytes(pa.compress(text.encode(), "zstd", asbytes=True))


def in_parquet(text: str) -> bytes:
    """In row groups of 500; a column of whole numbers has their type."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    header, *rows = [line.split(",") for line in text.splitlines()]
    file, arrays = BytesIO(), {}
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        arrays[name] = pa.array(map(int, cells) if all(cell.isdigit() for cell in cells) else cells)
    pq.write_table(pa.table(arrays), file, row_group_size=500)
    return file.getvalue()


def in_json(text: str) -> bytes:
    header, *rows = [line.split(",") for line in text.splitlines()]
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows]).encode()


def in_json_lines(text: str) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in json.loads(in_json(text))).encode()


VALUES: list[tuple[object, ...]] = [
    ("id", "n", "text", "same_as"),
    *((f"r{(n * 7919) % 40_009}", n, sha256(b"%d" % n).hexdigest(), f"r{n // 2}") for n in range(39_000)),
    *((f"r{n}", 40_000, "again", "nowhere") for n in range(60)),
]
"""Records of which some break the bound of `n`, and the last have keys again, and references to nothing."""


BREAKS: dict[str, Callable[[list[bytes]], None]] = {
    "nothing": lambda parts: None,
    "a part is cut off": lambda parts: parts.__setitem__(2, parts[2][: len(parts[2]) // 2]),
    "the first part is none": lambda parts: parts.__setitem__(0, b"nothing of the kind"),
}


def assert_workers_alone_read(cluster: Any, package: Package, expected: Report, size: int) -> None:
    """The report is the same, and the command neither sends nor receives the bytes of the file."""
    line = Line(cluster.scheduler_address)
    with workers_of(line.address) as executor:
        report = validate(package, options=Options(executor=executor, block=300_000, limit=50))
    line.close()
    assert report.to_json() == expected.to_json()
    assert line.sent + line.received < size // 4


@pytest.mark.parametrize("broken", [None, "cut off", "altered", "another thing"])
@pytest.mark.parametrize(
    ("ending", "write_part"),
    [
        *(("csv.gz", packed), ("csv.zst", packed_by_zstd), ("parquet", in_parquet)),
        *(("json", in_json), ("jsonl", in_json_lines)),
    ],
)
def test_a_file_that_cannot_be_cut_is_read_by_workers_alone(
    cluster: Any,
    tmp_path: Path,
    folder: Path,
    ending: str,
    write_part: Callable[[str], bytes],
    broken: str | None,
) -> None:
    descriptor = (folder / "datapackage.json").read_text().replace("t.csv", f"t.{ending}")
    (tmp_path / "datapackage.json").write_text(descriptor)
    data = write_part(lines_of(VALUES))
    middle = len(data) // 2
    altered = {
        None: data,
        "cut off": data[:middle],
        "altered": data[:middle] + bytes(1_000) + data[middle + 1_000 :],
        "another thing": b"nothing of the kind",
    }
    (tmp_path / f"t.{ending}").write_bytes(altered[broken])
    package = open_package(tmp_path)
    expected = validate(package, options=Options(jobs=1, limit=50))
    assert not expected.valid
    if broken is None:
        assert expected.counts["constraint-maximum"] == 9_059
        assert {"primary-key-duplicate", "foreign-key"} <= set(expected.counts)
    assert_workers_alone_read(cluster, package, expected, len(data))
    with ProcessPoolExecutor(2) as pool:
        report = validate(package, options=Options(executor=pool, block=100_000, limit=50))
    assert report.to_json() == expected.to_json()


@pytest.mark.parametrize(
    ("ending", "write_part", "happens"),
    [
        *(("csv", str.encode, happens) for happens in (None, "changes", "vanishes")),
        *(("csv.gz", packed, happens) for happens in (None, "vanishes")),
        *(("parquet", in_parquet, happens) for happens in (None, "changes", "vanishes")),
    ],
)
def test_workers_fetch_what_is_on_the_web_by_themselves(
    cluster: Any,
    tmp_path: Path,
    folder: Path,
    ending: str,
    write_part: Callable[[str], bytes],
    happens: str | None,
) -> None:
    with contextmanager(serve)() as server:
        path, data = f"/t.{ending}", write_part(lines_of(VALUES))
        server.files[path] = data
        descriptor = (folder / "datapackage.json").read_text().replace("t.csv", server.url + path)
        (tmp_path / "datapackage.json").write_text(descriptor)
        package = open_package(tmp_path, allow_remote=["127.0.0.1"])
        expected = validate(package, options=Options(jobs=1, limit=50))
        assert expected.counts["constraint-maximum"] == 9_059

        def alter(step: TableProgress) -> None:
            if happens == "changes" and step.rows:
                server.files[path] = data + b"r1,x,,\n"
            elif happens == "vanishes":
                server.files.pop(path, None)

        asked = len(server.asked)
        line = Line(cluster.scheduler_address)
        with workers_of(line.address) as executor:
            options = Options(executor=executor, block=300_000, limit=50, progress=alter)
            report = validate(package, options=options)
        line.close()
    if happens is None:
        assert report.to_json() == expected.to_json()
        assert line.sent + line.received < len(data) // 4 and len(server.asked) > asked
    elif happens == "vanishes":
        assert report.counts["path-missing"] == 1
    else:
        (found,) = [found for found in report.findings if found.code == "check-not-run"]
        assert "changed while it was read" in found.message and path in found.message


@pytest.mark.parametrize(("ending", "write_part"), [("csv", str.encode), ("parquet", in_parquet)])
def test_what_workers_cannot_read_is_sent_as_blocks(
    tmp_path: Path, folder: Path, ending: str, write_part: Callable[[str], bytes]
) -> None:
    import fsspec  # type: ignore[import-untyped]

    # In the memory of this process alone.
    url = f"memory://tables/t.{ending}"
    with fsspec.open(url, "wb") as file:
        file.write(write_part(lines_of(VALUES)))
    (tmp_path / "datapackage.json").write_text(
        (folder / "datapackage.json").read_text().replace("t.csv", url)
    )
    package = open_package(tmp_path, allow_remote=True)
    expected = validate(package, options=Options(jobs=1, limit=50))
    assert expected.counts["constraint-maximum"] == 9_059
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        report = validate(package, options=Options(executor=executor, block=300_000, limit=50))
    assert report.to_json() == expected.to_json()


@pytest.mark.parametrize(("ending", "write_part"), [("csv", str.encode), ("parquet", in_parquet)])
def test_what_is_in_a_zip_is_read_by_workers(
    cluster: Any, tmp_path: Path, folder: Path, ending: str, write_part: Callable[[str], bytes]
) -> None:
    descriptor = (folder / "datapackage.json").read_text().replace("t.csv", f"t.{ending}")
    data = write_part(lines_of(VALUES))
    with ZipFile(tmp_path / "p.zip", "w") as file:
        file.writestr("datapackage.json", descriptor)
        file.writestr(f"t.{ending}", data)
    package = open_package(tmp_path / "p.zip")
    expected = validate(package, options=Options(jobs=1, limit=50))
    assert expected.counts["constraint-maximum"] == 9_059
    assert_workers_alone_read(cluster, package, expected, len(data))


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize(
    ("ending", "write_part"),
    [("csv", str.encode), ("csv.gz", packed), ("parquet", in_parquet), ("jsonl", in_json_lines)],
)
def test_workers_read_parts_by_themselves(
    cluster: Any, tmp_path: Path, write: Any, ending: str, write_part: Callable[[str], bytes], broken: str
) -> None:
    rows = [(f"r{(n * 7919) % 8_009}", "x" if n % 9 == 0 else n, "same", f"r{n // 2}") for n in range(8_000)]
    rows[7_000] = rows[10]
    parts = [
        write_part("id,n,text,same_as\n" + lines_of(rows[start : start + 2_000]))
        for start in range(0, 8_000, 2_000)
    ]
    BREAKS[broken](parts)
    schema = {
        "fields": FIELDS,
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["same_as"], "reference": {"fields": ["id"]}}],
    }
    resource = {"name": "t", "type": "table", "path": f"part-*.{ending}", "schema": schema}
    folder = write(tmp_path, [resource], {f"part-{n}.{ending}": part for n, part in enumerate(parts)})
    package = open_package(folder)
    expected = validate(package, options=Options(jobs=1, limit=50))
    assert expected.valid is False and (broken != "nothing" or expected.counts["type-integer"] == 889)
    line = Line(cluster.scheduler_address)
    with workers_of(line.address) as executor:
        report = validate(package, options=Options(executor=executor, block=30_000, limit=50))
    line.close()
    assert report.to_json() == expected.to_json()
    # Tasks were sent, and not what is in the files.
    assert line.sent < 130_000
    with ProcessPoolExecutor(2) as pool:
        report = validate(package, options=Options(executor=pool, block=10_000, limit=50))
    assert report.to_json() == expected.to_json()


class Line:
    """A line to a scheduler, on which is counted what goes and what comes back."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("tcp://").split(":")
        self.sent = self.received = 0
        self._to = (host, int(port))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, there = self._server.accept()[0], socket.create_connection(self._to)
                Thread(target=self._pass, args=(there, here, True), daemon=True).start()
                Thread(target=self._pass, args=(here, there, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if back:
                    self.received += len(data)
                else:
                    self.sent += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def test_no_key_comes_back_to_the_command(cluster: Any, tmp_path: Path, write: Any) -> None:
    schema = {
        "fields": [{"name": "id"}, {"name": "other"}],
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["other"], "reference": {"fields": ["id"]}}],
    }
    received = {}
    for rows in (10_000, 100_000):
        keys = [f"{(n * 7919) % 100_003:06x}" for n in range(rows)]
        text = "id,other\n" + lines_of(zip(keys, reversed(keys), strict=True))
        resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
        folder = write(tmp_path / str(rows), [resource], {"t.csv": text})
        line = Line(cluster.scheduler_address)
        with workers_of(line.address) as executor:
            options = Options(executor=executor, block=len(text) // 8)
            assert validate(open_package(folder), options=options).valid
        line.close()
        received[rows] = line.received
    assert 0 < received[100_000] < 1.2 * received[10_000] < 100_000, received


def kill_one(executor: Any) -> None:
    """Kill a worker; its nurse starts another."""
    os.kill(min(executor.client.run(os.getpid).values()), 9)


@pytest.mark.parametrize(
    "rows", [0, 39_000], ids=["first block", "last block, the keys of all are to compare"]
)
def test_a_worker_that_is_killed_does_not_end_the_run(
    cluster: Any, folder: Path, expected: Report, rows: int
) -> None:
    with workers_of(cluster.scheduler_address) as executor:
        assert run(folder, executor, lambda: kill_one(executor), rows).to_json() == expected.to_json()


def test_keys_that_are_lost_with_their_file_are_named(cluster: Any, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")

    def lose() -> None:
        (tmp_path / "copy" / "t.csv").unlink()
        kill_one(executor)

    with workers_of(cluster.scheduler_address) as executor:
        report = run(tmp_path / "copy", executor, lose, 39_000)
    assert not report.valid
    messages = [found.message for found in report.findings if found.code == "check-not-run"]
    assert messages and all("t.csv" in message for message in messages)


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
@pytest.mark.parametrize(("ending", "write_part"), [("csv", str.encode), ("parquet", in_parquet)])
def test_a_file_that_changes_or_vanishes_is_named(
    cluster: Any,
    folder: Path,
    tmp_path: Path,
    ending: str,
    write_part: Callable[[str], bytes],
    happens: Callable[[Path], None],
    code: str,
    words: str,
) -> None:
    copy = tmp_path / f"t.{ending}"
    copy.write_bytes(write_part(lines_of(VALUES)))
    descriptor = (folder / "datapackage.json").read_text().replace("t.csv", copy.name)
    (tmp_path / "datapackage.json").write_text(descriptor)
    with workers_of(cluster.scheduler_address) as executor:
        report = run(tmp_path, executor, lambda: happens(copy))
    (found,) = [found for found in report.findings if found.code == code]
    assert words in found.message and copy.name in f"{found.path} {found.message}"
    assert not report.valid


LOSES_ITS_SCHEDULER = """
import os, sys
from casetrail.checks.check import Options
from casetrail.checks.cluster import workers_of
from casetrail.checks.engine import validate
from casetrail.package.package import open_package

address, scheduler, folder = sys.argv[1:]
def lose(step):
    if 0 < step.rows < 2_000:
        os.kill(int(scheduler), 9)
with workers_of(address) as executor:
    options = Options(executor=executor, block=20_000, progress=lose)
    print(validate(open_package(folder), options=options).to_json())
"""


def test_a_scheduler_that_is_lost_is_one_finding(folder: Path, tmp_path: Path) -> None:
    from distributed import Client

    file, processes = tmp_path / "scheduler.json", []

    def start(kind: str, *more: str) -> None:
        call = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--scheduler-file", str(file), *more]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes.append(subprocess.Popen(call, cwd=tmp_path, **silent))

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
        with Client(scheduler_file=str(file), timeout=60, set_as_default=False) as client:
            start("worker", "--no-dashboard")
            client.wait_for_workers(1, timeout=60)
            given = [client.scheduler.address, str(processes[0].pid), str(folder)]
        done = subprocess.run(
            [sys.executable, "-c", LOSES_ITS_SCHEDULER, *given], capture_output=True, text=True, timeout=120
        )
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
    assert done.stderr == ""
    (finding,) = [one for one in json.loads(done.stdout)["findings"] if one["code"] == "check-not-run"]
    assert "the workers of the executor were lost" in finding["message"]


def command(*arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "casetrail", "validate", *arguments],
        input=input,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_asks_a_scheduler(cluster: Any, folder: Path, expected: Report) -> None:
    done = command("--scheduler", cluster.scheduler_address, "--format", "json", str(folder))
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout) == json.loads(expected.to_json())


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:9",
        "foo",
        "tcp://127.0.0.1",
        "http://127.0.0.1:8787",
        "tls://127.0.0.1:9",
        "inproc://a:1",
    ],
)
def test_a_scheduler_that_is_not_there_is_one_line(folder: Path, address: str) -> None:
    done = command("--scheduler", address, str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"casetrail: there is no Dask scheduler at '{address}'")


def test_another_server_at_the_address_is_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        # It listens and never answers, as the server of a page does that waits for a question.
        done = command("--scheduler", f"tcp://127.0.0.1:{server.getsockname()[1]}", str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "nobody answers as a scheduler does within 5 seconds" in line


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


def test_a_pool_that_is_broken_from_the_start_is_a_finding(folder: Path) -> None:
    with ProcessPoolExecutor(1) as executor:
        with pytest.raises(BrokenExecutor):
            executor.submit(os._exit, 1).result()
        report = run(folder, executor)
    messages = {found.message for found in report.findings if found.code == "check-not-run"}
    assert messages and all("the workers of the executor were lost" in message for message in messages)
    assert all('if __name__ == "__main__":' in message for message in messages)
