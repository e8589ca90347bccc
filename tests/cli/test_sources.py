"""`casetrail sources check`, with a server that answers as the save service of the Wayback Machine does."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from casetrail.cli.main import main

Answers = dict[str, list[tuple[int, Any]]]


class Service(ThreadingHTTPServer):
    """Answers each address, and then each job, by a list of answers; notes what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: Answers = {}
        self.asked: list[str] = []
        self.authorization: list[str | None] = []

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert self.path == "/save"
        assert self.headers["Accept"] == "application/json"
        self.server.authorization.append(self.headers["Authorization"])
        self.answer(form["url"][0], {"url": form["url"][0], "job_id": f"spn2-{len(self.server.asked)}"})

    def do_GET(self) -> None:
        name = self.path.removeprefix("/save/status/")
        self.answer(
            name,
            {"status": "success", "timestamp": "20260301120000", "original_url": "https://courier.example/1"},
        )

    def answer(self, about: str, usual: dict[str, str]) -> None:
        self.server.asked.append(about)
        code, content = (self.server.answers.get(about) or [(200, usual)]).pop(0)
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        if data == b"hang up":
            return
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", f"{self.server.host}/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setattr("casetrail.curate.source_archive.HOST", server.host)
    monkeypatch.setattr("casetrail.curate.source_archive.ASK_AGAIN", 0.0)
    monkeypatch.delenv("CASETRAIL_ARCHIVE_KEYS", raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def archived(case: Path) -> dict[str, str]:
    with (case / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row["archived_url"] for row in csv.DictReader(file) if row["archived_url"]}


def urls(case: Path) -> dict[str, str]:
    with (case / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: row["url"] for row in csv.DictReader(file) if not row["archived_url"]}


ARCHIVE = ["sources", "check", "--archive", "--allow-remote"]


def test_the_sources_without_a_copy_are_listed(
    harbour_case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "check", str(harbour_case)]) == 1
    said = capsys.readouterr().out
    for source, url in urls(harbour_case).items():
        assert f"{source}: no archived copy of {url}" in said
    assert "--archive --allow-remote" in said


def test_nothing_is_sent_unless_that_is_allowed(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sources", "check", str(harbour_case), "--archive"]) == 2
    assert "--allow-remote" in capsys.readouterr().err
    assert service.asked == []


def test_copies_are_made_and_written(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = urls(harbour_case)
    first = next(iter(wanted.values()))
    service.answers["spn2-0"] = [
        (200, {"status": "pending", "resources": []}),
        (200, {"status": "success", "timestamp": "20260301120000", "original_url": first}),
    ]
    monkeypatch.setenv("CASETRAIL_ARCHIVE_KEYS", "a:b")
    assert main([*ARCHIVE, str(harbour_case)]) == 0, capsys.readouterr()
    assert archived(harbour_case)[next(iter(wanted))] == f"{service.host}/web/20260301120000/{first}"
    assert set(wanted) <= set(archived(harbour_case))
    assert set(service.authorization) == {"LOW a:b"}
    assert f"{len(wanted)} copies made, 0 not." in capsys.readouterr().out
    assert main(["format", "--check", str(harbour_case)]) == 0
    assert main(["sources", "check", str(harbour_case)]) == 0
    assert main(["validate", str(harbour_case)]) == 0


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"status": "error", "message": "Cannot resolve host."}), "made no copy: Cannot resolve host."),
        ((200, {"message": "You need to be logged in to use Save Page Now."}), "You need to be logged in"),
        ((500, {}), "the archive answers 500: "),
        ((401, {"message": "You need to be logged in."}), "answers 401: You need to be logged in."),
        ((200, b"[" * 100_000), "no JSON object"),
        ((200, b"<html>"), "no JSON object"),
        ((200, []), "no JSON object"),
    ],
)
def test_a_failure_is_named_and_the_others_are_made(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str], answer: Any, reason: str
) -> None:
    wanted = urls(harbour_case)
    source, url = next(iter(wanted.items()))
    service.answers[url] = [answer]
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"{source}: ")
    assert reason in said.err
    assert f"{len(wanted) - 1} cop" in said.out
    assert set(archived(harbour_case)) >= set(wanted) - {source}
    assert source not in archived(harbour_case)


def test_a_job_that_fails_or_never_ends(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.answers["spn2-0"] = [(200, {"status": "error", "status_ext": "error:not-found"})]
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    assert "made no copy: error:not-found" in capsys.readouterr().err
    monkeypatch.setattr("casetrail.curate.source_archive.PATIENCE", 0.0)
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    assert "did not finish within 0 seconds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"timestamp": "2026 03"}, "but not where"),
        ({"timestamp": 20260301}, "but not where"),
        ({"original_url": ["https://courier.example/1"]}, "but not of which page"),
        ({"original_url": "javascript:alert(1)"}, "but not of which page"),
        (b"hang up", "the archive cannot be reached"),
    ],
)
def test_an_odd_address_of_a_copy_is_not_written(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str], state: Any, reason: str
) -> None:
    if isinstance(state, dict):
        state = {"status": "success", "timestamp": "20260301120000", **state}
    service.answers["spn2-0"] = [(200, state)]
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    assert reason in capsys.readouterr().err
    assert next(iter(urls(harbour_case))) not in archived(harbour_case)
    assert main(["validate", str(harbour_case)]) == 0


def test_an_address_with_other_letters_is_written_as_one(harbour_case: Path, service: Service) -> None:
    source = next(iter(urls(harbour_case)))
    state = {"status": "success", "timestamp": "20260301120000", "original_url": "https://x.example/суд 1"}
    service.answers["spn2-0"] = [(200, state)]
    assert main([*ARCHIVE, str(harbour_case)]) == 0
    assert archived(harbour_case)[source].endswith("https://x.example/%D1%81%D1%83%D0%B4%201")
    assert main(["validate", str(harbour_case)]) == 0


def test_a_redirection_is_not_followed_so_that_the_keys_go_nowhere_else(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASETRAIL_ARCHIVE_KEYS", "a:b")
    service.answers["spn2-0"] = [(302, {})]
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    assert "the archive answers 302" in capsys.readouterr().err
    assert not any("elsewhere" in about for about in service.asked)


def test_asked_too_often_nothing_is_lost_and_nothing_more_is_asked(
    harbour_case: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = urls(harbour_case)
    second = list(wanted.values())[1]
    service.answers[second] = [(429, {})]
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    said = capsys.readouterr()
    assert said.err.count("asked too often; ask again later") == len(wanted) - 1
    assert next(iter(wanted)) in archived(harbour_case)
    assert service.asked[-1] == second


def test_a_service_that_is_not_there(
    harbour_case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casetrail.curate.source_archive.HOST", "http://127.0.0.1:9")
    before = (harbour_case / "data" / "sources.csv").read_bytes()
    assert main([*ARCHIVE, str(harbour_case)]) == 1
    assert "the archive cannot be reached" in capsys.readouterr().err
    assert (harbour_case / "data" / "sources.csv").read_bytes() == before


def test_a_package_without_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "x", "resources": []}')
    assert main(["sources", "check", str(tmp_path)]) == 2
    assert "no Case Data Package with a table of sources" in capsys.readouterr().err
