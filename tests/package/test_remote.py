"""Files at addresses of the web: no connection unless it was allowed, no private network unless it is named,
and nothing half read."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import casetrail
from casetrail.cli.main import main
from casetrail.findings.error import CasetrailError
from casetrail.package import remote

HOST = "127.0.0.1"


class _Server(ThreadingMixIn, TCPServer):
    # Not HTTPServer, which asks the network for its own name.
    daemon_threads = True
    allow_reuse_address = True
    files: dict[str, bytes]
    asked: list[tuple[str, str | None]]
    broken: int
    ranges: bool
    busy: int
    url: str


class _Answer(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        body = self.server.files.get(self.path)
        if self.path.startswith("/away/"):
            self.send_response(302)
            self.send_header("Location", AWAY[self.path.removeprefix("/away/")])
            self.end_headers()
            return
        if self.path == "/secret" or self.server.busy > 0:
            self.server.busy -= 1
            self.send_error(403 if self.path == "/secret" else 503)
            return
        if body is None:
            self.send_error(404)
            return
        start = 0
        if wanted is not None and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
        else:
            self.send_response(200)
        if self.server.ranges:
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{hash(body)}"')
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = len(body)
        if self.server.broken > 0 and end - start > 10:
            self.server.broken -= 1
            end = start + (end - start) // 2
        self.wfile.write(body[start:end])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


AWAY = {
    "file": "file:///etc/passwd",
    "ftp": "ftp://localhost:9/t.csv",
    "private": "http://localhost:9/t.csv",
    "metadata": "http://169.254.169.254/latest",
}


def serve(context: ssl.SSLContext | None = None) -> Iterator[_Server]:
    server = _Server((HOST, 0), _Answer)
    server.files, server.asked, server.broken, server.ranges, server.busy = {}, [], 0, True, 0
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.url = f"http{'s' if context else ''}://{HOST}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def s3_store(monkeypatch: pytest.MonkeyPatch, store: type[BaseHTTPRequestHandler]) -> Iterator[TCPServer]:
    """A server that answers as an S3 store, and is the store of the environment."""
    server = _Server((HOST, 0), store)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{server.server_address[1]}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setattr(remote, "_PAUSE", 0)
    yield from serve()


SCHEMA = {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]}
ROWS = b"id\n" + b"".join(b"%d\n" % number for number in range(5000))


def package(folder: Path, url: str, **more: Any) -> Path:
    """A package here whose one table is there."""
    folder.mkdir(exist_ok=True)
    table = {"name": "t", "type": "table", "path": url, "schema": SCHEMA} | more
    (folder / "datapackage.json").write_text(
        json.dumps({"name": "p", "resources": [table]}), encoding="utf-8"
    )
    return folder


def codes(report: Any) -> list[str]:
    return [finding.code for finding in report.findings]


def test_nothing_is_fetched_unasked(tmp_path: Path, server: _Server) -> None:
    server.files["/schema.json"] = json.dumps(SCHEMA).encode()
    folder = package(tmp_path, server.url + "/t.csv", schema=server.url + "/schema.json")
    assert codes(casetrail.validate(folder)) == ["path-remote", "path-remote"]
    assert main(["validate", server.url + "/datapackage.json"]) == 2
    assert server.asked == []


def test_a_private_network_is_not_asked_unless_its_host_is_named(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv"] = ROWS
    folder = package(tmp_path, server.url + "/t.csv")
    (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert finding.code == "path-unsafe"
    assert "private network" in finding.message
    assert server.asked == []
    report = casetrail.validate(folder, allow_remote=[HOST])
    assert report.valid
    assert report.tables[0].rows == 5000
    assert casetrail.validate(folder, allow_remote=HOST).valid


def test_a_schema_that_is_not_there_is_said_to_be_so(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv"] = ROWS
    folder = package(tmp_path, server.url + "/t.csv", schema=server.url + "/no.json")
    (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
    assert (finding.code, finding.path, finding.hint) == (
        "path-missing",
        server.url + "/no.json",
        "check the address",
    )


def test_a_table_at_an_address_is_a_file_of_the_release(
    tmp_path: Path, server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.files["/t.csv"] = ROWS
    folder = package(tmp_path / "p", server.url + "/t.csv")
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor |= {"title": "P", "version": "1.0.0", "created": "2026-01-01T00:00:00Z"}
    descriptor |= {"licenses": [{"name": "CC0-1.0"}], "contributors": [{"title": "Harbour Watch"}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "LICENSE").write_text("To all.\n")
    release = ["release", str(folder), "--output", str(tmp_path / "dist")]
    assert main(release) == 1
    assert "allow it with --allow-remote" in capsys.readouterr().err
    assert main([*release, "--allow-remote", "--allow-host", HOST]) == 0
    assert (tmp_path / "dist" / "p-1.0.0" / "data" / "t.csv").read_bytes() == ROWS
    assert server.url not in (tmp_path / "dist" / "p-1.0.0" / "datapackage.json").read_text()


@pytest.mark.parametrize(
    ("status", "reason", "remedy"),
    [
        (403, "(the store answers ACCESS_DENIED)", "give credentials that may read it"),
        (500, "(the store answers 500)", "try again later"),
        (None, "(the store cannot be reached)", "AWS_ENDPOINT_URL"),
    ],
)
def test_a_store_that_gives_nothing_has_a_reason_and_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int | None, reason: str, remedy: str
) -> None:
    class Store(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status or 0)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with s3_store(monkeypatch, Store) as server:
        if status is None:
            server.server_close()
        (finding,) = casetrail.validate(package(tmp_path, "s3://case/t.csv"), allow_remote=True).findings
    assert finding.code == "path-unreadable"
    assert finding.message.endswith(reason)
    assert remedy in (finding.hint or "")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("file", "path-unreadable"),
        ("ftp", "path-unreadable"),
        ("private", "path-unsafe"),
        ("metadata", "path-unsafe"),
    ],
)
def test_a_redirect_leads_to_no_file_and_no_private_network(
    tmp_path: Path, server: _Server, name: str, code: str
) -> None:
    folder = package(tmp_path, f"{server.url}/away/{name}")
    (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
    assert finding.code == code
    if code == "path-unsafe":
        assert finding.message.startswith("the server leads on to another address, and '")


@pytest.mark.parametrize(("path", "code"), [("/gone.csv", "path-missing"), ("/secret", "path-unreadable")])
def test_what_a_server_refuses_is_one_finding(tmp_path: Path, server: _Server, path: str, code: str) -> None:
    assert codes(casetrail.validate(package(tmp_path, server.url + path), allow_remote=[HOST])) == [code]
    with pytest.raises(CasetrailError):
        casetrail.open(tmp_path, allow_remote=[HOST])["t"]


@pytest.mark.parametrize(
    ("path", "remedy"), [("/secret", "not everybody may read it"), ("/t.csv", "try again later")]
)
def test_a_server_that_refuses_and_one_that_is_busy_have_their_own_remedies(
    tmp_path: Path, server: _Server, path: str, remedy: str
) -> None:
    server.files["/t.csv"], server.busy = ROWS, 9
    (finding,) = casetrail.validate(package(tmp_path, server.url + path), allow_remote=[HOST]).findings
    assert remedy in (finding.hint or "")


def test_a_host_that_is_not_there_is_one_finding(tmp_path: Path, server: _Server) -> None:
    url = server.url
    server.server_close()
    assert codes(casetrail.validate(package(tmp_path, url + "/t.csv"), allow_remote=[HOST])) == [
        "path-unreadable"
    ]


def test_a_busy_server_is_asked_again(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv"], server.busy = ROWS, 2
    assert casetrail.validate(package(tmp_path, server.url + "/t.csv"), allow_remote=[HOST]).valid
    server.busy = 9
    assert codes(casetrail.validate(tmp_path, allow_remote=[HOST])) == ["path-unreadable"]


def test_a_broken_connection_goes_on_where_it_broke(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv"], server.broken = ROWS, 2
    report = casetrail.validate(package(tmp_path, server.url + "/t.csv"), allow_remote=[HOST])
    assert (report.valid, report.tables[0].rows) == (True, 5000)
    first, *others = (wanted for _, wanted in server.asked)
    assert first is None
    assert others
    assert all(others)


@pytest.mark.parametrize("url", ["memory://a::file:///etc/passwd", "hf://a/b::ssh://h/x"])
def test_one_store_is_not_put_behind_another(url: str) -> None:
    with pytest.raises(remote.SourceProblem, match="more than a bucket"):
        remote.open_url(url)


def test_half_a_file_is_never_taken_for_the_whole(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv"], server.broken, server.ranges = ROWS, 1, False
    report = casetrail.validate(package(tmp_path, server.url + "/t.csv"), allow_remote=[HOST])
    assert codes(report) == ["path-unreadable"]


def test_a_whole_package_at_an_address(
    tmp_path: Path, server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"name": "t", "type": "table", "path": "data/t.csv", "schema": "s.json"}
    descriptor = {"name": "p", "resources": [table]}
    server.files |= {
        "/p/datapackage.json": json.dumps(descriptor).encode(),
        "/p/s.json": json.dumps(SCHEMA).encode(),
        "/p/data/t.csv": ROWS + b"7\n",
    }
    for address in (server.url + "/p", server.url + "/p/datapackage.json"):
        assert main(["validate", "--allow-remote", address]) == 1
        assert f"{server.url}/p/data/t.csv:5002" in capsys.readouterr().out
    server.files["/p/data/t.csv"] = ROWS
    assert casetrail.open(server.url + "/p", allow_remote=True)["t"].num_rows == 5000
    target = tmp_path / "t.parquet"
    wanted = ["--to", "parquet", "--table", "t", "--output", str(target)]
    assert main(["export", server.url + "/p", "--allow-remote", *wanted]) == 0
    assert pq.read_table(target).num_rows == 5000


@pytest.mark.parametrize("left", [2, 9])
def test_an_excerpt_is_fetched_again_and_never_fails(
    server: _Server, capsys: pytest.CaptureFixture[str], left: int
) -> None:
    class Leaving(dict[str, bytes]):
        """The table is there for so many requests."""

        def get(self, path: str, default: Any = None) -> Any:
            nonlocal left
            left -= path == "/p/t.csv"
            return None if left < 0 else super().get(path, default)

    shown = left > 2
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA}
    server.files = Leaving(
        {
            "/p/datapackage.json": json.dumps({"name": "p", "resources": [table]}).encode(),
            "/p/t.csv": b"id\nx\ny\n",
        }
    )
    assert main(["validate", "--allow-remote", f"{server.url}/p"]) == 1
    out = capsys.readouterr().out
    assert "2 errors" in out
    assert ("row 2 │ x" in out) is shown
    assert len([path for path, _ in server.asked if path == "/p/t.csv"]) == 3


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_parts_at_addresses_are_judged_as_those_on_disk(tmp_path: Path, server: _Server, jobs: int) -> None:
    """They are read side by side, whatever is wrong with one."""
    parts = {f"part-{n:02}.csv": b"id\n%d\n%d\n" % (2 * n, 2 * n + 1) for n in range(12)}
    parts["part-04.csv"] = b"id\n8\nx\n"
    parts["part-05.csv"] = b"id,other\n10,1\n"
    parts["part-08.csv"] = b"12\n99\n"
    parts["part-10.csv"] = b'id\n20\n"21'
    folder = package(tmp_path, "", path=list(parts))
    for name, data in {**parts, "datapackage.json": (folder / "datapackage.json").read_bytes()}.items():
        (folder / name).write_bytes(data)
        server.files[f"/p/{name}"] = data
    expected = casetrail.validate(folder)
    assert len(expected.counts) > 3
    report = casetrail.validate(server.url + "/p", allow_remote=True, jobs=jobs)
    assert report.to_json() == expected.to_json()
    del server.files["/p/part-09.csv"]
    (folder / "part-09.csv").unlink()
    assert codes(casetrail.validate(server.url + "/p", allow_remote=True)) == codes(
        casetrail.validate(folder)
    )


def test_files_at_addresses_are_waited_for_side_by_side(tmp_path: Path, server: _Server) -> None:
    waiting = most = 0
    lock = threading.Lock()

    class Slow(dict[str, bytes]):
        def get(self, path: str, default: Any = None) -> Any:
            nonlocal waiting, most
            with lock:
                waiting += 1
                most = max(most, waiting)
            time.sleep(0.1)
            with lock:
                waiting -= 1
            return super().get(path, default)

    server.files = Slow({f"/part-{n}.csv": b"id\n%d\n" % n for n in range(12)})
    folder = package(tmp_path, "", path=[server.url + path for path in server.files])
    assert casetrail.validate(folder, allow_remote=[HOST], jobs=2).tables[0].rows == 12
    assert most == 4
    most = 0
    assert casetrail.validate(folder, allow_remote=[HOST], jobs=1).tables[0].rows == 12
    assert most == 1


def test_a_descriptor_in_yaml_at_an_address(server: _Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.files |= {
        "/p/datapackage.yaml": b"name: p\nresources: [{name: t, type: table, path: t.csv, schema: s.json}]\n",
        "/p/s.json": json.dumps(SCHEMA).encode(),
        "/p/t.csv": b"id\nx\n",
    }
    assert main(["validate", "--allow-remote", f"{server.url}/p/datapackage.yaml"]) == 1
    assert f"{server.url}/p/t.csv:2" in capsys.readouterr().out


def test_parquet_is_read_by_its_parts(tmp_path: Path, server: _Server) -> None:
    pq.write_table(pa.table({"id": range(100_000)}), tmp_path / "t.parquet", row_group_size=10_000)
    server.files["/t.parquet"] = (tmp_path / "t.parquet").read_bytes()
    report = casetrail.validate(package(tmp_path, server.url + "/t.parquet"), allow_remote=[HOST])
    assert (report.valid, report.tables[0].rows) == (True, 100_000)


def test_a_packed_table_is_unpacked_on_the_way(tmp_path: Path, server: _Server) -> None:
    server.files["/t.csv.gz"] = gzip.compress(ROWS)
    report = casetrail.validate(package(tmp_path, server.url + "/t.csv.gz"), allow_remote=[HOST])
    assert (report.valid, report.tables[0].rows) == (True, 5000)


@pytest.mark.program("openssl")
def test_https_wants_a_certificate_that_is_trusted(
    tmp_path: Path, certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_PAUSE", 0)
    context, certificate = certified
    for server in serve(context):
        server.files["/t.csv"] = ROWS
        folder = package(tmp_path, server.url + "/t.csv")
        (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
        assert (finding.code, "certificate" in finding.message) == ("path-unreadable", True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert casetrail.validate(folder, allow_remote=[HOST]).valid


@pytest.mark.parametrize(
    "url",
    ["s3://bucket/t.csv?endpoint_override=127.0.0.1:9", "s3://key:word@bucket/t.csv", "s3://bucket/t.csv#x"],
)
def test_a_package_does_not_say_where_credentials_go(tmp_path: Path, url: str) -> None:
    assert codes(casetrail.validate(package(tmp_path, url, format="csv"), allow_remote=True)) == [
        "path-unsafe"
    ]


def test_a_store_that_fsspec_knows(tmp_path: Path) -> None:
    import fsspec  # type: ignore[import-untyped]

    with fsspec.open("memory://bucket/t.csv", "wb") as file:
        file.write(ROWS)
    report = casetrail.validate(package(tmp_path, "memory://bucket/t.csv"), allow_remote=True)
    assert (report.valid, report.tables[0].rows) == (True, 5000)
    assert codes(casetrail.validate(package(tmp_path, "memory://bucket/no.csv"), allow_remote=True)) == [
        "path-missing"
    ]
