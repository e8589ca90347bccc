"""A server that keeps a reader waiting, in whatever part of its answer, is left before long."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path

import pytest

import casetrail
from casetrail.cli.main import main
from casetrail.package import remote, servers

HOST = "127.0.0.1"
SECONDS = 0.4
"""What a server may take here, of 30."""
PAUSE = 0.05
LONGEST = 30 * SECONDS
"""What a command may take then: it asks for a file several times, and goes on where a connection broke."""

Pieces = Callable[[str], Iterator[bytes]]


def dripping(text: str) -> Iterator[bytes]:
    """Byte by byte, each in good time."""
    for character in text:
        time.sleep(PAUSE)
        yield character.encode()


HEAD = "HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n"
REDIRECTION = "HTTP/1.1 302 Found\r\nLocation: {}?{}\r\n"


def begin(head: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    return chain([head.encode()], pieces)


WAYS: dict[str, Pieces] = {
    "nothing": lambda url: (time.sleep(PAUSE) or b"" for _ in repeat(None)),
    "the first line": lambda url: dripping("HTTP/1.1 " + "2" * 10_000),
    "headers": lambda url: begin(HEAD, dripping("A: b\r\n" * 10_000)),
    "one header": lambda url: begin(HEAD, dripping("A: " + "b" * 10_000)),
    "go on": lambda url: repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": lambda url: begin(HEAD + "Content-Length: 9999\r\n\r\nid\n", dripping("1\n" * 5000)),
    "the size of a part": lambda url: begin(CHUNKED, dripping("0" * 60_000)),
    "what follows the parts": lambda url: begin(
        CHUNKED + "3\r\nid\n\r\n0\r\n", dripping("A: b\r\n" * 10_000)
    ),
    "redirections": lambda url: (
        time.sleep(SECONDS / 3) or (REDIRECTION.format(url, time.monotonic()) + "\r\n").encode()
        for _ in range(1)
    ),
    "the words of a redirection": lambda url: begin(
        REDIRECTION.format(url, time.monotonic()) + "\r\n", repeat(bytes(1 << 16))
    ),
    "the words of a refusal": lambda url: begin("HTTP/1.1 403 No\r\n\r\n", repeat(bytes(1 << 16))),
}
SAID = {
    **dict.fromkeys(
        ("a body", "the size of a part", "what follows the parts"), "less than 1,024 bytes a second"
    ),
    "the words of a redirection": "the server answers 302",
    "the words of a refusal": "the server answers 403",
}


class Server:
    """Answers each request with the same pieces of bytes, as long as somebody takes them."""

    def __init__(self, pieces: Pieces, context: ssl.SSLContext | None) -> None:
        self._pieces, self._context = pieces, context
        self._listener = socket.create_server((HOST, 0))
        self.host = f"http{'s' if context else ''}://{HOST}:{self._listener.getsockname()[1]}"
        self.ended = False
        self.asked = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while not self.ended:
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                self.asked += 1
                thread = threading.Thread(target=self._serve, args=[connection])
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                connection.recv(1 << 16)
                for piece in self._pieces(f"{self.host}/t.csv"):
                    if self.ended:
                        break
                    connection.sendall(piece)

    def end(self) -> None:
        self.ended = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    monkeypatch.setattr(servers, "MAX_SERVER_SECONDS", SECONDS)
    monkeypatch.setattr(remote, "_PAUSE", 0)
    running: list[Server] = []

    def start(pieces: Pieces, context: ssl.SSLContext | None = None) -> Server:
        running.append(Server(pieces, context))
        return running[-1]

    yield start
    for server in running:
        server.end()


@contextlib.contextmanager
def soon() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < LONGEST


def package(folder: Path, url: str) -> Path:
    schema = {"fields": [{"name": "id", "type": "integer"}]}
    table = {"name": "t", "type": "table", "path": url, "format": "csv", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [table]}))
    return folder


def judged(folder: Path) -> str:
    (finding,) = casetrail.validate(folder, allow_remote=[HOST]).findings
    assert finding.code == "path-unreadable"
    return finding.message


@pytest.mark.parametrize("way", WAYS)
def test_it_is_not_waited_for(tmp_path: Path, serve: Callable[..., Server], way: str) -> None:
    server = serve(WAYS[way])
    with soon():
        message = judged(package(tmp_path, f"{server.host}/t.csv"))
    assert SAID.get(way, f"no answer within {SECONDS} seconds") in message
    assert "\n" not in message


@pytest.mark.program("openssl")
@pytest.mark.parametrize("way", ["headers", "a body"])
def test_it_is_not_waited_for_through_https(
    tmp_path: Path,
    serve: Callable[..., Server],
    certified: tuple[ssl.SSLContext, Path],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, certificate = certified
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = serve(WAYS[way], context)
    with soon():
        message = judged(package(tmp_path, f"{server.host}/t.csv"))
    assert "seconds" in message or "a second" in message


def test_one_that_shakes_no_hands_is_not_waited_for(tmp_path: Path, serve: Callable[..., Server]) -> None:
    server = serve(WAYS["the first line"])
    with soon():
        message = judged(package(tmp_path, f"https{server.host.removeprefix('http')}/t.csv"))
    assert "cannot be fetched" in message


SCHEMA = '{"fields": [{"name": "id", "type": "integer"}]}'
COMMANDS: dict[str, Callable[[str, Path], list[str]]] = {
    "validate": lambda url, here: ["validate", str(package(here, f"{url}/t.csv"))],
    "validate at an address": lambda url, here: ["validate", f"{url}/datapackage.json"],
    "a table by itself": lambda url, here: ["validate", f"{url}/t.csv", "--schema", str(here / "s.json")],
    "a schema": lambda url, here: ["validate", str(here / "t.csv"), "--schema", f"{url}/s.json"],
    "export": lambda url, here: [
        *("export", str(package(here, f"{url}/t.csv")), "--to", "sqlite", "--output", str(here / "o"))
    ],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_waits(
    tmp_path: Path, serve: Callable[..., Server], name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.json").write_text(SCHEMA)
    (tmp_path / "t.csv").write_text("id\n1\n")
    server = serve(WAYS["headers"])
    with soon():
        arguments = COMMANDS[name](server.host, tmp_path)
        code = main([*arguments, "--allow-remote", "--allow-host", HOST])
    assert code in (1, 2) and server.asked
    assert "no answer within" in "".join(capfd.readouterr())


def test_a_package_is_not_opened_for_ever(tmp_path: Path, serve: Callable[..., Server]) -> None:
    server = serve(WAYS["headers"])
    with soon(), pytest.raises(casetrail.CasetrailError, match="no answer within"):
        casetrail.open(package(tmp_path, f"{server.host}/t.csv"), allow_remote=[HOST])["t"]


def test_an_archive_is_not_waited_for(
    harbour_case: Path,
    serve: Callable[..., Server],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = serve(WAYS["headers"])
    monkeypatch.setattr("casetrail.curate.source_archive.HOST", server.host)
    with soon():
        assert main(["sources", "check", str(harbour_case), "--archive", "--allow-remote"]) == 1
    assert "the archive cannot be reached (no answer within" in capfd.readouterr().err


def test_a_slow_file_that_comes_is_read(tmp_path: Path, serve: Callable[..., Server]) -> None:
    def slowly(_: str) -> Iterator[bytes]:
        yield HEAD.encode() + b"Content-Length: 4803\r\n\r\nid\n"
        for _ in range(8):
            time.sleep(SECONDS / 4)
            yield b"1\n" * 300

    server = serve(slowly)
    assert casetrail.validate(package(tmp_path, f"{server.host}/t.csv"), allow_remote=[HOST]).valid
