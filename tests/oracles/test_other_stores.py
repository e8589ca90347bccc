"""Packages in Google's store and on a server of FTP, read from real servers that the test starts."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyarrow.parquet as pq
import pytest
from tests.conftest import ROOT
from tests.oracles.conftest import need

import casetrail
from casetrail.cli.main import main

HOST = "127.0.0.1"
FILES = {
    "p/datapackage.json": json.dumps(
        {
            "name": "p",
            "resources": [
                {
                    "name": "t",
                    "type": "table",
                    "path": "data/year=*/part-?.csv",
                    "schema": {
                        "fields": [{"name": "id", "type": "integer"}, {"name": "year", "type": "year"}],
                        "primaryKey": ["id"],
                    },
                }
            ],
        }
    ),
    "p/data/year=2026/part-1.csv": "id\n3\n",
    "p/data/year=2025/part-2.csv": "id\n2\n",
    "p/data/year=2025/part-1.csv": "id\n1\n",
    "p/data/year=2025/part-10.csv": "nothing\n",
    "p/data/year=2025/.part-3.csv": "nothing\n",
}


@contextmanager
def running(*command: str, port: int, log: Path) -> Iterator[None]:
    """A server, until it is not needed any more."""
    with log.open("wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file)
        try:
            for _ in range(600):
                try:
                    socket.create_connection((HOST, port), 1).close()
                    break
                except OSError:
                    assert server.poll() is None, "the server ended"
                    time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


@pytest.fixture(params=["gs", "ftp"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the files are."""
    programs, port = ROOT / ".venv-oracles-s3" / "bin", free_port()
    if request.param == "ftp":
        for name, text in FILES.items():
            (tmp_path / "ftp" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "ftp" / name).write_text(text)
        python = need(programs / "python")
        where = ["-i", HOST, "-p", str(port), "-d", str(tmp_path / "ftp")]
        with running(python, "-m", "pyftpdlib", *where, port=port, log=tmp_path / "log"):
            yield f"ftp://{HOST}:{port}"
        return
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"{HOST}:{port}")
    emulator = need(programs / "gcp-storage-emulator")
    where = ["--host", HOST, "--port", str(port), "--in-memory", "--default-bucket", "case"]
    with running(emulator, "start", *where, port=port, log=tmp_path / "log"):
        for name, text in FILES.items():
            upload = (
                f"http://{HOST}:{port}/upload/storage/v1/b/case/o?uploadType=media&name={quote(name, '')}"
            )
            urlopen(Request(upload, text.encode(), {"Content-Type": "text/csv"})).close()
        yield "gs://case"


def test_a_package_in_parts(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", f"{address}/p", "--allow-remote"]) == 0
    assert "3 rows" in capsys.readouterr().out
    table = casetrail.open(f"{address}/p", allow_remote=True)["t"]
    assert table.column("id").to_pylist() == [1, 2, 3]
    assert table.column("year").to_pylist() == [2025, 2025, 2026]
    target = str(tmp_path / "t.parquet")
    export = ["export", f"{address}/p", "--allow-remote", "--to", "parquet", "--table", "t"]
    assert main([*export, "--output", target]) == 0
    assert pq.read_table(target).num_rows == 3


@pytest.mark.parametrize("path", ["p/nothing/part-*.csv", "p/data/*.csv", "p/data/year=2025/part-9.csv"])
def test_what_is_not_there_is_one_finding(address: str, tmp_path: Path, path: str) -> None:
    descriptor = json.loads(FILES["p/datapackage.json"])
    descriptor["resources"][0]["path"] = f"{address}/{path}"
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    (finding,) = casetrail.validate(tmp_path, allow_remote=[HOST]).findings
    assert finding.code == "path-missing"


@pytest.mark.parametrize("address", ["gs"], indirect=True)
def test_a_bucket_that_is_not_there_is_named(tmp_path: Path, address: str) -> None:
    descriptor = json.loads(FILES["p/datapackage.json"])
    descriptor["resources"][0]["path"] = "gs://nobody/part-*.csv"
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    (finding,) = casetrail.validate(tmp_path, allow_remote=True).findings
    assert finding.message.endswith("there is no bucket 'nobody'")
