"""A package in an object store, read from a real S3 server that the test starts."""

from __future__ import annotations

import gzip
import json
import pickle
import re
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import S3FileSystem
from tests.conftest import ROOT
from tests.oracles.conftest import need

import casetrail
from casetrail.checks.check import Options
from casetrail.checks.engine import validate
from casetrail.cli.main import main
from casetrail.package.package import open_package

SCHEMA = {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]}


@pytest.fixture(scope="module")
def log_of_server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server writes what it is asked."""
    return tmp_path_factory.mktemp("s3") / "log"


@pytest.fixture(scope="module")
def endpoint(log_of_server: Path) -> Iterator[str]:
    """The address of the server."""
    program = need(ROOT / ".venv-oracles-s3" / "bin" / "moto_server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = log_of_server.open("wb")
    server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert server.poll() is None, "the S3 server ended"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        log.close()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> S3FileSystem:
    """A bucket `case` on the server, which the environment names as the S3 server to ask."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    files = S3FileSystem(
        access_key="key",
        secret_key="secret",
        region="us-east-1",
        endpoint_override=endpoint,
        allow_bucket_creation=True,
    )
    files.create_dir("case")
    return files


def put(files: S3FileSystem, path: str, data: bytes) -> None:
    # Unless told otherwise, Arrow packs what is called .gz.
    with files.open_output_stream(f"case/{path}", compression=None) as file:
        file.write(data)


def descriptor(path: object, schema: object = SCHEMA) -> bytes:
    table = {"name": "t", "type": "table", "path": path, "schema": schema}
    return json.dumps({"name": "p", "resources": [table]}).encode()


def described(folder: Path, path: object, schema: object = SCHEMA) -> Path:
    (folder / "datapackage.json").write_bytes(descriptor(path, schema))
    return folder


@contextmanager
def asked(log: Path) -> Iterator[Counter[str]]:
    """How often the server is asked what, meanwhile: `GET` for parts of files, `LIST` for lists of them."""
    requests: Counter[str] = Counter()
    before = log.stat().st_size
    yield requests
    with log.open("rb") as file:
        file.seek(before)
        for line in file.read().decode().splitlines():
            for method, address in re.findall(
                r'"[^A-Z]*([A-Z]+) (\S+) HTTP', re.sub(r"\x1b\[[0-9;]*m", "", line)
            ):
                requests["LIST" if "list-type=2" in address else method] += 1


def test_a_table_in_a_bucket(tmp_path: Path, bucket: S3FileSystem) -> None:
    put(bucket, "t.csv", b"id\n1\n2\nx\n")
    folder = described(tmp_path, "s3://case/t.csv")
    assert [finding.code for finding in casetrail.validate(folder).findings] == ["path-remote"]
    (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert (finding.code, finding.path, finding.row) == ("type-integer", "s3://case/t.csv", 4)


def test_a_parquet_file_in_a_bucket(tmp_path: Path, bucket: S3FileSystem) -> None:
    pq.write_table(pa.table({"id": range(50_000)}), tmp_path / "t.parquet", row_group_size=5_000)
    put(bucket, "t.parquet", (tmp_path / "t.parquet").read_bytes())
    report = casetrail.validate(described(tmp_path, "s3://case/t.parquet"), allow_remote=True)
    assert (report.valid, report.tables[0].rows) == (True, 50_000)


class Weighed(ProcessPoolExecutor):
    """Knows how much is sent to its processes at most, with one piece of work."""

    most = 0

    def submit(self, *given: Any, **named: Any) -> Any:
        """Have something done."""
        self.most = max(self.most, len(pickle.dumps(given)))
        return super().submit(*given, **named)


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_workers_read_what_is_in_a_bucket_by_themselves(
    tmp_path: Path, bucket: S3FileSystem, ending: str
) -> None:
    ids = [(number * 7919) % 100_003 for number in range(100_000)]
    file = BytesIO()
    if ending == "parquet":
        pq.write_table(pa.table({"id": [*ids, ids[5]]}), file, row_group_size=5_000)
    else:
        text = "id\nx\n" + "".join(f"{number}\n" for number in ids)
        file.write(gzip.compress(text.encode()) if ending == "csv.gz" else text.encode())
    put(bucket, f"w.{ending}", file.getvalue())
    package = open_package(described(tmp_path, f"s3://case/w.{ending}"), allow_remote=True)
    expected = validate(package, options=Options(jobs=1))
    assert not expected.valid and expected.tables[0].rows == 100_001, expected.findings
    # A process that is forked has the threads of the store no more.
    with Weighed(2, get_context("spawn")) as executor:
        report = validate(package, options=Options(executor=executor, block=100_000))
    assert report.to_json() == expected.to_json()
    assert 0 < executor.most < 20_000


def test_what_is_not_there_is_one_finding(tmp_path: Path, bucket: S3FileSystem) -> None:
    for path in ("s3://case/no.csv", "s3://nobody/t.csv"):
        report = casetrail.validate(described(tmp_path, path), allow_remote=True)
        assert [finding.code for finding in report.findings] == ["path-missing"]


def test_a_whole_package_in_a_bucket(bucket: S3FileSystem, capsys: pytest.CaptureFixture[str]) -> None:
    table = {"name": "t", "type": "table", "path": "data/t.csv", "schema": "schema.json"}
    put(bucket, "p/datapackage.json", json.dumps({"name": "p", "resources": [table]}).encode())
    put(bucket, "p/schema.json", json.dumps(SCHEMA).encode())
    put(bucket, "p/data/t.csv", b"id\n1\n2\n")
    assert main(["validate", "s3://case/p", "--allow-remote"]) == 0
    assert "2 rows" in capsys.readouterr().out
    assert casetrail.open("s3://case/p", allow_remote=True)["t"].column("id").to_pylist() == [1, 2]


def parts_in_bucket(bucket: S3FileSystem, folder: str, number: int = 3) -> None:
    for n in range(number):
        put(bucket, f"{folder}/data/part-{n:03}.csv", b"id\n%d\n" % n)


def test_a_pattern_in_a_package_in_a_bucket(
    tmp_path: Path, bucket: S3FileSystem, log_of_server: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts_in_bucket(bucket, "parts", 100)
    for other in ("data/.part-0.csv", "data/part-0.txt", "data/more/part-0.csv", "part-0.csv"):
        put(bucket, f"parts/{other}", b"nothing\n")
    put(bucket, "parts/datapackage.json", descriptor("data/part-*.csv"))
    with asked(log_of_server) as requests:
        assert main(["validate", "s3://case/parts/", "--allow-remote"]) == 0
    assert "100 rows" in capsys.readouterr().out
    # That the parts are there is known from their list: each is asked for its size, and for its bytes.
    assert requests == {"LIST": 1, "HEAD": 101, "GET": 101}
    table = casetrail.open("s3://case/parts", allow_remote=True)["t"]
    assert table.column("id").to_pylist() == list(range(100))
    target = tmp_path / "t.parquet"
    export = ["export", "s3://case/parts", "--allow-remote", "--to", "parquet", "--table", "t"]
    assert main([*export, "--output", str(target)]) == 0
    assert pq.read_table(target).column("id").to_pylist() == list(range(100))


def test_a_list_of_files_in_a_bucket_is_asked_for_once(bucket: S3FileSystem, log_of_server: Path) -> None:
    parts_in_bucket(bucket, "list")
    put(bucket, "list/datapackage.json", descriptor([f"data/part-00{n}.csv" for n in range(3)]))
    with asked(log_of_server) as requests:
        assert casetrail.validate("s3://case/list", allow_remote=True).tables[0].rows == 3
    assert requests == {"HEAD": 4, "GET": 4}


def test_a_pattern_in_an_address_gives_the_columns_of_a_partition(
    tmp_path: Path, bucket: S3FileSystem, log_of_server: Path
) -> None:
    for year in (2026, 2025):
        for n in range(2):
            put(bucket, f"years/year={year}/part-{n}.csv", b"id\n%d\n" % (year * 10 + n))
    put(bucket, "years/year=2025/deep/part-0.csv", b"nothing\n")
    schema = {"fields": [*SCHEMA["fields"], {"name": "year", "type": "year"}]}
    folder = described(tmp_path, "s3://case/years/year=*/part-?.csv", schema)
    with asked(log_of_server) as requests:
        assert casetrail.validate(folder, allow_remote=True).valid
    assert requests["LIST"] == 1
    table = casetrail.open(folder, allow_remote=True)["t"]
    assert table.column("id").to_pylist() == [20250, 20251, 20260, 20261]
    assert table.column("year").to_pylist() == [2025, 2025, 2026, 2026]
    (finding,) = casetrail.validate(folder).findings
    assert finding.code == "path-remote"


def test_what_is_wrong_in_a_part_is_said_with_its_address(tmp_path: Path, bucket: S3FileSystem) -> None:
    parts_in_bucket(bucket, "wrong")
    put(bucket, "wrong/data/part-001.csv", b"id\n0\n")
    folder = described(tmp_path, "s3://case/wrong/data/part-*.csv")
    (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert (finding.code, finding.path, finding.row) == (
        "primary-key-duplicate",
        "s3://case/wrong/data/part-001.csv",
        2,
    )


def test_a_table_by_itself_at_a_pattern(bucket: S3FileSystem, capsys: pytest.CaptureFixture[str]) -> None:
    parts_in_bucket(bucket, "alone")
    put(bucket, "alone/schema.json", json.dumps(SCHEMA).encode())
    schema = ["--schema", "s3://case/alone/schema.json"]
    assert main(["validate", "s3://case/alone/data/*.csv", "--allow-remote", *schema]) == 0
    assert "3 rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("s3://case/nothing/part-*.csv", "path-missing", "no file matches it"),
        ("s3://nobody/part-*.csv", "path-missing", "there is no bucket 'nobody'"),
        ("s3://cas*/part-0.csv", "path-unsafe", "a pattern is not followed from bucket to bucket"),
    ],
)
def test_a_pattern_without_files_is_one_finding(
    tmp_path: Path, bucket: S3FileSystem, path: str, code: str, words: str
) -> None:
    folder = described(tmp_path, path)
    (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert (finding.code, finding.value) == (code, path)
    assert finding.message.endswith(f"the path '{path}' cannot be followed: {words}")
    assert finding.hint
    with pytest.raises(casetrail.CasetrailError) as error:
        casetrail.open(folder, allow_remote=True)["t"]
    assert str(error.value).endswith(f"{finding.message}; {finding.hint}")


def test_workers_do_not_list_again(bucket: S3FileSystem, log_of_server: Path) -> None:
    parts_in_bucket(bucket, "far", 20)
    put(bucket, "far/data/part-007.csv", b"id\nx\n")
    put(bucket, "far/datapackage.json", descriptor("data/part-*.csv"))
    expected = casetrail.validate("s3://case/far", allow_remote=True)
    assert expected.counts == {"type-integer": 1}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool, asked(log_of_server) as requests:
        report = casetrail.validate("s3://case/far", allow_remote=True, executor=pool)
    assert report.to_json() == expected.to_json()
    assert requests["LIST"] == 1
