"""Servers of the web: how they are asked, none in a private network unless it is named, and none for ever.

A server has `MAX_SERVER_SECONDS` for the head of its answer, redirections and all, however it parts it. Then
each byte that it sends gives it a little more time, and never more than that.
"""

from __future__ import annotations

import io
import socket
import time
import urllib.request
from collections.abc import Collection
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from casetrail.standard.limits import MAX_SERVER_SECONDS, MIN_SERVER_RATE
from casetrail.tables.file_blocks import SourceProblem


class WebServers:
    """Asks servers of the web. `hosts` are those of private networks that may be asked."""

    def __init__(self, hosts: Collection[str] = (), *, redirects: bool = True) -> None:
        self._named = {
            *hosts,
            *(urlsplit(proxy).hostname for proxy in urllib.request.getproxies().values()),
        }
        self._until = 0.0
        self._asked = ""
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _handler(urllib.request.HTTPHandler, HTTPConnection, self._connect, self._answer),
            _handler(urllib.request.HTTPSHandler, HTTPSConnection, self._connect, self._answer),
            *([_Redirections()] if redirects else []),
            urllib.request.UnknownHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            self._opener.add_handler(handler)

    def ask(self, request: urllib.request.Request) -> HTTPResponse:
        """The answer, with what is still to be read of it.

        Raises:
            HTTPError: The server refuses.
            TimeoutError: It takes too long.
            SourceProblem: It is in a private network.
            OSError, HTTPException: It cannot be asked, or answers no HTTP.
        """
        self._until = time.monotonic() + MAX_SERVER_SECONDS
        self._asked = urlsplit(request.full_url).hostname or ""
        try:
            return self._opener.open(request, timeout=MAX_SERVER_SECONDS)  # type: ignore[no-any-return]
        except HTTPError:
            raise
        except OSError:
            if time.monotonic() >= self._until:
                raise TimeoutError(f"no answer within {MAX_SERVER_SECONDS} seconds") from None
            raise

    def _connect(self, address: tuple[str, int], timeout: object = None, source: Any = None) -> socket.socket:
        """Connect to a host by the very address that was looked at, so that a name cannot change its mind."""
        host, port = address
        try:
            places = refuse_private(host, self._named)
        except SourceProblem as problem:
            if host.lower() == self._asked:
                raise
            reason = f"the server leads on to another address, and {problem.reason}"
            raise SourceProblem(problem.code, reason, problem.hint) from None
        error: OSError | None = None
        for number, place in enumerate(places):
            try:
                seconds = self._left() / (len(places) - number)
                connection = socket.create_connection((place, port), seconds, source)
            except OSError as failure:
                error = failure
            else:
                connection.settimeout(self._left())
                return connection
        raise error or OSError("the name of the host leads nowhere")

    def _answer(self, connection: socket.socket, *given: Any, **more: Any) -> HTTPResponse:
        return _Answer(self._left(), connection, *given, **more)

    def _left(self) -> float:
        """The seconds that are left until the head of the answer must be there."""
        return max(self._until - time.monotonic(), 0.001)


def _handler(kind: Any, connection: Any, connect: Any, answer: Any) -> urllib.request.BaseHandler:
    """What opens addresses of a scheme, by connections that are made and read by these functions."""

    class Connection(connection):  # type: ignore[misc]
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            self._create_connection, self.response_class = connect, answer

    class Handler(kind):  # type: ignore[misc]
        def do_open(self, _: object, request: urllib.request.Request, **more: Any) -> HTTPResponse:
            return super().do_open(Connection, request, **more)  # type: ignore[no-any-return]

    return Handler()


class _Redirections(urllib.request.HTTPRedirectHandler):
    """To http, https and ftp only, and no handler knows the last."""

    def redirect_request(self, request: Any, answer: IO[bytes], *more: Any) -> urllib.request.Request | None:
        # Else all of it would be read.
        answer.close()
        return super().redirect_request(request, answer, *more)


class _Answer(HTTPResponse):
    """An answer whose head must be there within so many seconds."""

    def __init__(self, seconds: float, connection: socket.socket, *given: Any, **more: Any) -> None:
        super().__init__(connection, *given, **more)
        self._bytes = _BytesInTime(self.fp.detach(), connection, seconds)
        self.fp = io.BufferedReader(self._bytes)

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        self._bytes.begin_body()


class _BytesInTime(io.RawIOBase):
    """What comes through a connection while there is time left, of which a body gives more."""

    def __init__(self, file: io.RawIOBase, connection: socket.socket, seconds: float) -> None:
        self._file, self._connection, self._left = file, connection, seconds
        self._in_body = False

    def begin_body(self) -> None:
        """Behind the head, there is time anew."""
        self._left, self._in_body = MAX_SERVER_SECONDS, True

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end.

        Raises:
            TimeoutError: They do not come in time.
        """
        started = time.monotonic()
        try:
            self._connection.settimeout(self._left)
            length = self._file.readinto(buffer) or 0
        except TimeoutError:
            self._left = 0
        else:
            self._left -= time.monotonic() - started
        if self._left <= 0:
            raise TimeoutError(f"the server sends less than {MIN_SERVER_RATE:,} bytes a second")
        if self._in_body:
            self._left = min(self._left + length / MIN_SERVER_RATE, MAX_SERVER_SECONDS)
        return length

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        super().close()


def refuse_private(host: str, named: Collection[str | None]) -> list[str]:
    """The addresses of a host, none of them in a private network unless the host is named.

    Raises:
        SourceProblem: One of them is.
    """
    places = [str(place[0]) for *_, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    for place in places:
        if host not in named and not ip_address(place.partition("%")[0]).is_global:
            raise SourceProblem(
                "path-unsafe",
                f"'{host[:200]}' is in a private network",
                f"allow it with --allow-host {host[:200]}, if you know it",
            )
    return places
