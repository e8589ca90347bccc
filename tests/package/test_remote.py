"""Files that a package names by URL: no connection unless it was allowed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer

import pytest

from casetrail.findings.error import CasetrailError
from casetrail.findings.report import ReportBuilder
from casetrail.package.package import open_package

FILES = {"/t.csv": b"id\nx\n", "/schema.json": b'{"fields": [{"name": "id"}]}'}


class _Server(TCPServer):
    # Not HTTPServer, which asks the network for its own name.
    asked: list[str]


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.asked.append(self.path)
        body = FILES.get(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif body is None:
            self.send_error(404)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server(("127.0.0.1", 0), _Answer)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def package(folder: Path, server: _Server, path: str) -> Path:
    url = f"http://127.0.0.1:{server.server_address[1]}"
    table = {"name": "t", "path": url + path, "schema": url + "/schema.json"}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    return folder


def test_nothing_is_fetched_unasked(tmp_path: Path, server: _Server) -> None:
    opened = open_package(package(tmp_path, server, "/t.csv"))
    assert [found.code for found in opened.findings] == ["path-remote", "path-remote"]
    assert list(opened.resource("t").batches(ReportBuilder())) == []
    assert server.asked == []


def test_what_is_allowed_is_read(tmp_path: Path, server: _Server) -> None:
    opened = open_package(package(tmp_path, server, "/t.csv"), allow_remote=True)
    assert opened.findings == ()
    assert [batch.cells.to_pylist() for batch in opened.resource("t").batches(ReportBuilder())] == [
        [{"id": "x"}]
    ]


@pytest.mark.parametrize("path", ["/gone.csv", "/away"])
def test_what_cannot_be_fetched_is_one_sentence(tmp_path: Path, server: _Server, path: str) -> None:
    opened = open_package(package(tmp_path, server, path), allow_remote=True)
    with pytest.raises(CasetrailError, match="cannot be fetched"):
        list(opened.resource("t").batches(ReportBuilder()))
