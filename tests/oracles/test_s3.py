"""A package in an object store, read from a real S3 server that the test starts."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import S3FileSystem
from tests.conftest import ROOT
from tests.oracles.conftest import need

import casetrail
from casetrail.cli.main import main

SCHEMA = {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server."""
    program = need(ROOT / ".venv-oracles-s3" / "bin" / "moto_server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
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
    with files.open_output_stream(f"case/{path}") as file:
        file.write(data)


def described(folder: Path, path: str) -> Path:
    table = {"name": "t", "type": "table", "path": path, "schema": SCHEMA}
    text = json.dumps({"name": "p", "resources": [table]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    return folder


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
