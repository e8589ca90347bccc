"""Remote files: what is at an address of the web or in an object store, read where that was allowed.

Nothing is copied to this machine. A file of the web is read from where its server keeps it, and again from
the place where the connection broke. Stores are asked with the credentials of the environment.
"""

from __future__ import annotations

import io
import time
from collections.abc import Collection
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request

from casetrail.findings.error import CasetrailError
from casetrail.package.nearby import OF_TABLES
from casetrail.package.paths import DESCRIPTOR, DESCRIPTORS, PathProblem, is_pattern, path_problem
from casetrail.package.servers import WebServers
from casetrail.package.stores import (
    BUSY,
    CHECK,
    LATER,
    absent,
    matching_in_store,
    open_in_store,
    unfetched,
)
from casetrail.tables.file_blocks import SourceProblem, Stamp

_TRIES = 3
_PAUSE = 0.5
_PART = 1 << 20
_DESCRIPTORS = frozenset(PurePosixPath(name).suffix for name in DESCRIPTORS)
_FORBIDDEN = (
    "not everybody may read it: ask who keeps it, or download it by hand and give the path of the file"
)
_AS_WRITTEN = "/%!$&'()*+,;=:@~"
"""Marks of a path that are in an address as they are."""


class RemoteFiles:
    """The files of a package at an address: that of its descriptor, or of the folder that has one.

    Raises:
        CasetrailError: What is at the address is a file by its name, and not a descriptor.
    """

    is_remote = True

    def __init__(self, url: str, hosts: Collection[str] = ()) -> None:
        parts = urlsplit(url)
        self.root = Path(url)
        self.descriptor = DESCRIPTOR
        folder = url.rstrip("/")
        suffix = "" if url.endswith("/") else PurePosixPath(parts.path).suffix.lower()
        if suffix in OF_TABLES:
            raise CasetrailError(
                f"'{url[:200]}' is a file of a package, not a package; give the address of its descriptor or "
                "folder; a table by itself is checked with --schema SCHEMA"
            )
        if suffix == ".zip":
            raise CasetrailError(
                f"'{url[:200]}' is a zip, and a package in a zip is read from this machine; download it, and "
                "give its path"
            )
        if suffix in _DESCRIPTORS:
            folder, _, self.descriptor = folder.rpartition("/")
        self._folder = folder
        self._hosts = frozenset(hosts)
        self._problems: dict[str, PathProblem | None] = {}
        self._opened: dict[str, IO[bytes]] = {}
        """Files of a store that were asked for and not read yet, which need not be asked for again."""

    def __getstate__(self) -> dict[str, object]:
        """Another process opens the files by itself."""
        return {**self.__dict__, "_opened": {}}

    def problem(self, path: str) -> PathProblem | None:
        """Why the file at the path cannot be read, or `None`; the server is asked once."""
        if path not in self._problems:
            self._problems[path] = path_problem(path) or self._answer(path)
        return self._problems[path]

    def matching(self, pattern: str) -> list[str]:
        """The paths of the files that a pattern matches, which need not be asked for any more.

        Raises:
            SourceProblem: The server or store does not say which files it has.
        """
        if _is_web(self._folder):
            problem = self.problem(pattern)
            if problem is not None and problem.code == "path-missing":
                raise _unlisted(self._address(pattern))
            return [pattern]
        paths = matching_in_store(self._folder, pattern, self._hosts)
        self._problems |= {path: path_problem(path) for path in paths}
        return paths

    def open(self, path: str) -> IO[bytes]:
        """Open a file."""
        return self._opened.pop(path, None) or open_url(self._address(path), self._hosts)

    def _address(self, path: str) -> str:
        return f"{self._folder}/{quote(path, _AS_WRITTEN) if _is_web(self._folder) else path}"

    def _answer(self, path: str) -> PathProblem | None:
        try:
            file = self.open(path)
        except SourceProblem as problem:
            return PathProblem(problem.code, problem.reason, problem.hint)
        if _is_web(self._folder):
            file.close()
        else:
            self._opened[path] = file
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
    if not _is_web(url):
        return open_in_store(url, hosts)
    try:
        return HttpFile(url, hosts)  # type: ignore[return-value]
    except (OSError, ValueError) as error:
        raise unfetched(url, str(error).split("\n")[0][:200]) from None


def matching_urls(url: str, hosts: Collection[str] = ()) -> list[str]:
    """The addresses of the files in a store that an address with `*` and `?` matches, by the alphabet.

    One of the web is only itself, for its server does not say which files it has.

    Raises:
        SourceProblem: The store does not say which files it has, or has too many.
    """
    if _is_web(url):
        return [url]
    scheme, _, place = url.partition("://")
    bucket, _, pattern = place.partition("/")
    if is_pattern(bucket):
        hint = "name the bucket, and use * and ? behind it"
        raise SourceProblem("path-unsafe", "a pattern is not followed from bucket to bucket", hint)
    root = f"{scheme}://{bucket}"
    return [f"{root}/{path}" for path in matching_in_store(root, pattern, hosts)]


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

    @property
    def stamp(self) -> Stamp | None:
        """What tells whether it was changed; `None` where its server does not say, or gives no parts."""
        in_parts = self._in_parts and self._mark and self._size is not None
        return Stamp(self._mark, self._size) if in_parts else None  # type: ignore[arg-type]

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
        raise unfetched(self._url, reason, LATER)

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
        hint = CHECK
        for attempt in range(_TRIES):
            try:
                answer = self._servers.ask(Request(self._url, headers=headers))
            except HTTPError as error:
                error.close()
                if error.code == 404:
                    raise (_unlisted if "*" in self._url else absent)(self._url) from None
                words = str(error.reason).split("\n")[0][:200]
                reason, busy = f"the server answers {error.code} {words}", error.code in BUSY
                hint = LATER if busy else _FORBIDDEN if error.code in (401, 403) else CHECK
            except (OSError, HTTPException) as error:
                cause = getattr(error, "reason", error)
                # One that was waited for in vain is not waited for again.
                slow = isinstance(error, TimeoutError)
                reason, busy, hint = str(cause) or type(cause).__name__, not slow, LATER if slow else CHECK
            else:
                if start and answer.status != 206:
                    answer.close()
                    raise unfetched(self._url, "the file was changed while it was read")
                return answer
            if not busy:
                break
            time.sleep(_PAUSE * (attempt + 1))
        raise unfetched(self._url, reason, hint)


def _unlisted(url: str) -> SourceProblem:
    reason = f"there is no '{url[:200]}', and a web server does not say which files it has"
    return SourceProblem("path-missing", reason, "name each file in a list: no pattern is followed there")


def _is_web(url: str) -> bool:
    return url[:6].lower() in ("http:/", "https:")
