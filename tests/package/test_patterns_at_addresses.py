"""Patterns of paths at addresses: stores say which files they have, servers of the web do not."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import fsspec  # type: ignore[import-untyped]
import pytest
from tests.package.test_remote import HOST, SCHEMA, _Server, codes, package, s3_store, serve

import casetrail
from casetrail.cli.main import main
from casetrail.package import remote, stores

ADDRESSES_WITH_MORE = ("s3://bucket/*.csv?x=1", "s3://key:word@bucket/*.csv", "s3://bucket/*.csv#x")
FILES = {
    "data/part-2.csv": "id\n2\n",
    "data/part-10.csv": "id\n10\n",
    "data/part-1.csv": "id\n1\n",
    "data/.part-3.csv": "id\n3\n",
    "data/part-4.txt": "id\n4\n",
    "data/deep/part-5.csv": "id\n5\n",
    "data/deep/er/part-6.csv": "id\n6\n",
    "data/.deep/part-7.csv": "id\n7\n",
    "part-8.csv": "id\n8\n",
    "odd/a?b*.csv": "id\n9\n",
    "odd/aXbY.csv": "id\n11\n",
}
PATTERNS: dict[str, list[int]] = {
    "data/part-*.csv": [1, 10, 2],
    "data/part-?.csv": [1, 2],
    "./data/./part-?.*": [1, 2, 4],
    "data/*": [1, 10, 2, 4],
    "data/*/part-*.csv": [5],
    "data/**/part-*.csv": [6, 5, 1, 10, 2],
    "**/part-[5-8].csv": [6, 5, 8],
    "data/d**/part-*.csv": [5],
    "*.csv": [8],
    "odd/a?b*.csv": [9],
}


@pytest.fixture
def memory() -> Iterator[Any]:
    """A store in memory, empty before and afterwards."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture(params=["folder", "zip", "store", "address"])
def placed(request: pytest.FixtureRequest, tmp_path: Path, memory: Any) -> Any:
    """Opens the package with a path, in a folder, in a zip, in a store, or here with its files in a store."""

    def opened(path: str) -> Any:
        folder = package(tmp_path / "p", path)
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
            memory.pipe(f"/bucket/p/{name}", text.encode())
        if request.param == "folder":
            return folder
        if request.param == "zip":
            return Path(shutil.make_archive(str(tmp_path / "z"), "zip", folder))
        if request.param == "store":
            memory.pipe("/bucket/p/datapackage.json", (folder / "datapackage.json").read_bytes())
            return "memory://bucket/p"
        return package(tmp_path / "q", f"memory://bucket/p/{path}")

    return opened


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_the_same_wherever_the_files_are(placed: Any, pattern: str) -> None:
    place = placed(pattern)
    assert codes(casetrail.validate(place, allow_remote=True)) == []
    table = casetrail.open(place, allow_remote=True)["t"]
    assert table.column("id").to_pylist() == PATTERNS[pattern]


def test_files_that_came_meanwhile_are_matched_too(tmp_path: Path, memory: Any) -> None:
    folder = package(tmp_path, "memory://bucket/part-*.csv")
    assert codes(casetrail.validate(folder, allow_remote=True)) == ["path-missing"]
    for number in (1, 2):
        memory.pipe(f"/bucket/part-{number}.csv", b"id\n%d\n" % number)
        assert casetrail.validate(folder, allow_remote=True).tables[0].rows == number


def test_a_release_has_the_parts_of_a_store(tmp_path: Path, memory: Any) -> None:
    for number in (2, 1):
        memory.pipe(f"/bucket/year=202{number}/part.csv", b"id\n%d\n" % number)
    schema = {"fields": [*SCHEMA["fields"], {"name": "year", "type": "year"}]}
    folder = package(tmp_path / "p", "memory://bucket/year=*/part.csv", schema=schema)
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor |= {"title": "P", "version": "1.0.0", "created": "2026-01-01T00:00:00Z"}
    descriptor |= {"licenses": [{"name": "CC0-1.0"}], "contributors": [{"title": "Harbour Watch"}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "LICENSE").write_text("To all.\n")
    assert main(["release", str(folder), "--output", str(tmp_path / "dist"), "--allow-remote"]) == 0
    released = tmp_path / "dist" / "p-1.0.0" / "data" / "t.csv"
    assert released.read_text() == "id,year\n1,2021\n2,2022\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setattr(remote, "_PAUSE", 0)
    yield from serve()


def test_the_web_is_not_listed(tmp_path: Path, server: _Server, capsys: pytest.CaptureFixture[str]) -> None:
    remedy = "name each file in a list: no pattern is followed there"
    server.files["/p/part-1.csv"] = b"id\n1\n"
    for pattern in ("part-*.csv", "part-?.csv"):
        server.files["/p/datapackage.json"] = (package(tmp_path, pattern) / "datapackage.json").read_bytes()
        assert main(["validate", server.url + "/p", "--allow-remote"]) == 1
        text = capsys.readouterr().out
        assert text.count("cannot be followed") == text.count(remedy) == 1
        assert "a web server does not say which files it has" in text
    folder = package(tmp_path, f"{server.url}/p/part-*.csv")
    (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
    assert (finding.code, finding.hint) == ("path-missing", remedy)


def test_a_file_of_the_web_with_a_star_in_its_name_is_that_file(tmp_path: Path, server: _Server) -> None:
    for name, address in {"a*.csv": "a*.csv", "b?.csv": "b%3F.csv", "қ c.csv": "%D2%9B%20c.csv"}.items():
        server.files[f"/p/{address}"] = b"id\n1\n"
        server.files["/p/datapackage.json"] = (package(tmp_path, name) / "datapackage.json").read_bytes()
        assert casetrail.validate(server.url + "/p", allow_remote=True).tables[0].rows == 1


@pytest.mark.parametrize(
    ("file", "remedy"),
    [("part-*.csv", "--schema SCHEMA"), ("p.zip", "download it"), ("t.tsv", "--schema")],
)
def test_what_is_no_package_by_its_name_is_not_asked_for_as_one(
    server: _Server, capsys: pytest.CaptureFixture[str], file: str, remedy: str
) -> None:
    assert main(["validate", f"{server.url}/{file}", "--allow-remote"]) == 2
    assert remedy in capsys.readouterr().err
    assert server.asked == []


def test_a_host_of_a_private_network_is_not_listed_unless_it_is_named(tmp_path: Path) -> None:
    folder = package(tmp_path, f"ftp://{HOST}:9/data/part-*.csv")
    (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert (finding.code, finding.hint) == (
        "path-unsafe",
        f"allow it with --allow-host {HOST}, if you know it",
    )
    (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
    assert finding.code == "path-unreadable"
    assert f"the files in 'ftp://{HOST}:9/data' cannot be listed" in finding.message


@pytest.mark.parametrize(
    "path", ["s3://bucket/*.csv?x=1", "s3://key:word@bucket/*.csv", "s3://bucket/*.csv#x"]
)
def test_a_pattern_does_not_say_where_credentials_go(tmp_path: Path, path: str) -> None:
    assert codes(casetrail.validate(package(tmp_path, path, format="csv"), allow_remote=True)) == [
        "path-unsafe"
    ]


@pytest.mark.parametrize("name", ["c@example.org", "c:key@account.dfs.core.windows.net", "account", "c@a.b"])
@pytest.mark.parametrize("file", ["t.csv", "*.csv"])
def test_credentials_of_azure_go_to_azure_alone(tmp_path: Path, name: str, file: str) -> None:
    (finding,) = casetrail.validate(package(tmp_path, f"abfs://{name}/{file}"), allow_remote=True).findings
    assert (finding.code, finding.hint) == (
        "path-unsafe",
        "write it as abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH",
    )


class _Store(BaseHTTPRequestHandler):
    """An S3 server that answers each request for a list by a status, after some seconds."""

    status, seconds, keys = 200, 0.0, 0

    def do_GET(self) -> None:
        time.sleep(self.seconds)
        keys = "".join(
            f"<Contents><Key>data/part-{n}.csv</Key><Size>5</Size></Contents>" for n in range(self.keys)
        )
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>".encode()
        body = body if self.status == 200 else b""
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("answer", "reason", "remedy"),
    [
        (
            {"status": 403},
            "(the store answers ACCESS_DENIED)",
            "name each file in a list, or give credentials",
        ),
        ({"status": 500}, "(the store answers 500)", "try again later"),
        ({"status": 301}, "(the bucket is in another region)", "AWS_REGION=eu-central-1"),
        ({"seconds": 2}, "takes more than 0.2 seconds", "name more of the folders before the first"),
        ({"keys": 11}, "has 11 files, and no more than 10 are looked at", "name more of the folders"),
    ],
)
def test_a_store_that_does_not_list_is_one_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], reason: str, remedy: str
) -> None:
    monkeypatch.setattr(stores, "MAX_MEMBERS", 10)
    if "seconds" in answer:
        monkeypatch.setattr(stores, "MAX_LISTING_SECONDS", 0.2)
    with s3_store(monkeypatch, type("Store", (_Store,), answer)):
        folder = package(tmp_path, "s3://case/data/part-*.csv")
        (finding,) = casetrail.validate(folder, allow_remote=True).findings
    assert finding.code == "path-unreadable"
    assert "'s3://case/data'" in finding.message
    assert finding.message.endswith(reason)
    assert remedy in (finding.hint or "")
