"""Remote files: what is at an address of the web or in an object store, read where that was allowed.

Nothing is copied to this machine. A file of the web is read from where its server keeps it, and again from
the place where the connection broke. Stores are asked with the credentials of the environment.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Collection
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from casetrail.package.paths import DESCRIPTOR, PathProblem, path_problem
from casetrail.package.servers import WebServers, refuse_private
from casetrail.standard.limits import MAX_SERVER_SECONDS
from casetrail.tables.file_blocks import SourceProblem

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

_TRIES = 3
_PAUSE = 0.5
_PART = 1 << 20
_HOSTS = frozenset({"ftp", "ftps", "webhdfs"})
"""Schemes of fsspec that name the host to ask."""
_BUSY = frozenset({429, 500, 502, 503, 504})
_WEB = frozenset({"http", "https"})
_ARROW_STORES = frozenset({"s3", "gs", "gcs", "abfs", "abfss"})
_LOGGED_IN = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")


class RemoteFiles:
    """The files of a package at an address: that of its descriptor, or of the folder that has one."""

    def __init__(self, url: str, hosts: Collection[str] = ()) -> None:
        parts = urlsplit(url)
        self.root = Path(url)
        self.descriptor = DESCRIPTOR
        folder = url.rstrip("/")
        if PurePosixPath(parts.path).suffix.lower() == ".json":
            folder, _, self.descriptor = folder.rpartition("/")
        self._folder = folder
        self._hosts = frozenset(hosts)
        self._problems: dict[str, PathProblem | None] = {}

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`; the server is asked once."""
        if path not in self._problems:
            self._problems[path] = path_problem(path) or self._answer(path)
        return self._problems[path]

    def matching(self, pattern: str) -> list[str]:
        """Nothing: a server does not say which files it has."""
        return []

    def open(self, path: str) -> IO[bytes]:
        """Open a file."""
        return open_url(f"{self._folder}/{path}", self._hosts)

    def _answer(self, path: str) -> PathProblem | None:
        try:
            self.open(path).close()
        except SourceProblem as problem:
            return PathProblem(problem.code, problem.reason, problem.hint)
        return None

    def size(self, path: str) -> int:
        """The size in bytes that the server says."""
        with self.open(path) as file:
            return file.seek(0, io.SEEK_END)


def open_url(url: str, hosts: Collection[str] = ()) -> IO[bytes]:
    """Open what is at an address of the web or of a store. `hosts` of a private network are named there.

    Raises:
        SourceProblem: It cannot be read.
    """
    scheme = urlsplit(url).scheme.lower()
    try:
        return HttpFile(url, hosts) if scheme in _WEB else _open_in_store(url, scheme, hosts)  # type: ignore[return-value]
    except SourceProblem:
        raise
    except ImportError as error:
        raise SourceProblem(
            "path-unreadable",
            f"'{url[:200]}' needs {error.name}, which is not there",
            f"install {error.name}",
        ) from None
    except (OSError, ValueError) as error:
        raise _problem(url, *_words_of_store(str(error).split("\n")[0])) from None


class HttpFile(io.RawIOBase):
    """A file of the web. Where its server gives parts of it, it can be read from any place.

    Where the connection breaks it goes on from there, a few times, if the file is still the same.
    """

    def __init__(self, url: str, hosts: Collection[str] = ()) -> None:
        self._url = url
        self._servers = WebServers(hosts)
        self._position = 0
        self._answer: HTTPResponse | None = None
        answer = self._request(0)
        length = answer.headers.get("Content-Length", "")
        self._size = int(length) if length.isdecimal() else None
        self._mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
        self._in_parts = answer.headers.get("Accept-Ranges") == "bytes" and self._size is not None
        self._answer = answer

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Whether its server gives parts."""
        return self._in_parts

    def tell(self) -> int:
        """The place of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at another place.

        Raises:
            OSError: The server gives the file from its start only.
        """
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size or 0}
        place = starts[whence] + offset
        if place != self._position:
            if not self._in_parts:
                raise OSError(f"the server of '{self._url[:200]}' gives no parts of the file")
            self._close_answer()
            self._position = place
        return place

    def readinto(self, buffer: Any) -> int:
        """The next bytes; 0 at the end."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes, all with `size` -1.

        Raises:
            SourceProblem: The connection breaks again and again, or the file is another meanwhile.
        """
        for attempt in range(_TRIES):
            try:
                answer = self._open_answer()
                data = self._read_some(answer, -1 if size is None else size)
                if data or size == 0 or self._size is None or self._position >= self._size:
                    self._position += len(data)
                    return data
                reason = f"it ended after {self._position:,} of {self._size:,} bytes"
            except (OSError, HTTPException) as error:
                reason = str(error) or type(error).__name__
            self._close_answer()
            if not self._in_parts and self._position:
                break
            time.sleep(_PAUSE * attempt)
        raise _problem(self._url, reason, _LATER)

    def _read_some(self, answer: IO[bytes], size: int) -> bytes:
        """So many bytes, or all with -1.

        Raises:
            OSError: The server is too slow, or the answer ends before the file.
        """
        parts: list[bytes] = []
        length = 0
        while length != size:
            part = answer.read1(min(size - length, _PART) if size >= 0 else _PART)  # type: ignore[attr-defined]
            if not part:
                break
            parts.append(part)
            length += len(part)
        if size < 0 and self._size is not None and self._position + length < self._size:
            raise OSError(f"it ended after {self._position + length:,} of {self._size:,} bytes")
        return b"".join(parts)

    def close(self) -> None:
        """Close the connection."""
        self._close_answer()
        super().close()

    def _open_answer(self) -> IO[bytes]:
        if self._answer is None:
            if self._size is not None and self._position >= self._size:
                return io.BytesIO()
            self._answer = self._request(self._position)
        return self._answer

    def _close_answer(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _request(self, start: int) -> HTTPResponse:
        """Ask for the file from a place on, again where the server is busy."""
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if self._mark and not self._mark.startswith("W/"):
                headers["If-Range"] = self._mark
        hint = _CHECK
        for attempt in range(_TRIES):
            try:
                answer = self._servers.ask(Request(self._url, headers=headers))
            except HTTPError as error:
                error.close()
                if error.code == 404:
                    raise _absent(self._url) from None
                words = str(error.reason).split("\n")[0][:200]
                reason, busy = f"the server answers {error.code} {words}", error.code in _BUSY
                hint = _LATER if busy else _FORBIDDEN if error.code in (401, 403) else _CHECK
            except (OSError, HTTPException) as error:
                cause = getattr(error, "reason", error)
                # One that was waited for in vain is not waited for again.
                slow = isinstance(error, TimeoutError)
                reason, busy, hint = str(cause) or type(cause).__name__, not slow, _LATER if slow else _CHECK
            else:
                if start and answer.status != 206:
                    answer.close()
                    raise _problem(self._url, "the file was changed while it was read")
                return answer
            if not busy:
                break
            time.sleep(_PAUSE * (attempt + 1))
        raise _problem(self._url, reason, hint)


_ANOTHER = "give another address, or the file itself"
_CHECK = "check the address"
_LATER = "the server is busy or out of order: try again later"
_FORBIDDEN = (
    "not everybody may read it: ask who keeps it, or download it by hand and give the path of the file"
)
_NO_ACCESS = (
    "give credentials that may read it, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ask who keeps it"
)
_NO_STORE = "check the network, and AWS_ENDPOINT_URL if the store is not that of Amazon"
_AWS_ERROR = re.compile(r"AWS Error (?P<name>[A-Z_]+)(?: \(HTTP status (?P<status>[0-9]+)\))?")
_AWS_DENIALS = re.compile("ACCESS_DENIED|ACCESS_KEY|SIGNATURE|TOKEN|CREDENTIAL|AUTHENTICATION|NOT_AUTHORIZED")
_AWS_BUSY = re.compile("SLOW_DOWN|THROTTL|UNAVAILABLE|INTERNAL_FAILURE|REQUEST_TIMEOUT")


def _words_of_store(message: str) -> tuple[str, str]:
    """Why a store gives nothing, and what helps, by what its library says."""
    error = _AWS_ERROR.search(message)
    if error is None:
        return message[:200], _CHECK
    name, status = error["name"], error["status"]
    answer = f"the store answers {status or name}"
    if name == "NETWORK_CONNECTION":
        slow = "curlCode: 28" in message
        return ("the store does not answer", _LATER) if slow else ("the store cannot be reached", _NO_STORE)
    if _AWS_DENIALS.search(name) or status in ("401", "403"):
        return answer, _NO_ACCESS
    busy = _AWS_BUSY.search(name) or (status is not None and int(status) in _BUSY)
    return answer, _LATER if busy else _CHECK


def _open_in_store(url: str, scheme: str, hosts: Collection[str]) -> IO[bytes]:
    parts = urlsplit(url)
    if parts.query or parts.fragment or "@" in parts.netloc or "::" in url:
        # A package must not say where credentials are sent, nor put one store of fsspec behind another.
        raise SourceProblem("path-unsafe", f"'{url[:200]}' has more than a bucket and a path", _ANOTHER)
    try:
        if scheme not in _ARROW_STORES:
            if scheme in _HOSTS:
                refuse_private(parts.hostname or "", hosts)
            import fsspec  # type: ignore[import-untyped]

            return fsspec.open(url, mode="rb").open()  # type: ignore[no-any-return]
        files: FileSystem = _s3() if scheme == "s3" else _arrow_store(scheme, parts.netloc)
        return files.open_input_file(f"{parts.netloc}/{parts.path.lstrip('/')}")  # type: ignore[no-any-return]
    except FileNotFoundError:
        raise _absent(url) from None


def _s3() -> FileSystem:
    """S3 with what the environment says: credentials, region, and the address of another S3 server."""
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    credentials = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")).expanduser()
    logged_in = any(name in os.environ for name in _LOGGED_IN) or credentials.exists()
    return S3FileSystem(
        anonymous=not logged_in,
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        endpoint_override=os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
        connect_timeout=MAX_SERVER_SECONDS / _TRIES,
        # So many seconds without a byte, in each try.
        request_timeout=MAX_SERVER_SECONDS / _TRIES,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_TRIES),
    )


def _arrow_store(scheme: str, bucket: str) -> FileSystem:
    from pyarrow.fs import FileSystem

    return FileSystem.from_uri(f"{scheme}://{bucket}")[0]


def _absent(url: str) -> SourceProblem:
    hint = "name each file: no patterns are followed at addresses" if "*" in url else _CHECK
    return SourceProblem("path-missing", f"there is no '{url[:200]}'", hint)


def _problem(url: str, reason: str, hint: str = _CHECK) -> SourceProblem:
    return SourceProblem("path-unreadable", f"'{url[:200]}' cannot be fetched ({reason})", hint)
